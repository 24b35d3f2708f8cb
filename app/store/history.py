"""History events: one per change, in the same transaction, append-only (by trigger), hash-chained per city.

A chain alone does not show a cut tail; the head is therefore printed on every report, which anchors it.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Text, UniqueConstraint, func, literal
from sqlmodel import Field, Session, SQLModel, col, select, update

from app.store.city import City
from app.store.database import Utc, now

STREAMED = 500
"""Rows that are held at a time while a whole record is read."""


class HistoryEvent(SQLModel, table=True):
    """`verb` is in the past tense ("evidence_added"); `subject` is what a person would call it ("DM1"); `details` is JSON."""

    __tablename__ = "history_event"
    __table_args__ = (UniqueConstraint("city_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    number: int
    at: datetime = Field(sa_column=Column(Utc, nullable=False))
    person_id: int | None = Field(default=None, foreign_key="person.id")
    verb: str = Field(max_length=40)
    subject: str = Field(default="", max_length=200)
    details: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class Happened(NamedTuple):
    """What an event tells, before it has its place in the chain; `details` is whatever JSON can hold."""

    person_id: int | None
    verb: str
    subject: str
    details: Mapping[str, Any]


def record(
    session: Session, city_id: int, person_id: int | None, verb: str, subject: str = "", **details: Any
) -> HistoryEvent:
    """Append one event. The city's row is locked by the update, so numbers have no gaps and the chain no forks."""
    return record_all(session, city_id, [Happened(person_id, verb, subject, details)])[0]


def record_all(session: Session, city_id: int, happened: Sequence[Happened]) -> list[HistoryEvent]:
    """Append events in their order; the same as `record` for each, in few statements however many there are."""
    last, previous = _moved(session, city_id, history_count=col(City.history_count) + len(happened))
    events = []
    for number, one in enumerate(happened, start=last - len(happened) + 1):
        events.append(_chained(city_id, number, one, previous))
        previous = events[-1].hash
    session.add_all(events)
    _moved(session, city_id, history_head=previous)
    session.flush()
    return events


def _moved(session: Session, city_id: int, **values: Any) -> tuple[int, str]:
    """Number and hash at the end of the chain, after the update."""
    moved = update(City).where(col(City.id) == city_id).values(**values)
    ends = moved.returning(col(City.history_count), col(City.history_head))
    number, head = session.exec(ends.execution_options(synchronize_session=False)).one()
    return number, head


def _chained(city_id: int, number: int, one: Happened, previous: str) -> HistoryEvent:
    event = HistoryEvent(
        city_id=city_id,
        number=number,
        at=now(),
        person_id=one.person_id,
        verb=one.verb,
        subject=one.subject[:200],
        details=json.dumps(one.details, ensure_ascii=False, sort_keys=True, default=str),
        previous_hash=previous,
        hash="",
    )
    event.hash = digest(event)
    return event


def digest(event: HistoryEvent) -> str:
    """SHA-256 in hex over the event's content and the hash before it."""
    at = event.at.astimezone(UTC).isoformat(timespec="microseconds")  # PostgreSQL answers in the server's zone
    parts = [
        event.city_id,
        event.number,
        at,
        event.person_id,
        event.verb,
        event.subject,
        event.details,
        event.previous_hash,
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def events(
    session: Session,
    city_id: int,
    *,
    before: int | None = None,
    limit: int = 50,
    verbs: list[str] | None = None,
    subject: str = "",
    person_id: int | None = None,
) -> list[HistoryEvent]:
    """Newest first, `limit` at most, those with a number below `before`, narrowed by verbs, subject and person.

    An event about several subjects, such as "DM1, CI3", is found by each of them.
    """
    query = select(HistoryEvent).where(HistoryEvent.city_id == city_id)
    if before is not None:
        query = query.where(HistoryEvent.number < before)
    if verbs:
        query = query.where(col(HistoryEvent.verb).in_(verbs))
    if subject:
        query = query.where(
            (literal(", ") + col(HistoryEvent.subject) + ", ").contains(f", {subject}, ", autoescape=True)
        )
    if person_id is not None:
        query = query.where(HistoryEvent.person_id == person_id)
    return list(session.exec(query.order_by(col(HistoryEvent.number).desc()).limit(limit)))


def first_after(session: Session, city_id: int, number: int, *, but: Collection[str]) -> HistoryEvent | None:
    """The first event after this number with a verb that is none of `but`."""
    query = select(HistoryEvent).where(HistoryEvent.city_id == city_id, HistoryEvent.number > number)
    query = query.where(col(HistoryEvent.verb).not_in(but)).order_by(col(HistoryEvent.number))
    return session.exec(query.limit(1)).first()


def chain(session: Session, city_id: int) -> list[HistoryEvent]:
    """Every event of the city from the first, for verifying."""
    query = select(HistoryEvent).where(HistoryEvent.city_id == city_id).order_by(col(HistoryEvent.number))
    return list(session.exec(query))


def stream(session: Session, city_id: int) -> Iterator[HistoryEvent]:
    """Every event of the city from the first, a few at a time, so that a long record takes no more memory than a short one."""
    query = select(HistoryEvent).where(HistoryEvent.city_id == city_id).order_by(col(HistoryEvent.number))
    yield from session.exec(query.execution_options(yield_per=STREAMED))


def counts_since(session: Session, city_id: int, since: datetime) -> dict[str, int]:
    """How many events of each verb there were from the moment `since` on."""
    query = select(HistoryEvent.verb, func.count()).where(HistoryEvent.city_id == city_id, HistoryEvent.at >= since)
    return dict(session.exec(query.group_by(HistoryEvent.verb)).all())


def last_change(session: Session, city_id: int) -> int:
    """The number of the newest event that is not about a report; 0 where there is none."""
    query = select(func.max(col(HistoryEvent.number))).where(HistoryEvent.city_id == city_id)
    return session.exec(query.where(col(HistoryEvent.verb).not_like("report_%"))).one() or 0
