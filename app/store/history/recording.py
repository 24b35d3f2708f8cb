"""What each event led to: every change of a watched row is noted as it happens, and goes with the event of its transaction.

A session that writes looks at the rows that are about to change, and again when it commits; what differs is written beside the last
event of that city, whose hash covers it. So no use case can forget it: a change without an event gets one that says so.
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
from app.store.history.event import HistoryEvent, RecordedState, hash_event, hash_states
from app.store.history.fingerprint import PARTS, WATCHED, Fingerprint, table_of

UNNAMED_VERB = Verb.CHANGED_UNNAMED
"""The verb of an event for changes that no other event of their transaction tells of."""

_NOTES_KEY = "recording"
_CHANGED_KEY = "has changed rows"


class NewEvent(NamedTuple):
    """What an event tells, before it has its place in the chain; `details` is whatever JSON can hold."""

    person_id: int | None
    verb: Verb
    subject: str
    details: Mapping[str, Any]


@dataclass
class _PendingEvents:
    """Events of a city that are told but not written yet, and the hash that the first of them follows."""

    previous: str
    events: list[HistoryEvent] = field(default_factory=list)


@dataclass
class _TransactionNotes:
    """What a transaction has done so far: rows as they were before, by kind and id; rows that are new; events."""

    before: dict[tuple[str, int], Fingerprint | None] = field(default_factory=dict)
    born: list[tuple[str, object]] = field(default_factory=list)
    waiting: dict[int, _PendingEvents] = field(default_factory=dict)

    def note_rows(self, hashed_rows: Iterable[Fingerprint]) -> None:
        for hashed_row in hashed_rows:
            self.before.setdefault((hashed_row.kind, hashed_row.row_id), hashed_row)

    def note_born_rows(self) -> None:
        """Rows that were new have their ids now; nothing was there before them."""
        for kind, instance in self.born:
            if identity := inspect(instance, raiseerr=True).identity:
                self.before.setdefault((kind, identity[0]), None)
        self.born.clear()


def append_events(session: Session, city_id: int, new_events: Sequence[NewEvent]) -> list[HistoryEvent]:
    """Give events their numbers. The city's row is locked by it, so numbers have no gaps and the chain no forks.

    They are written when the transaction commits, or with `seal_events`; until then they have no hash.
    """
    if not isinstance(session, WritingSession):
        raise TypeError("an event is recorded only in a session of Database.writing()")
    last, head = session.connection().execute(_count_statement(), {"city": city_id, "more": len(new_events)}).one()
    waiting = _notes_of_session(session).waiting.setdefault(city_id, _PendingEvents(head))
    events = [
        _build_event(city_id, number, new_event)
        for number, new_event in enumerate(new_events, start=last - len(new_events) + 1)
    ]
    waiting.events += events
    return events


@cache
def _count_statement() -> Executable:
    """Count the city's events on; answers with the number and the hash that it stands at then. Built once, since every change asks it."""
    cities = table_of(City).columns
    statement = update(table_of(City)).where(cities.id == bindparam("city"))
    statement = statement.values(history_count=cities.history_count + bindparam("more"))
    return statement.returning(cities.history_count, cities.history_head)


@cache
def _head_statement() -> Executable:
    """Set the hash that the city's events end with."""
    statement = update(table_of(City)).where(table_of(City).columns.id == bindparam("city"))
    return statement.values(history_head=bindparam("head"))


@cache
def _insert_statement(model: type[SQLModel]) -> Executable:
    return insert(table_of(model))


def _build_event(city_id: int, number: int, new_event: NewEvent) -> HistoryEvent:
    return HistoryEvent(
        city_id=city_id,
        number=number,
        at=now(),
        person_id=new_event.person_id,
        verb=str(new_event.verb),
        subject=new_event.subject[:200],
        details=json.dumps(new_event.details, ensure_ascii=False, sort_keys=True, default=str),
        previous_hash="",
        hash="",
    )


def has_changed_rows(session: Session) -> bool:
    """Whether anything that the record tells of was changed in the session so far, or is about to be; what was rolled back counts, too."""
    return _CHANGED_KEY in session.info or bool(session.new or session.deleted or session.dirty)


def _notes_of_session(session: Session) -> _TransactionNotes:
    session.info[_CHANGED_KEY] = True
    notes: _TransactionNotes = session.info.setdefault(_NOTES_KEY, _TransactionNotes())
    return notes


def seal_events(session: Session) -> None:
    """Write the events told so far, with what they led to; for a transaction that needs their hashes before it commits."""
    session.flush()
    notes: _TransactionNotes | None = session.info.get(_NOTES_KEY)
    if notes is None:
        return
    changes = _find_changes(session, notes)
    for city_id in sorted(changes.keys() - notes.waiting.keys()):
        record_unnamed_change(session, city_id, sorted({change.kind for change in changes[city_id]}))
    for city_id, waiting in sorted(notes.waiting.items()):
        _write_events(session, city_id, waiting, changes.get(city_id, []))
    del session.info[_NOTES_KEY]


def record_unnamed_change(session: Session, city_id: int, kinds: Sequence[str]) -> None:
    """Let an event say that rows of these kinds changed though nothing told why. Tests put a refusal in its place."""
    append_events(session, city_id, [NewEvent(None, UNNAMED_VERB, ", ".join(kinds), {})])


