"""What was said on a response: verdicts, comments and earlier texts, each with the name of whoever said it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.rules.scoring.score import VerdictKind
from app.services.desk import Desk
from app.store import review
from app.store.review import SaidKind


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


@dataclass(frozen=True)
class EarlierText:
    """A narrative as it once stood."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class ResponseTalk:
    """All verdicts on a response, newest first, its comments, oldest first, and its texts that were put aside, newest first."""

    verdicts: tuple[GivenVerdict, ...] = ()
    comments: tuple[ReviewCommentLine, ...] = ()
    earlier_texts: tuple[EarlierText, ...] = ()


def load_talk(desk: Desk, response_id: int, names: Mapping[int, str]) -> ResponseTalk:
    """One query, with names from `people.load_names`."""
    said = review.list_said(desk.session, desk.city_id, response_id)
    by = {line.person_id: names.get(line.person_id or 0, "?") for line in said}
    return ResponseTalk(
        tuple(
            GivenVerdict(line.id, VerdictKind(line.decision), line.text, by[line.person_id], line.at, line.withdrawn_at)
            for line in reversed(said)
            if line.kind is SaidKind.VERDICT
        ),
        tuple(
            ReviewCommentLine(line.text, by[line.person_id], line.at) for line in said if line.kind is SaidKind.COMMENT
        ),
        tuple(
            EarlierText(line.text, by[line.person_id], line.at)
            for line in reversed(said)
            if line.kind is SaidKind.EARLIER_TEXT
        ),
    )
