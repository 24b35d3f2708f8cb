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
from app.adapters.storage.file_store import StorageEntry
from app.rules.backup import INCOMPLETE, FileMark, HistoryMark, Manifest, TableMark, backups_to_remove, name_backup
from app.rules.errors import CityReadyError, Invalid, NotFound, OutsideUnavailable, Refused, reason_in_line
from app.rules.message import say
from app.services.installation import belonging as installations
from app.services.installation.wholeness import Fault, FaultKind, Progress, digest_of, place_of
from app.services.site import Site
from app.store import city
from app.store.database.engine import now
from app.store.installation import installation
from app.store.installation.backup import record_backup
from app.store.installation.wholeness import KnownFile, list_database_faults, load_lasting_files
from app.store.migrating import current_revision, newest_revision
from app.store.table_rows import TableCounter, list_tables, read_table_lines

PASSING_TABLES = {"upload", "upload_part", "unclaimed_file"}
"""Tables of what is on its way and comes and goes by the minute; of no use to whoever restores."""
MOST_ROUNDS = 5
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
            need_newest_revision(current_revision(session.connection()))
        installations.check_belonging(site)
        with shelf.opened():
            return _write_backup(site, shelf, keep, progress)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise Refused(
            say("The backup cannot be written to %(folder)s: %(reason)s.", folder=to, reason=reason)
        ) from None
    except DatabaseError as problem:
        reason = reason_in_line(problem)
        raise Refused(say("The database cannot be read: %(reason)s. See cityready verify.", reason=reason)) from None


def _write_backup(site: Site, shelf: BackupShelf, keep: int, progress: Progress) -> MadeBackup:
    names = shelf.list_names()
    name = name_backup(now(), names)
    with shelf.begin_backup(name) as folder:
        copying = _FileCopying(site, folder, _newest_backup(shelf, names))
        manifest = _write_and_verify(copying, progress)
        name += INCOMPLETE if manifest.faults else ""
        finished = shelf.finish_backup(folder, name)
    if not manifest.faults:
        _remember_backup(site, name, manifest, progress)
    removed = backups_to_remove(shelf.list_names(), keep, name)
    for old in removed:
        shelf.remove_backup(old)
    return MadeBackup(finished.folder, len(manifest.files), copying.linked, manifest.faults, tuple(removed))


def _write_and_verify(copying: "_FileCopying", progress: Progress) -> Manifest:
    manifest = _copy_consistently(copying, progress)
    _keep_secret_key(copying.site, copying.folder)
    copying.folder.write_manifest(manifest)
    progress("Reading the backup back.")
    if damaged := find_damages(copying.folder):
        raise Refused(say("The backup does not read back as it was written: %(first)s.", first=damaged[0]))
    return manifest


def _newest_backup(shelf: BackupShelf, names: list[str]) -> BackupFolder | None:
    return shelf.backup(names[-1]) if names else None


def _remember_backup(site: Site, name: str, manifest: Manifest, progress: Progress) -> None:
    """A disk that is full or cannot be written is when a backup matters most, so it is not lost for want of this row."""
    row_count = sum(table.rows for table in manifest.tables)
    try:
        with site.database.writing() as session:
            record_backup(session, name, file_count=len(manifest.files), row_count=row_count, made_at=manifest.made_at)
    except (DatabaseError, OutsideUnavailable) as problem:
        progress(
            f"The database cannot be written ({problem.__cause__ or problem}), so doctor will not know of this backup."
        )


def _copy_consistently(copying: "_FileCopying", progress: Progress) -> Manifest:
    """Database and files of one moment: where a file went meanwhile because its row did, the database is read again."""
    for _ in range(MOST_ROUNDS):
        manifest, known_files = _write_database(copying.site, copying.folder, progress)
        if copying.copy_files(known_files, progress):
            copying.forget_all_but(known_files)
            faults = manifest.faults + tuple(fault.line() for fault in copying.faults.values())
            return replace(manifest, files=tuple(sorted(copying.done.values())), faults=faults)
    raise Refused(say("Files were disposed of faster than they could be copied. Try again when less is going on."))


def _write_database(site: Site, folder: BackupFolder, progress: Progress) -> tuple[Manifest, dict[str, KnownFile]]:
    progress("Copying the database.")
    with site.database.snapshot() as session:
        return _write_tables(session, folder), load_lasting_files(session)


