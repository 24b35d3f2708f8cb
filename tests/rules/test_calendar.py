"""Which month is meant, and on which of its days something stands."""

from datetime import date

import pytest

from app.rules.calendar import CalendarDay, DayKind, lay_out_month, list_days, month_after, month_before, read_month

TODAY = date(2026, 11, 28)
DUE = CalendarDay(DayKind.DUE, "LC1", "A plan", date(2026, 12, 1))


@pytest.mark.parametrize("typed", ["", "2026-13", "2026-00", "0000-05", "9999-12", "nonsense", "2026-1", "١٢٣٤-05"])
def test_what_names_no_month_near_is_the_present_one(typed: str) -> None:
    assert read_month(typed, TODAY) == date(2026, 11, 1)


def test_months_lead_to_their_neighbors_over_the_end_of_a_year() -> None:
    month = read_month("2026-12", TODAY)
    assert (month_before(month), month_after(month)) == (date(2026, 11, 1), date(2027, 1, 1))
    assert month_after(date(2027, 1, 1)) == date(2027, 2, 1)


def test_a_day_stands_in_its_cell_and_in_those_of_neighbors_too() -> None:
    weeks = lay_out_month(date(2026, 11, 1), [DUE], first_weekday=6)
    assert [day.on.day for day in weeks[0]] == [1, 2, 3, 4, 5, 6, 7]
    cells = [day for week in weeks for day in week if day.entries]
    assert [(day.on, day.is_inside, day.entries) for day in cells] == [(DUE.on, False, (DUE,))]
    assert all(len(week) == 7 for week in lay_out_month(date(2026, 2, 1), []))


def test_the_day_of_the_whole_assessment_stands_before_those_of_its_criteria() -> None:
    whole = CalendarDay(DayKind.CYCLE, "", "2026 cycle", DUE.on)
    assert list_days([], whole) == [whole]
