"""The two tables of the record: events, and what each event left behind of the rows that it is about.

Both are append-only (by trigger). An event's hash covers its content, the hash before it, and the states that it led to; so whoever
changes a row, or what is kept of it, has to write all events again from there on, and an anchor outside shows that.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.store.database.engine import Utc


class HistoryEvent(SQLModel, table=True):
    """`verb` is in the past tense ("evidence_added"); `subject` is what a person would call it ("DM1"); `details` is JSON.

    `state` is the hash over the event's rows of `RecordedState`; null where it led to none, as in events from before they were kept.
    """

    __tablename__ = "history_event"
    __table_args__ = (UniqueConstraint("city_id", "number"),)
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    number: int
    at: datetime = Field(sa_column=Column(Utc, nullable=False))
    person_id: int | None = Field(default=None, foreign_key="person.id")
    verb: str = Field(max_length=40)
    subject: str = Field(default="", max_length=200)
    details: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)
    state: str | None = Field(default=None, max_length=64)


class RecordedState(SQLModel, table=True):
    """What event `number` left of one row: its fingerprint before and after; empty where the row was not there.

    `kind` is the name of the row's table and `place` counts within the event.
    """

    __tablename__ = "recorded_state"
    __table_args__ = (
        Index("ix_recorded_state_row", "city_id", "kind", "row_id", "number", "place"),
        {"sqlite_with_rowid": False},
    )
    city_id: int = Field(foreign_key="city.id", primary_key=True)
    number: int = Field(primary_key=True)
    place: int = Field(primary_key=True)
    kind: str = Field(max_length=30)
    row_id: int
    before: str = Field(default="", max_length=64)
    after: str = Field(default="", max_length=64)


def hash_event(event: HistoryEvent) -> str:
    """SHA-256 in hex over the event's content and the hash before it; over what it led to as well, where that is kept."""
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
    states_hash = [event.state] if event.state else []
    return hashlib.sha256(json.dumps(parts + states_hash, ensure_ascii=False).encode()).hexdigest()


class StateDigest:
    """SHA-256 over states in the order of their places, taken in one after the other; None over none."""

    def __init__(self) -> None:
        self._hash, self.count = hashlib.sha256(), 0

    def take(self, kind: str, row_id: int, before: str, after: str) -> None:
        self.count += 1
        self._hash.update(f"{kind} {row_id} {before}>{after}\n".encode())

    def read(self) -> str | None:
        return self._hash.hexdigest() if self.count else None


def hash_states(states: Iterable[RecordedState]) -> str | None:
    digest = StateDigest()
    for state in states:
        digest.take(state.kind, state.row_id, state.before, state.after)
    return digest.read()
