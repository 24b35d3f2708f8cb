"""A file that comes in, on disk before anything is done with it: its size, its fingerprint and its first bytes."""

import hashlib
import tempfile
from dataclasses import dataclass
from typing import BinaryIO, Self, cast

from app.adapters.storage.file_store import CHUNK_BYTES
from app.rules.errors import Invalid
from app.rules.files.upload import empty_file_message, too_large_message


@dataclass(frozen=True)
class ReceivedFile:
    """An upload on this machine's disk, at its beginning; leaving the `with` block forgets it."""

    file: BinaryIO
    sha256: str
    size_bytes: int

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()


def receive_file(source: BinaryIO, limit_bytes: int) -> ReceivedFile:
    """Take in an upload of 1 to `limit_bytes` bytes; anything else raises Invalid for the field `file`."""
    file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - closed by Received
    try:
        digest, size_bytes = _spool_file(source, file, limit_bytes)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return ReceivedFile(file, digest, size_bytes)


def _spool_file(source: BinaryIO, file: BinaryIO, limit_bytes: int) -> tuple[str, int]:
    digest, size_bytes = hashlib.sha256(), 0
    while chunk := source.read(CHUNK_BYTES):
        size_bytes += len(chunk)
        if size_bytes > limit_bytes:
            raise Invalid({"file": too_large_message(limit_bytes)})
        digest.update(chunk)
        file.write(chunk)
    if not size_bytes:
        raise Invalid({"file": empty_file_message()})
    return digest.hexdigest(), size_bytes
