"""Files in a bucket of an object storage that speaks S3."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import BinaryIO

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from app.adapters.storage.file_store import CHUNK_BYTES, StorageEntry, begin_reading, check_round_trip, named_errors
from app.adapters.storage.keys import KEY, MARK, check_key
from app.rules.errors import NotFound
from app.rules.message import Message
from app.settings import Settings

_named_errors = partial(named_errors, (FileNotFoundError, NotFoundError), (OSError, BaseError))


class Bucket:
    """What lies in an S3 bucket under the prefix that the settings name. Every method may raise the named errors."""

    def __init__(self, settings: Settings) -> None:
        """Without an access key in the settings, those of the machine or its role are used."""
        self._store = _open_store(settings)

    def put(self, path: str, content: BinaryIO | bytes) -> None:
        with _named_errors():
            obstore.put(self._store, path, content, max_concurrency=4)

    def open(self, path: str) -> Iterator[bytes]:
        with _named_errors():
            return begin_reading(self._read_chunks(path))

    def delete(self, path: str) -> None:
        with _named_errors():
            obstore.delete(self._store, path)

    def move(self, source: str, target: str) -> None:
        """Copied before the original goes, so a break in between leaves two rather than none."""
        with _named_errors():
            obstore.copy(self._store, source, target)
            obstore.delete(self._store, source)

    def list_objects(self, prefix: str | None = None) -> Iterator[StorageEntry]:
        """All, or those in the folder `prefix`, each with its path as the key."""
        with _named_errors():
            for batch in obstore.list(self._store, prefix=prefix):
                for entry in batch:
                    yield StorageEntry(entry["path"], entry["last_modified"], entry["size"])

    def _read_chunks(self, path: str) -> Iterator[bytes]:
        for chunk in obstore.get(self._store, path).stream(min_chunk_size=CHUNK_BYTES):
            yield bytes(chunk)


class ObjectStorage:
    """Files in an S3 bucket. Interrupted large uploads stay hidden in it; its lifecycle rule should end them."""

    def __init__(self, settings: Settings) -> None:
        self._place = settings.storage
        self._bucket = Bucket(settings)

    def put(self, key: str, source: BinaryIO) -> None:
        self._bucket.put(check_key(key), source)

    def open(self, key: str) -> Iterator[bytes]:
        return self._bucket.open(check_key(key))

    def delete(self, key: str) -> None:
        self._bucket.delete(check_key(key))

    def list_files(self) -> Iterator[StorageEntry]:
        return (entry for entry in self._bucket.list_objects() if KEY.fullmatch(entry.key))

    def clear_leftovers(self, older_than: datetime) -> list[str]:
        """Nothing: an interrupted put leaves no file that could be listed."""
        del older_than
        return []

    def read_mark(self) -> bytes | None:
        try:
            return b"".join(self._bucket.open(MARK))
        except NotFound:
            return None

    def write_mark(self, content: bytes) -> None:
        self._bucket.put(MARK, content)

    def check(self) -> Message | None:
        return check_round_trip(self, self._place)


def _open_store(settings: Settings) -> S3Store:
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
