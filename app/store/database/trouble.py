"""What drivers say about a database in trouble, to the app's own names for it."""

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext

from app.rules.database_trouble import (
    DatabaseAway,
    DatabaseBusy,
    DatabaseClosed,
    DatabaseFull,
    DatabaseTrouble,
    OutcomeUnknown,
)

SQLITE: dict[str, type[DatabaseTrouble]] = {
    "is locked": DatabaseBusy,
    "disk is full": DatabaseFull,
    "readonly database": DatabaseClosed,
    "unable to open database file": DatabaseClosed,
    "disk I/O error": DatabaseClosed,
}
"""By the words of SQLite, which the standard driver tells instead of its numbers."""
POSTGRESQL: dict[str, type[DatabaseTrouble]] = {
    "53100": DatabaseFull,
    "53300": DatabaseBusy,
    "40P01": DatabaseBusy,
    "25006": DatabaseClosed,
    "57P01": DatabaseAway,
    "57P02": DatabaseAway,
    "57P03": DatabaseAway,
}
"""By SQLSTATE. Source: PostgreSQL's manual, appendix A."""
_COMMITTING = "cityready.committing"
REFUSED = ("authentication failed", "does not exist", "no pg_hba.conf entry")
"""A server that answers but lets nobody in: a wrong setting, which does not pass by itself."""


def name_troubles(engine: Engine) -> None:
    """From now on the engine raises DatabaseTrouble where a driver says that the database is in trouble."""
    event.listen(engine, "handle_error", _name)
    event.listen(engine, "begin", _begins)
    event.listen(engine, "commit", _commits)


def _begins(connection: Connection) -> None:
    connection.info.pop(_COMMITTING, None)


def _commits(connection: Connection) -> None:
    connection.info[_COMMITTING] = True


def _name(context: ExceptionContext) -> DatabaseTrouble | None:
    if context.is_pre_ping:
        return None  # the pool connects again by itself
    connection = context.connection
    trouble = trouble_of(context.original_exception, gone=context.is_disconnect, connecting=connection is None)
    if trouble is DatabaseAway and connection is not None and connection.info.get(_COMMITTING):
        return OutcomeUnknown()
    return trouble() if trouble else None


def trouble_of(problem: BaseException, *, gone: bool, connecting: bool) -> type[DatabaseTrouble] | None:
    """The kind of trouble behind a driver's error; `gone` where the connection is lost, `connecting` where there was none yet."""
    if type(problem).__name__ not in {"OperationalError", "DatabaseError"} and not hasattr(problem, "sqlstate"):
        return None
    words, state = str(problem), getattr(problem, "sqlstate", None)
    if type(problem).__module__.startswith(("sqlite3", "pysqlite3")):
        return next((kind for part, kind in SQLITE.items() if part in words), None)
    if state in POSTGRESQL:
        return POSTGRESQL[state]
    refused = any(part in words for part in REFUSED)
    return DatabaseAway if gone or (connecting and not refused) else None
