"""The table of moves: what it has is allowed, everything else is refused with a sentence."""

from itertools import product

import pytest

from app.rules.errors import Invalid, Refused
from app.rules.review import (
    REASON_LIMIT,
    ResponseState,
    ReviewAction,
    allows_action,
    check_verdict_reason,
    next_response_state,
)
from app.rules.scoring.score import VerdictKind

ALLOWED = {
    ("not_started", "write"): "in_progress",
    ("in_progress", "write"): "in_progress",
    ("returned", "write"): "returned",
    ("in_progress", "submit"): "submitted",
    ("returned", "submit"): "submitted",
    ("submitted", "take_back"): "in_progress",
    ("submitted", "met"): "decided",
    ("submitted", "not_met"): "decided",
    ("submitted", "changes_asked"): "returned",
    ("decided", "reopen"): "submitted",
}
PAIRS = list(product(ResponseState, ReviewAction))


@pytest.mark.parametrize(("state", "move"), [pair for pair in PAIRS if (pair[0], pair[1]) in ALLOWED])
def test_an_allowed_move_leads_where_the_table_says(state: ResponseState, move: ReviewAction) -> None:
    assert next_response_state(state, move) == ALLOWED[state, move]
    assert allows_action(state, move)


@pytest.mark.parametrize(("state", "move"), [pair for pair in PAIRS if (pair[0], pair[1]) not in ALLOWED])
def test_every_other_move_is_refused_with_a_whole_sentence(state: ResponseState, move: ReviewAction) -> None:
    assert not allows_action(state, move)
    with pytest.raises(Refused) as refusal:
        next_response_state(state, move)
    assert str(refusal.value).endswith(".")


def test_a_verdict_on_something_not_submitted_says_so() -> None:
    for decision in VerdictKind:
        with pytest.raises(Refused, match="has not submitted"):
            next_response_state(ResponseState.IN_PROGRESS, ReviewAction(decision))


def test_writing_while_the_reviewer_has_it_says_how_to_get_it_back() -> None:
    with pytest.raises(Refused, match="Take it back first"):
        next_response_state(ResponseState.SUBMITTED, ReviewAction.WRITE)


@pytest.mark.parametrize("decision", [VerdictKind.NOT_MET, VerdictKind.CHANGES_ASKED])
@pytest.mark.parametrize("reason", ["", "  \n ", "Further evidence is needed: "])
def test_a_verdict_against_the_department_needs_a_reason(decision: VerdictKind, reason: str) -> None:
    with pytest.raises(Invalid) as problem:
        check_verdict_reason(decision, reason)
    assert list(problem.value.fields) == ["reason"]


def test_met_needs_no_reason_and_a_reason_loses_its_outer_space() -> None:
    assert check_verdict_reason(VerdictKind.MET, "") == ""
    assert check_verdict_reason(VerdictKind.NOT_MET, "  Not dated. \n") == "Not dated."


def test_a_reason_may_be_as_long_as_the_limit_and_no_longer() -> None:
    assert len(check_verdict_reason(VerdictKind.MET, "x" * REASON_LIMIT)) == REASON_LIMIT
    with pytest.raises(Invalid, match="at most"):
        check_verdict_reason(VerdictKind.MET, "x" * (REASON_LIMIT + 1))
