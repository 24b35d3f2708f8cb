"""Files that a look at storage found without a row: what the next look still finds so goes to the trash."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, Session, SQLModel, delete, select

from app.store.database.engine import Utc


class UnclaimedFile(SQLModel, table=True):
    """A key that no row named, and when that was first seen."""

    __tablename__ = "unclaimed_file"
    key: str = Field(primary_key=True, max_length=200)
    seen_at: datetime = Field(sa_column=Column(Utc, nullable=False))


def load_seen_keys(session: Session) -> dict[str, datetime]:
    """When each key was first seen without a row."""
    return {unclaimed.key: unclaimed.seen_at for unclaimed in session.exec(select(UnclaimedFile))}


def replace_keys(session: Session, keys: Collection[str], at: datetime) -> None:
    """Remember these keys and no others; those that were known keep the time at which they were seen first."""
    seen_before = load_seen_keys(session)
    session.exec(delete(UnclaimedFile))
    session.add_all(UnclaimedFile(key=key, seen_at=seen_before.get(key, at)) for key in keys)
