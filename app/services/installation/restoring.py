"""A backup put into an empty place: database, files, and the key that signs."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from app.adapters import tokens
from app.adapters.backup import BackupFolder
from app.rules.backup import Manifest
from app.rules.errors import Refused
from app.rules.message import say
from app.services.installation import belonging
from app.services.installation.backup import BackupDamage, find_damages
from app.services.installation.filling import (
    FillingOrigin,
    check_storage_empty,
    fill_place,
    is_already_filled,
    is_half_filled,
    not_empty_message,
)
from app.services.installation.wholeness import Fault, Progress, find_faults
from app.services.site import Site, open_site
from app.settings import Settings
from app.store.migrating import newest_revision


@dataclass(frozen=True)
class BackupOrigin(FillingOrigin):
    """A backup as the place from which another is filled."""

    folder: BackupFolder
    manifest: Manifest

    @property
    def identity(self) -> str:
        return self.manifest.identity

    @property
    def revision(self) -> str:
        return self.manifest.revision

    def keys(self) -> Sequence[str]:
        return [mark.key for mark in self.manifest.files]

    def open(self, key: str) -> Iterator[bytes]:
        return self.folder.storage.open(key)

    def columns(self) -> dict[str, tuple[str, ...]]:
        return {table.name: table.columns for table in self.manifest.tables}

    def lines(self, table: str) -> Iterator[bytes]:
        return self.folder.read_lines(table)


@dataclass(frozen=True)
class RestoredBackup:
    """What a restore put there; `faults` are of the finished place."""

    made_at: str
    files: int
    rows: int
    faults: tuple[Fault, ...]


def restore_backup(
    settings: Settings, folder: Path, progress: Progress, *, damaged_too: bool = False
) -> RestoredBackup:
    """Fill the empty place that the settings name from a backup, and look at all of it.

    Where an earlier restore of this backup was cut off it goes on. Raises Invalid where the folder is no backup; Refused where tables
    of it are damaged, or files (unless `damaged_too`), where it is newer than this version, the place not empty, or in use.
    """
    backup = BackupFolder(folder)
    origin = BackupOrigin(backup, backup.read_manifest())
    _check_version(origin.manifest)
    progress("Reading the backup.")
    _check_sound(find_damages(backup), damaged_too)
    with closing(open_site(settings, alone=True)) as site:
        _fill_site(site, origin, progress)
        faults = tuple(find_faults(site, progress=progress))
    rows = sum(table.rows for table in origin.manifest.tables)
    made_at = f"{origin.manifest.made_at:%Y-%m-%d %H:%M} UTC"
    return RestoredBackup(made_at, len(origin.manifest.files), rows, faults)


def _check_sound(damages_found: list[BackupDamage], damaged_too: bool) -> None:
    """Files may be missing on someone's word; half a table is of no use to anyone."""
    if any(damage.of_table for damage in damages_found):
        first = next(damage for damage in damages_found if damage.of_table)
        raise Refused(say("This backup is damaged: %(first)s cannot be read. Take another one.", first=first))
    if damages_found and not damaged_too:
        raise Refused(
            say(
                "This backup is damaged: %(count)s files are missing or changed. Take another one, or restore what there is with "
                "--damaged-too.",
                count=len(damages_found),
            )
        )


def _fill_site(site: Site, origin: BackupOrigin, progress: Progress) -> None:
    if not is_already_filled(site, origin.identity):
        check_storage_empty(site, origin.identity)
        _restore_key(site.settings, origin.folder, progress)
        fill_place(site, origin, progress)
    elif is_half_filled(site.storage, origin.identity):
        belonging.settle_belonging(site)  # all was there when the last run was cut off
    else:
        raise Refused(not_empty_message(site))


def _check_version(manifest: Manifest) -> None:
    if manifest.revision > (newest_revision() or ""):
        raise Refused(
            say(
                "This backup was made by a newer version, %(version)s. Install that one first.",
                version=manifest.version,
            )
        )


def _restore_key(settings: Settings, backup: BackupFolder, progress: Progress) -> None:
    """The key of the backup, so that links which were sent still open. One in the settings stands."""
    key = backup.read_secret_key()
    path = settings.data_dir / tokens.KEY_FILE
    if settings.secret_key or key is None:
        return
    if path.exists() and path.read_bytes() != key:
        raise Refused(say("%(path)s holds another key than the backup. Move it away first.", path=path))
    if len(key) < tokens.SHORTEST_KEY or not key.isascii():
        progress(
            "The secret key came from CITYREADY_SECRET_KEY and is too short for a file. Set it again before you start."
        )
    elif not path.exists():
        tokens.keep_key(path, key.decode("ascii"))
