"""Evidence in each quarter: two quarters in a row, and a state that time and more evidence move one way only."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.days.freshness import Freshness
from app.rules.days.quarters import CoveredPeriod, last_pair, pair_freshness, pair_lapses_on

DAYS = st.dates(date(2020, 1, 1), date(2026, 12, 31))
PERIODS = st.tuples(st.none() | DAYS, st.none() | DAYS)
KNOWN = st.tuples(st.none() | DAYS, DAYS)
NOVEMBER = date(2026, 11, 28)
WINTER, SPRING, SUMMER, AUTUMN = (date(2026, month, 10) for month in (2, 5, 8, 11))


def on(*days: date | None) -> list[CoveredPeriod]:
    """Pieces of one day each."""
    return [(day, day) for day in days]


@pytest.mark.parametrize(
    ("periods", "state"),
    [
        ([], None),
        (on(AUTUMN), Freshness.INCOMPLETE),
        (on(SUMMER), Freshness.INCOMPLETE),
        (on(SUMMER, AUTUMN), Freshness.FRESH),
        (on(AUTUMN, SUMMER), Freshness.FRESH),
        (on(SPRING, SUMMER), Freshness.FRESH),
        (on(SPRING, AUTUMN), Freshness.INCOMPLETE),
        (on(AUTUMN, AUTUMN), Freshness.INCOMPLETE),
        (on(WINTER, SPRING), Freshness.LAPSED),
        (on(WINTER, SPRING, AUTUMN), Freshness.INCOMPLETE),
        ([(SUMMER, AUTUMN)], Freshness.FRESH),
        ([(None, AUTUMN)], Freshness.INCOMPLETE),
        (on(None), Freshness.UNKNOWN),
        (on(None, AUTUMN), Freshness.UNKNOWN),
        (on(None, SUMMER, AUTUMN), Freshness.FRESH),
    ],
)
def test_two_quarters_in_a_row_are_needed(periods: list[CoveredPeriod], state: Freshness | None) -> None:
    assert pair_freshness(periods, NOVEMBER) is state


def test_the_two_quarters_before_are_enough_until_this_one_is_over() -> None:
    pieces = on(SPRING, SUMMER)
    assert pair_lapses_on(pieces) == date(2027, 1, 1)
    assert pair_freshness(pieces, date(2026, 12, 1)) is Freshness.FRESH
    assert pair_freshness(pieces, date(2026, 12, 31)) is Freshness.DUE_SOON
    assert pair_freshness(pieces, date(2027, 1, 1)) is Freshness.LAPSED


def test_one_more_meeting_moves_the_end_by_a_quarter() -> None:
    assert pair_lapses_on(on(SUMMER, AUTUMN)) == date(2027, 4, 1)
    assert pair_lapses_on(on(SUMMER, AUTUMN, date(2027, 2, 3))) == date(2027, 7, 1)


def test_a_year_is_no_gap_between_two_quarters() -> None:
    assert last_pair(on(date(2025, 12, 31), date(2026, 1, 1))) == date(2026, 1, 1)
    assert last_pair(on(date(2025, 12, 31), date(2026, 4, 1))) is None


@given(st.lists(PERIODS, min_size=1, max_size=4), DAYS, st.integers(0, 900))
def test_with_time_it_only_gets_worse(periods: list[CoveredPeriod], day: date, later: int) -> None:
    order = list(Freshness)
    now, then = (pair_freshness(periods, day + timedelta(days=days)) for days in (0, later))
    assert now
    assert then
    assert order.index(then) >= order.index(now)


@given(st.lists(PERIODS, max_size=4), PERIODS, DAYS)
def test_one_more_piece_never_makes_it_worse(periods: list[CoveredPeriod], more: CoveredPeriod, day: date) -> None:
    order = [*Freshness, None]
    assert order.index(pair_freshness([*periods, more], day)) <= order.index(pair_freshness(periods, day))


@given(st.lists(KNOWN, min_size=1, max_size=5))
def test_the_day_of_lapsing_is_the_first_without_a_pair(periods: list[CoveredPeriod]) -> None:
    day = pair_lapses_on(periods)
    assert day
    in_place = {Freshness.FRESH, Freshness.DUE_SOON}
    assert pair_freshness(periods, day) not in in_place
    assert (pair_freshness(periods, day - timedelta(days=1)) in in_place) is (last_pair(periods) is not None)
