"""What was said on a response: verdicts, comments and earlier texts, each with the name of whoever said it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.rules.message import Message, say
from app.rules.review.comment import AskedGroup, AskedParties, CommentKind
from app.rules.scoring.score import VerdictKind
from app.services.desk import Desk
from app.store import review
from app.store.review import SaidKind, SaidRow


@dataclass(frozen=True)
class GivenVerdict:
    """A verdict with its reviewer's name; `withdrawn_at` when the response was reopened."""

    id: int
    decision: VerdictKind
    reason: str
    by: str
    at: datetime
    withdrawn_at: datetime | None
    language: str = ""


@dataclass(frozen=True)
class ReviewCommentLine:
    """A comment with its replies, the oldest first. `asks` are those whom it asks, in the reader's words; `is_open` until it is answered."""

    id: int
    text: str
    by: str
    at: datetime
    asks: tuple[Message | str, ...] = ()
    kind: CommentKind = CommentKind.REMARK
    answered_at: datetime | None = None
    answered_by: str = ""
    language: str = ""
    replies: tuple["ReviewCommentLine", ...] = ()

    @property
    def is_open(self) -> bool:
        return bool(self.asks) and self.answered_at is None


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
            GivenVerdict(
                line.id,
                VerdictKind(line.decision),
                line.text,
                by[line.person_id],
                line.at,
                line.withdrawn_at,
                line.language,
            )
            for line in reversed(said)
            if line.kind is SaidKind.VERDICT
        ),
        _build_threads([line for line in said if line.kind is SaidKind.COMMENT], names),
        tuple(
            EarlierText(line.text, by[line.person_id], line.at)
            for line in reversed(said)
            if line.kind is SaidKind.EARLIER_TEXT
        ),
    )


def find_reopening(comments: Sequence[ReviewCommentLine]) -> ReviewCommentLine | None:
    """The request to reopen a decided response that waits, if any."""
    return next((line for line in comments if line.kind is CommentKind.REOPENING and line.is_open), None)


GROUP_NAMES = {AskedGroup.DEPARTMENT: say("the department"), AskedGroup.OFFICE: say("the data office")}


def name_asked(asked: str, names: Mapping[int, str]) -> tuple[Message | str, ...]:
    """Whom a comment asks: groups first, then people by name."""
    parties = AskedParties.read(asked)
    groups = (GROUP_NAMES[group] for group in sorted(parties.groups))
    return (*groups, *sorted(names.get(person_id, "?") for person_id in parties.people))


def _build_threads(comments: Sequence[SaidRow], names: Mapping[int, str]) -> tuple[ReviewCommentLine, ...]:
    def build_line(row: SaidRow) -> ReviewCommentLine:
        return ReviewCommentLine(
            id=row.id,
            text=row.text,
            by=names.get(row.person_id or 0, "?"),
            at=row.at,
            asks=name_asked(row.asked, names),
            kind=CommentKind(row.comment_kind),
            answered_at=row.answered_at,
            answered_by=names.get(row.answered_by or 0, ""),
            language=row.language,
            replies=tuple(build_line(reply) for reply in comments if reply.reply_to == row.id),
        )

    return tuple(build_line(row) for row in comments if row.reply_to is None)
