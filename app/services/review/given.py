"""What reviewers gave on a response: verdicts and comments, each with the name of whoever gave it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.rules.scoring.score import VerdictKind
from app.services.desk import Desk
from app.store import review


@dataclass(frozen=True)
class GivenVerdict:
    """A verdict with its reviewer's name; `withdrawn_at` when the response was reopened."""

    id: int
    decision: VerdictKind
    reason: str
    by: str
    at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class ReviewCommentLine:
    text: str
    by: str
    at: datetime


def list_verdicts(desk: Desk, response_id: int, names: Mapping[int, str]) -> tuple[GivenVerdict, ...]:
    """All verdicts on a response, newest first, with names from `people.load_names`."""
    return tuple(
        GivenVerdict(
            verdict.id,
            VerdictKind(verdict.decision),
            verdict.reason,
            names.get(verdict.reviewer_id, "?"),
            verdict.at,
            verdict.withdrawn_at,
        )
        for verdict in review.list_verdicts(desk.session, desk.city_id, response_id)
    )


def list_comments(desk: Desk, response_id: int, names: Mapping[int, str]) -> tuple[ReviewCommentLine, ...]:
    """All comments on a response, oldest first, with names from `people.load_names`."""
    return tuple(
        ReviewCommentLine(comment.text, names.get(comment.person_id, "?"), comment.at)
        for comment in review.list_comments(desk.session, desk.city_id, response_id)
    )
