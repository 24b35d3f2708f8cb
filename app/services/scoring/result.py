"""Scoring verdicts that come as a file, for the command line and for checking the app from outside."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from app.rules.errors import Refused
from app.rules.message import say
from app.rules.scoring import trace
from app.rules.scoring.as_data import results_as_data
from app.rules.scoring.results import TwoResults, compute_results
from app.rules.scoring.score import Score, explain_score, met_codes
from app.rules.scoring.score import compute_score as score_of
from app.rules.scoring.trace import Trace
from app.services.planning.answers_file import (
    find_edition,
    read_answers_file,
    read_facts,
    read_verdicts,
    unusable_answers,
)


def score_answers(edition_id: str, path: Path) -> dict[str, Any]:
    """The score of a file of verdicts, as plain data. Raises Invalid, in one sentence, for whatever cannot be used."""
    edition = find_edition(edition_id)
    return score_as_data(score_of(edition, met_codes(read_verdicts(read_answers_file(path), edition))))


def trace_answers(edition_id: str, path: Path, as_of: date | None) -> Trace:
    """How the score of a file comes about, on a day if one is given; the file may then have `lapses`. Raises Invalid."""
    edition = find_edition(edition_id)
    verdicts, facts = read_facts(read_answers_file(path), edition)
    return trace.trace_score(edition, verdicts, as_of, facts.lapses)


def replay_trace(path: Path) -> Trace:
    """Do a trace again from its own inputs. Raises Invalid for a file that is no trace, Refused where the result differs."""
    try:
        data = json.loads(read_answers_file(path))
        data = {name: value for name, value in data.get("trace", data).items() if name != "results"}
        replayed = trace.replay_trace(find_edition(str(data["edition"])), data)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
        raise unusable_answers(say("%(path)s is not a trace, as “score --trace” prints one.", path=path)) from None
    if trace.trace_as_data(replayed) != data:
        raise Refused(say("Replayed, the trace gives another result: it was changed, or the edition was."))
    return replayed


def results_of_trace(score_trace: Trace) -> TwoResults | None:
    """Both results on the trace's day; None for the verdicts alone, which are of no day."""
    if score_trace.as_of is None:
        return None
    edition, met = find_edition(score_trace.edition), met_codes(score_trace.verdicts)
    return compute_results(edition, met, score_trace.lapses, score_trace.as_of, is_today=False)


def trace_result(score_trace: Trace, results: TwoResults | None, *, with_steps: bool) -> dict[str, Any]:
    """The score of a trace as plain data; for a day also both results, and with the steps how it comes about.

    `results` are a city's own, which know what was renewed and who decided; without them they are worked out from the trace.
    """
    result = score_with_trace(score_trace) if with_steps else score_as_data(score_trace.score)
    results = results or results_of_trace(score_trace)
    return result | {"results": results_as_data(results)} if results else result


def score_with_trace(score_trace: Trace) -> dict[str, Any]:
    """The score, and under `trace` how it comes about."""
    return score_as_data(score_trace.score) | {"trace": trace.trace_as_data(score_trace)}


def score_as_data(result: Score) -> dict[str, Any]:
    """The score with exactly the keys that the command line promises; `percent` is rounded to two decimals."""
    return {
        "edition": result.edition,
        "total": result.total,
        "met": result.met,
        "percent": float(result.percent),
        "level_by_count": result.level_by_count,
        "core": {"required": list(result.core_required), "open": list(result.core_open)},
        "level": result.level,
        "next_level": result.next_level,
        "needed_for_next": result.needed_for_next,
        "explanation": str(explain_score(result)),
    }
