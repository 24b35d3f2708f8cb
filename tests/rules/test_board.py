"""What a tile says, who is waited for, and what a week brought."""

import pytest

from app.rules.board import STATUS_NAMES, Status, Waiting, status_of, waits_for, week_in_words
from app.rules.review import ResponseState
from app.rules.scoring.score import Decision

S = ResponseState


@pytest.mark.parametrize(
    ("state", "decision", "status"),
    [
        (S.NOT_STARTED, None, Status.NOT_STARTED),
        (S.IN_PROGRESS, None, Status.IN_PROGRESS),
        (S.RETURNED, Decision.CHANGES_ASKED, Status.RETURNED),
        (S.SUBMITTED, None, Status.SUBMITTED),
        (S.DECIDED, Decision.MET, Status.MET),
        (S.DECIDED, Decision.NOT_MET, Status.NOT_MET),
    ],
)
def test_a_tile_shows_state_and_verdict_in_one(state: ResponseState, decision: Decision | None, status: Status) -> None:
    assert status_of(state, decision) is status


def test_a_response_submitted_again_is_in_review_whatever_was_said_before() -> None:
    assert status_of(S.SUBMITTED, Decision.CHANGES_ASKED) is Status.SUBMITTED


def test_every_status_has_a_word() -> None:
    assert {str(name) for name in STATUS_NAMES.values()} == {
        "Met", "Not met", "In review", "Changes asked", "In progress", "Not started",
    }  # fmt: skip
    assert set(STATUS_NAMES) == set(Status)


def test_what_nobody_was_given_waits_for_the_data_office() -> None:
    assert waits_for(S.NOT_STARTED, assigned=False) is Waiting.DATA_OFFICE
    assert waits_for(S.NOT_STARTED, assigned=True) is Waiting.DEPARTMENT
    assert waits_for(S.RETURNED, assigned=True) is Waiting.DEPARTMENT


def test_what_is_submitted_waits_for_the_reviewer_and_what_is_decided_for_nobody() -> None:
    assert waits_for(S.SUBMITTED, assigned=False) is Waiting.REVIEWER
    assert waits_for(S.DECIDED, assigned=False) is Waiting.NOBODY


def test_a_week_tells_only_what_happened() -> None:
    told = week_in_words({"submitted": 1, "evidence_added": 12, "item_ticked": 40})
    assert [str(line) for line in told] == ["1 response submitted", "12 pieces of evidence added"]
    assert week_in_words({}) == ()
