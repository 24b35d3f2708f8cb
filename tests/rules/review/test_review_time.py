"""How long a review usually takes: the half of those that were seen from submission to verdict."""

from datetime import UTC, datetime, timedelta

from app.rules.review.review_time import usual_review_days

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def moves(*spans: tuple[str, float]) -> list[tuple[datetime, str, bool]]:
    given = [move for code, days in spans for move in ((NOON, code, False), (NOON + timedelta(days=days), code, True))]
    return sorted(given)


def test_half_of_the_reviews_ended_within_the_usual_days() -> None:
    assert usual_review_days(moves(("DM1", 1), ("DM2", 2.5), ("DM3", 9))) == 3
    assert usual_review_days(moves(("DM1", 0.01), ("DM2", 0.02), ("DM3", 0.03))) == 1


def test_of_two_reviews_nobody_says_what_is_usual() -> None:
    assert usual_review_days(moves(("DM1", 1), ("DM2", 2))) is None


def test_a_verdict_without_its_submission_counts_for_nothing_and_the_last_submission_begins_the_review() -> None:
    unseen = [(NOON, "LC1", True), (NOON - timedelta(days=9), "DM1", False)]
    assert usual_review_days([*unseen, *moves(("DM1", 1), ("DM2", 1), ("DM3", 1))]) == 1
    assert usual_review_days([*unseen, *moves(("DM1", 1), ("DM2", 1))]) is None
