"""What one person handed over to another, and what a person keeps now."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Text, func
from sqlmodel import Field, Session, SQLModel, col, select

from app.rules.request import RequestState
from app.store.database.engine import Utc, now
from app.store.evidence.pieces import Evidence
from app.store.people import Membership
from app.store.request import EvidenceRequest

IN_PROGRESS = (RequestState.OPEN, RequestState.SENT)


class Handover(SQLModel, table=True):
    """The work that `successor_id` took over from `person_id`. `content` names it as JSON, and `notes` are of who left."""

    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    successor_id: int = Field(foreign_key="person.id")
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))
    content: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    notes: str = Field(default="", sa_column=Column(Text, nullable=False))
    read_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    version: int = 1


def add_handover(session: Session, handover: Handover) -> None:
    session.add(handover)
    session.flush()


def save_read(session: Session, handover: Handover) -> None:
    """The successor has read it."""
    handover.read_at, handover.version = now(), handover.version + 1
    session.add(handover)


def find_handover(session: Session, city_id: int, handover_id: int) -> Handover | None:
    return session.exec(select(Handover).where(Handover.city_id == city_id, Handover.id == handover_id)).first()


def list_handovers(session: Session, city_id: int, successor_id: int) -> list[Handover]:
    """Those to a person, the newest first."""
    query = select(Handover).where(Handover.city_id == city_id, Handover.successor_id == successor_id)
    return list(session.exec(query.order_by(col(Handover.id).desc())))


def _keeper(model: type[Evidence] | type[EvidenceRequest]) -> ColumnElement[Any]:
    return func.coalesce(col(model.keeper_id), col(model.created_by))


def _gone(city_id: int) -> Any:
    """People without access to the city now."""
    return select(Membership.person_id).where(Membership.city_id == city_id, col(Membership.ended_at).is_not(None))


def list_kept_requests(session: Session, city_id: int, person_id: int | None) -> list[EvidenceRequest]:
    """Requests that are not over and that the person keeps; with None, those of people who left."""
    query = select(EvidenceRequest).where(EvidenceRequest.city_id == city_id)
    query = query.where(col(EvidenceRequest.state).in_(IN_PROGRESS))
    keeper = _keeper(EvidenceRequest)
    whose = keeper.in_(_gone(city_id)) if person_id is None else keeper == person_id
    return list(session.exec(query.where(whose).order_by(col(EvidenceRequest.id))))


def list_kept_pieces(session: Session, city_id: int, person_id: int | None) -> list[Evidence]:
    """Evidence in use that the person keeps; with None, that of people who left."""
    query = select(Evidence).where(Evidence.city_id == city_id, col(Evidence.withdrawn_at).is_(None))
    keeper = _keeper(Evidence)
    whose = keeper.in_(_gone(city_id)) if person_id is None else keeper == person_id
    return list(session.exec(query.where(col(Evidence.disposed_at).is_(None), whose).order_by(col(Evidence.id))))
