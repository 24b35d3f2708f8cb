"""The table of moves: what it has is allowed, everything else is refused with a sentence."""

from itertools import product

import pytest

from app.rules.errors import Invalid, Refused
from app.rules.review.moves import (
    REASON_LIMIT,
    RenewalState,
    ResponseState,
    ReviewAction,
    allows_action,
    check_answering_again,
    check_renewing,
    check_returning,
    check_verdict_reason,
    next_renewal,
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
    ("decided", "undo_verdict"): "submitted",
    ("returned", "undo_verdict"): "submitted",
    ("decided", "reopen"): "submitted",
    ("decided", "ask_reopening"): "decided",
    ("decided", "accept_reopening"): "in_progress",
    ("decided", "renew"): "decided",
    ("decided", "confirm_renewal"): "decided",
    ("decided", "return_renewal"): "decided",
    ("decided", "answer_again"): "in_progress",
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
    with pytest.raises(Refused, match="Withdraw it from review first"):
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


RENEWALS = {
    ("", "renew"): "waiting",
    ("waiting", "renew"): "waiting",
    ("returned", "renew"): "waiting",
    ("waiting", "confirm_renewal"): "",
    ("", "undo_verdict"): "",
    ("waiting", "undo_verdict"): "",
    ("returned", "undo_verdict"): "",
    ("", "accept_reopening"): "",
    ("waiting", "accept_reopening"): "",
    ("returned", "accept_reopening"): "",
    ("waiting", "return_renewal"): "returned",
    ("", "reopen"): "",
    ("waiting", "reopen"): "",
    ("returned", "reopen"): "",
}


@pytest.mark.parametrize(("renewal", "move"), list(product(RenewalState, ReviewAction)))
def test_a_renewal_goes_where_the_table_says_and_nowhere_else(renewal: RenewalState, move: ReviewAction) -> None:
    if (renewal, move) in RENEWALS:
        assert next_renewal(renewal, move) == RENEWALS[renewal, move]
    else:
        with pytest.raises(Refused, match="Nothing new waits"):
            next_renewal(renewal, move)


def test_only_what_was_not_met_is_answered_again_and_only_what_was_met_is_renewed() -> None:
    check_answering_again(VerdictKind.NOT_MET)
    check_renewing(VerdictKind.MET)
    with pytest.raises(Refused, match="not met is answered again"):
        check_answering_again(VerdictKind.MET)
    with pytest.raises(Refused, match="Answer again"):
        check_renewing(VerdictKind.NOT_MET)


def test_a_renewal_is_returned_with_a_reason() -> None:
    assert check_returning(" No date. ") == "No date."
    for reason in (" ", "x" * (REASON_LIMIT + 1)):
        with pytest.raises(Invalid) as problem:
            check_returning(reason)
        assert list(problem.value.fields) == ["return_reason"]
