"""SQLite as the app uses it: WAL, foreign keys on, and `BEGIN IMMEDIATE` for everything that writes, in turn.

A deferred BEGIN that turns into a write fails at once with "database is locked" whatever the timeout; an immediate one waits its turn,
which `turns` hands out in order. The bundled `pysqlite3` is preferred, because SQLite before 3.51.3 can corrupt a WAL database when it is
reset.
"""

import os
import sqlite3
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.engine import make_url

from app.store.database.turns import Turns

try:
    sqlite_driver: ModuleType = import_module("pysqlite3.dbapi2")
except ImportError:
    sqlite_driver = sqlite3


def open_sqlite(address: str, patience_seconds: int) -> Engine:
    """An engine for `sqlite:///path`, whose writers wait that long for their turn."""
    place = make_url(address).database
    turns = Turns(Path(place).resolve() if place else None)
    engine = create_engine(
        address,
        module=sqlite_driver,
        pool_size=8,
        max_overflow=56,
        hide_parameters=True,
        connect_args={
            "check_same_thread": False,
            "timeout": patience_seconds,
            "factory": _turn_taking_connection(turns, patience_seconds),
        },
    )
    event.listen(engine, "do_connect", _make_private)
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin_transaction)
    event.listen(engine, "engine_disposed", lambda _: turns.close())
    return engine


def _turn_taking_connection(turns: Turns, patience_seconds: int) -> Any:
    """The driver's connection, with the turn to write, which is over when a transaction really is."""

    class TurnTaking(sqlite_driver.Connection):  # type: ignore[misc, name-defined]
        has_turn = False

        def take_turn(self) -> None:
            turns.take(patience_seconds)
            self.has_turn = True

        def end_turn(self) -> None:
            if self.has_turn:
                self.has_turn = False
                turns.end()

        def commit(self) -> None:
            super().commit()
            self.end_turn()

        def rollback(self) -> None:
            try:
                super().rollback()
            finally:
                self.end_turn()

        def close(self) -> None:
            try:
                super().close()
            finally:
                self.end_turn()

    return TurnTaking


def _make_private(_dialect: Dialect, _record: object, arguments: list[Any], _options: object) -> None:
    """A database that is made here is for this account alone; what SQLite keeps beside it gets the same rights."""
    with suppress(OSError):  # SQLite says better what stands in the way
        os.close(os.open(arguments[0], os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _prepare_connection(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are ours to begin, see _begin_transaction
    cursor = connection.cursor()
    if cursor.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        _change_to_wal(connection, cursor)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _change_to_wal(connection: Any, cursor: Any) -> None:
    """In turn, because of several that do it at once all but one fail without waiting."""
    connection.take_turn()
    try:
        cursor.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.end_turn()


def _begin_transaction(connection: Connection) -> None:
    driver: Any = connection.connection.dbapi_connection
    if connection.get_execution_options().get("reads_only", False):
        driver.execute("BEGIN")  # every request has one, and nothing can go wrong in it: it reads no file yet
        return
    driver.take_turn()
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except BaseException:
        driver.end_turn()
        raise
