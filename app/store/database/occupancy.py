"""Who has a database open: many processes together, or one of them alone.

A restore or a move over a running app damages what it finds. So every process that opens a database says so for as long as it has it
open: with a lock on a file beside SQLite's own, with an advisory lock of each connection on PostgreSQL. A kill lets go of either, and
PostgreSQL's goes along with connections that are made again after a restart of the server.
"""

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, text

from app.rules.errors import OutsideUnavailable, Refused
from app.rules.message import Message, say

_ADVISORY_LOCK = 7_243_802
_LOCK_SUFFIX = ".lock"
_LOCK_ATTEMPTS = 10
_BETWEEN_SECONDS = 0.1
"""PostgreSQL notices a moment later that a process was stopped or killed."""


def _taken_message() -> Message:
    return say("This database is being filled by a restore or a move just now. Start again when that is done.")


def _in_use_message() -> Message:
    return say(
        "This database is in use. Stop every cityready process that works with it first: serve, work and others."
    )


class FileHold:
    """A lock beside an SQLite file; `alone` keeps everyone else out. Raises OutsideUnavailable, and Refused for one alone."""

    def __init__(self, database: Path, *, alone: bool) -> None:
        self._descriptor = _open_lock_file(database.with_name(database.name + _LOCK_SUFFIX))
        if self._descriptor is None:
            return  # a disk that cannot be written, or a folder that is not there: nothing can be filled there either
        try:
            fcntl.flock(self._descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            raise (Refused(_in_use_message()) if alone else OutsideUnavailable(_taken_message())) from None

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _open_lock_file(path: Path) -> int | None:
    for flags in (os.O_RDWR | os.O_CREAT, os.O_RDONLY):
        with suppress(OSError):
            return os.open(path, flags, 0o600)
    return None


class ServerHold:
    """A connection to PostgreSQL that keeps everyone else out. Raises Refused while anyone is in."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection = engine.connect()
        for _ in range(_LOCK_ATTEMPTS):
            if self._try_lock():
                return
            time.sleep(_BETWEEN_SECONDS)
        self.release()
        raise Refused(_in_use_message())

    def _try_lock(self) -> bool:
        query = text("SELECT pg_try_advisory_lock(:lock)")
        is_locked = self._connection.execute(query, {"lock": _ADVISORY_LOCK}).scalar_one()
        self._connection.commit()  # the lock is the connection's, not the transaction's
        return bool(is_locked)

    def release(self) -> None:
        self._connection.close()
        self._engine.dispose()


def join_with_each_connection(engine: Engine) -> None:
    """From now on, each new connection to PostgreSQL is one of many; it raises OutsideUnavailable while someone is in alone."""
    event.listen(engine, "connect", _join_others)


def _join_others(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock_shared(%s)", (_ADVISORY_LOCK,))
        (is_locked,) = cursor.fetchone()
    connection.commit()
    if not is_locked:
        connection.close()
        raise OutsideUnavailable(_taken_message())
