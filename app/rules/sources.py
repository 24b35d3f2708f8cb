"""The public sources of a criterion: when someone last looked whether they still say so."""

from datetime import date

from app.rules.criteria.edition import Edition
from app.rules.days.freshness import months_before
from app.rules.message import Message, counted, say

CHECKED_MONTHS = 12
"""After so many months a source is to be looked at again: our rule, since the program reviews its standard every few years."""


def checked_on(edition: Edition, code: str) -> date:
    """The day on which the newest source of a criterion was seen; that of the edition where the criterion names none."""
    seen = [source.seen_on for source in edition.criteria[code].sources]
    return max(seen, default=date.fromisoformat(edition.seen_on))


def list_unchecked(edition: Edition, today: date) -> dict[str, date]:
    """The criteria of which no source was seen in the last 12 months, with the day of the newest, in the edition's order."""
    earliest = months_before(today, CHECKED_MONTHS)
    days = {code: checked_on(edition, code) for code in edition.criteria}
    return {code: day for code, day in days.items() if day < earliest}


def unchecked_in_words(edition: Edition, today: date) -> Message | None:
    """One sentence on all of them for the method of a report, each with its title in the edition's language; None where there are none."""
    unchecked = list_unchecked(edition, today)
    if not unchecked:
        return None
    oldest = min(unchecked.values())
    if len(unchecked) == len(edition.criteria):
        return say(
            "The public sources of all %(total)s criteria were last checked more than 12 months ago, on %(day)s or later. "
            "The program may ask something else by now.",
            total=len(unchecked),
            day=oldest,
        )
    return counted(
        "The public sources of %(count)s criterion were last checked more than 12 months ago, on %(day)s or later: %(codes)s. "
        "The program may ask something else by now.",
        "The public sources of %(count)s criteria were last checked more than 12 months ago, on %(day)s or later: %(codes)s. "
        "The program may ask something else by now.",
        len(unchecked),
        day=oldest,
        codes="; ".join(f"{code} ({edition.criteria[code].title})" for code in unchecked),
    )
