"""Files in a bucket of an object storage that speaks S3."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import BinaryIO

import obstore
from obstore.store import S3Store

from app.adapters.storage.file_store import CHUNK_BYTES, StorageEntry, begin_reading, check_round_trip, named_errors
from app.adapters.storage.keys import KEY, MARK, check_key
from app.rules.errors import NotFound
from app.rules.message import Message
from app.settings import Settings


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
            return begin_reading(_object_chunks(self._bucket, check_key(key)))

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
        return check_round_trip(self, self._place)


def _object_chunks(bucket: S3Store, path: str) -> Iterator[bytes]:
    for chunk in obstore.get(bucket, path).stream(min_chunk_size=CHUNK_BYTES):
        yield bytes(chunk)


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
