"""Cities and their departments."""

from datetime import datetime
from functools import cache

from sqlalchemy import Column, Executable, UniqueConstraint, bindparam
from sqlalchemy import select as select_rows
from sqlmodel import Field, Session, SQLModel, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from app.rules.city.naming import CityValues
from app.store.database.engine import Utc, now
from app.store.database.rows import read_rows
from app.store.values import frozen_values


class City(SQLModel, table=True):
    """`history_count` and `history_head` are the end of the city's chain of events; every change moves them.

    `passkeys_open_at` is since when people enter with a passkey alone, None where it is a second step only.
    `passphrases_closed_at` is since when people enter through the city's sign-in service only.
    `second_step_roles` are the roles that sign in with a second step only, with spaces between. `small_office` is what the city says of itself.
    `color` stands on covers and below the header. Letters come from `sender_name`, and answers go to `reply_to` where no one person is
    behind them. `retention_default` is the id of the retention class that evidence gets when it is added.
    `contact_name` and what follows are whom people of the city ask, as they read it under each page.
    """

    id: int = Field(default=None, primary_key=True)
    slug: str = Field(max_length=40, unique=True)
    name: str = Field(max_length=120)
    country: str = Field(max_length=2)
    language: str = Field(max_length=5)
    time_zone: str = Field(max_length=64)
    population: int | None = None
    logo_key: str | None = Field(default=None, max_length=200)
    illustrative: bool = False
    history_count: int = 0
    history_head: str = Field(default="", max_length=64)
    version: int = 1
    second_step_roles: str | None = Field(default=None, max_length=60)
    passphrases_closed_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    passkeys_open_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    small_office: bool = False
    color: str | None = Field(default=None, max_length=7)
    sender_name: str | None = Field(default=None, max_length=80)
    reply_to: str | None = Field(default=None, max_length=254)
    retention_default: int | None = None
    contact_name: str = Field(default="", max_length=120)
    contact_phone: str = Field(default="", max_length=40)
    contact_email: str = Field(default="", max_length=254)
    created_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


class Department(SQLModel, table=True):
    """`head_id` may pass its work on, and so may `deputy_id`, the head's deputy. One that closed keeps its row, since what it did stays;
    `merged_into` is the id of the department that took its work over.
    """

    __table_args__ = (UniqueConstraint("city_id", "name"),)
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    name: str = Field(max_length=120)
    head_id: int | None = Field(default=None, foreign_key="person.id")
    deputy_id: int | None = Field(default=None, foreign_key="person.id")
    closed_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    merged_into: int | None = None
    version: int = 1


def add_city(session: Session, city: City) -> None:
    session.add(city)
    session.flush()


def city_values(city: City) -> CityValues:
    return frozen_values(CityValues, city)


def load_city(session: Session, city_id: int) -> CityValues:
    """A city that is there for certain, such as that of a row."""
    return city_values(session.get_one(City, city_id))


def add_department(session: Session, city_id: int, name: str) -> Department:
    department = Department(city_id=city_id, name=name)
    session.add(department)
    return department


def delete_department(session: Session, department: Department) -> None:
    """One that nothing names."""
    session.delete(department)


_SEEN = "last_numbers"


def note_number(session: Session, city: CityValues) -> None:
    """The city was just read in this session, which changes nothing: nobody has to ask again for its last number."""
    session.info.setdefault(_SEEN, {})[city.id] = city.history_count


def last_number(session: Session, city_id: int) -> int:
    """The number of the city's last change, as this session sees it."""
    seen: dict[int, int] = session.info.get(_SEEN, {})
    if city_id in seen:
        return seen[city_id]
    asked: int = read_rows(session, _last_number(), {"city": city_id}).scalar_one()
    return asked


@cache
def _last_number() -> Executable:
    return select_rows(col(City.history_count)).where(col(City.id) == bindparam("city"))


def find_city(session: Session, slug: str) -> City | None:
    return session.exec(select(City).where(City.slug == slug)).first()


def save_city(session: Session, city_id: int, version: int, **values: object) -> bool:
    """Write the columns if nobody changed the city since `version`; False when someone did."""
    changed = update(City).where(col(City.id) == city_id, col(City.version) == version)
    changed = changed.values(**values, version=version + 1)
    return session.exec(changed.execution_options(synchronize_session="fetch")).rowcount == 1


def list_cities(session: Session) -> list[City]:
    return list(session.exec(select(City).order_by(City.name)))


def list_departments(session: Session, city_id: int, *, closed: bool = False) -> list[Department]:
    """By name; with `closed` also those that closed, whose names earlier work still carries."""
    every = session.exec(_departments(), params={"city": city_id})
    return [department for department in every if closed or department.closed_at is None]


@cache
def _departments() -> SelectOfScalar[Department]:
    return select(Department).where(col(Department.city_id) == bindparam("city")).order_by(Department.name)


def find_department(session: Session, city_id: int, department_id: int) -> Department | None:
    return session.exec(select(Department).where(Department.city_id == city_id, Department.id == department_id)).first()


def save_department(session: Session, city_id: int, department_id: int, version: int, **values: object) -> bool:
    """Write the columns if nobody changed the row since `version`; False when someone did."""
    changed = update(Department).where(col(Department.city_id) == city_id, col(Department.id) == department_id)
    changed = changed.where(col(Department.version) == version).values(**values, version=version + 1)
    return session.exec(changed).rowcount == 1


def lock_city(session: Session, city_id: int) -> None:
    """Let nobody else change this city's record until the end of the transaction, for numbers that must not collide."""
    session.exec(select(City.id).where(City.id == city_id).with_for_update()).one()
