"""Letters to the people of a city: the entries that wait, the letters that they were bundled into, and what each person chose.

An entry is written in one transaction with the mark up to which the history was read, so the event that causes it is its guarantee:
it is never lost, and by its `key` never written twice.
"""

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, func, or_, select, update

from app.store.city import City
from app.store.database.engine import Utc, now


class LetterState(StrEnum):
    """WAITING until it is SENT; REFUSED when the server did not take the address; DROPPED when nothing of it was wanted any more."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"
    DROPPED = "dropped"


class Letter(SQLModel, table=True):
    """One mail to one person. `handed` counts how often it was given to the server without an answer being written down.

    `day` is the reader's day on which it was bundled. `address` is where it went, and `problem` what the server said.
    `by_hand` is who sent it from the list of letters to send.
    """

    __table_args__ = (Index("ix_letter_state_try_after", "state", "try_after"),)
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    message_id: str = Field(max_length=120, unique=True)
    state: str = Field(default=LetterState.WAITING.value, max_length=10)
    day: date
    handed: int = 0
    try_after: datetime | None = Field(default=None, sa_column=Column(Utc))
    sent_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    by_hand: int | None = Field(default=None, foreign_key="person.id")
    problem: str = Field(default="", max_length=300)
    version: int = 1
    created_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


class LetterEntry(SQLModel, table=True):
    """One thing to tell one person. `subject` is a criterion's code or empty; `about` is JSON: a quote, a title, an address.

    `dropped` is why it was not sent; `day` the date that it warns of.
    """

    __tablename__ = "letter_entry"
    __table_args__ = (UniqueConstraint("city_id", "person_id", "key"),)
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    letter_id: int | None = Field(default=None, foreign_key="letter.id", index=True)
    kind: str = Field(max_length=20)
    key: str = Field(max_length=120)
    subject: str = Field(default="", max_length=12)
    day: date | None = None
    by_id: int | None = Field(default=None, foreign_key="person.id")
    about: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    dropped: str = Field(default="", max_length=12)
    at: datetime = Field(sa_column=Column(Utc, nullable=False))

    @property
    def told(self) -> dict[str, Any]:
        """What `about` says."""
        found: dict[str, Any] = json.loads(self.about)
        return found


class LetterChoice(SQLModel, table=True):
    """What a person chose in a city. `off` names kinds, `quiet_days` the days of the week as digits; an empty `time_zone` is the city's.

    `calendar` is the number in the address of the person's calendar, 0 for none; `calendars` counts them, so that none comes twice.
    `refused_address` is one that the mail server did not take, `refused_reason` what it said: nothing is sent there until it changes.
    """

    __tablename__ = "letter_choice"
    __table_args__ = (UniqueConstraint("city_id", "person_id"),)
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    off: str = Field(default="", max_length=300)
    pace: str = Field(default="daily", max_length=10)
    quiet_days: str = Field(default="56", max_length=7)
    time_zone: str = Field(default="", max_length=64)
    calendar: int = 0
    calendars: int = 0
    refused_address: str = Field(default="", max_length=254)
    refused_reason: str = Field(default="", max_length=300)
    refused_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    version: int = 1


class LetterMark(SQLModel, table=True):
    """Up to which event the city's history was read for letters, and for which day its dates were looked at."""

    __tablename__ = "letter_mark"
    city_id: int = Field(foreign_key="city.id", primary_key=True)
    number: int = 0
    day: date | None = None


def list_marked_cities(session: Session) -> list[tuple[City, LetterMark | None]]:
    """The real cities, each with how far its history was read; None where it never was."""
    query = select(City, LetterMark).outerjoin(LetterMark, col(LetterMark.city_id) == City.id)
    return list(session.exec(query.where(col(City.illustrative).is_(False)).order_by(col(City.id))))


def move_mark(session: Session, city_id: int, was: LetterMark | None, **values: Any) -> bool:
    """Move the mark, if nobody else did since it was read; False when someone did."""
    if was is None:
        if session.get(LetterMark, city_id):
            return False
        session.add(LetterMark(city_id=city_id, **values))
        session.flush()
        return True
    same_day = col(LetterMark.day).is_(None) if was.day is None else col(LetterMark.day) == was.day
    unmoved = (col(LetterMark.city_id) == city_id, col(LetterMark.number) == was.number, same_day)
    return session.exec(update(LetterMark).where(*unmoved).values(**values)).rowcount == 1


def add_entries(session: Session, city_id: int, entries: Sequence[LetterEntry]) -> int:
    """Store those that are not there yet by their person and key; returns how many."""
    keys = {entry.key for entry in entries}
    query = select(LetterEntry.person_id, LetterEntry.key).where(LetterEntry.city_id == city_id)
    known = set(session.exec(query.where(col(LetterEntry.key).in_(keys)))) if keys else set()
    new = {(entry.person_id, entry.key): entry for entry in entries if (entry.person_id, entry.key) not in known}
    session.add_all(new.values())
    session.flush()
    return len(new)


def list_unbundled(session: Session, city_id: int) -> list[LetterEntry]:
    """Entries that are in no letter and were not dropped, the oldest first."""
    query = select(LetterEntry).where(LetterEntry.city_id == city_id, col(LetterEntry.letter_id).is_(None))
    return list(session.exec(query.where(LetterEntry.dropped == "").order_by(col(LetterEntry.id))))


def list_cities_unbundled(session: Session) -> list[int]:
    """Cities in which entries wait for a letter."""
    query = select(LetterEntry.city_id).where(col(LetterEntry.letter_id).is_(None), LetterEntry.dropped == "")
    return sorted(session.exec(query.distinct()))


