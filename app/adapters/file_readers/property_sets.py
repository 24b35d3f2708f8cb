"""What a compound file says of itself in its property sets ([MS-OLEPS]): its title, its days, and what people wrote there."""

import struct
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from app.adapters.encodings import decode_safely
from app.adapters.file_readers.notes import ReadingNotes
from app.adapters.file_readers.office_properties import PROGRAM_WORDS

SUMMARY, MORE_SUMMARY = "\x05SummaryInformation", "\x05DocumentSummaryInformation"
MOST_PROPERTIES = 2_000
CODE_PAGE, UNICODE_PAGE = 1, 1200
TITLE, MADE_ON, CHANGED_ON, PAGES, SLIDES = 2, 12, 13, 14, 7
READABLE = (3, 4, 5, 6, 8)
"""Subject, author, keywords, comments, and who saved it last."""
MORE_READABLE = (2, 14, 15, 26, 27)
"""Category, manager, company, content type and state."""
SHORT, LONG, TEXT, WIDE_TEXT, MOMENT = 0x02, 0x03, 0x1E, 0x1F, 0x40
FIRST_MOMENT = datetime(1601, 1, 1, tzinfo=UTC)
PropertyValue = str | int | datetime | None
PropertySet = dict[int, PropertyValue]


def note_compound_properties(file: Any, notes: ReadingNotes) -> str:
    """Note title, days and pages of an opened compound file. Gives the words in the others, a line for each."""
    summary, more, own = (
        _read_set(file, SUMMARY, 0),
        _read_set(file, MORE_SUMMARY, 0),
        _read_set(file, MORE_SUMMARY, 1),
    )
    pages = summary.get(PAGES) or more.get(SLIDES)
    notes.note(
        title=str(summary.get(TITLE) or ""),
        made_on=_day(summary.get(MADE_ON)),
        changed_on=_day(summary.get(CHANGED_ON)),
        pages=pages if isinstance(pages, int) and 0 < pages < 1_000_000 else None,
    )
    values = [*map(summary.get, READABLE), *map(more.get, MORE_READABLE), *own.values()]
    words = (" ".join(value.split()) for value in values if isinstance(value, str))
    return "\n".join(dict.fromkeys(word for word in words if word and word not in PROGRAM_WORDS))


def filetime_moment(count: int) -> datetime | None:
    """A moment that is counted from 1601 in tenths of microseconds; None for none. How long something took is counted so too."""
    try:
        moment = FIRST_MOMENT + timedelta(microseconds=count // 10)
    except OverflowError:
        return None
    return moment if moment.year > FIRST_MOMENT.year else None


def code_page_name(page: object) -> str:
    """The encoding with that number in Windows, as Python calls it."""
    pages = {65001: "utf-8", 20127: "ascii", 28591: "latin-1", 10000: "mac-roman"}
    return pages.get(page, f"cp{page}") if isinstance(page, int) and page else "cp1252"


def _day(value: PropertyValue) -> datetime | None:
    return value if isinstance(value, datetime) else None


def _read_set(file: Any, name: str, number: int) -> PropertySet:
    """The set with that number in the stream; empty where there is none, or what is there is damaged."""
    if not file.exists(name):
        return {}
    try:
        return _parse_set(file.openstream(name).read(), number)
    except (struct.error, OSError):
        return {}


def _parse_set(content: bytes, number: int) -> PropertySet:
    (count,) = struct.unpack_from("<I", content, 24)
    if number >= count:
        return {}
    (start,) = struct.unpack_from("<I", content, 28 + 20 * number + 16)
    (entries,) = struct.unpack_from("<I", content, start + 4)
    places = [
        struct.unpack_from("<II", content, start + 8 + 8 * place) for place in range(min(entries, MOST_PROPERTIES))
    ]
    raw = {key: start + offset for key, offset in places if key}  # 0 lists the names of those that people made up
    page = _read_value(content, raw[CODE_PAGE], "") if CODE_PAGE in raw else None
    encoding = code_page_name(page & 0xFFFF if isinstance(page, int) else None)
    return {key: _read_value(content, place, encoding) for key, place in raw.items() if key != CODE_PAGE}


def _read_value(content: bytes, place: int, encoding: str) -> PropertyValue:
    (kind,) = struct.unpack_from("<H", content, place)
    read = _VALUE_READERS.get(kind)
    try:
        return read(content, place + 4, encoding) if read else None
    except struct.error:
        return None


def _read_text(content: bytes, place: int, encoding: str) -> str:
    (size,) = struct.unpack_from("<I", content, place)
    raw = content[place + 4 : place + 4 + size]
    text = raw.decode("utf-16-le", "replace") if encoding == f"cp{UNICODE_PAGE}" else decode_safely(raw, encoding)
    return text.rstrip("\0")


def _read_wide_text(content: bytes, place: int, _: str) -> str:
    (size,) = struct.unpack_from("<I", content, place)
    return content[place + 4 : place + 4 + 2 * size].decode("utf-16-le", "replace").rstrip("\0")


_VALUE_READERS: Mapping[int, Callable[[bytes, int, str], PropertyValue]] = {
    SHORT: lambda content, place, _: int(struct.unpack_from("<h", content, place)[0]),
    LONG: lambda content, place, _: int(struct.unpack_from("<i", content, place)[0]),
    TEXT: _read_text,
    WIDE_TEXT: _read_wide_text,
    MOMENT: lambda content, place, _: filetime_moment(struct.unpack_from("<Q", content, place)[0]),
}
