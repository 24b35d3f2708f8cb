"""A backup while people work: the database as it is at one moment, then the files that it knows, then a look at all of it."""

import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.exc import DatabaseError
from sqlmodel import Session

from app import VERSION
from app.adapters import tokens
from app.adapters.backup import BackupFolder, BackupShelf
from app.adapters.storage import StorageEntry
from app.rules.backup import INCOMPLETE, FileMark, Manifest, RecordMark, TableMark, name_at, to_remove
from app.rules.errors import CityReadyError, Invalid, NotFound, OutsideUnavailable, Refused, reason_of
from app.rules.message import say
from app.services.installation import belonging as installations
from app.services.installation.wholeness import Fault, FaultKind, Progress, digest_of, place_of
from app.services.site import Site
from app.store import city, installation
from app.store.backup import record_backup
from app.store.database.engine import now
from app.store.migrating import current_revision, newest_revision
from app.store.table_rows import Counting, lines_of, tables_in
from app.store.wholeness import KnownFile, database_faults, lasting_files

PASSING = {"upload", "upload_part", "unclaimed_file"}
"""Tables of what is on its way and comes and goes by the minute; of no use to whoever restores."""
ROUNDS = 5
"""How often the database is read again because files went while they were copied."""


@dataclass(frozen=True)
class MadeBackup:
    """A finished backup; `faults` are the lines of what was missing or changed in the installation itself, `removed` older ones."""

    folder: Path
    file_count: int
    linked: int
    faults: tuple[str, ...]
    removed: tuple[str, ...]


def make_backup(site: Site, to: Path, keep: int, progress: Progress) -> MadeBackup:
    """Write a backup to a folder of its own in `to`, read it back, and remove whole ones but the last `keep`.

    Raises Refused where it cannot be written or does not read back, and where the database cannot be read; then nothing older is removed.
    """
    shelf = BackupShelf(to)
    try:
        with site.database.reading() as session:
            need_newest(current_revision(session.connection()))
        installations.check_belonging(site)
        with shelf.opened():
            return _make(site, shelf, keep, progress)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise Refused(
            say("The backup cannot be written to %(folder)s: %(reason)s.", folder=to, reason=reason)
        ) from None
    except DatabaseError as problem:
        reason = reason_of(problem)
        raise Refused(say("The database cannot be read: %(reason)s. See cityready verify.", reason=reason)) from None


def _make(site: Site, shelf: BackupShelf, keep: int, progress: Progress) -> MadeBackup:
    names = shelf.list_names()
    name = name_at(now(), names)
    with shelf.begin_backup(name) as folder:
        copying = _Copying(site, folder, _newest(shelf, names))
        manifest = _written(copying, progress)
        name += INCOMPLETE if manifest.faults else ""
        done = shelf.finish_backup(folder, name)
    if not manifest.faults:
        _remember(site, name, manifest, progress)
    removed = to_remove(shelf.list_names(), keep, name)
    for old in removed:
        shelf.remove_backup(old)
    return MadeBackup(done.folder, len(manifest.files), copying.linked, manifest.faults, tuple(removed))


def _written(copying: "_Copying", progress: Progress) -> Manifest:
    manifest = _consistent(copying, progress)
    _keep_secret_key(copying.site, copying.folder)
    copying.folder.write_manifest(manifest)
    progress("Reading the backup back.")
    if damaged := damages(copying.folder):
        raise Refused(say("The backup does not read back as it was written: %(first)s.", first=damaged[0]))
    return manifest


def _newest(shelf: BackupShelf, names: list[str]) -> BackupFolder | None:
    return shelf.backup(names[-1]) if names else None


def _remember(site: Site, name: str, manifest: Manifest, progress: Progress) -> None:
    """A disk that is full or cannot be written is when a backup matters most, so it is not lost for want of this row."""
    rows = sum(table.rows for table in manifest.tables)
    try:
        with site.database.writing() as session:
            record_backup(session, name, file_count=len(manifest.files), row_count=rows, made_at=manifest.made_at)
    except (DatabaseError, OutsideUnavailable) as problem:
        progress(
            f"The database cannot be written ({problem.__cause__ or problem}), so doctor will not know of this backup."
        )


def _consistent(copying: "_Copying", progress: Progress) -> Manifest:
    """Database and files of one moment: where a file went meanwhile because its row did, the database is read again."""
    for _ in range(ROUNDS):
        manifest, known = _write_database(copying.site, copying.folder, progress)
        if copying.copy(known, progress):
            copying.forget_all_but(known)
            faults = manifest.faults + tuple(fault.line() for fault in copying.faults.values())
            return replace(manifest, files=tuple(sorted(copying.done.values())), faults=faults)
    raise Refused(say("Files were disposed of faster than they could be copied. Try again when less is going on."))


def _write_database(site: Site, folder: BackupFolder, progress: Progress) -> tuple[Manifest, dict[str, KnownFile]]:
    progress("Copying the database.")
    with site.database.snapshot() as session:
        return _write_tables(session, folder), lasting_files(session)


def _write_tables(session: Session, folder: BackupFolder) -> Manifest:
    connection = session.connection()
    revision = need_newest(current_revision(connection))
    made_at, marks = now(), []
    for table in tables_in(connection):
        if table.name not in PASSING:
            counting = Counting(table)
            folder.write_lines(table.name, counting.passing(lines_of(connection, table)))
            marks.append(counting.mark())
    where = connection.engine.url.render_as_string(hide_password=True)
    faults = [Fault(FaultKind.DATABASE, where, line).line() for line in database_faults(connection)]
    return _described(session, made_at, revision, marks, faults)


