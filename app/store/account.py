"""Sign-in sessions and sign-in attempts. Only the hash of a session's id is stored, so a copy of the table opens nothing."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Column, Executable, bindparam, delete, func
from sqlalchemy import select as select_rows
from sqlmodel import Field, Session, SQLModel, col, select

from app.store.city import City
from app.store.database import Utc, now
from app.store.people import Membership, MembershipDepartment, Person


class SignInSession(SQLModel, table=True):
    __tablename__ = "sign_in_session"
    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    created_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))
    expires_at: datetime = Field(sa_column=Column(Utc, nullable=False))


class SignInAttempt(SQLModel, table=True):
    """A failed sign-in, kept apart from the public record; `subject` is a hashed e-mail address or network address."""

    __tablename__ = "sign_in_attempt"
    id: int | None = Field(default=None, primary_key=True)
    subject: str = Field(max_length=64, index=True)
    at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


@dataclass(frozen=True)
class Known:
    """Everything about who asks, from one query; the city's fields are None where the person does not belong to it."""

    person_id: int
    name: str
    email: str
    language: str | None
    expires_at: datetime
    membership_id: int | None
    role: str | None
    departments: frozenset[int]
    city: City | None


_CITY = tuple(getattr(City, name) for name in City.model_fields)


@cache
def _who() -> Executable:
    """Built once, because every request asks this, and building it takes longer than asking."""
    person = (col(Person.id), col(Person.name), col(Person.email), col(Person.language))
    return (
        select_rows(
            *person, col(SignInSession.expires_at), col(Membership.id), col(Membership.role),
            col(MembershipDepartment.department_id), *_CITY,
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
def _city(values: tuple[Any, ...]) -> City:
    """The city of these columns; kept, because making one takes as long as asking for it. It is only read."""
    return City(**dict(zip(City.model_fields, values, strict=True)))


def who(session: Session, token_hash: str, slug: str | None, at: datetime) -> Known | None:
    """The person behind a live session, with the membership in the city `slug` if there is one. One query.

    It is asked past the session's own bookkeeping, since every request pays for it. The city belongs to no session: an error page
    still names it after a rollback.
    """
    given = {"token_hash": token_hash, "slug": slug or "", "at": at}
    rows = session.connection().execute(_who(), given).all()
    if not rows:
        return None
    person_id, name, email, language, expires_at, membership_id, role, _, *of_city = rows[0]
    city = _city(tuple(of_city)) if membership_id else None
    return Known(
        person_id=person_id,
        name=name,
        email=email,
        language=language,
        expires_at=expires_at,
        membership_id=membership_id,
        role=role,
        departments=frozenset(row[7] for row in rows if row[7] is not None),
        city=city,
    )


def end(session: Session, token_hash: str) -> None:
    session.exec(delete(SignInSession).where(col(SignInSession.token_hash) == token_hash))


def end_all(session: Session, person_id: int) -> None:
    """Sign the person out everywhere: after a new pass phrase, another role, or leaving."""
    session.exec(delete(SignInSession).where(col(SignInSession.person_id) == person_id))


def failures(session: Session, subject: str, since: datetime) -> int:
    """How often signing in failed for the subject since then."""
    query = select(func.count()).select_from(SignInAttempt)
    return session.exec(query.where(SignInAttempt.subject == subject, SignInAttempt.at >= since)).one()


def forget_before(session: Session, before: datetime) -> None:
    """Remove ended sessions and old attempts."""
    session.exec(delete(SignInSession).where(col(SignInSession.expires_at) < before))
    session.exec(delete(SignInAttempt).where(col(SignInAttempt.at) < before))
