"""The frozen copies that verdicts stand on."""

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, Session, SQLModel, col, select

from app.store.database.engine import Utc, now


class JudgedResponse(SQLModel, table=True):
    """What one verdict was given on. `content` is JSON and changes only when a piece in it is disposed of; `sha256` is of the first writing.

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
    at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


def add_judged_response(session: Session, judged: JudgedResponse) -> None:
    session.add(judged)


def find_judged_response(session: Session, city_id: int, verdict_id: int) -> JudgedResponse | None:
    query = select(JudgedResponse).where(JudgedResponse.city_id == city_id, JudgedResponse.verdict_id == verdict_id)
    return session.exec(query.order_by(col(JudgedResponse.id))).first()


def list_copies_naming(session: Session, city_id: int, evidence_id: int) -> list[JudgedResponse]:
    """The copies of a city that may name a piece of evidence: a plain search in their text."""
    named = col(JudgedResponse.content).contains(f'"id":{evidence_id},"items"', autoescape=True)
    return list(session.exec(select(JudgedResponse).where(JudgedResponse.city_id == city_id, named)))
