"""Reads workbooks of the Open XML formats as they stream by: a sheet of a million empty rows costs no more than its bytes."""

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from app.adapters.file_readers.documents import add_part
from app.adapters.file_readers.notes import ReadingNotes
from app.adapters.file_readers.office_properties import note_office_properties
from app.adapters.file_readers.package import OfficePackage, PartLink
from app.adapters.file_readers.sheets import SheetCollector
from app.adapters.file_readers.words import (
    OFFICE_MARKS,
    TextCollector,
    TextMarks,
    local_name,
    parse_member,
)
from app.rules.files.file_text import TextPlace, UnreadKind
from app.rules.numbers.number_format import (
    FORMATS_BY_NUMBER,
    GENERAL,
    is_date_format,
    write_moment,
    write_number,
    write_plain,
)

MOST_FORMATS = 70_000
STORED_KINDS = ("pivotCacheDefinition", "externalLink")
TRUTHS = {"1": "TRUE", "0": "FALSE"}
PAGE_TEXTS = {
    "oddHeader": TextPlace.HEADER, "evenHeader": TextPlace.HEADER, "firstHeader": TextPlace.HEADER,
    "oddFooter": TextPlace.FOOTER, "evenFooter": TextPlace.FOOTER, "firstFooter": TextPlace.FOOTER,
}  # fmt: skip
CELL_MARKS = TextMarks(
    frozenset({"v", "t", *PAGE_TEXTS}),
    places=PAGE_TEXTS,
    left_out=frozenset({"rPh"}),
    attributes={
        "dataValidation": (TextPlace.COMMENT, ("promptTitle", "prompt", "errorTitle", "error")),
        "hyperlink": (TextPlace.DESCRIPTION, ("tooltip",)),
    },
)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
PAGE_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|[0-9]{1,3}|[A-Za-z&])')
_COLUMN = re.compile(r"([A-Za-z]{1,3})[0-9]*")


@dataclass
class WorkbookStyles:
    """How numbers are shown: `formats` by the style of a cell; `since_1904` where days count from then."""

    formats: list[str] = field(default_factory=list)
    since_1904: bool = False

    def write_value(self, text: str, style: str) -> str:
        """A stored number as its cell shows it."""
        number = int(style) if style.isdecimal() else 0
        code = self.formats[number] if number < len(self.formats) else GENERAL
        try:
            if is_date_format(code):
                return write_moment(float(text), code, since_1904=self.since_1904)
            return write_plain(float(text)) if code == GENERAL else write_number(float(text), code)
        except (ValueError, ArithmeticError):
            return text


