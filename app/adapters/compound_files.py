"""Looks into compound files, in which older Office programs and Outlook keep their streams, without reading those."""

import re
from typing import BinaryIO

import olefile

DIRECTORY_BYTES = 2_000_000
"""The largest list of streams that is read: room for 15,000, and it bounds the memory that reading takes."""
BYTES_OF_AN_ADDRESS = 128
"""An address of four bytes stands for each sector of 512 or more."""
CHUNK_BYTES = 1_000_000
_SLIDE_MACROS = re.compile(rb"\x0f\0\xff\x03\x14\0\0\0\x02\0\0\x04\x0c\0\0\0.{4}\x01\0\0\0", re.DOTALL)
"""VBAInfoContainer with a VBAInfoAtom that says that there are macros ([MS-PPT] 2.4.10 and 2.4.11)."""
_SLIDE_MACROS_BYTES = 24


class BoundedFile:
    """A file of which so many bytes may be read in all. Raises OverflowError for the next."""

    closed = False

    def __init__(self, file: BinaryIO, limit: int) -> None:
        self._file, self._left = file, limit

    def read(self, size: int) -> bytes:
        self._left -= size
        if self._left < 0:
            raise OverflowError
        return self._file.read(size)

    def seek(self, place: int, whence: int = 0) -> int:
        return self._file.seek(place, whence)

    def tell(self) -> int:
        return self._file.tell()


def list_root_streams(file: BinaryIO) -> list[str]:
    """The names of what is at the root. Raises ValueError for a damaged file, OverflowError for one with more streams than anyone makes."""
    limit = DIRECTORY_BYTES + file.seek(0, 2) // BYTES_OF_AN_ADDRESS
    file.seek(0)
    try:
        found = olefile.OleFileIO(BoundedFile(file, limit))
    except OverflowError:
        raise
    except Exception as problem:  # it knows no name for what it raises where a file was made to break it
        raise ValueError("a damaged compound file") from problem
    return [entry.name for entry in found.root.kids] if found.root else []


def has_slide_macros(file: BinaryIO) -> bool:
    """Whether a presentation of PowerPoint before 2007 says that it has macros, which it keeps among its slides."""
    file.seek(0)
    before = b""
    while chunk := file.read(CHUNK_BYTES):
        if _SLIDE_MACROS.search(before + chunk):
            return True
        before = chunk[-_SLIDE_MACROS_BYTES:]
    return False
