"""An empty place filled from a backup or from another installation: the files first, then all tables in one transaction.

So a place that was filled half has no table, and the same command goes on where the last one was killed: files that are there already are
read rather than written again. While it lasts, a mark in the file store says for which installation it is, and no app opens it.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, BinaryIO, Protocol, cast

from sqlalchemy import Connection, Table, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from app.adapters.storage.file_store import Storage
from app.rules.backup import FileMark, TableMark
from app.rules.errors import NotFound, Refused
from app.rules.message import Message, say
from app.services.installation import belonging
from app.services.installation.backup import progress_step
from app.services.installation.wholeness import Progress, digest_of
from app.services.site import Site
from app.store.migrating import open_for_rebuilding, upgrade_within
from app.store.table_rows import TableCounter, fill_table, list_tables, mark_table, without_references

FILLING = "filling"
"""In the mark of a file store (see `installation.StoreMark`) as long as its database is not there yet."""


class FillingOrigin(Protocol):
    """Where everything comes from: a backup, or an installation that nobody else has open."""

    @property
    def identity(self) -> str:
        """The installation's."""

    @property
    def revision(self) -> str:
        """The migration at which its tables are."""

    def keys(self) -> Sequence[str]:
        """Of all files."""

    def open(self, key: str) -> Iterator[bytes]:
        """Raises NotFound where the file is missing."""

    def columns(self) -> dict[str, tuple[str, ...]]:
        """The columns of each table, by name."""

    def lines(self, table: str) -> Iterator[bytes]:
        """The rows of a table, as `store.table_rows` has them."""


@dataclass(frozen=True)
class FilledPlace:
    """What went in; `missing` are keys of files that the origin itself does not have."""

    files: tuple[FileMark, ...]
    missing: tuple[str, ...]
    tables: tuple[TableMark, ...]


def is_already_filled(target: Site, identity: str) -> bool:
    """Whether the database is filled with this installation; False where there is nothing in it. Raises Refused for anything else."""
    _check_leftovers(target)
    with target.database.reading() as session:
        connection = session.connection()
        names = inspect(connection).get_table_names()
        if not names:
            return False
        if (
            "installation" in names
            and connection.execute(text("SELECT identity FROM installation")).scalar() == identity
        ):
            return True
    raise Refused(not_empty_message(target))


def not_empty_message(target: Site) -> Message:
    """What to say of a database that has something else in it."""
    place = target.database.engine.url.render_as_string(hide_password=True)
    return say("The database %(place)s is not empty. Name a new one: nothing is ever written over.", place=place)


def is_half_filled(storage: Storage, identity: str) -> bool:
    """Whether a run that was cut off left its mark here, for this installation."""
    content = storage.read_mark()
    try:
        mark = {} if content is None else json.loads(content)
        return bool(mark.get(FILLING)) and mark["installation"] == identity
    except (ValueError, KeyError, AttributeError):
        return False


def check_storage_empty(target: Site, identity: str) -> None:
    """Raises Refused where files are, or were marked to be, that a run which was cut off did not put there."""
    storage = target.storage
    empty = storage.read_mark() is None and next(iter(storage.list_files()), None) is None
    if not empty and not is_half_filled(storage, identity):
        place = target.settings.storage
        raise Refused(say("The file storage %(place)s is not empty. Name a new place for the files.", place=place))


def _check_leftovers(target: Site) -> None:
    """What a removed SQLite file left beside it would be taken for a part of the new one."""
    url = target.database.engine.url
    if url.get_backend_name() != "sqlite" or not url.database or _file_size(Path(url.database)):
        return
    leftover_paths = [path for ending in ("-wal", "-journal") if _file_size(path := Path(url.database + ending))]
    if leftover_paths:
        raise Refused(
            say("%(path)s belongs to a database that was here before. Move it away first.", path=leftover_paths[0])
        )


