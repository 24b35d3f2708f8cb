"""When a monthly report is due, and what is wrong with one that is typed."""

from datetime import date

import pytest

from app.rules.errors import Invalid
from app.rules.monthly import (
    MOST_ATTACHED_BYTES,
    MonthlyWish,
    check_until,
    check_wish,
    find_next_day,
    is_due,
    is_file_attached,
)
from app.rules.report.parts import ReportAudience, ReportLength, ReportOrder


def order(length: ReportLength = ReportLength.SUMMARY, audience: ReportAudience = ReportAudience.PUBLIC) -> ReportOrder:
    return ReportOrder("en", length, audience)


@pytest.mark.parametrize(
    ("today", "is_sent"),
    [
        (date(2027, 2, 27), False),
        (date(2027, 2, 28), True),
        (date(2027, 3, 1), False),
        (date(2027, 3, 31), True),
        (date(2027, 1, 31), False),
    ],
)
def test_the_day_comes_in_each_month_and_not_before_it_begins(today: date, is_sent: bool) -> None:
    assert is_due(31, date(2027, 2, 1), today) is is_sent


def test_a_day_that_passed_without_a_worker_is_made_up_for_in_its_month() -> None:
    assert is_due(5, date(2027, 1, 1), date(2027, 1, 30))
    assert not is_due(5, date(2027, 1, 6), date(2027, 1, 30)), "it was set up after its day"


def test_the_next_one_is_named_over_the_end_of_a_year() -> None:
    begin = date(2026, 12, 10)
    assert find_next_day(31, begin, begin, False) == date(2026, 12, 31)
    assert find_next_day(9, begin, begin, False) == date(2027, 1, 9)
    assert find_next_day(10, begin, begin, True) == date(2027, 1, 10)
    assert find_next_day(31, begin, date(2027, 1, 31), True) == date(2027, 2, 28)
    assert find_next_day(5, date(2026, 1, 1), begin, False) == begin, "it is made up for today"


def test_what_is_wrong_is_said_at_its_field() -> None:
    with pytest.raises(Invalid) as problem:
        check_wish(MonthlyWish(order(ReportLength.ANNEX, ReportAudience.COUNCIL), 32, True))
    assert set(problem.value.fields) == {"length", "day", "attached"}
    check_wish(MonthlyWish(order(), 31, True))


def test_typed_addresses_have_a_last_day() -> None:
    today = date(2027, 1, 12)
    assert check_until(None, False, today) is None
    assert check_until(date(2029, 1, 12), True, today) == date(2029, 1, 12)
    for wrong in (None, date(2027, 1, 11), date(2029, 1, 13)):
        with pytest.raises(Invalid) as problem:
            check_until(wrong, True, today)
        assert set(problem.value.fields) == {"until"}


def test_only_a_small_report_for_the_public_is_attached() -> None:
    assert is_file_attached(True, "public", MOST_ATTACHED_BYTES)
    assert not is_file_attached(True, "public", MOST_ATTACHED_BYTES + 1)
    assert not is_file_attached(True, "council", 10)
    assert not is_file_attached(True, "public", 0)
    assert not is_file_attached(False, "public", 10)
