"""The record of a city: one event per change, in the same transaction, append-only, hash-chained.

A chain alone does not show a cut tail; the head is therefore printed on every report, which anchors it.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Executable, bindparam, func, literal
from sqlalchemy import select as select_rows
from sqlmodel import Session, col, select

from app.rules.history.verbs import Verb
from app.store.database.rows import read_rows
from app.store.history import recording
from app.store.history.event import HistoryEvent, hash_event
from app.store.history.recording import NewEvent, seal_events

__all__ = ["HistoryEvent", "NewEvent", "hash_event", "seal_events"]

EVENTS_AT_ONCE = 500
"""Rows that are held at a time while a whole record is read."""


def record_event(
    session: Session, city_id: int, person_id: int | None, verb: Verb, subject: str = "", **details: Any
) -> HistoryEvent:
    """Append one event; it has its number at once, and its hash when the transaction commits or with `seal_events`."""
    return record_events(session, city_id, [NewEvent(person_id, verb, subject, details)])[0]


def record_events(session: Session, city_id: int, new_events: Sequence[NewEvent]) -> list[HistoryEvent]:
    """Append events in their order; the same as `record_event` for each, in few statements however many there are."""
    return recording.append_events(session, city_id, new_events)


def list_events(
    session: Session,
    city_id: int,
    *,
    before: int | None = None,
    limit: int = 50,
    verbs: list[str] | None = None,
    subject: str = "",
    person_id: int | None = None,
    span: tuple[datetime | None, datetime | None] = (None, None),
    by_people: bool | None = None,
) -> list[HistoryEvent]:
    """Newest first, `limit` at most, those with a number below `before`, narrowed by verbs, subject and person.

    `span` is from when on, and before when; `by_people` tells what people did from what the app did by itself.

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
    if by_people is not None:
        query = query.where(col(HistoryEvent.person_id).is_not(None) == by_people)
    since, until = span
    if since is not None:
        query = query.where(col(HistoryEvent.at) >= since)
    if until is not None:
        query = query.where(col(HistoryEvent.at) < until)
    return list(session.exec(query.order_by(col(HistoryEvent.number).desc()).limit(limit)))


def list_events_after(
    session: Session, city_id: int, number: int, verbs: Collection[str], most: int
) -> list[HistoryEvent]:
    """The first events with these verbs after this number, in their order."""
    query = select(HistoryEvent).where(HistoryEvent.city_id == city_id, HistoryEvent.number > number)
    return list(
        session.exec(query.where(col(HistoryEvent.verb).in_(verbs)).order_by(col(HistoryEvent.number)).limit(most))
    )


NEWEST = 2**31 - 1
"""No event has a higher number."""


class NewsRow(NamedTuple):
    """What an event says, without its place in the chain."""

    at: datetime
    person_id: int | None
    verb: str
    subject: str
    details: str


def list_news(
    session: Session, city_id: int, verbs: Collection[str], since: datetime, most: int, last: int = NEWEST
) -> list[NewsRow]:
    """The newest events with these verbs from the moment `since` on, and up to the number `last`, newest first."""
    given = {"city": city_id, "verbs": sorted(verbs), "since": since, "most": most, "last": last}
    return [NewsRow(*values) for values in read_rows(session, _news_query(), given)]


@cache
def _news_query() -> Executable:
    """Built once, as the one of counts: both are asked for every board after every change."""
    query = select_rows(*(col(getattr(HistoryEvent, name)) for name in NewsRow._fields))
    query = query.where(col(HistoryEvent.city_id) == bindparam("city"), col(HistoryEvent.at) >= bindparam("since"))
    query = query.where(col(HistoryEvent.verb).in_(bindparam("verbs", expanding=True)), _is_told())
    return query.order_by(col(HistoryEvent.number).desc()).limit(bindparam("most"))


def list_rows_after(session: Session, city_id: int, number: int, last: int) -> list[NewsRow]:
    """What the events after this number and up to the number `last` say, newest first."""
    given = {"city": city_id, "number": number, "last": last}
    return [NewsRow(*values) for values in read_rows(session, _after_query(), given)]


@cache
def _after_query() -> Executable:
    query = select_rows(*(col(getattr(HistoryEvent, name)) for name in NewsRow._fields))
    query = query.where(col(HistoryEvent.city_id) == bindparam("city"), col(HistoryEvent.number) > bindparam("number"))
    return query.where(_is_told()).order_by(col(HistoryEvent.number).desc())


def _is_told() -> ColumnElement[bool]:
    """The event is not newer than what was asked for; on PostgreSQL a session sees what was committed a moment ago."""
    return col(HistoryEvent.number) <= bindparam("last")


def has_verb(session: Session, city_id: int, verb: str) -> bool:
    """Whether this ever happened in the city."""
    query = select(HistoryEvent.number).where(HistoryEvent.city_id == city_id, HistoryEvent.verb == verb)
    return session.exec(query.limit(1)).first() is not None


def find_event(session: Session, city_id: int, number: int) -> HistoryEvent | None:
    query = select(HistoryEvent).where(HistoryEvent.city_id == city_id, HistoryEvent.number == number)
    return session.exec(query).first()


def find_first_event_after(session: Session, city_id: int, number: int, *, but: Collection[str]) -> HistoryEvent | None:
    """The first event after this number with a verb that is none of `but`."""
    query = select(HistoryEvent).where(HistoryEvent.city_id == city_id, HistoryEvent.number > number)
    query = query.where(col(HistoryEvent.verb).not_in(but)).order_by(col(HistoryEvent.number))
    return session.exec(query.limit(1)).first()


def list_chain(session: Session, city_id: int) -> list[HistoryEvent]:
    """Every event of the city from the first, for verifying."""
    query = select(HistoryEvent).where(HistoryEvent.city_id == city_id).order_by(col(HistoryEvent.number))
    return list(session.exec(query))


def stream_events(session: Session, city_id: int) -> Iterator[HistoryEvent]:
    """Every event of the city from the first, a few at a time, so that a long record takes no more memory than a short one."""
    query = select(HistoryEvent).where(HistoryEvent.city_id == city_id).order_by(col(HistoryEvent.number))
    yield from session.exec(query.execution_options(yield_per=EVENTS_AT_ONCE))


def count_events_since(session: Session, city_id: int, since: datetime, last: int) -> dict[str, int]:
    """How many events of each verb there were from the moment `since` on, and up to the number `last`."""
    rows = read_rows(session, _counts_query(), {"city": city_id, "since": since, "last": last})
    return {verb: number for verb, number in rows}  # noqa: C416  (rows are no pairs to a type checker)


@cache
def _counts_query() -> Executable:
    query = select_rows(col(HistoryEvent.verb), func.count()).group_by(col(HistoryEvent.verb)).where(_is_told())
    return query.where(col(HistoryEvent.city_id) == bindparam("city"), col(HistoryEvent.at) >= bindparam("since"))


def find_last_change_number(session: Session, city_id: int) -> int:
    """The number of the newest event that is not about a report; 0 where there is none."""
    query = select(func.max(col(HistoryEvent.number))).where(HistoryEvent.city_id == city_id)
    return session.exec(query.where(col(HistoryEvent.verb).not_like("report_%"))).one() or 0
