"""Verdicts and review comments: the reviewer's side, never the same field as the department's."""

from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Executable,
    Select,
    String,
    Text,
    and_,
    bindparam,
    func,
    literal_column,
    null,
    or_,
    union_all,
)
from sqlalchemy import select as select_rows
from sqlmodel import Field, Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.rules.review.comment import CommentKind
from app.store.database.engine import Utc, now
from app.store.database.rows import read_rows
from app.store.response import NarrativeVersion, Response, of_assessment


class Verdict(SQLModel, table=True):
    """One decision on one submission; the newest of a response counts. `withdrawn_at` is set when the response is opened again."""

    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    response_id: int = Field(foreign_key="response.id", index=True)
    decision: str = Field(max_length=14)
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    language: str = Field(default="", max_length=5)
    reviewer_id: int = Field(foreign_key="person.id")
    at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))
    withdrawn_at: datetime | None = Field(default=None, sa_column=Column(Utc))


class ReviewComment(SQLModel, table=True):
    """What someone said on a response. `asked` is whom it asks, as `AskedParties` writes it; what asks is open until it is answered.

    `language` is that of the writer's page, empty where nobody knows.
    """

    __tablename__ = "review_comment"
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    response_id: int = Field(foreign_key="response.id", index=True)
    text: str = Field(sa_column=Column(Text, nullable=False))
    language: str = Field(default="", max_length=5)
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))
    asked: str = Field(default="", max_length=200)
    kind: str = Field(default="", max_length=10)
    reply_to: int | None = Field(default=None, foreign_key="review_comment.id")
    answered_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    answered_by: int | None = Field(default=None, foreign_key="person.id")


def add_verdict(session: Session, verdict: Verdict) -> None:
    session.add(verdict)


def add_comment(
    session: Session, city_id: int, response_id: int, text: str, person_id: int, **more: Any
) -> ReviewComment:
    """`more` are other columns, as whom it asks or what it replies to."""
    comment = ReviewComment(city_id=city_id, response_id=response_id, text=text, person_id=person_id, **more)
    session.add(comment)
    return comment


def find_comment(session: Session, city_id: int, response_id: int, comment_id: int) -> ReviewComment | None:
    query = select(ReviewComment).where(ReviewComment.city_id == city_id, ReviewComment.response_id == response_id)
    return session.exec(query.where(ReviewComment.id == comment_id)).first()


def close_reopenings(session: Session, city_id: int, response_id: int, person_id: int) -> None:
    """Mark every open request to reopen the response as answered by the person."""
    for comment in list_comments(session, city_id, response_id):
        if comment.kind == CommentKind.REOPENING and comment.answered_at is None:
            comment.answered_at, comment.answered_by = now(), person_id


class OpenQuestionRow(NamedTuple):
    """A comment that waits for an answer, of an assessment."""

    id: int
    criterion: str
    text: str
    asked: str
    kind: str
    person_id: int
    at: datetime


def list_open_questions(session: Session, city_id: int, assessment_id: int) -> list[OpenQuestionRow]:
    """What was asked in an assessment and waits for an answer, the oldest first."""
    rows = read_rows(session, _open_questions(), {"city": city_id, "assessment": assessment_id})
    return [OpenQuestionRow(*values) for values in rows]


@cache
def _open_questions() -> Executable:
    query = select_rows(
        col(ReviewComment.id), col(Response.criterion), col(ReviewComment.text), col(ReviewComment.asked),
        col(ReviewComment.kind), col(ReviewComment.person_id), col(ReviewComment.at),
    )  # fmt: skip
    query = query.join(Response, col(Response.id) == col(ReviewComment.response_id))
    return query.where(*of_assessment(), *is_question()).order_by(col(ReviewComment.id))


def is_question() -> tuple[ColumnElement[bool], ...]:
    """Whether a comment asks someone and waits for an answer."""
    return col(ReviewComment.asked) != "", col(ReviewComment.answered_at).is_(None)


def _newest_verdict_ids(city_id: int, assessment_id: int) -> SelectOfScalar[Any]:
    query = select(func.max(col(Verdict.id))).join(Response, col(Response.id) == Verdict.response_id)
    query = query.where(
        Verdict.city_id == city_id, Response.assessment_id == assessment_id, col(Verdict.withdrawn_at).is_(None)
    )
    return query.group_by(col(Verdict.response_id))


def load_latest_verdicts(session: Session, city_id: int, assessment_id: int) -> dict[str, Verdict]:
    """The verdict that counts, by criterion code."""
    newest = _newest_verdict_ids(city_id, assessment_id)
    query = select(Response.criterion, Verdict).join(Response, col(Response.id) == Verdict.response_id)
    return dict(session.exec(query.where(Verdict.city_id == city_id, col(Verdict.id).in_(newest))).all())


class WrittenReason(NamedTuple):
    """Why a verdict is as it is, and the language of its writer's page, empty where nobody knows."""

    text: str
    language: str


@cache
def _reasons_query() -> Executable:
    query = select_rows(col(Response.criterion), col(Verdict.reason), col(Verdict.language))
    query = query.join(Verdict, col(Verdict.response_id) == Response.id)
    return query.where(*of_assessment(), col(Verdict.withdrawn_at).is_(None)).order_by(col(Verdict.id))


def load_reasons(session: Session, city_id: int, assessment_id: int) -> dict[str, WrittenReason]:
    """The reason of the verdict that counts, by criterion code."""
    rows = read_rows(session, _reasons_query(), {"city": city_id, "assessment": assessment_id})
    return {criterion: WrittenReason(reason, language) for criterion, reason, language in rows}


