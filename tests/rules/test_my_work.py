"""What a department should see first, and how its dates are told."""

from datetime import date, timedelta

import pytest

from app.rules.my_work import (
    DUE_SOON_DAYS,
    GROUPS,
    NeedGroup,
    WorkNeed,
    due_in_words,
    expiring_in_words,
    is_overdue,
    need_of,
    progress_in_words,
    urgency_key,
)
from app.rules.review.moves import ResponseState

TODAY = date(2026, 3, 2)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
S = ResponseState


@pytest.mark.parametrize(
    ("state", "due_on", "need"),
    [
        (S.RETURNED, None, WorkNeed.RETURNED),
        (S.RETURNED, YESTERDAY, WorkNeed.RETURNED),
        (S.NOT_STARTED, YESTERDAY, WorkNeed.OVERDUE),
        (S.IN_PROGRESS, YESTERDAY, WorkNeed.OVERDUE),
        (S.NOT_STARTED, TODAY, WorkNeed.DUE_SOON),
        (S.IN_PROGRESS, TODAY + timedelta(days=DUE_SOON_DAYS), WorkNeed.DUE_SOON),
        (S.IN_PROGRESS, TODAY + timedelta(days=DUE_SOON_DAYS + 1), WorkNeed.IN_PROGRESS),
        (S.NOT_STARTED, None, WorkNeed.NOT_STARTED),
        (S.SUBMITTED, YESTERDAY, WorkNeed.SUBMITTED),
        (S.DECIDED, YESTERDAY, WorkNeed.DECIDED),
    ],
)
def test_a_criterion_needs_what_its_state_and_its_date_say(
    state: ResponseState, due_on: date | None, need: WorkNeed
) -> None:
    assert need_of(state, due_on, TODAY) is need


def test_what_was_returned_comes_first_and_what_is_decided_last() -> None:
    mixed = [
        WorkNeed.DECIDED,
        WorkNeed.NOT_STARTED,
        WorkNeed.RETURNED,
        WorkNeed.SUBMITTED,
        WorkNeed.DUE_SOON,
        WorkNeed.IN_PROGRESS,
        WorkNeed.OVERDUE,
    ]
    assert sorted(mixed, key=lambda need: urgency_key(need, None)) == [
        WorkNeed.RETURNED, WorkNeed.OVERDUE, WorkNeed.DUE_SOON, WorkNeed.IN_PROGRESS, WorkNeed.NOT_STARTED, WorkNeed.SUBMITTED, WorkNeed.DECIDED,
    ]  # fmt: skip


def test_of_two_alike_the_earlier_date_comes_first_and_no_date_last() -> None:
    dates = [None, TOMORROW, YESTERDAY]
    assert sorted(dates, key=lambda day: urgency_key(WorkNeed.OVERDUE, day)) == [YESTERDAY, TOMORROW, None]


def test_the_headings_follow_the_order_of_the_needs() -> None:
    groups = [GROUPS[need] for need in WorkNeed]
    assert list(dict.fromkeys(groups)) == list(NeedGroup)
    assert groups == sorted(groups, key=list(NeedGroup).index)


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
    needs = [
        WorkNeed.DECIDED,
        WorkNeed.DECIDED,
        WorkNeed.SUBMITTED,
        WorkNeed.RETURNED,
        WorkNeed.NOT_STARTED,
        WorkNeed.OVERDUE,
    ]
    assert str(progress_in_words(needs)) == "Decided: 2 of 6. With the reviewer: 1. With you: 3."


@pytest.mark.parametrize(
    ("days", "need"), [(-5, WorkNeed.EXPIRING), (0, WorkNeed.EXPIRING), (30, WorkNeed.EXPIRING), (31, WorkNeed.DECIDED)]
)
def test_a_met_criterion_needs_its_department_again_a_month_before_its_evidence_lapses(
    days: int, need: WorkNeed
) -> None:
    assert need_of(S.DECIDED, None, TODAY, TODAY + timedelta(days=days)) is need
    assert GROUPS[WorkNeed.EXPIRING] is NeedGroup.NOW


def test_it_is_told_apart_whether_evidence_has_lapsed_or_will() -> None:
    assert str(expiring_in_words(TODAY, TODAY)).startswith("The evidence is out of date.")
    assert str(expiring_in_words(TODAY + timedelta(days=1), TODAY)).startswith("The evidence is out of date soon.")
