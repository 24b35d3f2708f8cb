"""Responses and checklist answers."""

from datetime import datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select, update

from app.store.database import Utc, now


class Response(SQLModel, table=True):
    """The city's answer to one criterion in one assessment.

    `narrative_version` counts changes of the text alone, so that ticking a box never collides with somebody's typing;
    `version` counts all the rest. `claimed_by` is the reviewer who has taken it on.
    """

    __table_args__ = (UniqueConstraint("assessment_id", "criterion"),)
    id: int | None = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    criterion: str = Field(max_length=12)
    narrative: str = Field(default="", sa_column=Column(Text, nullable=False))
    narrative_version: int = 0
    narrative_by: int | None = Field(default=None, foreign_key="person.id")
    narrative_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    self_rating: str | None = Field(default=None, max_length=10)
    state: str = Field(default="not_started", max_length=12)
    version: int = 1
    submitted_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    submitted_by: int | None = Field(default=None, foreign_key="person.id")
    claimed_by: int | None = Field(default=None, foreign_key="person.id")
    updated_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


class ChecklistAnswer(SQLModel, table=True):
    """Whether an item holds; a row appears with the first answer."""

    __tablename__ = "checklist_answer"
    __table_args__ = (UniqueConstraint("response_id", "item"),)
    id: int | None = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    response_id: int = Field(foreign_key="response.id", index=True)
    item: str = Field(max_length=40)
    ticked: bool = False
    version: int = 1


def find(session: Session, city_id: int, assessment_id: int, criterion: str) -> Response | None:
    query = select(Response).where(Response.city_id == city_id, Response.assessment_id == assessment_id)
    return session.exec(query.where(Response.criterion == criterion)).first()


def by_id(session: Session, city_id: int, response_id: int) -> Response | None:
    return session.exec(select(Response).where(Response.city_id == city_id, Response.id == response_id)).first()


def all_of(session: Session, city_id: int, assessment_id: int) -> list[Response]:
    """All responses of an assessment, narratives included: for the report. Lists take `brief`."""
    query = select(Response).where(Response.city_id == city_id, Response.assessment_id == assessment_id)
    return list(session.exec(query))


def ticked(session: Session, city_id: int, response_id: int) -> frozenset[str]:
    query = select(ChecklistAnswer.item).where(
        ChecklistAnswer.city_id == city_id, ChecklistAnswer.response_id == response_id
    )
    return frozenset(session.exec(query.where(col(ChecklistAnswer.ticked).is_(True))))


def answer(session: Session, city_id: int, response_id: int, item: str) -> ChecklistAnswer | None:
    query = select(ChecklistAnswer).where(
        ChecklistAnswer.city_id == city_id, ChecklistAnswer.response_id == response_id
    )
    return session.exec(query.where(ChecklistAnswer.item == item)).first()


def save(session: Session, city_id: int, response_id: int, version: int, **values: object) -> bool:
    """Write the columns if nobody changed the row since `version`; False when somebody did, and then nothing is written."""
    values |= {"version": version + 1, "updated_at": now()}
    changed = (
        update(Response)
        .where(col(Response.city_id) == city_id, col(Response.id) == response_id, col(Response.version) == version)
        .values(**values)
        .execution_options(synchronize_session="evaluate")
    )
    return session.exec(changed).rowcount == 1


def save_narrative(
    session: Session, city_id: int, response_id: int, version: int, narrative: str, person_id: int
) -> bool:
    """Write the text if nobody changed it since `version` (of the narrative); False when somebody did."""
    changed = (
        update(Response)
        .where(
            col(Response.city_id) == city_id,
            col(Response.id) == response_id,
            col(Response.narrative_version) == version,
        )
        .values(
            narrative=narrative,
            narrative_version=version + 1,
            narrative_by=person_id,
            narrative_at=now(),
            updated_at=now(),
        )
        .execution_options(synchronize_session="evaluate")
    )
    return session.exec(changed).rowcount == 1