def _find_changes(session: Session, notes: _TransactionNotes) -> dict[int, list[RecordedState]]:
    """By city, the rows that say something else than before, with no number and place yet."""
    notes.note_born_rows()
    rows_after = {(row_after.kind, row_after.row_id): row_after for row_after in _read_present(session, notes.before)}
    changes: dict[int, list[RecordedState]] = {}
    for key, row_before in sorted(notes.before.items(), key=lambda pair: pair[0]):
        row_after = rows_after.get(key)
        states = {side.city_id: ("", "") for side in (row_before, row_after) if side}
        for city_id in states:
            hash_before = row_before.sha256 if row_before and row_before.city_id == city_id else ""
            hash_after = row_after.sha256 if row_after and row_after.city_id == city_id else ""
            if hash_before != hash_after:
                state = RecordedState(
                    city_id=city_id, number=0, place=0, kind=key[0], row_id=key[1], before=hash_before, after=hash_after
                )
                changes.setdefault(city_id, []).append(state)
    return changes


def _read_present(session: Session, keys: Iterable[tuple[str, int]]) -> Iterator[Fingerprint]:
    by_kind: dict[str, list[int]] = {}
    for kind, row_id in keys:
        by_kind.setdefault(kind, []).append(row_id)
    for kind, ids in by_kind.items():
        yield from fingerprint.read_fingerprints_by_id(session.connection(), kind, ids)


def _write_events(session: Session, city_id: int, waiting: _PendingEvents, states: list[RecordedState]) -> None:
    """The states go with the last event: whatever a transaction does is done at once."""
    last = waiting.events[-1]
    for place, state in enumerate(states, start=1):
        state.number, state.place = last.number, place
    last.state = hash_states(states)
    previous = waiting.previous
    for pending_event in waiting.events:
        pending_event.previous_hash = previous
        pending_event.hash = previous = hash_event(pending_event)
    connection = session.connection()
    connection.execute(
        _insert_statement(HistoryEvent), [pending_event.model_dump(exclude={"id"}) for pending_event in waiting.events]
    )
    if states:
        connection.execute(_insert_statement(RecordedState), [state.model_dump() for state in states])
    connection.execute(_head_statement(), {"city": city_id, "head": previous})


@event.listens_for(WritingSession, "before_flush")
def _before_flush(session: Session, _context: UOWTransaction, _instances: object) -> None:
    changed = [instance for instance in session.dirty if _says_something_else(instance)]
    if not (session.new or changed or session.deleted):
        return
    notes = _notes_of_session(session)
    notes.note_born_rows()
    _note_before_change(
        session,
        notes,
        [*changed, *session.deleted, *(instance for instance in session.new if _table_name(instance) in PARTS)],
    )
    notes.born += [(_table_name(instance), instance) for instance in session.new if _table_name(instance) in WATCHED]


def _table_name(instance: object) -> str:
    return str(getattr(instance, "__tablename__", ""))


def _says_something_else(instance: object) -> bool:
    watched = WATCHED.get(_table_name(instance)) or PARTS.get(_table_name(instance))
    return watched is not None and not watched.said.isdisjoint(inspect(instance, raiseerr=True).committed_state)


def _note_before_change(session: Session, notes: _TransactionNotes, instances: Iterable[object]) -> None:
    """Look at these rows of watched tables, and at those that they are parts of, before they change."""
    ids: dict[str, set[int]] = {}
    keys: dict[str, set[int]] = {}
    for instance in instances:
        kind = _table_name(instance)
        if kind in WATCHED:
            ids.setdefault(kind, set()).add(instance.id)  # type: ignore[attr-defined]
        elif kind in PARTS:
            keys.setdefault(kind, set()).add(getattr(instance, PARTS[kind].key))
    for kind, wanted in ids.items():
        new = sorted(row_id for row_id in wanted if (kind, row_id) not in notes.before)
        notes.note_rows(fingerprint.read_fingerprints_by_id(session.connection(), kind, new, lock=True))
    for kind, wanted in keys.items():
        notes.note_rows(_read_wholes(session, kind, wanted))


def _read_wholes(session: Session, kind: str, keys: Collection[int]) -> Iterator[Fingerprint]:
    for whole, column in PARTS[kind].wholes:
        is_affected = WATCHED[whole].table.columns[column].in_(sorted(keys))
        yield from fingerprint.read_fingerprints(session.connection(), whole, is_affected, lock=True)


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
    if watched is None or (isinstance(statement, Update) and watched.said.isdisjoint(_written_columns(statement))):
        return
    if isinstance(statement, Insert) or isinstance(state.parameters, list):
        raise TypeError(f"rows of {kind} are added and changed one by one, so that the record can tell of them")
    if isinstance(state.session, WritingSession):
        state.session.flush()
        _note_matching_rows(state.session, kind, statement._where_criteria)


def _note_matching_rows(session: Session, kind: str, conditions: Sequence[ColumnElement[bool]]) -> None:
    """The same for the rows that meet the conditions."""
    notes = _notes_of_session(session)
    notes.note_born_rows()
    if kind in WATCHED:
        notes.note_rows(fingerprint.read_fingerprints(session.connection(), kind, *conditions, lock=True))
        return
    key = PARTS[kind].table.columns[PARTS[kind].key]
    keys = session.connection().execute(select(key).where(*conditions)).scalars().all()
    notes.note_rows(_read_wholes(session, kind, keys))


def _written_columns(statement: Update) -> set[str]:
    """The names of the columns that the statement sets."""
    return {str(getattr(column, "key", column)) for column in statement._values or {}}


@event.listens_for(WritingSession, "before_commit")
def _before_commit(session: Session) -> None:
    seal_events(session)


@event.listens_for(WritingSession, "after_rollback")
def _after_rollback(session: Session) -> None:
    session.info.pop(_NOTES_KEY, None)
