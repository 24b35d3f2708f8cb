"""Retention: until when something is kept, what stands against disposing of it, and that it takes two."""

from datetime import date

import pytest

from app.rules.account.hands import Hands
from app.rules.errors import Invalid, Refused
from app.rules.evidence.retention import (
    check_approver,
    check_hold_reason,
    check_retention_class,
    kept_until,
    why_not_disposable,
)

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("begins_on", "years", "until"),
    [
        (date(2019, 11, 26), 7, TODAY),
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
    ],
)
def test_a_time_ends_on_the_same_day_of_its_last_year(begins_on: date, years: int, until: date) -> None:
    assert kept_until(begins_on, years) == until


@pytest.mark.parametrize(
    ("until", "held", "removed", "supports", "words"),
    [
        (date(2026, 11, 25), False, False, (), None),
        (None, False, True, ("LC1",), "No retention class"),
        (None, False, True, (), "No retention class"),
        (date(2026, 11, 25), False, True, ("LC1",), None),
        (TODAY, False, False, (), "kept until"),
        (TODAY, False, True, (), "kept until"),
        (date(2026, 11, 25), True, True, (), "legal hold"),
        (date(2026, 11, 25), False, False, ("LC1", "DM2"), "LC1, DM2"),
        (None, False, False, (), "No retention class"),
    ],
)
def test_what_is_held_in_use_or_not_over_stays(
    until: date | None, held: bool, removed: bool, supports: tuple[str, ...], words: str | None
) -> None:
    found = why_not_disposable(until=until, held=held, removed=removed, supports=supports, today=TODAY)
    assert (found is None) if words is None else (words in str(found))


def test_who_proposed_it_does_not_approve_it() -> None:
    apart, one = Hands({}), Hands({2: 1})
    check_approver(1, 2, apart)
    for proposed_by, hands in ((None, apart), (2, apart), (1, one)):
        with pytest.raises(Refused):
            check_approver(proposed_by, 2, hands)


@pytest.mark.parametrize(
    ("name", "years", "wrong"),
    [
        ("", 7, "name"),
        ("x" * 61, 7, "name"),
        ("Minutes", None, "years"),
        ("Minutes", 0, "years"),
        ("Minutes", 101, "years"),
    ],
)
def test_a_class_has_a_name_and_whole_years(name: str, years: int | None, wrong: str) -> None:
    assert check_retention_class("  Minutes\n of meetings ", 7) == ("Minutes of meetings", 7)
    with pytest.raises(Invalid) as problem:
        check_retention_class(name, years)
    assert list(problem.value.fields) == [wrong]


def test_a_reason_fits_on_a_line() -> None:
    assert check_hold_reason(" A\nlawsuit ") == "A lawsuit"
    with pytest.raises(Invalid):
        check_hold_reason("x" * 301)
