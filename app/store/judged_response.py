"""The frozen copies that verdicts stand on."""

from datetime import datetime
from functools import cache

from sqlalchemy import Column, Executable, Text
from sqlalchemy import select as select_rows
from sqlmodel import Field, Session, SQLModel, col, select

from app.rules.review.moves import RenewalState
from app.store.database.engine import Utc, now
from app.store.database.rows import read_rows
from app.store.response import Response, of_assessment
from app.store.review import Verdict


class JudgedResponse(SQLModel, table=True):
    """What one verdict was given on, or a renewal under it was `confirmed` on or `returned` for a `reason`; `occasion` says which.
    `content` is JSON and changes only when a piece in it is disposed of; `sha256` is of the first writing.

    Copies that an upgrade put together from what was there are `rebuilt`, and may lack what nobody had kept.
    """

    __tablename__ = "judged_response"
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    response_id: int = Field(foreign_key="response.id", index=True)
    verdict_id: int = Field(foreign_key="verdict.id", index=True)
    content: str = Field(sa_column=Column(Text, nullable=False))
    sha256: str = Field(max_length=64)
    rebuilt: bool = False
    occasion: str = Field(default="", max_length=10)
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    person_id: int | None = Field(default=None, foreign_key="person.id")
    at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


def add_judged_response(session: Session, judged: JudgedResponse) -> None:
    session.add(judged)


def find_judged_response(session: Session, city_id: int, verdict_id: int) -> JudgedResponse | None:
    """What the verdict itself was given on."""
    query = select(JudgedResponse).where(JudgedResponse.city_id == city_id, JudgedResponse.verdict_id == verdict_id)
    return session.exec(query.where(JudgedResponse.occasion == "")).first()


def list_judged_responses(session: Session, city_id: int, response_id: int) -> list[JudgedResponse]:
    """All copies of a response, the newest first."""
    query = select(JudgedResponse).where(JudgedResponse.city_id == city_id, JudgedResponse.response_id == response_id)
    return list(session.exec(query.order_by(col(JudgedResponse.id).desc())))


@cache
def _accepted_query() -> Executable:
    query = select_rows(col(Response.criterion), col(JudgedResponse.content))
    query = query.join(Response, col(Response.id) == JudgedResponse.response_id)
    query = query.join(Verdict, col(Verdict.id) == JudgedResponse.verdict_id)
    standing = (col(Verdict.withdrawn_at).is_(None), col(JudgedResponse.occasion) != RenewalState.RETURNED.value)
    return query.where(*of_assessment(), col(Response.renewal) != "", *standing).order_by(col(JudgedResponse.id))


def load_accepted_contents(session: Session, city_id: int, assessment_id: int) -> dict[str, str]:
    """By code, what a reviewer has accepted last of the responses with a renewal that nobody has confirmed, in one query."""
    rows = read_rows(session, _accepted_query(), {"city": city_id, "assessment": assessment_id})
    return {criterion: content for criterion, content in rows}  # noqa: C416  (rows are no pairs to a type checker)


def list_copies_naming(session: Session, city_id: int, evidence_id: int) -> list[JudgedResponse]:
    """The copies of a city that may name a piece of evidence: a plain search in their text."""
    named = col(JudgedResponse.content).contains(f'"id":{evidence_id},"items"', autoescape=True)
    return list(session.exec(select(JudgedResponse).where(JudgedResponse.city_id == city_id, named)))
