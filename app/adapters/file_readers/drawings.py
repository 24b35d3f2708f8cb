"""Walks the records of which drawings and slides of older Office programs are made ([MS-ODRAW] 2.2.1, [MS-PPT] 2.3.1)."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

HEAD = struct.Struct("<HHI")
WITH_OTHERS = 0xF
DEEPEST = 60
MOST_RECORDS = 2_000_000
KEPT_PICTURE = 0xF007


class OfficeRecord(NamedTuple):
    """One record: what it is, which of those, where its content lies, and whether that is records again."""

    kind: int
    instance: int
    start: int
    end: int
    has_others: bool


def walk_records(content: bytes, start: int, end: int) -> Iterator[OfficeRecord]:
    """The records that lie one after the other in that part; one that claims more than there is ends with it."""
    while start + HEAD.size <= end:
        first, kind, size = HEAD.unpack_from(content, start)
        start += HEAD.size
        yield OfficeRecord(kind, first >> 4, start, min(start + size, end), first & 0xF == WITH_OTHERS)
        start += size


def walk_all_records(content: bytes) -> Iterator[OfficeRecord]:
    """Every record with those in it. Raises RecursionError for records in records without end."""
    count, waiting = 0, [walk_records(content, 0, len(content))]
    while waiting:
        record = next(waiting[-1], None)
        count += 1
        if len(waiting) > DEEPEST or count > MOST_RECORDS:
            raise RecursionError
        if record is None:
            waiting.pop()
            continue
        yield record
        if record.has_others:
            waiting.append(walk_records(content, record.start, record.end))


def count_drawn_pictures(content: bytes) -> int:
    """How many pictures a drawing keeps."""
    return sum(record.kind == KEPT_PICTURE for record in walk_all_records(content))
