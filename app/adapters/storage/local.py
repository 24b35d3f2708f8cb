"""Files in a folder, as long as the settings name no bucket."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO
from uuid import uuid4

from app.adapters.folders import make_folder, sync_folder
from app.adapters.storage.file_store import CHUNK_BYTES, StorageEntry, begin_reading, check_round_trip, named_errors
from app.adapters.storage.keys import KEY, MARK, check_key
from app.rules.message import Message


@dataclass(frozen=True)
class LocalStorage:
    """Files in a folder: written beside their place, made durable, then moved there in one step."""

    folder: Path

    def put(self, key: str, source: BinaryIO) -> None:
        target = self.folder / check_key(key)
        with named_errors():
            temporary = self._write_temporary(source)
            make_folder(target.parent)
            temporary.replace(target)
            sync_folder(target.parent)

    def open(self, key: str) -> Iterator[bytes]:
        with named_errors():
            return begin_reading(_file_chunks(self.folder / check_key(key)))

    def delete(self, key: str) -> None:
        path = self.folder / check_key(key)
        with named_errors():
            path.unlink(missing_ok=True)

    def list_files(self) -> Iterator[StorageEntry]:
        for path in self.folder.rglob("*"):
            key = path.relative_to(self.folder).as_posix()
            if KEY.fullmatch(key) and (status := _stat_if_there(path)) and S_ISREG(status.st_mode):
                yield StorageEntry(key, _changed_at(status), status.st_size)

    def clear_leftovers(self, older_than: datetime) -> list[str]:
        leftovers = [
            path
            for path in self._incoming.glob("*")
            if (status := _stat_if_there(path)) and _changed_at(status) < older_than
        ]
        for path in leftovers:
            path.unlink(missing_ok=True)
        return [path.name for path in leftovers]

    def read_mark(self) -> bytes | None:
        path = self.folder / MARK
        with named_errors():
            return path.read_bytes() if path.exists() else None

    def write_mark(self, content: bytes) -> None:
        with named_errors():
            self._write_temporary(BytesIO(content)).replace(self.folder / MARK)
            sync_folder(self.folder)

    def check(self) -> Message | None:
        return check_round_trip(self, str(self.folder))

    @property
    def _incoming(self) -> Path:
        """The dot keeps half-written files out of the keys."""
        return self.folder / ".incoming"

    def _write_temporary(self, source: BinaryIO) -> Path:
        make_folder(self._incoming)
        path = self._incoming / uuid4().hex
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                shutil.copyfileobj(source, file, CHUNK_BYTES)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path


def _file_chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _stat_if_there(path: Path) -> os.stat_result | None:
    """None when another process removed it since it was listed."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _changed_at(status: os.stat_result) -> datetime:
    return datetime.fromtimestamp(status.st_mtime, UTC)
