"""What every store of files does, and what its troubles are called.

The order that loses nothing: `put` the file, then commit the row that knows its key; what a crash in between left behind goes to
the trash. Each store is for one installation alone.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from itertools import chain
from typing import BinaryIO, NamedTuple, Protocol

from app.adapters.storage.keys import new_key
from app.rules.errors import CityReadyError, NotFound, OutsideUnavailable
from app.rules.message import Message, say

CHUNK_BYTES = 1024 * 1024


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


NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def named_errors(
    gone: tuple[type[Exception], ...] = (FileNotFoundError,), trouble: tuple[type[Exception], ...] = (OSError,)
) -> Iterator[None]:
    """Turns what a store raises for a file that is gone, and for any other trouble, into the named errors: those of the disk, if not told others."""
    try:
        yield
    except gone as error:
        raise NotFound(say("This file is not in the file storage any more.")) from error
    except trouble as error:
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            raise OutsideUnavailable(
                say("There is no room left on the server’s disk for another file. Tell whoever runs CityReady.")
            ) from error
        raise OutsideUnavailable(say("The file storage does not work now. Try again in a few minutes.")) from error


def check_round_trip(storage: Storage, place: str) -> Message | None:
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


def begin_reading(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same chunks, the first already read, so that a missing file is known before an answer begins."""
    return chain([next(chunks, b"")], chunks)
