"""The award that a city holds, as the city entered it: checked only for what no award can say, and never worked out."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.rules.errors import Invalid
from app.rules.evidence.links import clean_url
from app.rules.message import Message, say

NOTE_LIMIT = 500


class AwardLevel(StrEnum):
    """What the programme has announced for cities, from the lowest."""

    SILVER = "silver"
    GOLD = "gold"
    PLATINUM = "platinum"


AWARD_NAMES: dict[AwardLevel, Message] = {
    AwardLevel.SILVER: say("Silver"),
    AwardLevel.GOLD: say("Gold"),
    AwardLevel.PLATINUM: say("Platinum"),
}

NOT_CHECKED = say("Entered by the city; this tool does not check it.")


@dataclass(frozen=True)
class AwardEntry:
    """The form as it was sent."""

    level: str
    announced_on: date | None
    source_url: str
    valid_until: date | None
    note: str


def check_award(entry: AwardEntry, today: date) -> dict[str, Any]:
    """The columns of an award. Raises Invalid with a sentence for each field that cannot be so."""
    wrong: dict[str, Message] = {}
    if entry.level not in set(AwardLevel):
        wrong["level"] = say("Choose the level that was announced.")
    if entry.announced_on is None:
        wrong["announced_on"] = say("Enter the day on which it was announced.")
    elif entry.announced_on > today:
        wrong["announced_on"] = say("This day is still to come. Enter an award when it has been announced.")
    elif entry.valid_until and entry.valid_until < entry.announced_on:
        wrong["valid_until"] = say("This is before the day on which it was announced.")
    if len(entry.note) > NOTE_LIMIT:
        wrong["note"] = say("Write at most %(limit)s characters.", limit=NOTE_LIMIT)
    source_url = _check_source(entry.source_url, wrong)
    if wrong:
        raise Invalid(wrong)
    return {
        "level": entry.level,
        "announced_on": entry.announced_on,
        "source_url": source_url,
        "valid_until": entry.valid_until,
        "note": entry.note.strip(),
    }


def _check_source(typed_url: str, wrong: dict[str, Message]) -> str:
    """The address of the announcement. A reader can only look it up on a web page that everyone can open."""
    try:
        return clean_url(typed_url)
    except Invalid as problem:
        wrong["source_url"] = problem.fields["url"]
        return ""


def award_in_words(city: str, level: str, announced_on: date) -> Message:
    """One sentence on the newest award, for every page that shows it."""
    sentences = {
        AwardLevel.SILVER: say("%(city)s holds Silver, announced on %(day)s.", city=city, day=announced_on),
        AwardLevel.GOLD: say("%(city)s holds Gold, announced on %(day)s.", city=city, day=announced_on),
        AwardLevel.PLATINUM: say("%(city)s holds Platinum, announced on %(day)s.", city=city, day=announced_on),
    }
    return sentences[AwardLevel(level)]


def validity_in_words(valid_until: date | None, today: date) -> Message | None:
    """Until when it is valid, where the city says so; one that is over is said to be over."""
    if valid_until is None:
        return None
    if valid_until < today:
        return say("By what the city entered it was valid until %(day)s.", day=valid_until)
    return say("By what the city entered it is valid until %(day)s.", day=valid_until)
