"""What drivers say about a database in trouble, to the app's own names for it."""

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext

from app.rules.installation.database_trouble import (
    DatabaseAway,
    DatabaseBusy,
    DatabaseClosed,
    DatabaseFull,
    DatabaseTrouble,
    OutcomeUnknown,
)

SQLITE_TROUBLES: dict[str, type[DatabaseTrouble]] = {
    "is locked": DatabaseBusy,
    "disk is full": DatabaseFull,
    "readonly database": DatabaseClosed,
    "unable to open database file": DatabaseClosed,
    "disk I/O error": DatabaseClosed,
}
"""By the words of SQLite, which the standard driver tells instead of its numbers."""
POSTGRESQL_TROUBLES: dict[str, type[DatabaseTrouble]] = {
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
REFUSALS = ("authentication failed", "does not exist", "no pg_hba.conf entry")
"""A server that answers but lets nobody in: a wrong setting, which does not pass by itself."""


def name_troubles(engine: Engine) -> None:
    """From now on the engine raises DatabaseTrouble where a driver says that the database is in trouble."""
    event.listen(engine, "handle_error", _name_trouble)
    event.listen(engine, "begin", _note_begin)
    event.listen(engine, "commit", _note_commit)


def _note_begin(connection: Connection) -> None:
    connection.info.pop(_COMMITTING, None)


def _note_commit(connection: Connection) -> None:
    connection.info[_COMMITTING] = True


def _name_trouble(context: ExceptionContext) -> DatabaseTrouble | None:
    if context.is_pre_ping:
        return None  # the pool connects again by itself
    connection = context.connection
    trouble = recognize_trouble(
        context.original_exception, is_disconnected=context.is_disconnect, is_connecting=connection is None
    )
    if trouble is DatabaseAway and connection is not None and connection.info.get(_COMMITTING):
        return OutcomeUnknown()
    return trouble() if trouble else None


def recognize_trouble(
    problem: BaseException, *, is_disconnected: bool, is_connecting: bool
) -> type[DatabaseTrouble] | None:
    """The kind of trouble behind a driver's error; `is_disconnected` where the connection is lost, `is_connecting` where there was none yet."""
    if type(problem).__name__ not in {"OperationalError", "DatabaseError"} and not hasattr(problem, "sqlstate"):
        return None
    words, state = str(problem), getattr(problem, "sqlstate", None)
    if type(problem).__module__.startswith(("sqlite3", "pysqlite3")):
        return next((kind for phrase, kind in SQLITE_TROUBLES.items() if phrase in words), None)
    if state in POSTGRESQL_TROUBLES:
        return POSTGRESQL_TROUBLES[state]
    refused = any(phrase in words for phrase in REFUSALS)
    return DatabaseAway if is_disconnected or (is_connecting and not refused) else None