def find_verdict(session: Session, city_id: int, verdict_id: int) -> Verdict | None:
    return session.exec(select(Verdict).where(Verdict.city_id == city_id, Verdict.id == verdict_id)).first()


class SaidKind(StrEnum):
    """What of all that was said on a response a row of `list_said` is."""

    VERDICT = "verdict"
    COMMENT = "comment"
    EARLIER_TEXT = "earlier_text"


class SaidRow(NamedTuple):
    """A verdict, a comment, or a text that was put aside; only a verdict has a decision and can be withdrawn, and only a comment asks."""

    kind: SaidKind
    id: int
    decision: str
    text: str
    person_id: int | None
    at: datetime
    withdrawn_at: datetime | None
    asked: str
    comment_kind: str
    reply_to: int | None
    answered_at: datetime | None
    answered_by: int | None
    language: str


def list_said(session: Session, city_id: int, response_id: int) -> list[SaidRow]:
    """All that was said on a response in one query, each kind in the order in which it came."""
    rows = read_rows(session, _said_query(), {"city": city_id, "response": response_id})
    said = [SaidRow(SaidKind(kind), *values) for kind, *values in rows]
    return sorted(said, key=lambda line: line.id)


@cache
def _said_query() -> Executable:
    def of_response(table: type[Verdict | ReviewComment | NarrativeVersion]) -> tuple[ColumnElement[bool], ...]:
        return col(table.city_id) == bindparam("city"), col(table.response_id) == bindparam("response")

    decision, never = literal_column("''", String), null()
    asks_nobody = (decision, decision, never, never, never)
    verdicts: Select[*tuple[Any, ...]] = select_rows(
        literal_column("'verdict'"), col(Verdict.id), col(Verdict.decision), col(Verdict.reason),
        col(Verdict.reviewer_id), col(Verdict.at), col(Verdict.withdrawn_at), *asks_nobody, col(Verdict.language),
    )  # fmt: skip
    comments: Select[*tuple[Any, ...]] = select_rows(
        literal_column("'comment'"), col(ReviewComment.id), decision, col(ReviewComment.text),
        col(ReviewComment.person_id), col(ReviewComment.at), never, col(ReviewComment.asked), col(ReviewComment.kind),
        col(ReviewComment.reply_to), col(ReviewComment.answered_at), col(ReviewComment.answered_by),
        col(ReviewComment.language),
    )  # fmt: skip
    texts: Select[*tuple[Any, ...]] = select_rows(
        literal_column("'earlier_text'"), col(NarrativeVersion.number), decision, col(NarrativeVersion.text),
        col(NarrativeVersion.person_id), col(NarrativeVersion.at), never, *asks_nobody, decision,
    )  # fmt: skip
    return union_all(
        verdicts.where(*of_response(Verdict)),
        comments.where(*of_response(ReviewComment)),
        texts.where(*of_response(NarrativeVersion)),
    )


def list_comments(session: Session, city_id: int, response_id: int) -> list[ReviewComment]:
    return list(session.exec(_comments(), params={"city": city_id, "response": response_id}))


@cache
def _comments() -> SelectOfScalar[ReviewComment]:
    mine = (col(ReviewComment.city_id) == bindparam("city"), col(ReviewComment.response_id) == bindparam("response"))
    return select(ReviewComment).where(*mine).order_by(col(ReviewComment.id))


def _verdict_kinds_query() -> Select[str, str, bool]:
    by_submitter = and_(
        col(Verdict.reviewer_id) == col(Response.submitted_by), col(Response.submitted_at) <= col(Verdict.at)
    )
    query = select_rows(col(Response.criterion), col(Verdict.decision), by_submitter)
    query = query.join(Verdict, col(Verdict.response_id) == Response.id)
    return query.where(*of_assessment()).order_by(col(Verdict.id))


@cache
def _current_kinds_query() -> Executable:
    return _verdict_kinds_query().where(col(Verdict.withdrawn_at).is_(None))


@cache
def _kinds_at_moment_query() -> Executable:
    moment = bindparam("moment", type_=Utc)
    in_force = or_(col(Verdict.withdrawn_at).is_(None), col(Verdict.withdrawn_at) > moment)
    return _verdict_kinds_query().where(col(Verdict.at) <= moment, in_force)


class VerdictMark(NamedTuple):
    """The decision of a verdict that stands; `self_decided` where the person who submitted the answer gave it. Who submitted an answer
    is known of the last time, so an earlier verdict on an answer that was submitted again since carries no mark.
    """

    decision: str
    self_decided: bool


def load_verdict_marks(
    session: Session, city_id: int, assessment_id: int, at: datetime | None = None
) -> dict[str, VerdictMark]:
    """The verdicts that count by criterion code, without their reasons: for lists and the score. `at` asks for a moment in the past."""
    parameters = {"city": city_id, "assessment": assessment_id}
    rows = (
        read_rows(session, _kinds_at_moment_query(), parameters | {"moment": at})
        if at
        else read_rows(session, _current_kinds_query(), parameters)
    )
    return {criterion: VerdictMark(decision, bool(own)) for criterion, decision, own in rows}


def load_verdict_kinds(session: Session, city_id: int, assessment_id: int) -> dict[str, str]:
    """The decisions that count now by criterion code."""
    return {code: mark.decision for code, mark in load_verdict_marks(session, city_id, assessment_id).items()}


def find_newest_verdict(session: Session, city_id: int, response_id: int) -> Verdict | None:
    """The verdict that counts for a response."""
    query = select(Verdict).where(Verdict.city_id == city_id, Verdict.response_id == response_id)
    return session.exec(query.where(col(Verdict.withdrawn_at).is_(None)).order_by(col(Verdict.id).desc())).first()
