from itertools import product

import pytest

from app.rules.errors import Invalid, Refused
from app.rules.review import (
    COMMENT_LIMIT,
    MOVES,
    REASON_LIMIT,
    Move,
    ResponseState,
    after,
    allows,
    check_comment,
    check_independence,
    check_reason,
    check_reopening,
)
from app.rules.scoring import Decision

FORBIDDEN = [pair for pair in product(ResponseState, Move) if pair not in MOVES]


@pytest.mark.parametrize(("state", "move"), FORBIDDEN)
def test_a_move_that_is_not_in_the_table_is_refused_with_a_sentence(state: ResponseState, move: Move) -> None:
    assert not allows(state, move)
    with pytest.raises(Refused, match=r"\w+ .+\.$"):
        after(state, move)


@pytest.mark.parametrize(
    "state", [ResponseState.NOT_STARTED, ResponseState.IN_PROGRESS, ResponseState.RETURNED, ResponseState.DECIDED]
)
@pytest.mark.parametrize("decision", Decision)
def test_only_what_was_submitted_can_be_decided(state: ResponseState, decision: Decision) -> None:
    with pytest.raises(Refused):
        after(state, Move(decision))


def test_a_response_comes_back_when_changes_are_asked_and_is_closed_by_a_verdict() -> None:
    assert after(ResponseState.SUBMITTED, Move.ASK_CHANGES) is ResponseState.RETURNED
    assert after(ResponseState.SUBMITTED, Move.DECIDE_MET) is ResponseState.DECIDED
    assert after(ResponseState.SUBMITTED, Move.DECIDE_NOT_MET) is ResponseState.DECIDED
    assert after(ResponseState.DECIDED, Move.REOPEN) is ResponseState.SUBMITTED


@pytest.mark.parametrize("decision", [Decision.NOT_MET, Decision.CHANGES_ASKED])
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_verdict_that_asks_for_something_needs_a_reason(decision: Decision, reason: str) -> None:
    with pytest.raises(Invalid) as problem:
        check_reason(decision, reason)
    assert "reason" in problem.value.fields


def test_met_needs_no_reason_while_the_checklist_holds() -> None:
    assert check_reason(Decision.MET, " ", checklist_holds=True) == ""


def test_met_against_the_checklist_needs_a_reason() -> None:
    with pytest.raises(Invalid, match="checklist does not hold"):
        check_reason(Decision.MET, " ", checklist_holds=False)
    assert check_reason(Decision.MET, " Seen on site. ", checklist_holds=False) == "Seen on site."


def test_the_longest_reason_fits_and_one_more_character_does_not() -> None:
    assert len(check_reason(Decision.MET, "x" * REASON_LIMIT)) == REASON_LIMIT
    with pytest.raises(Invalid, match=str(REASON_LIMIT)):
        check_reason(Decision.MET, "x" * (REASON_LIMIT + 1))


@pytest.mark.parametrize("text", ["", "  ", "x" * (REASON_LIMIT + 1)])
def test_opening_again_needs_a_reason_of_some_length(text: str) -> None:
    with pytest.raises(Invalid) as problem:
        check_reopening(text)
    assert "why" in problem.value.fields


@pytest.mark.parametrize("text", ["", " \t", "x" * (COMMENT_LIMIT + 1)])
def test_a_comment_that_says_nothing_or_far_too_much_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as problem:
        check_comment(text)
    assert "text" in problem.value.fields


def test_nobody_decides_on_the_own_submission_while_somebody_else_can() -> None:
    with pytest.raises(Refused, match="yourself"):
        check_independence(submitted_it=True, other_reviewers=1)
    check_independence(submitted_it=True, other_reviewers=0)
    check_independence(submitted_it=False, other_reviewers=3)
