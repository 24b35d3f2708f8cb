"""How long evidence counts: windows at the ends of months and quarters, and freshness that never moves the wrong way."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.criteria.edition import Window
from app.rules.days.freshness import (
    Freshness,
    is_outside_window,
    item_freshness,
    item_lapses_on,
    lapses_on,
    months_before,
    piece_freshness,
)

TODAY = date(2026, 5, 31)
DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))
BOUND = st.sampled_from([window for window in Window if window is not Window.NONE])


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 5, 31), 3, date(2026, 2, 28)),
        (date(2024, 5, 31), 3, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2024, 2, 29), 48, date(2020, 2, 29)),
        (date(2026, 1, 31), 1, date(2025, 12, 31)),
        (date(2026, 3, 30), 1, date(2026, 2, 28)),
        (date(2026, 12, 1), 24, date(2024, 12, 1)),
        (date(2026, 7, 15), 0, date(2026, 7, 15)),
    ],
)
def test_months_before_keeps_to_the_ends_of_months(day: date, months: int, expected: date) -> None:
    assert months_before(day, months) == expected


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(0, 240), st.integers(0, 240))
def test_more_months_back_is_never_later(day: date, few: int, many: int) -> None:
    few, many = sorted((few, many))
    assert months_before(day, many) <= months_before(day, few) <= day


@pytest.mark.parametrize(
    ("window", "last_inside"),
    [
        (Window.QUARTERLY, date(2026, 1, 1)),
        (Window.YEAR, date(2025, 5, 31)),
        (Window.TWO_YEARS, date(2024, 5, 31)),
    ],
)
def test_a_window_runs_out_the_day_after_its_last(window: Window, last_inside: date) -> None:
    day_before = date.fromordinal(last_inside.toordinal() - 1)
    assert not is_outside_window(last_inside, window, TODAY)
    assert is_outside_window(day_before, window, TODAY)


def test_nothing_is_claimed_without_a_period_or_a_window() -> None:
    assert not is_outside_window(None, Window.YEAR, TODAY)
    assert not is_outside_window(date(1990, 1, 1), Window.NONE, TODAY)


@pytest.mark.parametrize(
    ("covers_until", "window", "lapses"),
    [
        (date(2025, 2, 28), Window.YEAR, date(2026, 3, 1)),
        (date(2027, 2, 28), Window.YEAR, date(2028, 3, 1)),
        (date(2024, 2, 29), Window.YEAR, date(2025, 3, 1)),
        (date(2025, 12, 31), Window.YEAR, date(2027, 1, 1)),
        (date(2025, 5, 30), Window.YEAR, date(2026, 5, 31)),
        (date(2024, 2, 29), Window.TWO_YEARS, date(2026, 3, 1)),
        (date(2025, 11, 15), Window.QUARTERLY, date(2026, 4, 1)),
        (date(2026, 1, 1), Window.QUARTERLY, date(2026, 7, 1)),
        (date(2026, 3, 31), Window.QUARTERLY, date(2026, 7, 1)),
        (date(2026, 4, 1), Window.QUARTERLY, date(2026, 10, 1)),
        (date(1990, 1, 1), Window.NONE, None),
        (None, Window.YEAR, None),
    ],
)
def test_evidence_lapses_on_the_first_day_after_its_window(
    covers_until: date | None, window: Window, lapses: date | None
) -> None:
    assert lapses_on(covers_until, window) == lapses


@given(DAYS, BOUND)
def test_the_day_of_lapsing_is_the_first_outside_the_window(covers_until: date, window: Window) -> None:
    day = lapses_on(covers_until, window)
    assert day
    assert is_outside_window(covers_until, window, day)
    assert not is_outside_window(covers_until, window, day - timedelta(days=1))


@given(st.lists(st.none() | DAYS, min_size=1, max_size=4), BOUND, DAYS, st.integers(0, 900))
def test_with_time_freshness_only_gets_worse(ends: list[date | None], window: Window, day: date, later: int) -> None:
    order = list(Freshness)
    now, then = (item_freshness(ends, window, day + timedelta(days=days)) for days in (0, later))
    assert now
    assert then
    assert order.index(then) >= order.index(now)


@given(st.lists(st.none() | DAYS, max_size=4), st.none() | DAYS, st.sampled_from(list(Window)), DAYS)
def test_one_more_piece_never_makes_an_item_less_fresh(
    ends: list[date | None], more: date | None, window: Window, day: date
) -> None:
    order = [*Freshness, None]
    assert order.index(item_freshness([*ends, more], window, day)) <= order.index(item_freshness(ends, window, day))


@given(st.lists(DAYS, min_size=1, max_size=4), BOUND)
def test_an_item_lapses_with_its_last_piece(ends: list[date], window: Window) -> None:
    day = item_lapses_on(ends, window)
    assert day
    assert item_freshness(ends, window, day) is Freshness.LAPSED
    assert item_freshness(ends, window, day - timedelta(days=1)) is Freshness.DUE_SOON


def test_a_month_before_it_lapses_evidence_is_due() -> None:
    assert piece_freshness(date(2025, 6, 30), Window.YEAR, date(2026, 5, 31)) is Freshness.FRESH
    assert piece_freshness(date(2025, 6, 30), Window.YEAR, date(2026, 6, 1)) is Freshness.DUE_SOON


def test_a_piece_without_a_period_is_never_guessed_about() -> None:
    assert piece_freshness(None, Window.YEAR, TODAY) is Freshness.UNKNOWN
    assert piece_freshness(None, Window.NONE, TODAY) is Freshness.FRESH
    assert item_lapses_on([None, date(2020, 1, 1)], Window.YEAR) is None
    assert item_freshness([None, date(2020, 1, 1)], Window.YEAR, TODAY) is Freshness.UNKNOWN
