"""Where files are kept: a folder by default, object storage when the settings name a bucket.

The order that loses nothing: `put` the file, then commit the row that knows its key; what a crash in between left behind goes to
the trash. Each store is for one installation alone.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import chain
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO, NamedTuple, Protocol
from uuid import uuid4

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from app.adapters.folders import make_folder, sync_folder
from app.rules.errors import CityReadyError, NotFound, OutsideUnavailable
from app.rules.message import Message, say
from app.settings import Settings

CHUNK_BYTES = 1024 * 1024


KEY = re.compile(r"[a-z0-9]+(/[a-z0-9]+)*")


MARK = ".installation"
"""Where the mark is; the dot keeps it out of the keys."""


class StorageEntry(NamedTuple):
    """One file in the store; `last_modified` is aware."""

    key: str
    last_modified: datetime
    size_bytes: int


class Storage(Protocol):
    """A place for files. Every method may raise OutsideUnavailable; a key that `new_key` cannot make is a ValueError."""

    def put(self, key: str, source: BinaryIO) -> None:
        """Keep the rest of `source`; when this returns the file is whole and survives a power cut, before it nobody sees it."""

    def open(self, key: str) -> Iterator[bytes]:
        """The file in chunks. A missing one raises NotFound at the call, before the first chunk is taken."""

    def delete(self, key: str) -> None:
        """Remove the file; a missing one is no error."""

    def list_files(self) -> Iterator[StorageEntry]:
        """Every whole file."""

    def clear_leftovers(self, older_than: datetime) -> list[str]:
        """Remove what interrupted puts left behind and return its names."""

    def read_mark(self) -> bytes | None:
        """What `write_mark` kept, or None where it never did. It is no file: nothing lists or sweeps it."""

    def write_mark(self, content: bytes) -> None:
        """Keep a few bytes that say whose store this is, instead of what was there."""

    def check(self) -> Message | None:
        """What is wrong with the store, found by writing, reading and deleting a small file; None when nothing is."""


def new_key() -> str:
    """A key that nobody can guess, spread over 256 folders."""
    name = uuid4().hex
    return f"{name[:2]}/{name}"


def open_storage(settings: Settings) -> Storage:
    """The store that the settings name: s3://bucket/prefix, otherwise a folder."""
    if settings.storage.startswith("s3://"):
        return ObjectStorage(settings)
    return LocalStorage(Path(settings.storage))


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
            return _begin_reading(_file_chunks(self.folder / check_key(key)))

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
        return _check_round_trip(self, str(self.folder))

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


class ObjectStorage:
    """Files in an S3 bucket. Interrupted large uploads stay hidden in it; its lifecycle rule should end them."""

    def __init__(self, settings: Settings) -> None:
        """Without an access key in the settings, those of the machine or its role are used."""
        self._place = settings.storage
        self._bucket = open_bucket(settings)

    def put(self, key: str, source: BinaryIO) -> None:
        path = check_key(key)
        with named_errors():
            obstore.put(self._bucket, path, source, max_concurrency=4)

    def open(self, key: str) -> Iterator[bytes]:
        with named_errors():
            return _begin_reading(_object_chunks(self._bucket, check_key(key)))

    def delete(self, key: str) -> None:
        path = check_key(key)
        with named_errors():
            obstore.delete(self._bucket, path)

    def list_files(self) -> Iterator[StorageEntry]:
        with named_errors():
            for batch in obstore.list(self._bucket):
                for entry in batch:
                    if KEY.fullmatch(entry["path"]):
                        yield StorageEntry(entry["path"], entry["last_modified"], entry["size"])

    def clear_leftovers(self, older_than: datetime) -> list[str]:
        """Nothing: an interrupted put leaves no file that could be listed."""
        del older_than
        return []

    def read_mark(self) -> bytes | None:
        try:
            with named_errors():
                return b"".join(_object_chunks(self._bucket, MARK))
        except NotFound:
            return None

    def write_mark(self, content: bytes) -> None:
        with named_errors():
            obstore.put(self._bucket, MARK, content)

    def check(self) -> Message | None:
        return _check_round_trip(self, self._place)


def check_key(key: str) -> str:
    if not KEY.fullmatch(key):
        raise ValueError(f"not a storage key: {key!r}")
    return key


@contextmanager
def named_errors() -> Iterator[None]:
    """Turns what the disk or the bucket raises into the named errors."""
    try:
        yield
    except (FileNotFoundError, NotFoundError) as error:
        raise NotFound(say("This file is not in the file storage any more.")) from error
    except (OSError, BaseError) as error:
        raise OutsideUnavailable(say("The file storage does not work now. Try again in a few minutes.")) from error


def _check_round_trip(storage: Storage, place: str) -> Message | None:
    key = new_key()
    try:
        storage.put(key, BytesIO(b"check"))
        content = b"".join(storage.open(key))
        storage.delete(key)
    except CityReadyError as error:
        reason = str(error.__cause__).partition("\n")[0]
        return say("Files cannot be kept in %(place)s: %(reason)s", place=place, reason=reason)
    return (
        None if content == b"check" else say("Files in %(place)s do not come back as they were written.", place=place)
    )


def _begin_reading(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same chunks, the first already read, so that a missing file is known before an answer begins."""
    return chain([next(chunks, b"")], chunks)


def _file_chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _object_chunks(bucket: S3Store, path: str) -> Iterator[bytes]:
    for chunk in obstore.get(bucket, path).stream(min_chunk_size=CHUNK_BYTES):
        yield bytes(chunk)


def _stat_if_there(path: Path) -> os.stat_result | None:
    """None when another process removed it since it was listed."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _changed_at(status: os.stat_result) -> datetime:
    return datetime.fromtimestamp(status.st_mtime, UTC)


def open_bucket(settings: Settings) -> S3Store:
    name, _, prefix = settings.storage.removeprefix("s3://").partition("/")
    options = {
        "endpoint": settings.storage_endpoint,
        "access_key_id": settings.storage_access_key,
        "secret_access_key": settings.storage_secret_key,
    }
    return S3Store(
        name,
        prefix=prefix or None,
        region=settings.storage_region,
        client_options={
            "allow_http": settings.storage_endpoint.startswith("http://"),
            "connect_timeout": timedelta(seconds=5),
            "read_timeout": timedelta(seconds=30),
            "timeout": timedelta(hours=2),  # of a whole answer, which a person's slow line may draw out
        },
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
        **{name: value for name, value in options.items() if value},  # type: ignore[arg-type]
    )