def load_last_days(session: Session, city_id: int) -> dict[int, date]:
    """By person, the day of the last letter."""
    query = select(Letter.person_id, func.max(Letter.day)).where(Letter.city_id == city_id)
    query = query.where(Letter.state != LetterState.DROPPED)
    return {person_id: day for person_id, day in session.exec(query.group_by(col(Letter.person_id)))}  # noqa: C416


def add_letter(session: Session, letter: Letter, entry_ids: Collection[int]) -> int:
    """Bundle the entries into a new letter, but for those that are in one already; returns how many it has, and stores none with none."""
    free = (col(LetterEntry.id).in_(entry_ids), col(LetterEntry.letter_id).is_(None), LetterEntry.dropped == "")
    entries = session.exec(select(LetterEntry).where(LetterEntry.city_id == letter.city_id, *free).with_for_update())
    bundled = list(entries)
    if bundled:
        session.add(letter)
        session.flush()
        for entry in bundled:
            entry.letter_id = letter.id
        session.flush()
    return len(bundled)


def find_letter(session: Session, city_id: int, letter_id: int) -> Letter | None:
    return session.exec(select(Letter).where(Letter.city_id == city_id, Letter.id == letter_id)).first()


def hold_letter(session: Session, city_id: int, letter_id: int) -> Letter | None:
    """The letter, which nobody else changes before the transaction ends."""
    query = select(Letter).where(Letter.city_id == city_id, Letter.id == letter_id)
    return session.exec(query.with_for_update().execution_options(populate_existing=True)).first()


def list_entries(session: Session, city_id: int, letter_ids: Collection[int]) -> list[LetterEntry]:
    """What these letters tell, in the order in which it came."""
    query = select(LetterEntry).where(LetterEntry.city_id == city_id, col(LetterEntry.letter_id).in_(letter_ids))
    return list(session.exec(query.order_by(col(LetterEntry.id))))


def list_dropped(session: Session, city_id: int, person_id: int, most: int) -> list[LetterEntry]:
    """What was not sent to the person, the newest first."""
    query = select(LetterEntry).where(LetterEntry.city_id == city_id, LetterEntry.person_id == person_id)
    return list(session.exec(query.where(LetterEntry.dropped != "").order_by(col(LetterEntry.id).desc()).limit(most)))


def retry_letters(session: Session, city_id: int, person_id: int) -> None:
    """Let the person's letters that were refused, or that wait for another time, be tried at once."""
    open_states = (LetterState.REFUSED.value, LetterState.WAITING.value)
    tried = update(Letter).where(col(Letter.city_id) == city_id, col(Letter.person_id) == person_id)
    tried = tried.where(col(Letter.state).in_(open_states))
    session.exec(tried.values(state=LetterState.WAITING.value, handed=0, try_after=None, problem=""))


def drop_entries(session: Session, city_id: int, reasons: dict[int, str]) -> None:
    """Write down why these entries, by id, are not sent."""
    for entry_id, reason in reasons.items():
        dropped = update(LetterEntry).where(col(LetterEntry.city_id) == city_id, col(LetterEntry.id) == entry_id)
        session.exec(dropped.values(dropped=reason))


def list_due_letters(session: Session, moment: datetime) -> list[tuple[int, int]]:
    """City and id of the letters that wait and may be tried now, the oldest first."""
    due = or_(col(Letter.try_after).is_(None), col(Letter.try_after) <= moment)
    query = select(Letter.city_id, Letter.id).where(Letter.state == LetterState.WAITING, due)
    return list(session.exec(query.order_by(col(Letter.id))))


def list_letters(
    session: Session, city_id: int, *, person_id: int | None = None, state: LetterState | None = None, most: int = 200
) -> list[Letter]:
    """The newest first, of one person or of all, in one state or in any."""
    query = select(Letter).where(Letter.city_id == city_id)
    if person_id is not None:
        query = query.where(Letter.person_id == person_id)
    if state is not None:
        query = query.where(Letter.state == state)
    return list(session.exec(query.order_by(col(Letter.id).desc()).limit(most)))


def load_choices(session: Session, city_id: int) -> dict[int, LetterChoice]:
    """What people chose, by person id."""
    query = select(LetterChoice).where(LetterChoice.city_id == city_id)
    return {choice.person_id: choice for choice in session.exec(query)}


def find_choice(session: Session, city_id: int, person_id: int) -> LetterChoice | None:
    query = select(LetterChoice).where(LetterChoice.city_id == city_id, LetterChoice.person_id == person_id)
    return session.exec(query).first()


def hold_choice(session: Session, city_id: int, person_id: int) -> LetterChoice:
    """What the person chose, to be changed; a row of defaults with version 0 where nothing was chosen yet."""
    query = select(LetterChoice).where(LetterChoice.city_id == city_id, LetterChoice.person_id == person_id)
    found = session.exec(query.with_for_update().execution_options(populate_existing=True)).first()
    return found or LetterChoice(city_id=city_id, person_id=person_id, version=0)


def save_choice(session: Session, choice: LetterChoice) -> None:
    """Store what `hold_choice` gave, as its next version."""
    choice.version += 1
    session.add(choice)


def forget_addresses(session: Session, person_id: int) -> None:
    """Leave no address of the person, and nothing that a server said of it."""
    of_person = update(LetterChoice).where(col(LetterChoice.person_id) == person_id)
    session.exec(of_person.values(refused_address="", refused_reason="", refused_at=None))
    session.exec(update(Letter).where(col(Letter.person_id) == person_id).values(problem=""))
    session.exec(update(LetterEntry).where(col(LetterEntry.person_id) == person_id).values(about="{}"))
