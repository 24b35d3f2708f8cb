"""When a letter leaves: nobody gets more than one a day unless they chose so, none at night, and none on a quiet day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.rules.message import Message, say
from app.rules.outbox.kinds import KINDS, LetterKind

MORNING, EVENING = 7, 19
"""Letters leave between these hours of the reader's day."""
SETTLE = timedelta(minutes=15)
"""How long nothing may have come before a letter leaves on the same day, so that 43 assignments are one letter."""
MOST_PATIENCE = timedelta(hours=2)
"""Where something comes all the time, a letter leaves when the first of it has waited so long."""
WEEKEND = frozenset({5, 6})


class Pace(StrEnum):
    """How often someone wants letters."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


PACE_NAMES: dict[Pace, Message] = {
    Pace.DAILY: say("At most one letter a day"),
    Pace.WEEKLY: say("At most one letter a week"),
    Pace.AT_ONCE: say("As soon as something happens"),
}


@dataclass(frozen=True)
class LetterWish:
    """What someone chose: kinds that are off, how often, and on which days of the week nothing comes (0 is Monday)."""

    off: frozenset[LetterKind] = frozenset()
    pace: Pace = Pace.DAILY
    quiet_days: frozenset[int] = WEEKEND


@dataclass(frozen=True)
class WaitingEntry:
    """An entry that is in no letter yet; `at` is when it came, by the reader's clock."""

    kind: LetterKind
    at: datetime


def is_time(moment: datetime, wish: LetterWish, waiting: Sequence[WaitingEntry], last_on: date | None) -> bool:
    """Whether what waits leaves at this moment of the reader's day; `last_on` is the day of the last letter."""
    if not waiting or moment.weekday() in wish.quiet_days or not MORNING <= moment.hour < EVENING:
        return False
    if wish.pace is Pace.AT_ONCE:
        return _is_settled(moment, waiting)
    if wish.pace is Pace.WEEKLY:
        monday = moment.date() - timedelta(days=moment.weekday())
        return (last_on is None or last_on < monday) and _has_waited(moment, waiting)
    if last_on is not None and last_on >= moment.date():
        return False
    prompt = [entry for entry in waiting if KINDS[entry.kind].prompt]
    return _has_waited(moment, waiting) or (bool(prompt) and _is_settled(moment, prompt))


def _is_settled(moment: datetime, waiting: Sequence[WaitingEntry]) -> bool:
    newest, oldest = max(entry.at for entry in waiting), min(entry.at for entry in waiting)
    return moment - newest >= SETTLE or moment - oldest >= MOST_PATIENCE


def _has_waited(moment: datetime, waiting: Sequence[WaitingEntry]) -> bool:
    """Whether something has waited since before this morning."""
    morning = moment.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return any(entry.at < morning for entry in waiting)
