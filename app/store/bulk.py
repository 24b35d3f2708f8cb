"""What was saved in bulk, as far as it can be undone."""

from datetime import datetime

from sqlalchemy import Column, Text, update
from sqlmodel import Field, Session, SQLModel, col, select

from app.store.database.engine import Utc, now

MOST_UNDOABLE = 20
"""As many of a city's last savings keep what was there before."""


class BulkSave(SQLModel, table=True):
    """One saving of many lines. `steps` is what each did and what was there before, as JSON; empty once it cannot be undone any more."""

    __tablename__ = "bulk_save"
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    saved_by: int | None = Field(default=None, foreign_key="person.id")
    saved_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))
    lines: int = 0
    steps: str = Field(default="[]", sa_column=Column(Text, nullable=False))
    undone_at: datetime | None = Field(default=None, sa_column=Column(Utc))


def add_bulk_save(session: Session, save: BulkSave) -> int:
    """Returns its id. The oldest of the city lose what would undo them."""
    session.add(save)
    session.flush()
    kept = (
        select(BulkSave.id)
        .where(BulkSave.city_id == save.city_id)
        .order_by(col(BulkSave.id).desc())
        .limit(MOST_UNDOABLE)
    )
    ids = list(session.exec(kept))
    session.exec(
        update(BulkSave).where(col(BulkSave.city_id) == save.city_id, col(BulkSave.id).not_in(ids)).values(steps="[]")
    )
    return save.id


def find_bulk_save(session: Session, city_id: int, save_id: int) -> BulkSave | None:
    return session.exec(select(BulkSave).where(BulkSave.city_id == city_id, BulkSave.id == save_id)).first()


def forget_steps(session: Session, city_id: int) -> None:
    """Nothing that was saved in bulk in the city can be undone any more, since what was there before names people."""
    session.exec(update(BulkSave).where(col(BulkSave.city_id) == city_id).values(steps="[]"))
