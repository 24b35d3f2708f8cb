"""What each event led to: every change of a watched row is noted as it happens, and goes with the event of its transaction.

A session that writes looks at the rows that are about to change, and again when it commits; what differs is written beside the last
event of that city, whose hash covers it. So no use case has to think of it, and none can forget it: a change without an event
gets one that says so.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Delete,
    Executable,
    Insert,
    Table,
    Update,
    bindparam,
    event,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.orm import ORMExecuteState, UOWTransaction
from sqlmodel import Session, SQLModel

from app.rules.history.verbs import Verb
from app.store.city import City
from app.store.database.engine import WritingSession, now
from app.store.history import fingerprint
from app.store.history.event import HistoryEvent, RecordedState, digest, state_digest
from app.store.history.fingerprint import PARTS, WATCHED, Fingerprint, table_of

UNNAMED = Verb.CHANGED_UNNAMED
"""The verb of an event for changes that no other event of their transaction tells of."""

_KEY = "recording"


class Happened(NamedTuple):
    """What an event tells, before it has its place in the chain; `details` is whatever JSON can hold."""

    person_id: int | None
    verb: Verb
    subject: str
    details: Mapping[str, Any]


@dataclass
class _Waiting:
    """Events of a city that are told but not written yet, and the hash that the first of them follows."""

    previous: str
    events: list[HistoryEvent] = field(default_factory=list)


@dataclass
class _Noted:
    """What a transaction has done so far: rows as they were before, by kind and id; rows that are new; events."""

    before: dict[tuple[str, int], Fingerprint | None] = field(default_factory=dict)
    born: list[tuple[str, object]] = field(default_factory=list)
    waiting: dict[int, _Waiting] = field(default_factory=dict)

    def see(self, rows: Iterable[Fingerprint]) -> None:
        for row in rows:
            self.before.setdefault((row.kind, row.row_id), row)

    def settle(self) -> None:
        """Rows that were new have their ids now; nothing was there before them."""
        for kind, row in self.born:
            if identity := inspect(row, raiseerr=True).identity:
                self.before.setdefault((kind, identity[0]), None)
        self.born.clear()


def append(session: Session, city_id: int, happened: Sequence[Happened]) -> list[HistoryEvent]:
    """Give events their numbers. The city's row is locked by it, so numbers have no gaps and the chain no forks.

    They are written when the transaction commits, or with `seal`; until then they have no hash.
    """
    if not isinstance(session, WritingSession):
        raise TypeError("an event is recorded only in a session of Database.writing()")
    last, head = session.connection().execute(_further(), {"city": city_id, "more": len(happened)}).one()
    waiting = _noted(session).waiting.setdefault(city_id, _Waiting(head))
    events = [_event(city_id, number, told) for number, told in enumerate(happened, start=last - len(happened) + 1)]
    waiting.events += events
    return events


@cache
def _further() -> Executable:
    """Count the city's events on; answers with the number and the hash that it stands at then. Built once, since every change asks it."""
    cities = table_of(City).columns
    moved = update(table_of(City)).where(cities.id == bindparam("city"))
    moved = moved.values(history_count=cities.history_count + bindparam("more"))
    return moved.returning(cities.history_count, cities.history_head)


@cache
def _moved() -> Executable:
    """Set the hash that the city's events end with."""
    moved = update(table_of(City)).where(table_of(City).columns.id == bindparam("city"))
    return moved.values(history_head=bindparam("head"))


@cache
def _added(model: type[SQLModel]) -> Executable:
    return insert(table_of(model))


def _event(city_id: int, number: int, told: Happened) -> HistoryEvent:
    return HistoryEvent(
        city_id=city_id,
        number=number,
        at=now(),
        person_id=told.person_id,
        verb=str(told.verb),
        subject=told.subject[:200],
        details=json.dumps(told.details, ensure_ascii=False, sort_keys=True, default=str),
        previous_hash="",
        hash="",
    )


def _noted(session: Session) -> _Noted:
    found: _Noted = session.info.setdefault(_KEY, _Noted())
    return found


def seal(session: Session) -> None:
    """Write the events told so far, with what they led to; for a transaction that needs their hashes before it commits."""
    session.flush()
    noted: _Noted | None = session.info.get(_KEY)
    if noted is None:
        return
    changes = _changes(session, noted)
    for city_id in sorted(changes.keys() - noted.waiting.keys()):
        without_event(session, city_id, sorted({change.kind for change in changes[city_id]}))
    for city_id, waiting in sorted(noted.waiting.items()):
        _write(session, city_id, waiting, changes.get(city_id, []))
    del session.info[_KEY]


def without_event(session: Session, city_id: int, kinds: Sequence[str]) -> None:
    """Let an event say that rows of these kinds changed though nothing told why. Tests put a refusal in its place."""
    append(session, city_id, [Happened(None, UNNAMED, ", ".join(kinds), {})])


def _changes(session: Session, noted: _Noted) -> dict[int, list[RecordedState]]:
    """By city, the rows that say something else than before, with no number and place yet."""
    noted.settle()
    after = {(row.kind, row.row_id): row for row in _present(session, noted.before)}
    found: dict[int, list[RecordedState]] = {}
    for key, was in sorted(noted.before.items(), key=lambda pair: pair[0]):
        row = after.get(key)
        states = {side.city_id: ("", "") for side in (was, row) if side}
        for city_id in states:
            before = was.sha256 if was and was.city_id == city_id else ""
            now_is = row.sha256 if row and row.city_id == city_id else ""
            if before != now_is:
                state = RecordedState(
                    city_id=city_id, number=0, place=0, kind=key[0], row_id=key[1], before=before, after=now_is
                )
                found.setdefault(city_id, []).append(state)
    return found


