"""Reads workbooks of Excel before 2007: the cells with xlrd, and what stands around them from the records of the file ([MS-XLS] 2.4)."""

import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import olefile
import xlrd

from app.adapters.file_readers.drawings import count_drawn_pictures
from app.adapters.file_readers.notes import LockedFile, ReadingNotes
from app.adapters.file_readers.property_sets import note_compound_properties
from app.adapters.file_readers.sheets import SheetCollector
from app.adapters.file_readers.workbooks import PAGE_CODE, WorkbookStyles
from app.rules.files.file_text import TextPlace, UnreadKind
from app.rules.numbers.number_format import GENERAL

STREAMS = ("Workbook", "Book")
HEADER, FOOTER, LOCK, CONTINUED, DRAWINGS, OBJECT, DRAWN_TEXT, SERIES = (
    0x14,
    0x15,
    0x2F,
    0x3C,
    0xEB,
    0x5D,
    0x1B6,
    0x100D,
)
CELL_REMARK = b"\x19\x00"
"""The kind of object that is a remark on a cell."""
MOST_RECORDS = 5_000_000
INSIDE = "MBD"
"""How the names of storages begin that hold objects of other programs."""
LOCKED_WORD = "encrypted"
"""In what xlrd says of a workbook with a password."""


class SheetRecord(NamedTuple):
    """A record of the workbook, with those that go on with it as parts of their own."""

    kind: int
    parts: list[bytes]


def read_xls(path: Path, notes: ReadingNotes) -> None:
    with olefile.OleFileIO(path) as file:
        properties = note_compound_properties(file, notes)
        content = file.openstream(next(filter(file.exists, STREAMS))).read()
        inside = [place[-1] for place in file.listdir(streams=False, storages=True) if place[-1].startswith(INSIDE)]
    _add_cells(path, notes)
    around = SheetNotes()
    for record in _walk_records(content):
        around.take_record(record)
    around.write_down(notes)
    for name in inside:
        notes.leave_unread(UnreadKind.EMBEDDED, name)
    notes.end_texts(properties)


def _add_cells(path: Path, notes: ReadingNotes) -> None:
    """Sheet by sheet, so that one without an end does not take the others along."""
    try:
        with path.open("rb") as file:
            book = xlrd.open_workbook(
                file_contents=file.read(),
                formatting_info=True,
                on_demand=True,
                ignore_workbook_corruption=True,
                logfile=_Nowhere(),
            )
    except xlrd.XLRDError as problem:
        raise LockedFile if LOCKED_WORD in str(problem) else problem from problem
    formats = [book.format_map.get(cell.format_key) for cell in book.xf_list]
    codes = [found.format_str if found else GENERAL for found in formats]
    sheets, styles = SheetCollector(notes), WorkbookStyles(codes, since_1904=book.datemode == 1)
    for name in book.sheet_names():
        sheets.begin_sheet(name)
        sheet = book.sheet_by_name(name)
        for number in range(sheet.nrows):
            sheets.add_row(number + 1, _write_row(sheet.row(number), styles))
        book.unload_sheet(name)
        sheets.end_sheet()


class _Nowhere:
    """Takes what xlrd says of files that are not as they should be."""

    def write(self, _: str) -> None:
        """Nobody reads it."""

    def flush(self) -> None:
        """Nothing is kept back."""


def _write_row(cells: list[Any], styles: WorkbookStyles) -> dict[int, str]:
    return {
        column: _write_cell(cell, styles) for column, cell in enumerate(cells, 1) if cell.ctype != xlrd.XL_CELL_EMPTY
    }


def _write_cell(cell: Any, styles: WorkbookStyles) -> str:
    if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return styles.write_value(repr(cell.value), str(cell.xf_index or 0))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, ""))
    return str(cell.value)


def _walk_records(content: bytes) -> Iterator[SheetRecord]:
    """The records of the stream; a text that is too long for one goes on in the next."""
    place, record = 0, None
    for _ in range(MOST_RECORDS):
        if place + 4 > len(content):
            break
        kind, size = struct.unpack_from("<HH", content, place)
        part = content[place + 4 : place + 4 + size]
        place += 4 + size
        if kind == CONTINUED and record:
            record.parts.append(part)
            continue
        if record:
            yield record
        record = SheetRecord(kind, [part])
    if record:
        yield record


class SheetNotes:
    """What stands around the cells: headers, footers, remarks, text boxes, and the names of what charts show."""

    def __init__(self) -> None:
        self._place = TextPlace.SHAPE
        self._drawings: list[bytes] = []
        self._texts: dict[tuple[TextPlace, str], None] = {}
        self._takers: dict[int, Callable[[list[bytes]], None]] = {
            HEADER: lambda parts: self._add_text(PAGE_CODE.sub(" ", _read_string(parts[0], 2)), TextPlace.HEADER),
            FOOTER: lambda parts: self._add_text(PAGE_CODE.sub(" ", _read_string(parts[0], 2)), TextPlace.FOOTER),
            SERIES: lambda parts: self._add_text(_read_string(parts[0][2:], 1), TextPlace.CHART),
            OBJECT: self._begin_object,
            DRAWN_TEXT: lambda parts: self._add_text(_read_drawn_text(parts), self._place),
            DRAWINGS: self._drawings.extend,
        }

    def take_record(self, record: SheetRecord) -> None:
        if taker := self._takers.get(record.kind):
            taker(record.parts)

    def write_down(self, notes: ReadingNotes) -> None:
        """Each text once, since each sheet has headers of its own that are most often the same."""
        for place, text in self._texts:
            notes.add_text(text, place)
        if pictures := count_drawn_pictures(b"".join(self._drawings)):
            notes.leave_unread(UnreadKind.PICTURES, count=pictures)

    def _begin_object(self, parts: list[bytes]) -> None:
        self._place = TextPlace.COMMENT if parts[0][4:6] == CELL_REMARK else TextPlace.SHAPE

    def _add_text(self, text: str, place: TextPlace) -> None:
        self._texts[place, text] = None


def _read_string(content: bytes, size_bytes: int) -> str:
    """A text after its length, of one or two bytes, and the mark of how wide its letters are."""
    if len(content) <= size_bytes:
        return ""
    length = int.from_bytes(content[:size_bytes], "little")
    return _decode(content[size_bytes:])[:length]


def _decode(part: bytes) -> str:
    return part[1:].decode("utf-16-le" if part[0] & 1 else "latin-1", "replace")


def _read_drawn_text(parts: list[bytes]) -> str:
    """Its letters stand in the parts that go on with it; after them comes how they look."""
    head, *others = parts
    length = int.from_bytes(head[10:12], "little")
    text = ""
    for part in others:
        if len(text) >= length or not part:
            break
        text += _decode(part)
    return text[:length]
