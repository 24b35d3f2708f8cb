"""A backup on disk: one folder with the tables as lines, the files, the key that signs, and a manifest that says what must be in it.

Only its owner can read it. It is written under a name that begins with a dot and gets its own when it is whole, so a folder with a
backup's name is always one that was finished.
"""

import fcntl
import gzip
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from app.adapters.storage.local import LocalStorage
from app.rules.backup import MANIFEST_FORMAT, FileMark, HistoryMark, Manifest, TableMark, sort_backups
from app.rules.errors import Invalid, Refused
from app.rules.message import say

MANIFEST = "manifest.json"
TABLES = "database"
FILES = "files"
SECRET_KEY = "secret-key"  # noqa: S105 - a file's name
UNFINISHED = ".unfinished"
COMPRESSION = 6


class BackupFolder:
    """One backup, whole or in the making."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.storage = LocalStorage(folder / FILES)

    def read_manifest(self) -> Manifest:
        """Raises Invalid where this is no backup, or one that this version cannot read."""
        try:
            content = json.loads((self.folder / MANIFEST).read_text("utf-8"))
            if content.pop("format") != MANIFEST_FORMAT:
                raise Invalid({"folder": say("%(folder)s was made by a newer version.", folder=self.folder)})
            return _build_manifest(content)
        except (OSError, ValueError, KeyError, TypeError):
            message = say("%(folder)s is not a backup: its manifest.json is missing or damaged.", folder=self.folder)
            raise Invalid({"folder": message}) from None

    def write_manifest(self, manifest: Manifest) -> None:
        content = asdict(manifest) | {"format": MANIFEST_FORMAT, "made_at": manifest.made_at.isoformat()}
        self._write_chunks(MANIFEST, [json.dumps(content, ensure_ascii=False).encode()])

    def write_lines(self, table: str, rows: Iterable[bytes]) -> None:
        """Keep a table's lines, compressed; the same lines give the same bytes."""
        with (
            self._create_file(f"{TABLES}/{table}.jsonl.gz") as file,
            gzip.GzipFile("", "wb", COMPRESSION, file, mtime=0) as packed,
        ):
            packed.writelines(rows)

    def read_lines(self, table: str) -> Iterator[bytes]:
        """A table's lines. Raises OSError, EOFError or zlib.error where they are missing or damaged."""
        with gzip.open(self.folder / TABLES / f"{table}.jsonl.gz", "rb") as file:
            yield from file

    def write_file(self, key: str, chunks: Iterator[bytes]) -> FileMark:
        """Keep a file, whatever was there under its key."""
        digest, size_bytes = hashlib.sha256(), 0

        def measure_chunks() -> Iterator[bytes]:
            nonlocal size_bytes
            for chunk in chunks:
                digest.update(chunk)
                size_bytes += len(chunk)
                yield chunk

        self._write_chunks(f"{FILES}/{key}", measure_chunks())
        return FileMark(key, size_bytes, digest.hexdigest())

    def link_file(self, other: "BackupFolder", key: str) -> bool:
        """Take a file from another backup without a copy; False where the disk cannot, or it is not there."""
        try:
            self._make_parents(f"{FILES}/{key}").hardlink_to(other.folder / FILES / key)
        except OSError:
            return False
        return True

    def remove_file(self, key: str) -> None:
        (self.folder / FILES / key).unlink(missing_ok=True)

    def write_secret_key(self, key: bytes) -> None:
        self._write_chunks(SECRET_KEY, [key])

    def read_secret_key(self) -> bytes | None:
        path = self.folder / SECRET_KEY
        return path.read_bytes() if path.exists() else None

    def _make_parents(self, name: str) -> Path:
        path = self.folder / name
        for folder in reversed(path.relative_to(self.folder).parents[:-1]):
            (self.folder / folder).mkdir(
                0o700, exist_ok=True
            )  # `parents=True` would leave those between open to others
        return path

    def _create_file(self, name: str) -> BinaryIO:
        descriptor = os.open(self._make_parents(name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        return os.fdopen(descriptor, "wb")

    def _write_chunks(self, name: str, chunks: Iterable[bytes]) -> None:
        with self._create_file(name) as file:
            file.writelines(chunks)


class BackupShelf:
    """The folder in which the backups of one installation are, each by its name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def list_names(self) -> list[str]:
        """Oldest first."""
        return sort_backups([path.name for path in self.folder.iterdir() if path.is_dir()])

    def backup(self, name: str) -> BackupFolder:
        return BackupFolder(self.folder / name)

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Make it where it is not there, and clear what was left half done. Raises Refused while another backup goes on, and OSError."""
        self.folder.mkdir(0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock_folder(descriptor, self.folder)
            self._clear_unfinished()
            yield
        finally:
            os.close(descriptor)

    @contextmanager
    def begin_backup(self, name: str) -> Iterator[BackupFolder]:
        """A backup in the making, which `finish` gives its name; nothing of it stays where something raises."""
        folder = self.folder / f".{name}{UNFINISHED}"
        folder.mkdir(0o700)
        try:
            yield BackupFolder(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def finish_backup(self, backup: BackupFolder, name: str) -> BackupFolder:
        """Everything on disk first, then the name."""
        os.sync()
        backup.folder.rename(self.folder / name)
        _sync_folder(self.folder)
        return self.backup(name)

    def remove_backup(self, name: str) -> None:
        """Its name goes first, so that half a backup never has one."""
        doomed = self.folder / f".{name}{UNFINISHED}"
        (self.folder / name).rename(doomed)
        shutil.rmtree(doomed)

    def _clear_unfinished(self) -> None:
        for unfinished in self.folder.glob(f".cityready-*{UNFINISHED}"):
            shutil.rmtree(unfinished)


def _lock_folder(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Refused(
            say("Another backup is being written to %(folder)s. Wait until it is done.", folder=folder)
        ) from None


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    with suppress(OSError):
        os.fsync(descriptor)
    os.close(descriptor)


def _build_manifest(content: dict[str, Any]) -> Manifest:
    tables = (TableMark(name, tuple(columns), rows, sha256) for name, columns, rows, sha256 in content["tables"])
    return Manifest(
        version=content["version"],
        made_at=datetime.fromisoformat(content["made_at"]),
        revision=content["revision"],
        identity=content["identity"],
        tables=tuple(tables),
        files=tuple(FileMark(*mark) for mark in content["files"]),
        records=tuple(HistoryMark(*mark) for mark in content["records"]),
        faults=tuple(content["faults"]),
    )
