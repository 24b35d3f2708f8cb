"""What a tile says, who is waited for, and what a week brought."""

import pytest

from app.rules.board import STATUS_NAMES, CriterionStatus, NextActor, next_actor, status_of, week_in_words
from app.rules.review.moves import ResponseState
from app.rules.scoring.score import VerdictKind

S = ResponseState


@pytest.mark.parametrize(
    ("state", "decision", "status"),
    [
        (S.NOT_STARTED, None, CriterionStatus.NOT_STARTED),
        (S.IN_PROGRESS, None, CriterionStatus.IN_PROGRESS),
        (S.RETURNED, VerdictKind.CHANGES_ASKED, CriterionStatus.RETURNED),
        (S.SUBMITTED, None, CriterionStatus.SUBMITTED),
        (S.DECIDED, VerdictKind.MET, CriterionStatus.MET),
        (S.DECIDED, VerdictKind.NOT_MET, CriterionStatus.NOT_MET),
    ],
)
def test_a_tile_shows_state_and_verdict_in_one(
    state: ResponseState, decision: VerdictKind | None, status: CriterionStatus
) -> None:
    assert status_of(state, decision) is status


def test_a_response_submitted_again_is_in_review_whatever_was_said_before() -> None:
    assert status_of(S.SUBMITTED, VerdictKind.CHANGES_ASKED) is CriterionStatus.SUBMITTED


def test_every_status_has_a_word() -> None:
    assert {str(name) for name in STATUS_NAMES.values()} == {
        "Met", "Not met", "In review", "Changes requested", "In progress", "Not started",
    }  # fmt: skip
    assert set(STATUS_NAMES) == set(CriterionStatus)


def test_what_nobody_was_given_waits_for_the_data_office() -> None:
    assert next_actor(S.NOT_STARTED, assigned=False) is NextActor.DATA_OFFICE
    assert next_actor(S.NOT_STARTED, assigned=True) is NextActor.DEPARTMENT
    assert next_actor(S.RETURNED, assigned=True) is NextActor.DEPARTMENT


def test_what_is_submitted_waits_for_the_reviewer_and_what_is_decided_for_nobody() -> None:
    assert next_actor(S.SUBMITTED, assigned=False) is NextActor.REVIEWER
    assert next_actor(S.DECIDED, assigned=False) is NextActor.NOBODY


def test_a_week_tells_only_what_happened() -> None:
    told = week_in_words({"submitted": 1, "evidence_added": 12, "item_ticked": 40})
    assert [str(line) for line in told] == ["1 response submitted", "12 pieces of evidence added"]
    assert week_in_words({}) == ()
