"""Bring a database to the newest tables, or not at all.

On SQLite, changing a table re-creates it, and with foreign keys on that silently deletes the rows that point to it. So migrations run
with foreign keys off, in one immediate transaction that a kill leaves untouched; afterwards keys and row counts are checked, and a
loss aborts. Several processes starting at once wait for each other (BEGIN IMMEDIATE, or an advisory lock on PostgreSQL). An SQLite
database with something in it is copied aside first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Connection, Engine, event, inspect, text

from app.rules.errors import Refused
from app.rules.message import Message, say
from app.store.database.copy import copy_aside, list_copies
from app.store.database.engine import now, open_engine, sqlite_module
from app.store.whole_tables import make_tables_at_once

if TYPE_CHECKING:
    from alembic.config import Config

log = structlog.get_logger()

MIGRATIONS_FOLDER = Path(__file__).resolve().parents[2] / "migrations"
_ADVISORY_LOCK = 7_243_801
PATIENCE_SECONDS = 600
"""How long a start waits for another one that migrates the same database."""


class MigrationLostRows(Exception):
    """A migration removed rows that it had not said it would; nothing of it was kept."""


def alembic_config() -> "Config":
    """How Alembic finds the revisions. It is loaded only here and when there is something to do: an ordinary start is quicker without."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_FOLDER))
    return config


def upgrade_database(address: str, revision: str = "head") -> list[str]:
    """Migrate the database at `address`; returns the revisions applied, oldest first.

    Raises MigrationLostRows, and Refused for a database that a newer version has changed, or that cannot be copied first.
    """
    engine = _engine_for_rebuilding(address)
    try:
        with engine.connect().execution_options(reads_only=True) as connection:
            start = current_revision(connection)
            if is_newer(start):
                raise Refused(_made_by_newer_message(engine, start or ""))
            if revision == "head" and start == newest_revision():
                return []  # an ordinary start takes no lock, so it need not wait for whoever is writing
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
            _copy_before_change(connection)
            return _run_revisions(connection, revision)
    finally:
        engine.dispose()


@contextmanager
def open_for_rebuilding(address: str) -> Iterator[Connection]:
    """One transaction in a database that is this process's alone, in which `upgrade_within` may re-create tables."""
    engine = _engine_for_rebuilding(address, together=False)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def upgrade_within(connection: Connection, revision: str = "head") -> list[str]:
    """As `upgrade_database`, in the transaction of `open_for_rebuilding`."""
    return _run_revisions(connection, revision)


def is_newer(revision: str | None) -> bool:
    """Whether a database at this revision was changed by a version of the app that came after this one."""
    return revision is not None and revision not in _known_revisions()


def _made_by_newer_message(engine: Engine, revision: str) -> Message:
    known = _known_revisions()
    copies_beside = list_copies(Path(engine.url.database or "")) if engine.dialect.name == "sqlite" else []
    usable = [path for path in copies_beside if path.stem.split("-")[-3] in known]
    if usable:
        return say(
            "This database was made by a newer version of CityReady (tables %(revision)s; this version knows up to %(newest)s). Install "
            "that version, or restore the copy that was made before: %(copy)s.",
            revision=revision,
            newest=max(known),
            copy=usable[-1],
        )
    return say(
        "This database was made by a newer version of CityReady (tables %(revision)s; this version knows up to %(newest)s). Install that "
        "version, or restore the backup that was made before the upgrade.",
        revision=revision,
        newest=max(known),
    )


def _copy_before_change(connection: Connection) -> None:
    """Of a database whose tables are about to change: in the transaction that changes them, so one process makes it and nobody writes."""
    start = current_revision(connection)
    if start is None or start == newest_revision() or not any(count_rows(connection).values()):
        return
    path = connection.engine.url.database
    if connection.dialect.name == "sqlite" and path:
        copy = copy_aside(sqlite_module(), Path(path), start, now())
        log.warning("database copied before its tables change", copy=str(copy))
    else:
        log.warning("tables change and no copy was made: on PostgreSQL take a dump before each upgrade", revision=start)


def _engine_for_rebuilding(address: str, *, together: bool = True) -> Engine:
    engine = open_engine(address, together=together, patience_seconds=PATIENCE_SECONDS)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=OFF").close())
    return engine


def _run_revisions(connection: Connection, revision: str) -> list[str]:
    target = (newest_revision() or "") if revision == "head" else revision
    start = current_revision(connection)
    if start == target:
        return []
    made = None if start else make_tables_at_once(connection, MIGRATIONS_FOLDER / "whole", target)
    at_once = sorted(known for known in _known_revisions() if made and known <= made)
    return at_once if made == target else at_once + _run_steps(connection, made or start, revision)


def _run_steps(connection: Connection, start: str | None, revision: str) -> list[str]:
    from alembic import command
    from alembic.script import ScriptDirectory

    counts_before = count_rows(connection)
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    _check_row_counts(connection, counts_before)
    if current_revision(connection) == newest_revision():
        from app.store import tables  # noqa: F401 (a table needs those that it points to)
        from app.store.history import baseline

        baseline.record_first_states(connection)
        if start:  # a database that is made now has no rows yet
            baseline.record_new_tables(connection, count_rows(connection).keys() - counts_before.keys())
    steps = ScriptDirectory.from_config(config).iterate_revisions(revision, start or "base")
    return [step.revision for step in reversed(list(steps))]


def current_revision(connection: Connection) -> str | None:
    """The revision that the database is at; None for an empty one."""
    if "alembic_version" not in inspect(connection).get_table_names():
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def newest_revision() -> str | None:
    """The revision that this version of the app wants: the highest number among the files, `0001_first_tables.py` and on."""
    return max(_known_revisions(), default=None)


def _known_revisions() -> set[str]:
    return {file.stem.partition("_")[0] for file in (MIGRATIONS_FOLDER / "versions").glob("*.py")}


def count_rows(connection: Connection) -> dict[str, int]:
    """Rows by table, as they are now."""
    preparer = connection.dialect.identifier_preparer
    tables = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
    counts = {name: f"SELECT count(*) FROM {preparer.quote(name)}" for name in tables}  # noqa: S608  # our own tables' names
    return {name: connection.execute(text(query)).scalar_one() for name, query in counts.items()}


def _check_row_counts(connection: Connection, counts_before: dict[str, int]) -> None:
    counts_after = count_rows(connection)
    lost = [
        f"{name}: {count} -> {counts_after[name]}"
        for name, count in counts_before.items()
        if name in counts_after and counts_after[name] < count
    ]
    if connection.dialect.name == "sqlite":
        lost += [
            f"broken reference: {reference}"
            for reference in connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        ]
    if lost:
        raise MigrationLostRows("; ".join(lost))
