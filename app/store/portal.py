"""A city's open-data catalog: where it is, each reading of it, and the facts that a reading proposed."""

from datetime import date, datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, Session, SQLModel, col, select, update

from app.rules.portal.counting import FactState
from app.rules.portal.trouble import CatalogState
from app.store.database.engine import Utc, now


class Portal(SQLModel, table=True):
    """The one catalog of a city. `state`: empty until it is asked for, asked, read, partial, failed.

    `error` is the problem of the last attempt. `next_read_on` is the day of the next reading by itself; a job for another day is
    out of date.
    """

    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", unique=True)
    url: str = Field(default="", max_length=2000)
    kind: str = Field(default="", max_length=10)
    state: str = Field(default=CatalogState.NEW.value, max_length=10)
    asked_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    read_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    error: str = Field(default="", max_length=60)
    next_read_on: date | None = None
    version: int = 1


class PortalReading(SQLModel, table=True):
    """One reading that counted something. `url` is where the catalog was found, or the name of a file; `problems` one a line.

    `unmatched` are the publishers that are no department, as a JSON list. `file_id` is the JSON as it came.
    """

    __tablename__ = "portal_reading"
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    url: str = Field(max_length=2000)
    kind: str = Field(max_length=10)
    datasets: int
    problems: str = Field(default="", sa_column=Column(Text, nullable=False))
    unmatched: str = Field(default="[]", sa_column=Column(Text, nullable=False))
    file_id: int | None = Field(default=None, foreign_key="stored_file.id")
    at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


class PortalFact(SQLModel, table=True):
    """A fact of one reading, and what a person made of it. An empty `criterion` is a fact that the edition has no place for."""

    __tablename__ = "portal_fact"
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    reading_id: int = Field(foreign_key="portal_reading.id", index=True)
    key: str = Field(max_length=20)
    value: int
    total: int | None = None
    unknown: int = 0
    on_day: date | None = None
    criterion: str = Field(default="", max_length=12)
    item: str = Field(default="", max_length=40)
    state: str = Field(default=FactState.PROPOSED.value, max_length=10)
    evidence_id: int | None = Field(default=None, foreign_key="evidence.id")
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_column=Column(Utc))


def add_portal(session: Session, portal: Portal) -> Portal:
    session.add(portal)
    return portal


def add_reading(session: Session, reading: PortalReading) -> int:
    """Returns its id."""
    session.add(reading)
    session.flush()
    return reading.id


def add_fact(session: Session, fact: PortalFact) -> None:
    session.add(fact)


def find_portal(session: Session, city_id: int, *, lock: bool = False) -> Portal | None:
    """`lock` keeps others from changing it until the end of the transaction."""
    query = select(Portal).where(Portal.city_id == city_id)
    return session.exec(query.with_for_update() if lock else query).first()


def list_awaited_portals(session: Session) -> list[Portal]:
    """Of every city: catalogs that were asked for and not read yet, or have a day of their next reading."""
    query = select(Portal).where((col(Portal.state) == CatalogState.ASKED) | col(Portal.next_read_on).is_not(None))
    return list(session.exec(query))


def save_portal(session: Session, city_id: int, version: int, **values: object) -> bool:
    """Write the columns if nobody changed the row since `version`; False when someone did, and then nothing is written."""
    changed = (
        update(Portal)
        .where(col(Portal.city_id) == city_id, col(Portal.version) == version)
        .values(**values, version=version + 1)
        .execution_options(synchronize_session="evaluate")
    )
    return session.exec(changed).rowcount == 1


def find_latest_reading(session: Session, city_id: int) -> PortalReading | None:
    """The last reading that counted something."""
    query = select(PortalReading).where(PortalReading.city_id == city_id)
    return session.exec(query.order_by(col(PortalReading.id).desc()).limit(1)).first()


def find_reading(session: Session, city_id: int, reading_id: int) -> PortalReading | None:
    query = select(PortalReading).where(PortalReading.city_id == city_id, PortalReading.id == reading_id)
    return session.exec(query).first()


def list_facts(session: Session, city_id: int, reading_id: int) -> list[PortalFact]:
    """Those of a reading, in the order in which they were counted."""
    query = select(PortalFact).where(PortalFact.city_id == city_id, PortalFact.reading_id == reading_id)
    return list(session.exec(query.order_by(col(PortalFact.id))))


def hold_fact(session: Session, city_id: int, fact_id: int) -> PortalFact | None:
    """Locked until the end of the transaction where the database locks rows, so that it is decided once."""
    query = select(PortalFact).where(PortalFact.city_id == city_id, PortalFact.id == fact_id)
    return session.exec(query.with_for_update()).first()


def load_rejected_keys(session: Session, city_id: int) -> set[str]:
    """Keys of the facts that the city does not want to be proposed again."""
    query = select(PortalFact.key).where(PortalFact.city_id == city_id, PortalFact.state == FactState.NEVER)
    return set(session.exec(query.distinct()))


def forget_rejection(session: Session, city_id: int, key: str) -> None:
    """Let the fact be proposed again, in the readings to come too."""
    statement = update(PortalFact).where(col(PortalFact.city_id) == city_id, col(PortalFact.key) == key)
    session.exec(statement.where(col(PortalFact.state) == FactState.NEVER).values(state=FactState.PROPOSED.value))
