"""What one person who does everything is led to next, and when a city is so small."""

from datetime import date

import pytest

from app.rules.city.small_office import (
    CONFIRM_NEWER,
    DECIDE_NOW,
    check_own_decision,
    is_small_office,
    order_key,
    step_in_words,
)
from app.rules.errors import Invalid
from app.rules.message import say
from app.rules.my_work import WorkNeed
from app.rules.people.permissions import Role
from app.rules.review.moves import RenewalState

TODAY = date(2026, 11, 2)
MISSING = say("Add the first piece of evidence.")


@pytest.mark.parametrize(
    ("role", "has_colleagues", "says_so", "small"),
    [
        (Role.ADMIN, False, False, True),
        (Role.REVIEWER, False, False, True),
        (Role.ADMIN, True, False, False),
        (Role.ADMIN, True, True, True),
        (Role.LEAD, False, False, False),
        (Role.LEAD, True, True, False),
        (Role.OFFICIAL, False, True, False),
    ],
)
def test_who_does_everything(role: Role, has_colleagues: bool, says_so: bool, small: bool) -> None:
    assert is_small_office(role, has_colleagues=has_colleagues, says_so=says_so) is small


def test_what_waits_for_the_own_decision_comes_before_what_is_only_due_soon() -> None:
    needs = sorted(WorkNeed, key=lambda need: order_key(need, TODAY))
    assert needs[:4] == [WorkNeed.RETURNED, WorkNeed.OVERDUE, WorkNeed.SUBMITTED, WorkNeed.DUE_SOON]
    assert order_key(WorkNeed.OVERDUE, TODAY) < order_key(WorkNeed.OVERDUE, None)
    assert set(needs) == set(WorkNeed)


def test_each_step_is_one_sentence_without_the_words_of_a_large_hall() -> None:
    def step(need: WorkNeed, missing: object = None, renewal: RenewalState = RenewalState.NONE) -> object:
        return step_in_words(need, missing=missing, renewal=renewal, at_risk_from=TODAY, today=TODAY)  # type: ignore[arg-type]

    assert step(WorkNeed.IN_PROGRESS, MISSING) == MISSING
    assert step(WorkNeed.IN_PROGRESS) == step(WorkNeed.SUBMITTED, MISSING) == DECIDE_NOW
    assert step(WorkNeed.SUBMITTED, renewal=RenewalState.WAITING) == CONFIRM_NEWER
    assert "Add newer evidence" in str(step(WorkNeed.EXPIRING))


@pytest.mark.parametrize(
    ("decision", "reason", "field"),
    [("changes_asked", "x", "decision"), ("", "", "decision"), ("not_met", " ", "reason")],
)
def test_an_own_decision_is_met_or_not_met_and_the_latter_says_why(decision: str, reason: str, field: str) -> None:
    with pytest.raises(Invalid) as problem:
        check_own_decision(decision, reason)
    assert set(problem.value.fields) == {field}


def test_met_needs_no_words() -> None:
    check_own_decision("met", "")
