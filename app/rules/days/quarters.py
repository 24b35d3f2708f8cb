"""What is asked for in each quarter: two calendar quarters in a row with evidence, the later one running or just over.

One set of notes shows one meeting, and no rhythm. On the first day of a quarter nobody can have met in it yet, so the two quarters
before it are enough until it is over.
"""

from collections.abc import Iterable
from datetime import date

from app.rules.criteria.edition import Window
from app.rules.days.freshness import Freshness, item_freshness, item_lapses_on, lapses_on, piece_freshness

CoveredPeriod = tuple[date | None, date | None]
"""First and last day that a piece covers; without a first day it covers the last one only, without a last day nothing is known."""


def last_pair(periods: Iterable[CoveredPeriod]) -> date | None:
    """A day in the later of the last two quarters in a row that have evidence; None where there are no two."""
    covered: set[int] = set()
    for first, last in periods:
        if last:
            covered.update(range(_quarter_number(min(first or last, last)), _quarter_number(last) + 1))
    later = max((quarter for quarter in covered if quarter - 1 in covered), default=None)
    return date(later // 4, later % 4 * 3 + 1, 1) if later is not None else None


def _quarter_number(day: date) -> int:
    return day.year * 4 + (day.month - 1) // 3


def pair_freshness(periods: Iterable[CoveredPeriod], day: date) -> Freshness | None:
    """How fresh an item is on `day` that asks for evidence in each quarter. None without any piece."""
    periods = tuple(periods)
    alone = item_freshness([last for _, last in periods], Window.EACH_QUARTER, day)
    if alone in (None, Freshness.UNKNOWN, Freshness.LAPSED):
        return alone
    paired = last_pair(periods)
    pair = piece_freshness(paired, Window.EACH_QUARTER, day) if paired else Freshness.LAPSED
    if pair is Freshness.LAPSED:
        return Freshness.UNKNOWN if any(last is None for _, last in periods) else Freshness.INCOMPLETE
    return pair


def pair_lapses_on(periods: Iterable[CoveredPeriod]) -> date | None:
    """The first day on which the last two quarters in a row are too old; where there are no two, on which the last piece is.

    None where a piece without a period leaves it unknown.
    """
    periods = tuple(periods)
    ends = [last for _, last in periods]
    paired = last_pair(periods)
    return (
        lapses_on(paired, Window.EACH_QUARTER)
        if paired and None not in ends
        else item_lapses_on(ends, Window.EACH_QUARTER)
    )