def _file_size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def fill_place(
    target: Site, origin: FillingOrigin, progress: Progress, *, files: bool = True, rows: bool = True
) -> FilledPlace:
    """Put everything there and compare it on both sides. Raises Refused where the database does not take a row or differs afterwards."""
    marks, missing = fill_files(target.storage, origin, progress) if files else ((), ())
    filled = fill_tables(target.settings.database, origin, progress) if rows else ()
    if files:
        _clear_strays(target.storage, origin)
    belonging.settle_belonging(target)
    return FilledPlace(marks, missing, filled)


def fill_files(
    storage: Storage, origin: FillingOrigin, progress: Progress
) -> tuple[tuple[FileMark, ...], tuple[str, ...]]:
    """Copy what is not there; returns the marks of all, and the keys that the origin lacks."""
    storage.write_mark(json.dumps({"installation": origin.identity, "beat": 0, FILLING: True}).encode())
    sizes_there = {each.key: each.size_bytes for each in storage.list_files()}
    keys, marks, missing = origin.keys(), [], []
    for number, key in enumerate(keys, start=1):
        try:
            marks.append(_copy_file(storage, origin, key, sizes_there.get(key)))
        except NotFound:
            missing.append(key)
        if number % progress_step(len(keys)) == 0:
            progress(f"Copied {number} of {len(keys)} files.")
    return tuple(marks), tuple(missing)


def _copy_file(storage: Storage, origin: FillingOrigin, key: str, size_there: int | None) -> FileMark:
    with cast("IO[bytes]", TemporaryFile()) as draft:
        digest, size_bytes = hashlib.sha256(), 0
        for chunk in origin.open(key):
            digest.update(chunk)
            size_bytes += draft.write(chunk)
        file_mark = FileMark(key, size_bytes, digest.hexdigest())
        if size_there != size_bytes or digest_of(storage.open(key)) != file_mark.sha256:
            draft.seek(0)
            storage.put(key, cast(BinaryIO, draft))
    if digest_of(storage.open(key)) != file_mark.sha256:
        raise Refused(say("File %(key)s does not come back from the file storage as it was put there.", key=key))
    return file_mark


def _clear_strays(storage: Storage, origin: FillingOrigin) -> None:
    """What an earlier try left of another state. Nothing else can be here: the place was empty when the first one began."""
    keys = set(origin.keys())
    for stored in list(storage.list_files()):
        if stored.key not in keys:
            storage.delete(stored.key)


def fill_tables(address: str, origin: FillingOrigin, progress: Progress) -> tuple[TableMark, ...]:
    """Make the tables, fill each and read it back, bring them to the newest revision: all of it or nothing."""
    with open_for_rebuilding(address) as connection:
        upgrade_within(connection, origin.revision)
        given_columns = origin.columns()
        with without_references(connection):
            filled = [table for table in list_tables(connection) if table.name in given_columns]
            marks = tuple(_fill_compared_table(connection, table, origin, progress) for table in filled)
        upgrade_within(connection)
    return marks


def _fill_compared_table(connection: Connection, table: Table, origin: FillingOrigin, progress: Progress) -> TableMark:
    counting, columns = TableCounter(table), list(origin.columns()[table.name])
    try:
        fill_table(connection, table, columns, counting.count_lines(origin.lines(table.name)))
    except SQLAlchemyError as problem:
        raise Refused(_refused_row_message(table.name, problem)) from None
    arrived = _check_same_mark(counting.mark(), mark_table(connection, table))
    if arrived.rows:
        progress(f"Filled {table.name}: {arrived.rows} rows.")
    return arrived


def _check_same_mark(sent: TableMark, arrived: TableMark) -> TableMark:
    if sent != arrived:
        raise Refused(
            say(
                "Table %(table)s is not the same in the new database: %(there)s of %(sent)s rows arrived, or values differ.",
                table=sent.name,
                there=arrived.rows,
                sent=sent.rows,
            )
        )
    return arrived


def _refused_row_message(table: str, problem: SQLAlchemyError) -> Message:
    reason = str(problem.__cause__ or getattr(problem, "orig", None) or problem).strip().partition("\n")[0]
    return say("The new database does not take a row of %(table)s: %(reason)s", table=table, reason=reason[:300])
