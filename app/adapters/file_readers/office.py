"""Reads documents, workbooks and slides of the two office formats, without building a document in memory."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any

import openpyxl
from defusedxml.ElementTree import DefusedXMLParser

from app.adapters.file_readers.notes import LockedFile, ReadingNotes, SheetCollector, parse_day
from app.rules.file_reading import PREVIEW_COLUMNS, PREVIEW_ROWS, TEXT_LIMIT

CHUNK_BYTES = 4_000_000
"""Large, since expat before 2.6 looks at a tag without an end again from its beginning with every chunk."""
MOST_BYTES = 200_000_000
DEEPEST = 500
MOST_COLUMNS = 200
_SLIDE = re.compile(r"ppt/slides/slide([0-9]{1,5})\.xml")


class EnoughRead(Exception):
    """As much as is wanted was read."""


class TextCollector:
    """What the parser calls. Collects the text inside elements named in `inside`, a line for each element named in `lines`."""

    def __init__(self, inside: Sequence[str], lines: Sequence[str] = ("p", "h")) -> None:
        self._inside, self._lines = set(inside), set(lines)
        self._open = 0
        self._deep = 0
        self._parts: list[str] = []
        self._size = 0
        self.seen: dict[str, int] = {}

    @property
    def text(self) -> str:
        return "".join(self._parts).strip()

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        name = _local_name(tag)
        self._deep += 1
        if self._deep > DEEPEST:
            raise RecursionError
        self.seen[name] = self.seen.get(name, 0) + 1
        self._open += name in self._inside
        if name in ("tab", "tc", "s", "br"):
            self._add_text({"s": " ", "br": "\n"}.get(name, "\t"))

    def data(self, data: str) -> None:
        if self._open:
            self._add_text(data)

    def end(self, tag: str) -> None:
        name = _local_name(tag)
        self._deep -= 1
        self._open -= name in self._inside
        if name in self._lines:
            self._add_text("\n")

    def close(self) -> None:
        """Nothing is left to do."""

    def _add_text(self, text: str) -> None:
        self._parts.append(text)
        self._size += len(text)
        if self._size > TEXT_LIMIT:
            raise EnoughRead


class PropertyCollector(TextCollector):
    """Keeps the text of each element under its name, the first of each."""

    def __init__(self) -> None:
        super().__init__(())
        self.values: dict[str, str] = {}
        self._now = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        self._now = _local_name(tag)
        for name, value in attributes.items():
            self.values.setdefault(_local_name(name), value)

    def data(self, data: str) -> None:
        if len(self.values.get(self._now, "")) < TEXT_LIMIT:
            self.values[self._now] = self.values.get(self._now, "") + data


def _local_name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _parse_member(package: zipfile.ZipFile, member: str, target: Any) -> None:
    """Feed the member to the target as far as it wants to hear. A document that defines entities is refused."""
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    try:
        with package.open(member) as file:
            while chunk := file.read(CHUNK_BYTES):
                if file.tell() > MOST_BYTES:
                    raise OverflowError
                parser.feed(chunk)
        parser.close()
    except EnoughRead:
        return
    except RuntimeError as problem:  # as zipfile says that a member is encrypted
        raise LockedFile if "password" in str(problem) else problem from problem


def _read_properties(package: zipfile.ZipFile, *members: str) -> dict[str, str]:
    target = PropertyCollector()
    for member in members:
        if member in package.namelist():
            _parse_member(package, member, target)
    return target.values


def _note_office_properties(package: zipfile.ZipFile, notes: ReadingNotes) -> None:
    properties = _read_properties(package, "docProps/core.xml", "docProps/app.xml")
    notes.note(
        title=properties.get("title", ""),
        made_on=parse_day(properties.get("created")),
        changed_on=parse_day(properties.get("modified")),
        pages=_parse_count(properties.get("Pages") or properties.get("Slides")),
    )


def _parse_count(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else None


def read_docx(path: Path, notes: ReadingNotes) -> None:
    with zipfile.ZipFile(path) as package:
        _note_office_properties(package, notes)
        words = TextCollector(("t",))
        _parse_member(package, "word/document.xml", words)
        notes.note(text=words.text)


def read_pptx(path: Path, notes: ReadingNotes) -> None:
    with zipfile.ZipFile(path) as package:
        _note_office_properties(package, notes)
        slides = sorted((int(match[1]), match[0]) for name in package.namelist() if (match := _SLIDE.fullmatch(name)))
        texts: list[str] = []
        for _, member in slides:
            words = TextCollector(("t",))
            _parse_member(package, member, words)
            texts.append(words.text)
        notes.note(text="\n\n".join(texts), pages=len(slides))


def read_xlsx(path: Path, notes: ReadingNotes) -> None:
    with zipfile.ZipFile(path) as package:
        _note_office_properties(package, notes)
    collector = SheetCollector()
    with path.open("rb") as file:  # of a path openpyxl would look at the ending, which a kept file does not have
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
            collector.add_sheet(sheet.title, (tuple(map(_cell_text, row)) for row in rows))
            notes.note(text=collector.text, sheets=tuple(collector.sheets))
            if collector.is_full:
                break


def _cell_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return str(value.date() if value.time() == time() else value)
    return str(value)


def read_odt(path: Path, notes: ReadingNotes) -> None:
    with zipfile.ZipFile(path) as package:
        _note_opendocument_properties(package, notes)
        words = TextCollector(("p", "h"))
        _parse_member(package, "content.xml", words)
        notes.note(text=words.text, pages=words.seen.get("page") or notes.facts.pages)


def _note_opendocument_properties(package: zipfile.ZipFile, notes: ReadingNotes) -> None:
    properties = _read_properties(package, "meta.xml")
    notes.note(
        title=properties.get("title", ""),
        made_on=parse_day(properties.get("creation-date")),
        changed_on=parse_day(properties.get("date")),
        pages=_parse_count(properties.get("page-count")),
    )


def read_ods(path: Path, notes: ReadingNotes) -> None:
    with zipfile.ZipFile(path) as package:
        _note_opendocument_properties(package, notes)
        cells = CellCollector()
        _parse_member(package, "content.xml", cells)
        cells.finish_sheet()
        notes.note(text=cells.tables.text, sheets=tuple(cells.tables.sheets), pages=None)


class CellCollector(TextCollector):
    """Collects the tables of a workbook; a row or cell that is said to repeat for the rest of the sheet is there once."""

    def __init__(self) -> None:
        super().__init__(("p",), ())
        self.tables = SheetCollector()
        self._name = ""
        self._rows: list[list[str]] = []
        self._times = {"table-row": 1, "table-cell": 1}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local_name(tag)
        values = {_local_name(key): value for key, value in attributes.items()}
        if name == "table":
            self._name = values.get("name", "")
        if name in self._times:
            repeated = values.get("number-rows-repeated") or values.get("number-columns-repeated")
            self._times[name] = _parse_count(repeated) or 1
            self._parts = []
        if name == "table-row":
            self._rows.append([])
        super().start(tag, attributes)

    def end(self, tag: str) -> None:
        super().end(tag)
        name = _local_name(tag)
        if name == "table-cell" and self._rows:
            self._rows[-1] += [self.text] * min(self._times[name], PREVIEW_COLUMNS)
        elif name == "table-row" and any(self._rows[-1]):
            self._rows += self._rows[-1:] * (min(self._times[name], PREVIEW_ROWS) - 1)
        elif name == "table":
            self.finish_sheet()

    def finish_sheet(self) -> None:
        """Put the sheet that was being read among the tables."""
        self.tables.add_sheet(self._name, _drop_last_blanks(self._rows))
        self._rows = []


def _drop_last_blanks(rows: list[list[str]]) -> Iterator[list[str]]:
    last = max((number for number, row in enumerate(rows, 1) if any(row)), default=0)
    yield from rows[:last]
