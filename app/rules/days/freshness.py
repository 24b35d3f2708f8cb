"""How long evidence counts: windows, the day on which a piece lapses, and how fresh an item of a checklist is on any day.

Evidence has a period that it covers; a window says how far back that period may lie. A piece without a period is never guessed
about: where a window asks for one its freshness is unknown.
"""

import calendar
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from app.rules.criteria.edition import Window
from app.rules.message import Message, say

DUE_SOON_DAYS = 30
"""A month: long enough to hold the next meeting, write it down and have it reviewed."""


BY_QUARTER = (Window.QUARTERLY, Window.EACH_QUARTER)
"""Windows that count calendar quarters."""


class Freshness(StrEnum):
    """How an item's evidence stands on a day, from best to worst. With time it only moves towards the end of this list."""

    FRESH = "fresh"
    DUE_SOON = "due_soon"
    UNKNOWN = "unknown"
    INCOMPLETE = "incomplete"
    LAPSED = "lapsed"


FRESHNESS_NAMES: dict[Freshness, Message] = {
    Freshness.FRESH: say("Fresh"),
    Freshness.DUE_SOON: say("Lapses soon"),
    Freshness.UNKNOWN: say("Period unknown"),
    Freshness.INCOMPLETE: say("One quarter is missing"),
    Freshness.LAPSED: say("Lapsed"),
}


def months_before(day: date, months: int) -> date:
    """The same day `months` (>= 0) earlier, or that month's last day where there is none: 31 May less 3 is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, _days_in(year, month + 1)))


def _days_in(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def window_begins(day: date, window: Window) -> date | None:
    """The first day that counts when someone looks on `day`; None where nothing runs out.

    `quarterly` takes the two most recent calendar quarters, the running one among them; so does `each-quarter` for a piece by
    itself, and `rules.days.quarters` says when two pieces make a pair. A look back over months keeps to the
    ends of months.
    """
    if window in BY_QUARTER:
        return months_before(_quarter_begins(day), 3)
    return months_before(day, window.months) if window.months else None


def _quarter_begins(day: date) -> date:
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def is_outside_window(period_to: date | None, window: Window, today: date) -> bool:
    """Whether a covered period ended before the window began. Without a period nothing is claimed either way: False."""
    begins = window_begins(today, window)
    return period_to is not None and begins is not None and period_to < begins


def lapses_on(period_to: date | None, window: Window) -> date | None:
    """The first day on which a piece that covers a period until `period_to` lies outside the window; None for never or unknown."""
    if period_to is None or window is Window.NONE:
        return None
    if window in BY_QUARTER:
        return _months_after(_quarter_begins(period_to), 6)
    return _months_after(period_to, window.months or 0) + timedelta(days=1)


def _months_after(day: date, months: int) -> date:
    """The last day from which `months_before` leads to `day` or earlier: the last of a month stays the last of a month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = _days_in(year, month + 1)
    is_last = day.day == _days_in(day.year, day.month)
    return date(year, month + 1, last if is_last else min(day.day, last))


def item_lapses_on(ends: Iterable[date | None], window: Window) -> date | None:
    """The first day on which none of an item's pieces counts any more; `ends` are the last days that they cover, None where no
    period was given. None for never, or where a piece without a period leaves it unknown.
    """
    days = [lapses_on(end, window) for end in ends]
    return None if None in days else max((day for day in days if day), default=None)


def item_freshness(ends: Iterable[date | None], window: Window, day: date) -> Freshness | None:
    """How fresh an item is on `day`: as its best piece, since one that counts is enough. None without any piece."""
    states = [piece_freshness(end, window, day) for end in ends]
    return min(states, key=list(Freshness).index, default=None)


def piece_freshness(period_to: date | None, window: Window, day: date) -> Freshness:
    """How fresh one piece is on `day` for an item with this window."""
    if window is Window.NONE:
        return Freshness.FRESH
    lapses = lapses_on(period_to, window)
    if lapses is None:
        return Freshness.UNKNOWN
    if lapses <= day:
        return Freshness.LAPSED
    return Freshness.DUE_SOON if lapses <= day + timedelta(days=DUE_SOON_DAYS) else Freshness.FRESH
