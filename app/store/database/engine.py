"""The database: engines for SQLite and PostgreSQL that behave the same, and the columns that every table shares."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from sqlalchemy import DateTime, Dialect, Engine, MetaData, TypeDecorator, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool
from sqlmodel import Session, SQLModel

from app.rules.installation.database_trouble import DatabaseTrouble
from app.store.database.occupancy import FileHold, ServerHold, join_with_each_connection
from app.store.database.sqlite import open_sqlite, sqlite_driver
from app.store.database.trouble import name_troubles

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


PATIENCE_SECONDS = 40
"""How long a writer waits for its turn: less than browsers and proxies wait for an answer."""
_ADVISORY_LOCK = 7_243_803
ANSWER_SECONDS = 10
"""How long PostgreSQL may take to answer to a new connection."""


def now() -> datetime:
    """This moment in UTC; the one clock of the layers below the web."""
    return datetime.now(UTC)


def sqlite_module() -> ModuleType:
    """The SQLite driver in use, for `doctor` to report."""
    return sqlite_driver


def open_engine(address: str, *, together: bool = True, patience_seconds: int = PATIENCE_SECONDS) -> Engine:
    """An engine for `sqlite:///path` or `postgresql+psycopg://...`; not `together` for whoever has the database alone already."""
    if not address.startswith("sqlite"):
        waits = {} if "connect_timeout" in make_url(address).query else {"connect_timeout": ANSWER_SECONDS}
        engine = create_engine(
            address, pool_pre_ping=True, pool_size=8, max_overflow=16, hide_parameters=True, connect_args=waits
        )
        if together:
            join_with_each_connection(engine)
        return engine
    return open_sqlite(address, patience_seconds)


commits_of_request: ContextVar[list[int] | None] = ContextVar("commits_of_request", default=None)
"""Gets longer with each commit in a request, which may be done a second time only while it is empty."""


class WritingSession(Session):
    """A session whose changes the record takes notice of, see `app.store.history.recording`."""


class Database:
    """One database of one app; two apps in one process can have two.

    `alone` is for filling or moving it: Refused while anyone else has it open, and nobody else comes in until it is closed.
    """

    def __init__(self, address: str, *, alone: bool = False) -> None:
        self._hold = _hold_database(address, alone)
        self.engine = open_engine(address, together=not alone)
        name_troubles(self.engine)
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
        """A session that commits at the end. Nothing is kept when anything raises, or of what came before a rollback inside.

        Raises OutcomeUnknown where the database goes away while it commits.
        """
        with WritingSession(self.engine, expire_on_commit=False) as session:
            yield session
            self.keep(session)

    def keep(self, session: Session) -> None:
        """Commit what a session of `writing` wrote; from here on it only reads, and holds up nobody who writes."""
        if session.bind is self._reader:
            return
        session.commit()
        commits = commits_of_request.get()
        if commits is not None:
            commits.append(1)
        self._read_on(session)

    def undo(self, session: Session) -> None:
        """Roll back whatever a session wrote; from here on it only reads."""
        session.rollback()
        if session.bind is not self._reader:
            self._read_on(session)

    def only_reads(self, session: Session) -> bool:
        """Whether nothing can be changed in the session, or not any more."""
        return session.bind is not self.engine

    def wait_for_others(self, session: Session) -> None:
        """Before something that only one process may do: SQLite's writers are alone anyway, PostgreSQL's wait here for each other."""
        if self.engine.dialect.name == "postgresql":
            session.connection().execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})

    def _read_on(self, session: Session) -> None:
        session.close()
        session.bind = self._reader
        session.autoflush = False

    def answers(self) -> bool:
        """Whether the database can be asked just now."""
        try:
            with self._reader.connect() as connection:
                return bool(connection.exec_driver_sql("SELECT 1").scalar_one())
        except DatabaseTrouble:
            return False

    def close(self) -> None:
        self.engine.dispose()
        if self._hold:
            self._hold.release()


def _hold_database(address: str, alone: bool) -> FileHold | ServerHold | None:
    """What keeps those apart who cannot be in together. Those who share a PostgreSQL do so with each connection."""
    place = make_url(address)
    if place.get_backend_name() == "sqlite":
        return FileHold(Path(place.database), alone=alone) if place.database else None
    return ServerHold(create_engine(address, poolclass=NullPool)) if alone else None
