"""The database: engines for SQLite and PostgreSQL that behave the same, and the columns that every table shares.

SQLite: WAL, foreign keys on, `BEGIN IMMEDIATE` for everything that writes. A deferred BEGIN that turns into a write fails at once
with "database is locked" whatever the timeout; an immediate one waits its turn. The bundled `pysqlite3` is preferred, because
SQLite before 3.51.3 can corrupt a WAL database when it is reset.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, Engine, MetaData, TypeDecorator, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool
from sqlmodel import Session, SQLModel

from app.store.occupancy import FileHold, ServerHold, join_with_each_connection

try:
    sqlite_driver: ModuleType = import_module("pysqlite3.dbapi2")
except ImportError:
    sqlite_driver = sqlite3

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


class Utc(TypeDecorator[datetime]):
    """A moment with its zone. Naive times are refused on the way in, because SQLite would keep them without saying so."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


PATIENCE_SECONDS = 20
"""How long a writer waits for its turn on SQLite. Turns are not handed out in order, so in a crowd on a slow disk one may wait long."""


def now() -> datetime:
    """This moment in UTC; the one clock of the layers below the web."""
    return datetime.now(UTC)


def sqlite_module() -> ModuleType:
    """The SQLite driver in use, for `doctor` to report."""
    return sqlite_driver


def open_engine(address: str, *, together: bool = True) -> Engine:
    """An engine for `sqlite:///path` or `postgresql+psycopg://...`; not `together` for whoever has the database alone already."""
    if not address.startswith("sqlite"):
        engine = create_engine(address, pool_pre_ping=True, pool_size=8, max_overflow=16, hide_parameters=True)
        if together:
            join_with_each_connection(engine)
        return engine
    engine = create_engine(
        address,
        module=sqlite_driver,
        pool_size=8,
        max_overflow=56,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": PATIENCE_SECONDS},
    )
    event.listen(engine, "do_connect", _make_private)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_private(_dialect: Dialect, _record: object, arguments: list[Any], _options: object) -> None:
    """A database that is made here is for this account alone; what SQLite keeps beside it gets the same rights."""
    with suppress(OSError):  # SQLite says better what stands in the way
        os.close(os.open(arguments[0], os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are ours to begin, see _begin_sqlite
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={PATIENCE_SECONDS * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


class WritingSession(Session):
    """A session whose changes the record takes notice of, see `app.store.recording`."""


class Database:
    """One database of one app; two apps in one process can have two.

    `alone` is for filling or moving it: Refused while anybody else has it open, and nobody else comes in until it is closed.
    """

    def __init__(self, address: str, *, alone: bool = False) -> None:
        self._hold = _hold(address, alone)
        self.engine = open_engine(address, together=not alone)
        self._reader = self.engine.execution_options(reads_only=True)
        one_moment = {} if self.engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        self._snapshot = self._reader.execution_options(**one_moment)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading; nothing done in it is kept."""
        with Session(self._reader, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A session for reading in which everything is as it was at the first query, however long it takes."""
        with Session(self._snapshot, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that commits at the end. Nothing is kept when anything raises, or of what came before a rollback inside."""
        with WritingSession(self.engine, expire_on_commit=False) as session:
            yield session
            session.commit()

    def close(self) -> None:
        self.engine.dispose()
        if self._hold:
            self._hold.release()


def _hold(address: str, alone: bool) -> FileHold | ServerHold | None:
    """What keeps those apart who cannot be in together. Those who share a PostgreSQL do so with each connection."""
    place = make_url(address)
    if place.get_backend_name() == "sqlite":
        return FileHold(Path(place.database), alone=alone) if place.database else None
    return ServerHold(create_engine(address, poolclass=NullPool)) if alone else None
