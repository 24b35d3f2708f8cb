"""The security record: apart from the public history, with addresses, and only for a time."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Column, delete, update
from sqlmodel import Field, Session, SQLModel, col, or_, select

from app.store.database.engine import Utc, now


class SecurityEvent(SQLModel, table=True):
    """`person_id` is whose account it is about, `by_id` who did it; without a city it is only for the command line."""

    __tablename__ = "security_event"
    id: int = Field(default=None, primary_key=True)
    at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False, index=True))
    kind: str = Field(max_length=30)
    city_id: int | None = Field(default=None, foreign_key="city.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    by_id: int | None = Field(default=None, foreign_key="person.id")
    detail: str = Field(default="", max_length=60)
    address: str = Field(default="", max_length=45)
    agent: str = Field(default="", max_length=200)


def add_events(session: Session, events: Iterable[SecurityEvent]) -> None:
    session.add_all(events)


def list_city_events(
    session: Session, city_id: int, *, before: int | None = None, person_id: int | None = None, limit: int | None = None
) -> list[SecurityEvent]:
    """The city's own entries, the newest first: those with a number below `before`, about or by this person."""
    query = select(SecurityEvent).where(SecurityEvent.city_id == city_id)
    if before is not None:
        query = query.where(col(SecurityEvent.id) < before)
    if person_id is not None:
        query = query.where(or_(SecurityEvent.person_id == person_id, SecurityEvent.by_id == person_id))
    return list(session.exec(query.order_by(col(SecurityEvent.id).desc()).limit(limit)))


def has_event(session: Session, person_id: int, kind: str) -> bool:
    """Whether something of this kind is on record about the person."""
    query = select(SecurityEvent.id).where(SecurityEvent.person_id == person_id, SecurityEvent.kind == kind)
    return session.exec(query.limit(1)).first() is not None


def stream_security_events(session: Session, since: datetime | None, until: datetime | None) -> Iterable[SecurityEvent]:
    """Every entry of the installation in its order, read as it is asked for."""
    query = select(SecurityEvent).order_by(col(SecurityEvent.id))
    if since is not None:
        query = query.where(col(SecurityEvent.at) >= since)
    if until is not None:
        query = query.where(col(SecurityEvent.at) < until)
    return session.exec(query).yield_per(500)


def forget_events_before(session: Session, before: datetime) -> int:
    """Remove what is older; returns how much it was."""
    return session.exec(delete(SecurityEvent).where(col(SecurityEvent.at) < before)).rowcount


def scrub_events(session: Session, person_id: int, kinds: Iterable[str]) -> None:
    """Remove the person's entries of these kinds, and from the others where the person was and with which browser."""
    theirs = delete(SecurityEvent).where(col(SecurityEvent.person_id) == person_id, col(SecurityEvent.kind).in_(kinds))
    session.exec(theirs)
    acts = update(SecurityEvent).where(col(SecurityEvent.by_id) == person_id)
    session.exec(acts.values(address="", agent=""))