def need_newest(revision: str | None) -> str:
    """The revision. Raises Refused for a database that another version of the app made."""
    if revision is None or revision != newest_revision():
        said = say(
            "The tables of this database are not those of this version. Use the version that made them, or run cityready migrate."
        )
        raise Refused(said)
    return revision


def _described(
    session: Session, made_at: datetime, revision: str, marks: list[TableMark], faults: list[str]
) -> Manifest:
    row = installation.read(session)
    return Manifest(
        version=VERSION,
        made_at=made_at,
        revision=revision,
        identity=row.identity if row else "",
        tables=tuple(marks),
        files=(),
        records=tuple(
            RecordMark(each.slug, each.history_count, each.history_head) for each in city.all_cities(session)
        ),
        faults=tuple(faults),
    )


@dataclass
class _Copying:
    """The files of one backup, which may take several rounds; what is unchanged since the one before is not copied again."""

    site: Site
    folder: BackupFolder
    before: BackupFolder | None
    done: dict[str, FileMark] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    linked: int = 0

    def __post_init__(self) -> None:
        self._marks = _marks_of(self.before)

    def copy(self, known: dict[str, KnownFile], progress: Progress) -> bool:
        """Copy what is not here yet; False where a file went together with its row."""
        stored = {each.key: each for each in self.site.storage.list_files()}
        waiting = [file for key, file in known.items() if key not in self.done]
        missing = []
        for number, file in enumerate(waiting, start=1):
            if not self._copy_one(file, stored.get(file.key)):
                missing.append(file)
            if number % progress_step(len(waiting)) == 0:
                progress(f"Copied {number} of {len(waiting)} files.")
        return self._explain(missing)

    def _copy_one(self, file: KnownFile, stored: StorageEntry | None) -> bool:
        if stored and self._link(file, stored):
            return True
        try:
            mark = self.folder.write_file(file.key, self.site.storage.open(file.key))
        except NotFound:
            return False
        self.done[file.key] = mark
        if file.sha256 and mark.sha256 != file.sha256:
            self.faults[file.key] = Fault(
                FaultKind.CONTENT, place_of(file), "its file was changed: the SHA-256 is another"
            )
        return True

    def _link(self, file: KnownFile, stored: StorageEntry) -> bool:
        """A key is never written twice, so the file of this key in the backup before is the same; its hash is looked at in the end."""
        mark = self._marks.get(file.key)
        if mark is None or self.before is None or mark.size_bytes != stored.size_bytes:
            return False
        if file.sha256 not in ("", mark.sha256) or not _is_sound(self.before, mark):
            return False
        if not self.folder.link_file(self.before, file.key):
            return False
        self.done[file.key] = mark
        self.linked += 1
        return True

    def _explain(self, missing: list[KnownFile]) -> bool:
        with self.site.database.reading() as session:
            still = lasting_files(session) if missing else {}
        for file in missing:
            if file.key in still:
                what = "its file is not in the file storage"
                self.faults[file.key] = Fault(FaultKind.MISSING, place_of(file), what)
        return all(file.key in still for file in missing)

    def forget_all_but(self, known: dict[str, KnownFile]) -> None:
        for key in self.done.keys() - known.keys():
            del self.done[key]
            self.folder.remove_file(key)
        self.faults = {key: fault for key, fault in self.faults.items() if key in known}


def _marks_of(before: BackupFolder | None) -> dict[str, FileMark]:
    try:
        return {mark.key: mark for mark in before.read_manifest().files} if before else {}
    except Invalid:
        return {}


def progress_step(count: int) -> int:
    """After how many files to say how far it has come: some ten times in all."""
    return max(1, count // 10)


def _keep_secret_key(site: Site, folder: BackupFolder) -> None:
    path = site.settings.data_dir / tokens.KEY_FILE
    if site.settings.secret_key:
        folder.write_secret_key(site.settings.secret_key.encode())
    elif path.exists():
        folder.write_secret_key(path.read_bytes())


def _is_sound(folder: BackupFolder, mark: FileMark) -> bool:
    try:
        return digest_of(folder.storage.open(mark.key)) == mark.sha256
    except CityReadyError:
        return False


class Damage(NamedTuple):
    """A part of a backup that is missing or not as its manifest says."""

    of_table: bool
    name: str

    def __str__(self) -> str:
        return f"{'table' if self.of_table else 'file'} {self.name}"


def damages(folder: BackupFolder) -> list[Damage]:
    """What of a backup is missing or is not as its manifest says. Raises Invalid where there is no manifest."""
    manifest = folder.read_manifest()
    found = [Damage(True, table.name) for table in manifest.tables if not _reads_back(folder, table)]
    return found + [Damage(False, mark.key) for mark in manifest.files if not _is_sound(folder, mark)]


def _reads_back(folder: BackupFolder, table: TableMark) -> bool:
    try:
        return _counted(folder.read_lines(table.name)) == (table.rows, table.sha256)
    except (OSError, EOFError, zlib.error):
        return False


def _counted(rows: Iterable[bytes]) -> tuple[int, str]:
    digest, count = hashlib.sha256(), 0
    for line in rows:
        digest.update(line)
        count += 1
    return count, digest.hexdigest()
