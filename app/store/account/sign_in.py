"""Sign-in sessions. Only the hash of a session's id is stored, so a copy of the table opens nothing."""

from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Column, Executable, bindparam, delete
from sqlalchemy import select as select_rows
from sqlmodel import Field, Session, SQLModel, col, select, update

from app.rules.city.naming import CityValues
from app.store.city import City
from app.store.database.engine import Utc, now
from app.store.people import Membership, MembershipDepartment, Person
from app.store.standing_in import has_colleagues, stands_in


class SignInSession(SQLModel, table=True):
    """It ends at `expires_at`, which moves as the session is used, and at `ends_at` for good.

    `confirmed_at` is when the passphrase was last typed; `address` and `agent` are those of the sign-in.
    `provider_city_id` is the city whose sign-in service vouched for the person: the session enters no other.
    `passkey_id` is the passkey that it was begun with, alone or as the second step; the session ends when that is removed.
    """

    __tablename__ = "sign_in_session"
    id: int = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    created_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))
    expires_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    ends_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    seen_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))
    confirmed_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))
    address: str = Field(default="", max_length=45)
    agent: str = Field(default="", max_length=200)
    provider_city_id: int | None = None
    passkey_id: int | None = None
    by_passkey_alone: bool = False


@dataclass(frozen=True)
class SignedInPerson:
    """Everything about who asks, from one query, in the order of its columns; the city's fields are None where the person does not belong
    to it."""

    person_id: int
    name: str
    email: str
    language: str | None
    second_step_at: datetime | None
    list_choices: str
    public_advice_read_at: datetime | None
    session_id: int
    provider_city_id: int | None
    by_passkey_alone: bool
    seen_at: datetime
    confirmed_at: datetime
    membership_id: int | None
    role: str | None
    role_since: datetime | None
    stands_in: bool
    has_colleagues: bool
    departments: frozenset[int]
    city: CityValues | None


_MEMBERSHIP_PLACE, _DEPARTMENT_PLACE = 12, 17
"""The places of these among the columns that `_person_query` asks for; behind the department come those of the city."""
_CITY_COLUMNS = tuple(getattr(City, field.name) for field in fields(CityValues))


@cache
def _person_query() -> Executable:
    """Built once, because every request asks this, and building it takes longer than asking."""
    person = (
        col(Person.id),
        col(Person.name),
        col(Person.email),
        col(Person.language),
        col(Person.second_step_at),
        col(Person.list_choices),
        col(Person.public_advice_read_at),
    )
    return (
        select_rows(
            *person, col(SignInSession.id), col(SignInSession.provider_city_id), col(SignInSession.by_passkey_alone),
            col(SignInSession.seen_at), col(SignInSession.confirmed_at),
            col(Membership.id), col(Membership.role), col(Membership.role_since), stands_in(), has_colleagues(),
            col(MembershipDepartment.department_id), *_CITY_COLUMNS,
        )
        .join(SignInSession, col(SignInSession.person_id) == Person.id)
        .join(City, col(City.slug) == bindparam("slug"), isouter=True)
        .join(
            Membership,
            (col(Membership.person_id) == Person.id)
            & (col(Membership.city_id) == City.id)
            & col(Membership.ended_at).is_(None),
            isouter=True,
        )
        .join(MembershipDepartment, col(MembershipDepartment.membership_id) == Membership.id, isouter=True)
        .where(col(SignInSession.token_hash) == bindparam("token_hash"), col(SignInSession.expires_at) > bindparam("at"))
    )  # fmt: skip


@lru_cache(maxsize=256)
def _build_city(values: tuple[Any, ...]) -> CityValues:
    """The city of these columns; kept, because it is asked for with every request."""
    return CityValues(*values)


def identify_person(session: Session, token_hash: str, slug: str | None, at: datetime) -> SignedInPerson | None:
    """The person behind a live session, with the membership in the city `slug` if there is one. One query.

    It is asked past the session's own bookkeeping, since every request pays for it. The city belongs to no session: an error page
    still names it after a rollback.
    """
    parameters = {"token_hash": token_hash, "slug": slug or "", "at": at}
    rows = session.connection().execute(_person_query(), parameters).all()
    if not rows:
        return None
    first = rows[0]
    departments = frozenset(row[_DEPARTMENT_PLACE] for row in rows if row[_DEPARTMENT_PLACE] is not None)
    city = _build_city(tuple(first[_DEPARTMENT_PLACE + 1 :])) if first[_MEMBERSHIP_PLACE] else None
    values: list[Any] = [*first[:_DEPARTMENT_PLACE], departments, city]
    return SignedInPerson(*values)


def add_session(session: Session, sign_in: SignInSession) -> None:
    session.add(sign_in)


def end_session(session: Session, token_hash: str) -> None:
    session.exec(delete(SignInSession).where(col(SignInSession.token_hash) == token_hash))


def end_all_sessions(session: Session, person_id: int) -> None:
    """Sign the person out everywhere: after a new passphrase."""
    session.exec(delete(SignInSession).where(col(SignInSession.person_id) == person_id))


def end_one_session(session: Session, person_id: int, session_id: int) -> bool:
    """Whether the person had this session."""
    theirs = delete(SignInSession).where(col(SignInSession.person_id) == person_id, col(SignInSession.id) == session_id)
    return session.exec(theirs).rowcount == 1


def list_open_sessions(session: Session, person_id: int, at: datetime) -> list[SignInSession]:
    """The person's live sessions, the last used first."""
    query = select(SignInSession).where(SignInSession.person_id == person_id, SignInSession.expires_at > at)
    return list(session.exec(query.order_by(col(SignInSession.seen_at).desc(), col(SignInSession.id).desc())))


def end_other_sessions(session: Session, person_id: int, session_id: int) -> int:
    """Sign the person out everywhere but in this session; returns in how many."""
    others = delete(SignInSession).where(col(SignInSession.person_id) == person_id, col(SignInSession.id) != session_id)
    return session.exec(others).rowcount


def end_sessions_of_passkey(session: Session, person_id: int, passkey_id: int, but: int) -> int:
    """Sign the person out wherever this passkey let them in, but for the session `but`; returns in how many places."""
    begun = delete(SignInSession).where(
        col(SignInSession.person_id) == person_id,
        col(SignInSession.passkey_id) == passkey_id,
        col(SignInSession.id) != but,
    )
    return session.exec(begun).rowcount


def extend_session(session: Session, token_hash: str, at: datetime, expires_at: datetime) -> None:
    """The session was used: it lasts until `expires_at` now, and never beyond its end."""
    sign_in = session.exec(select(SignInSession).where(SignInSession.token_hash == token_hash)).first()
    if sign_in and sign_in.expires_at > at:
        sign_in.seen_at, sign_in.expires_at = at, min(expires_at, sign_in.ends_at)
        session.add(sign_in)


def replace_token(session: Session, token_hash: str, new_hash: str, at: datetime) -> bool:
    """Give the session another id: its passphrase was typed again. False where it has ended."""
    statement = update(SignInSession).where(
        col(SignInSession.token_hash) == token_hash, col(SignInSession.expires_at) > at
    )
    return session.exec(statement.values(token_hash=new_hash, confirmed_at=at, seen_at=at)).rowcount == 1


def forget_ended_sessions(session: Session, before: datetime) -> None:
    """Remove those that ended before then."""
    session.exec(delete(SignInSession).where(col(SignInSession.expires_at) < before))
