"""Attempts to sign in, counted for each of the subjects that they are made from or at."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Column, delete, text
from sqlmodel import Field, Session, SQLModel, col, select

from app.store.database.engine import Utc, now

_TRY_LOCK = 7_243_804


class SignInAttempt(SQLModel, table=True):
    """A try that failed, or whose passphrase is being looked at; `subject` is what it counts for, hashed."""

    __tablename__ = "sign_in_attempt"
    id: int = Field(default=None, primary_key=True)
    subject: str = Field(max_length=64, index=True)
    at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


def lock_tries(session: Session) -> None:
    """Hold back other tries until the transaction ends, so that no two of them count the same failures."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _TRY_LOCK})


def add_tries(session: Session, subjects: Iterable[str]) -> tuple[int, ...]:
    """One for each subject; returns their ids."""
    tries = [SignInAttempt(subject=subject) for subject in subjects]
    session.add_all(tries)
    session.flush()
    return tuple(attempt.id for attempt in tries)


def list_tries(session: Session, subject: str, since: datetime, most: int) -> list[datetime]:
    """When the subject's tries since then were, the newest first, `most` of them at most."""
    query = select(SignInAttempt.at).where(SignInAttempt.subject == subject, SignInAttempt.at >= since)
    return list(session.exec(query.order_by(col(SignInAttempt.at).desc()).limit(most)))


def forget_tries(session: Session, ids: Collection[int]) -> None:
    """Remove what was counted for a try that succeeded."""
    session.exec(delete(SignInAttempt).where(col(SignInAttempt.id).in_(ids)))


def forget_old_tries(session: Session, before: datetime) -> None:
    """Remove those from before then."""
    session.exec(delete(SignInAttempt).where(col(SignInAttempt.at) < before))