def _write_tables(session: Session, folder: BackupFolder) -> Manifest:
    connection = session.connection()
    revision = need_newest_revision(current_revision(connection))
    made_at, marks = now(), []
    for table in list_tables(connection):
        if table.name not in PASSING_TABLES:
            counting = TableCounter(table)
            folder.write_lines(table.name, counting.count_lines(read_table_lines(connection, table)))
            marks.append(counting.mark())
    database_url = connection.engine.url.render_as_string(hide_password=True)
    faults = [Fault(FaultKind.DATABASE, database_url, line).line() for line in list_database_faults(connection)]
    return _build_manifest(session, made_at, revision, marks, faults)


def need_newest_revision(revision: str | None) -> str:
    """The revision. Raises Refused for a database that another version of the app made."""
    if revision is None or revision != newest_revision():
        message = say(
            "The tables of this database are not those of this version. Use the version that made them, or run cityready migrate."
        )
        raise Refused(message)
    return revision


def _build_manifest(
    session: Session, made_at: datetime, revision: str, marks: list[TableMark], faults: list[str]
) -> Manifest:
    identity_row = installation.find_installation(session)
    return Manifest(
        version=VERSION,
        made_at=made_at,
        revision=revision,
        identity=identity_row.identity if identity_row else "",
        tables=tuple(marks),
        files=(),
        records=tuple(
            HistoryMark(recorded_city.slug, recorded_city.history_count, recorded_city.history_head)
            for recorded_city in city.list_cities(session)
        ),
        faults=tuple(faults),
    )


@dataclass
class _FileCopying:
    """The files of one backup, which may take several rounds; what is unchanged since the one before is not copied again."""

    site: Site
    folder: BackupFolder
    before: BackupFolder | None
    done: dict[str, FileMark] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    linked: int = 0

    def __post_init__(self) -> None:
        self._marks = _read_marks(self.before)

    def copy_files(self, known_files: dict[str, KnownFile], progress: Progress) -> bool:
        """Copy what is not here yet; False where a file went together with its row."""
        stored = {entry.key: entry for entry in self.site.storage.list_files()}
        waiting = [file for key, file in known_files.items() if key not in self.done]
        missing = []
        for number, file in enumerate(waiting, start=1):
            if not self._copy_one(file, stored.get(file.key)):
                missing.append(file)
            if number % progress_step(len(waiting)) == 0:
                progress(f"Copied {number} of {len(waiting)} files.")
        return self._explain_missing(missing)

    def _copy_one(self, file: KnownFile, stored: StorageEntry | None) -> bool:
        if stored and self._link_file(file, stored):
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

    def _link_file(self, file: KnownFile, stored: StorageEntry) -> bool:
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

    def _explain_missing(self, missing: list[KnownFile]) -> bool:
        with self.site.database.reading() as session:
            still = load_lasting_files(session) if missing else {}
        for file in missing:
            if file.key in still:
                problem = "its file is not in the file storage"
                self.faults[file.key] = Fault(FaultKind.MISSING, place_of(file), problem)
        return all(file.key in still for file in missing)

    def forget_all_but(self, known_files: dict[str, KnownFile]) -> None:
        for key in self.done.keys() - known_files.keys():
            del self.done[key]
            self.folder.remove_file(key)
        self.faults = {key: fault for key, fault in self.faults.items() if key in known_files}


def _read_marks(previous: BackupFolder | None) -> dict[str, FileMark]:
    try:
        return {mark.key: mark for mark in previous.read_manifest().files} if previous else {}
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


class BackupDamage(NamedTuple):
    """A part of a backup that is missing or not as its manifest says."""

    of_table: bool
    name: str

    def __str__(self) -> str:
        return f"{'table' if self.of_table else 'file'} {self.name}"


def find_damages(folder: BackupFolder) -> list[BackupDamage]:
    """What of a backup is missing or is not as its manifest says. Raises Invalid where there is no manifest."""
    manifest = folder.read_manifest()
    damaged_tables = [BackupDamage(True, table.name) for table in manifest.tables if not _reads_back(folder, table)]
    return damaged_tables + [BackupDamage(False, mark.key) for mark in manifest.files if not _is_sound(folder, mark)]


def _reads_back(folder: BackupFolder, table: TableMark) -> bool:
    try:
        return _measure_lines(folder.read_lines(table.name)) == (table.rows, table.sha256)
    except (OSError, EOFError, zlib.error):
        return False


def _measure_lines(lines: Iterable[bytes]) -> tuple[int, str]:
    digest, count = hashlib.sha256(), 0
    for line in lines:
        digest.update(line)
        count += 1
    return count, digest.hexdigest()