class StyleCollector(TextCollector):
    """Collects the number formats of cell styles; those of named styles, which come before, are left away."""

    def __init__(self) -> None:
        super().__init__(TextMarks(frozenset()))
        self._spelled: dict[str, str] = {}
        self._in_cells = False
        self.formats: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        name = local_name(tag)
        if name == "numFmt" and len(self._spelled) < MOST_FORMATS:
            self._spelled[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells and len(self.formats) < MOST_FORMATS:
            self.formats.append(self._name_format(attributes.get("numFmtId", "0")))

    def end(self, tag: str) -> None:
        super().end(tag)
        self._in_cells = self._in_cells and local_name(tag) != "cellXfs"

    def _name_format(self, number: str) -> str:
        return self._spelled.get(number) or FORMATS_BY_NUMBER.get(int(number) if number.isdecimal() else 0, GENERAL)


class SharedTexts(TextCollector):
    """Collects the texts that cells of a workbook point to."""

    def __init__(self) -> None:
        super().__init__(OFFICE_MARKS)
        self.strings: list[str] = []

    def end(self, tag: str) -> None:
        super().end(tag)
        if local_name(tag) == "si":
            parts = self._parts[TextPlace.BODY]
            self.strings.append(unescape_text("".join(parts)))
            parts.clear()


class CellReader(TextCollector):
    """Gives the rows of one sheet to `sheets`. A formula whose result was never stored is counted in `without_result`."""

    def __init__(self, sheets: SheetCollector, strings: list[str], styles: WorkbookStyles) -> None:
        super().__init__(CELL_MARKS)
        self._sheets, self._strings, self._styles = sheets, strings, styles
        self._row = self._column = 0
        self._cells: dict[int, str] = {}
        self._cell: dict[str, str] = {}
        self._has_formula = False
        self.without_result = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        name = local_name(tag)
        if name == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isdecimal() else self._row + 1
            self._column, self._cells = 0, {}
        elif name == "c":
            self._cell = attributes
            self._column = number_column(attributes.get("r", "")) or self._column + 1
            self._has_formula = False
            self._parts[TextPlace.BODY].clear()
        elif name == "f":
            self._has_formula = True

    def end(self, tag: str) -> None:
        super().end(tag)
        name = local_name(tag)
        if name == "c":
            self._end_cell("".join(self._parts[TextPlace.BODY]))
        elif name == "row":
            self._sheets.add_row(self._row, self._cells)

    def _end_cell(self, text: str) -> None:
        if text:
            self._cells[self._column] = self._write_cell(text)
        elif self._has_formula and self._cell.get("t") != "str":
            self.without_result += 1

    def _write_cell(self, text: str) -> str:
        kind = self._cell.get("t", "n")
        if kind == "s":
            return self._strings[int(text)] if text.isdecimal() and int(text) < len(self._strings) else ""
        if kind == "b":
            return TRUTHS.get(text, text)
        if kind == "n":
            return self._styles.write_value(text, self._cell.get("s", "0"))
        return unescape_text(text)


def read_xlsx(path: Path, notes: ReadingNotes) -> None:
    with zipfile.ZipFile(path) as archive:
        package = OfficePackage(archive)
        properties = note_office_properties(package, notes)
        book = package.find_main_part("xl/workbook.xml")
        strings, styles = _read_shared_parts(package, book)
        sheets, parts_read = SheetCollector(notes), set[str]()
        for sheet, part in package.list_targets(book, "sheet"):
            cells = CellReader(sheets, strings, styles)
            sheets.begin_sheet(sheet.get("name", ""))
            parse_member(archive, package.find_member(part), cells)
            sheets.end_sheet()
            _add_sheet_notes(cells, notes)
            _add_linked_parts(package, package.walk_links(part), notes, parts_read)
        stored = (link for link in package.list_links(book) if link.kind in STORED_KINDS)
        _add_linked_parts(
            package, (part for link in stored for part in (link, *package.walk_links(link.part))), notes, parts_read
        )
        notes.end_texts(properties)


def _read_shared_parts(package: OfficePackage, book: str) -> tuple[list[str], WorkbookStyles]:
    strings, styles = SharedTexts(), StyleCollector()
    for link in package.list_links(book):
        if link.kind == "sharedStrings":
            parse_member(package.zip, package.find_member(link.part), strings)
        elif link.kind == "styles":
            parse_member(package.zip, package.find_member(link.part), styles)
    (settings, *_) = package.list_elements(book, "workbookPr") or [{}]
    return strings.strings, WorkbookStyles(styles.formats, settings.get("date1904") in ("1", "true"))


def _add_linked_parts(
    package: OfficePackage, links: Iterable[PartLink], notes: ReadingNotes, parts_read: set[str]
) -> None:
    """Comments, drawings and stored rows, each once, whatever leads to it."""
    for link in links:
        if link.part.lower() not in parts_read:
            parts_read.add(link.part.lower())
            add_part(package, link, notes)


def _add_sheet_notes(cells: CellReader, notes: ReadingNotes) -> None:
    """What a sheet says around its cells: headers, footers and what is told of cells; and results that are not there."""
    for place, text in cells.texts.items():
        if place in PAGE_TEXTS.values():
            notes.add_text(PAGE_CODE.sub(" ", text), place)
        elif place != TextPlace.BODY:
            notes.add_text(text, place)
    if cells.without_result:
        notes.leave_unread(UnreadKind.FORMULAS, count=cells.without_result)


def number_column(reference: str) -> int:
    """The number of a cell's column: 1 for `A7`, 28 for `AB`; 0 for none."""
    match = _COLUMN.match(reference)
    number = 0
    for letter in match[1].upper() if match else "":
        number = number * 26 + ord(letter) - 64
    return number


def unescape_text(text: str) -> str:
    """The text with the letters that XML cannot hold, which workbooks write as `_x000D_`; the two line ends of Windows are one."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text).replace("\r\n", "\n").replace("\r", "\n")