def _present(session: Session, keys: Iterable[tuple[str, int]]) -> Iterator[Fingerprint]:
    by_kind: dict[str, list[int]] = {}
    for kind, row_id in keys:
        by_kind.setdefault(kind, []).append(row_id)
    for kind, ids in by_kind.items():
        yield from _some(session, kind, ids)


def _some(session: Session, kind: str, ids: Sequence[int], *, lock: bool = False) -> Iterator[Fingerprint]:
    connection = session.connection()
    for begin in range(0, len(ids), fingerprint.STREAMED):
        yield from fingerprint.by_id(connection, kind, ids[begin : begin + fingerprint.STREAMED], lock=lock)


def _write(session: Session, city_id: int, waiting: _Waiting, states: list[RecordedState]) -> None:
    """The states go with the last event: whatever a transaction does is done at once."""
    last = waiting.events[-1]
    for place, state in enumerate(states, start=1):
        state.number, state.place = last.number, place
    last.state = state_digest(states)
    previous = waiting.previous
    for told in waiting.events:
        told.previous_hash = previous
        told.hash = previous = digest(told)
    connection = session.connection()
    connection.execute(_added(HistoryEvent), [told.model_dump(exclude={"id"}) for told in waiting.events])
    if states:
        connection.execute(_added(RecordedState), [state.model_dump() for state in states])
    connection.execute(_moved(), {"city": city_id, "head": previous})


@event.listens_for(WritingSession, "before_flush")
def _before_flush(session: Session, _context: UOWTransaction, _instances: object) -> None:
    changed = [row for row in session.dirty if _says_something_else(row)]
    if not (session.new or changed or session.deleted):
        return
    noted = _noted(session)
    noted.settle()
    _see(session, noted, [*changed, *session.deleted, *(row for row in session.new if _table(row) in PARTS)])
    noted.born += [(_table(row), row) for row in session.new if _table(row) in WATCHED]


def _table(row: object) -> str:
    return str(getattr(row, "__tablename__", ""))


def _says_something_else(row: object) -> bool:
    watched = WATCHED.get(_table(row)) or PARTS.get(_table(row))
    return watched is not None and not watched.said.isdisjoint(inspect(row, raiseerr=True).committed_state)


def _see(session: Session, noted: _Noted, rows: Iterable[object]) -> None:
    """Look at these rows of watched tables, and at those that they are parts of, before they change."""
    ids: dict[str, set[int]] = {}
    keys: dict[str, set[int]] = {}
    for row in rows:
        kind = _table(row)
        if kind in WATCHED:
            ids.setdefault(kind, set()).add(row.id)  # type: ignore[attr-defined]
        elif kind in PARTS:
            keys.setdefault(kind, set()).add(getattr(row, PARTS[kind].key))
    for kind, some in ids.items():
        new = sorted(row_id for row_id in some if (kind, row_id) not in noted.before)
        noted.see(_some(session, kind, new, lock=True))
    for kind, some in keys.items():
        noted.see(_wholes(session, kind, some))


def _wholes(session: Session, kind: str, keys: Collection[int]) -> Iterator[Fingerprint]:
    for whole, column in PARTS[kind].wholes:
        mine = WATCHED[whole].table.columns[column].in_(sorted(keys))
        yield from fingerprint.read(session.connection(), whole, mine, lock=True)


@event.listens_for(WritingSession, "do_orm_execute")
def _before_statement(state: ORMExecuteState) -> None:
    """Statements that change many rows at once pass by the session's own bookkeeping."""
    if state.is_select:
        return
    statement = state.statement
    if not isinstance(statement, Update | Delete | Insert) or not isinstance(statement.table, Table):
        return
    kind = statement.table.name
    watched = WATCHED.get(kind) or PARTS.get(kind)
    if watched is None or (isinstance(statement, Update) and watched.said.isdisjoint(_written(statement))):
        return
    if isinstance(statement, Insert) or isinstance(state.parameters, list):
        raise TypeError(f"rows of {kind} are added and changed one by one, so that the record can tell of them")
    if isinstance(state.session, WritingSession):
        state.session.flush()
        _see_many(state.session, kind, statement._where_criteria)


def _see_many(session: Session, kind: str, conditions: Sequence[ColumnElement[bool]]) -> None:
    """The same for the rows that meet the conditions."""
    noted = _noted(session)
    noted.settle()
    if kind in WATCHED:
        noted.see(fingerprint.read(session.connection(), kind, *conditions, lock=True))
        return
    key = PARTS[kind].table.columns[PARTS[kind].key]
    keys = session.connection().execute(select(key).where(*conditions)).scalars().all()
    noted.see(_wholes(session, kind, keys))


def _written(statement: Update) -> set[str]:
    """The names of the columns that the statement sets."""
    return {str(getattr(column, "key", column)) for column in statement._values or {}}


@event.listens_for(WritingSession, "before_commit")
def _before_commit(session: Session) -> None:
    seal(session)


@event.listens_for(WritingSession, "after_rollback")
def _after_rollback(session: Session) -> None:
    session.info.pop(_KEY, None)
