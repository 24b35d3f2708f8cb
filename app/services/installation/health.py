"""Whether the database answers and is whole."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from app.rules.errors import CityReadyError
from app.store.database.engine import Database
from app.store.installation.wholeness import is_database_readable, list_missing_tables
from app.store.migrating import current_revision, newest_revision

log = structlog.get_logger()

LOOK_EVERY_SECONDS = 300
"""How long an answer about SQLite's file stands: looking reads all of it."""


def check_database(session: Session) -> str:
    """`ok`, `not migrated`, `incomplete` where tables are missing, or `unreachable`."""
    try:
        connection = session.connection()
        if current_revision(connection) != newest_revision():
            return "not migrated"
        return "incomplete" if list_missing_tables(connection) else "ok"
    except (CityReadyError, SQLAlchemyError):
        return "unreachable"


class FileWatch:
    """Looks at the file of an SQLite database now and then; PostgreSQL looks after its own."""

    def __init__(self, watched: Database, clock: Callable[[], float] = time.monotonic) -> None:
        """To be made when the database has been opened. `clock` counts seconds."""
        engine = watched.engine
        self._path = Path(engine.url.database) if engine.dialect.name == "sqlite" and engine.url.database else None
        self._clock = clock
        self._inode = self._read_inode()
        self._looked_at: float | None = None
        self._readable = True
        self._looking = threading.Lock()

    def state(self) -> str:
        """`ok`, `damaged`, or `replaced` where another file lies in its place or none; what is entered now would be lost then.

        May read the whole database: not for the event loop. Only one caller looks at a time; others get the last answer.
        """
        if self._path is None:
            return "ok"
        if self._read_inode() != self._inode:
            return "replaced"
        self._check_readable(self._path)
        return "ok" if self._readable else "damaged"

    def _check_readable(self, path: Path) -> None:
        if self._looked_at is not None and self._clock() - self._looked_at < LOOK_EVERY_SECONDS:
            return
        if not self._looking.acquire(blocking=self._looked_at is None):
            return
        try:
            if self._looked_at is None or self._clock() - self._looked_at >= LOOK_EVERY_SECONDS:
                self._readable = is_database_readable(path)
                self._looked_at = self._clock()
                if not self._readable:
                    log.error("the database is damaged: stop the app and restore a backup")
        finally:
            self._looking.release()

    def _read_inode(self) -> tuple[int, int] | None:
        try:
            file_status = self._path.stat() if self._path else None
        except OSError:
            return None
        return (file_status.st_dev, file_status.st_ino) if file_status else None
