"""What a department should see first, and how its dates are told."""

from datetime import date, timedelta

import pytest

from app.rules.my_work import (
    DUE_SOON_DAYS,
    GROUPS,
    Group,
    Need,
    due_in_words,
    expiring_in_words,
    is_overdue,
    need_of,
    progress,
    urgency,
)
from app.rules.review import ResponseState

TODAY = date(2026, 3, 2)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
S = ResponseState


@pytest.mark.parametrize(
    ("state", "due_on", "need"),
    [
        (S.RETURNED, None, Need.RETURNED),
        (S.RETURNED, YESTERDAY, Need.RETURNED),
        (S.NOT_STARTED, YESTERDAY, Need.OVERDUE),
        (S.IN_PROGRESS, YESTERDAY, Need.OVERDUE),
        (S.NOT_STARTED, TODAY, Need.DUE_SOON),
        (S.IN_PROGRESS, TODAY + timedelta(days=DUE_SOON_DAYS), Need.DUE_SOON),
        (S.IN_PROGRESS, TODAY + timedelta(days=DUE_SOON_DAYS + 1), Need.IN_PROGRESS),
        (S.NOT_STARTED, None, Need.NOT_STARTED),
        (S.SUBMITTED, YESTERDAY, Need.SUBMITTED),
        (S.DECIDED, YESTERDAY, Need.DECIDED),
    ],
)
def test_a_criterion_needs_what_its_state_and_its_date_say(
    state: ResponseState, due_on: date | None, need: Need
) -> None:
    assert need_of(state, due_on, TODAY) is need


def test_what_was_returned_comes_first_and_what_is_decided_last() -> None:
    mixed = [
        Need.DECIDED,
        Need.NOT_STARTED,
        Need.RETURNED,
        Need.SUBMITTED,
        Need.DUE_SOON,
        Need.IN_PROGRESS,
        Need.OVERDUE,
    ]
    assert sorted(mixed, key=lambda need: urgency(need, None)) == [
        Need.RETURNED, Need.OVERDUE, Need.DUE_SOON, Need.IN_PROGRESS, Need.NOT_STARTED, Need.SUBMITTED, Need.DECIDED,
    ]  # fmt: skip


def test_of_two_alike_the_earlier_date_comes_first_and_no_date_last() -> None:
    dates = [None, TOMORROW, YESTERDAY]
    assert sorted(dates, key=lambda day: urgency(Need.OVERDUE, day)) == [YESTERDAY, TOMORROW, None]


def test_the_headings_follow_the_order_of_the_needs() -> None:
    groups = [GROUPS[need] for need in Need]
    assert list(dict.fromkeys(groups)) == list(Group)
    assert groups == sorted(groups, key=list(Group).index)


def test_nothing_is_overdue_on_its_day_or_while_the_reviewer_has_it() -> None:
    assert is_overdue(S.RETURNED, YESTERDAY, TODAY)
    assert not is_overdue(S.RETURNED, TODAY, TODAY)
    assert not is_overdue(S.SUBMITTED, YESTERDAY, TODAY)
    assert not is_overdue(S.NOT_STARTED, None, TODAY)


@pytest.mark.parametrize(
    ("days", "words"),
    [(-1, "1 day overdue"), (-12, "12 days overdue"), (0, "due today"), (1, "due in 1 day"), (30, "due in 30 days")],
)
def test_a_date_is_told_in_words(days: int, words: str) -> None:
    assert str(due_in_words(TODAY + timedelta(days=days), TODAY)) == words


def test_progress_tells_who_has_how_many() -> None:
    needs = [Need.DECIDED, Need.DECIDED, Need.SUBMITTED, Need.RETURNED, Need.NOT_STARTED, Need.OVERDUE]
    assert str(progress(needs)) == "Decided: 2 of 6. With the reviewer: 1. With you: 3."


@pytest.mark.parametrize(
    ("days", "need"), [(-5, Need.EXPIRING), (0, Need.EXPIRING), (30, Need.EXPIRING), (31, Need.DECIDED)]
)
def test_a_met_criterion_needs_its_department_again_a_month_before_its_evidence_lapses(days: int, need: Need) -> None:
    assert need_of(S.DECIDED, None, TODAY, TODAY + timedelta(days=days)) is need
    assert GROUPS[Need.EXPIRING] is Group.NOW


def test_it_is_told_apart_whether_evidence_has_lapsed_or_will() -> None:
    assert str(expiring_in_words(TODAY, TODAY)).startswith("The evidence has lapsed.")
    assert str(expiring_in_words(TODAY + timedelta(days=1), TODAY)).startswith("The evidence lapses soon.")
