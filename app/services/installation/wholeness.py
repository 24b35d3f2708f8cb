"""Whether an installation is whole: each row its file, each file a row, the database fits together, and the record of each city holds."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.exc import SQLAlchemyError

from app.adapters.storage.file_store import Storage, StorageEntry
from app.rules.errors import NotFound, OutsideUnavailable, reason_in_line
from app.rules.files.sweeping import SETTLED_AFTER
from app.services.history.verifying import verify_city
from app.services.site import Site
from app.store import city
from app.store.database.engine import now
from app.store.installation.wholeness import KnownFile, list_database_faults, load_known_files
from app.store.migrating import current_revision, newest_revision

EACH_FILES = 100
"""After as many files is said how far it has come."""


class FaultKind(StrEnum):
    """The first word of a fault's line."""

    MISSING = "missing"
    SIZE = "size"
    CONTENT = "content"
    STRAY = "stray"
    DATABASE = "database"
    RECORD = "record"


@dataclass(frozen=True)
class Fault:
    """One thing that is not whole: `where` names the row or the key, `what` is wrong with it."""

    kind: FaultKind
    where: str
    what: str

    def line(self) -> str:
        return f"{self.kind:<9}{self.where}: {self.what}"


Progress = Callable[[str], None]


def no_progress(_: str) -> None:
    """Progress that nobody reads."""


def find_faults(site: Site, *, quick: bool = False, progress: Progress = no_progress) -> Iterator[Fault]:
    """Everything that is not whole. Changes nothing, and may run while people work.

    `quick` opens no file and no event: files are there with their sizes, the database fits together. Raises OutsideUnavailable where the
    storage does not answer.
    """
    progress("Looking at the database.")
    faults = list(_check_database(site, quick))
    yield from faults
    if faults:
        return  # what a broken database says of files and events is worth nothing
    yield from _check_files(site, quick, progress)
    if not quick:
        yield from _check_histories(site, progress)


def _check_database(site: Site, quick: bool) -> Iterator[Fault]:
    where = site.database.engine.url.render_as_string(hide_password=True)
    try:
        with site.database.reading() as session:
            connection = session.connection()
            revision = current_revision(connection)
            fault_lines = list_database_faults(connection, quick=quick)
    except (SQLAlchemyError, OutsideUnavailable) as problem:
        reason = reason_in_line(problem)
        yield Fault(FaultKind.DATABASE, where, f"cannot be read ({reason})")
        return
    yield from (Fault(FaultKind.DATABASE, where, line) for line in fault_lines)
    if revision != newest_revision():
        said = f"its tables are at {revision or 'nothing'}, not at {newest_revision()}; run cityready migrate"
        yield Fault(FaultKind.DATABASE, where, said)


def _load_known_files(site: Site) -> dict[str, KnownFile]:
    with site.database.reading() as session:
        return load_known_files(session)


def _check_files(site: Site, quick: bool, progress: Progress) -> Iterator[Fault]:
    known = _load_known_files(site)
    stored = {each.key: each for each in site.storage.list_files()}
    suspects = {file.key: fault for file in known.values() if (fault := _check_presence(file, stored.get(file.key)))}
    if not quick:
        suspects |= _find_changed_files(
            site.storage, [file for file in known.values() if file.key not in suspects], progress
        )
    still = _load_known_files(site)  # what was disposed of or came in meanwhile is no fault
    yield from (fault for key, fault in suspects.items() if key in still)
    yield from _list_strays(stored, still)


def place_of(file: KnownFile) -> str:
    """How a fault names the file of a row."""
    return f"{file.owner} ({file.key})"


def _check_presence(file: KnownFile, stored: StorageEntry | None) -> Fault | None:
    if stored is None:
        return Fault(FaultKind.MISSING, place_of(file), "its file is not in the file storage")
    if file.size_bytes is not None and stored.size_bytes != file.size_bytes:
        what = f"its file has {stored.size_bytes} bytes, not {file.size_bytes}"
        return Fault(FaultKind.SIZE, place_of(file), what)
    return None


def _find_changed_files(storage: Storage, files: list[KnownFile], progress: Progress) -> dict[str, Fault]:
    """By key, what is wrong with files of the right size."""
    faults = {}
    for number, file in enumerate(files, start=1):
        if fault := _check_content(storage, file):
            faults[file.key] = fault
        if number % EACH_FILES == 0 or number == len(files):
            progress(f"Read {number} of {len(files)} files.")
    return faults


def _check_content(storage: Storage, file: KnownFile) -> Fault | None:
    try:
        digest = digest_of(storage.open(file.key))
    except NotFound:
        return Fault(FaultKind.MISSING, place_of(file), "its file is not in the file storage")
    if file.sha256 and digest != file.sha256:
        return Fault(FaultKind.CONTENT, place_of(file), "its file was changed: the SHA-256 is another")
    return None


def digest_of(chunks: Iterator[bytes]) -> str:
    """SHA-256 in hex over the chunks."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def _list_strays(stored: dict[str, StorageEntry], known: dict[str, KnownFile]) -> Iterator[Fault]:
    """Files without a row, but for those so new that their row may be on its way."""
    for key, each in stored.items():
        if key not in known and each.last_modified < now() - SETTLED_AFTER:
            yield Fault(FaultKind.STRAY, key, f"no row knows this file of {each.size_bytes} bytes")


def _check_histories(site: Site, progress: Progress) -> Iterator[Fault]:
    with site.database.snapshot() as session:
        for each in city.list_cities(session):
            progress(f"Verifying the record of {each.slug}.")
            for said in verify_city(session, each.id).problems:
                yield Fault(FaultKind.RECORD, each.slug, str(said))
