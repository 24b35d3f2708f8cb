"""Awards that the programme announced for a city, as the city entered them."""

from datetime import date, datetime
from functools import cache

from sqlalchemy import Column, bindparam
from sqlmodel import Field, Session, SQLModel, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from app.store.database.engine import Utc, now


class Award(SQLModel, table=True):
    """A level that was announced on a day, and where that is written. `removed_at` takes it off the list, undoably."""

    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    level: str = Field(max_length=10)
    announced_on: date
    source_url: str = Field(max_length=2000)
    valid_until: date | None = None
    note: str = Field(default="", max_length=500)
    removed_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    version: int = 1
    created_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


def add_award(session: Session, award: Award) -> None:
    session.add(award)
    session.flush()


def list_awards(session: Session, city_id: int) -> list[Award]:
    """The newest first, also those that were removed."""
    return list(session.exec(_awards(), params={"city": city_id}))


@cache
def _awards() -> SelectOfScalar[Award]:
    query = select(Award).where(col(Award.city_id) == bindparam("city"))
    return query.order_by(col(Award.announced_on).desc(), col(Award.id).desc())


def find_award(session: Session, city_id: int, award_id: int) -> Award | None:
    return session.exec(select(Award).where(Award.city_id == city_id, Award.id == award_id)).first()


def find_newest_award(session: Session, city_id: int) -> Award | None:
    """The one that was announced last, of those that were not removed."""
    return session.exec(_awards().where(col(Award.removed_at).is_(None)).limit(1), params={"city": city_id}).first()


def save_award(session: Session, city_id: int, award_id: int, version: int, **values: object) -> bool:
    """Write the columns if nobody changed the award since `version`; False when someone did."""
    changed = update(Award).where(col(Award.city_id) == city_id, col(Award.id) == award_id)
    changed = changed.where(col(Award.version) == version).values(**values, version=version + 1)
    return session.exec(changed).rowcount == 1
