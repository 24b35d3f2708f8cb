"""Scoring verdicts that come as a file, for the command line and for checking the app from outside."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.adapters.criteria_files import editions, load_edition
from app.rules.criteria import Edition
from app.rules.errors import Invalid
from app.rules.scoring import Decision, Score, explain, met_codes
from app.rules.scoring import score as score_of
from app.rules.wording import Said, say
from app.settings import ROOT

LARGEST_BYTES = 1_000_000
ANSWERS = {"met": Decision.MET, "not_met": Decision.NOT_MET}
"""What a file may say of a criterion; leaving it out means not reviewed."""


def score_answers(edition_id: str, path: Path) -> dict[str, Any]:
    """The score of a file of verdicts, as plain data. Raises Invalid, in one sentence, for whatever cannot be used."""
    if edition_id not in editions():
        raise _unusable(
            say("There is no edition “%(id)s”; choose %(all)s.", id=edition_id[:40], all=", ".join(editions()))
        )
    edition = load_edition(ROOT / "criteria" / edition_id)
    return as_data(score_of(edition, met_codes(read_verdicts(_read(path), edition))))


def _read(path: Path) -> str:
    """The text of a UTF-8 file, or of standard input for `-`."""
    try:
        with sys.stdin.buffer if path == Path("-") else path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as problem:
        raise _unusable(say("%(path)s cannot be read: %(reason)s.", path=path, reason=problem.strerror)) from None
    if len(content) > LARGEST_BYTES:
        raise _unusable(say("%(path)s is larger than 1 MB; an answers file is much smaller.", path=path))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unusable(say("%(path)s is not UTF-8 text.", path=path)) from None


def as_data(result: Score) -> dict[str, Any]:
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
        "explanation": str(explain(result)),
    }


def read_verdicts(text: str, edition: Edition) -> dict[str, Decision]:
    """Verdicts by code from JSON `{"verdicts": {"DM1": "met", ...}}`.

    Raises Invalid for anything else, also for other keys and for a code given twice: nothing is skipped silently.
    """
    found = _json(text)
    if not isinstance(found, dict) or found.keys() != {"verdicts"} or not isinstance(found["verdicts"], dict):
        raise _unusable(say('The file must be a JSON object like {"verdicts": {"DM1": "met", "DM2": "not_met"}}.'))
    return {code: _decision(code, answer, edition.criteria) for code, answer in found["verdicts"].items()}


def _decision(code: str, answer: object, known: Mapping[str, object]) -> Decision:
    if code not in known:
        raise _unusable(say("There is no criterion “%(code)s” in this edition.", code=code[:40]))
    if not isinstance(answer, str) or answer not in ANSWERS:
        raise _unusable(
            say(
                "The verdict on %(code)s must be “met” or “not_met”, not %(answer)s.",
                code=code,
                answer=json.dumps(answer, ensure_ascii=False)[:40],
            )
        )
    return ANSWERS[answer]


def _json(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as problem:
        raise _unusable(say("The file is not JSON: look at line %(line)s.", line=problem.lineno)) from None
    except (RecursionError, ValueError):
        raise _unusable(say("The file is not JSON that can be used here.")) from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise _unusable(say("“%(key)s” stands in the file twice; keep one of the two.", key=key[:40]))
        found[key] = value
    return found


def _unusable(sentence: Said) -> Invalid:
    return Invalid({"answers": sentence})
