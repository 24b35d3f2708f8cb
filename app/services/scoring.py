"""Scoring verdicts that come as a file, for the command line and for checking the app from outside."""

from pathlib import Path
from typing import Any

from app.rules.scoring import Score, explain, met_codes
from app.rules.scoring import score as score_of
from app.services.answers import edition_called, read_file, read_verdicts


def score_answers(edition_id: str, path: Path) -> dict[str, Any]:
    """The score of a file of verdicts, as plain data. Raises Invalid, in one sentence, for whatever cannot be used."""
    edition = edition_called(edition_id)
    return as_data(score_of(edition, met_codes(read_verdicts(read_file(path), edition))))


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
