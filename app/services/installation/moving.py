"""An installation moved to another database, another file storage, or both: from SQLite and a folder to PostgreSQL and a bucket, and back."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from sqlmodel import Session

from app.rules.backup import FileMark, TableMark
from app.rules.errors import Invalid, Refused
from app.rules.message import say
from app.services.installation import belonging
from app.services.installation.backup import need_newest_revision
from app.services.installation.filling import (
    FillingOrigin,
    check_storage_empty,
    fill_files,
    fill_place,
    is_already_filled,
)
from app.services.installation.wholeness import Progress, find_faults
from app.services.site import Site, open_site
from app.settings import Settings
from app.store.installation.installation import find_installation as read_installation
from app.store.installation.wholeness import KnownFile, load_known_files
from app.store.migrating import current_revision
from app.store.table_rows import list_tables, mark_table, read_table_lines, sort_columns

MOVES_ON = "installation"
"""The table that says how often database and files were marked as used together: it counts on with each run."""


@dataclass
class LiveOrigin(FillingOrigin):
    """An installation that nobody else has open, read in one snapshot."""

    site: Site
    session: Session
    known: dict[str, KnownFile] = field(default_factory=dict)

    def __post_init__(self) -> None:
        connection = self.session.connection()
        self._revision = need_newest_revision(current_revision(connection))
        self._tables = {table.name: table for table in list_tables(connection)}
        identity_row = read_installation(self.session)
        self._identity = identity_row.identity if identity_row else ""
        self.known = load_known_files(self.session)

    @property
    def identity(self) -> str:
        return self._identity

    @property
    def revision(self) -> str:
        return self._revision

    def keys(self) -> Sequence[str]:
        return sorted(self.known)

    def open(self, key: str) -> Iterator[bytes]:
        return self.site.storage.open(key)

    def columns(self) -> dict[str, tuple[str, ...]]:
        return {name: tuple(column.name for column in sort_columns(table)) for name, table in self._tables.items()}

    def lines(self, table: str) -> Iterator[bytes]:
        return read_table_lines(self.session.connection(), self._tables[table])

    def mark(self, table: str) -> TableMark:
        return mark_table(self.session.connection(), self._tables[table])


@dataclass(frozen=True)
class MovedInstallation:
    """What is now in the new place: count and hash of each table and file; `missing` are keys of files that were not
    there to be moved; `again` where an earlier run had moved all rows."""

    tables: tuple[TableMark, ...]
    files: tuple[FileMark, ...]
    missing: tuple[str, ...] = ()
    again: bool = False


def move_installation(
    source: Settings, target: Settings, progress: Progress, *, damaged_too: bool = False
) -> MovedInstallation:
    """Copy everything to the target and compare both sides; the source stays as it is. A run that was cut off goes on.

    Raises Invalid where source and target are the same; Refused while either is in use, where the target is not empty, or where the
    source lacks files (unless `damaged_too`).
    """
    new_rows, new_files = source.database != target.database, source.storage != target.storage
    if not new_rows and not new_files:
        raise Invalid({"to": say("Say where to: another database, another file storage, or both.")})
    with closing(open_site(source, alone=True)) as old:
        belonging.check_belonging(old)
        with old.database.snapshot() as session, _open_target(old, target, new_rows) as new:
            origin = LiveOrigin(old, session)
            _check_whole(old, damaged_too)
            return _fill_or_compare(origin, new, progress, rows=new_rows, files=new_files)


@contextmanager
def _open_target(old: Site, target: Settings, new_rows: bool) -> Iterator[Site]:
    """The target; where the database stays, it is the one that is open already."""
    if not new_rows:
        yield Site(target, old.database)
        return
    with closing(open_site(target, alone=True)) as new:
        yield new


def _check_whole(old: Site, damaged_too: bool) -> None:
    faults = [] if damaged_too else list(find_faults(old, quick=True))
    if faults:
        raise Refused(
            say(
                "Something is missing or changed: %(count)s faults, such as: %(first)s. See cityready verify. To move what there is: "
                "--damaged-too.",
                count=len(faults),
                first=" ".join(faults[0].line().split()),
            )
        )


def _fill_or_compare(
    origin: LiveOrigin, new: Site, progress: Progress, *, rows: bool, files: bool
) -> MovedInstallation:
    if rows and is_already_filled(new, origin.identity):
        return _compare_tables(origin, new, progress, files=files)
    if files:
        check_storage_empty(new, origin.identity)
    filled = fill_place(new, origin, progress, files=files, rows=rows)
    return MovedInstallation(filled.tables, filled.files, filled.missing)


def _compare_tables(origin: LiveOrigin, new: Site, progress: Progress, *, files: bool) -> MovedInstallation:
    """For a run after one that was cut off at its very end, or was not: what it moved must be as it was."""
    progress("The tables are there already. Comparing them.")
    with new.database.snapshot() as session:
        connection = session.connection()
        marks_there = {table.name: mark_table(connection, table) for table in list_tables(connection)}
    for name in origin.columns():
        if name != MOVES_ON and origin.mark(name) != marks_there.get(name):
            raise Refused(
                say("The new database was used since it was filled: %(table)s is not the same any more.", table=name)
            )
    marks, missing = fill_files(new.storage, origin, progress) if files else ((), ())
    belonging.settle_belonging(new)
    return MovedInstallation(tuple(marks_there.values()), marks, missing, again=True)
