"""Reads OpenDocument workbooks as they stream by."""

import zipfile
from dataclasses import replace
from pathlib import Path

from app.adapters.file_readers.documents import add_page_texts, check_open_lock, leave_open_parts
from app.adapters.file_readers.notes import ReadingNotes
from app.adapters.file_readers.office_properties import note_opendocument_properties, parse_count
from app.adapters.file_readers.sheets import SheetCollector
from app.adapters.file_readers.words import OPEN_MARKS, TextCollector, local_name, parse_member
from app.rules.files.file_reading import PREVIEW_COLUMNS, PREVIEW_ROWS
from app.rules.files.file_text import TextPlace

CELL_MARKS = replace(OPEN_MARKS, before={"tab": "\t", "line-break": "\n"}, after={"p": "\n", "h": "\n"})
CELLS = ("table-cell", "covered-table-cell")
"""A cell that lies under a merged one keeps its column."""
VALUES = ("string-value", "date-value", "time-value", "boolean-value", "value")
"""Where a cell keeps what it holds, if it has no words for it."""


class OpenCellReader(TextCollector):
    """Gives the rows of each table to `sheets`. What repeats to the end of a sheet is there as often as it may be shown."""

    def __init__(self, sheets: SheetCollector, notes: ReadingNotes) -> None:
        super().__init__(CELL_MARKS)
        self._sheets, self._notes = sheets, notes
        self._name = ""
        self._row = self._column = 1
        self._row_times = self._cell_times = 1
        self._cells: dict[int, str] = {}
        self._value = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        values = {local_name(key): value for key, value in attributes.items()}
        if name == "table":
            self._name, self._row = values.get("name", ""), 1
            self._sheets.begin_sheet(self._name)
        elif name == "table-row":
            self._row_times = parse_count(values.get("number-rows-repeated")) or 1
            self._column, self._cells = 1, {}
        elif name in CELLS:
            self._cell_times = parse_count(values.get("number-columns-repeated")) or 1
            self._value = next((values[key] for key in VALUES if key in values), "")
            self._parts[TextPlace.BODY].clear()
        super().start(tag, attributes)

    def end(self, tag: str) -> None:
        super().end(tag)
        name = local_name(tag)
        if name in CELLS:
            self._end_cell(self.body or self._value)
        elif name == "table-row":
            self._end_row()
        elif name == "table":
            self._sheets.end_sheet()
            self._add_notes()

    def _end_cell(self, text: str) -> None:
        if text:
            for column in range(self._column, self._column + min(self._cell_times, PREVIEW_COLUMNS)):
                self._cells[column] = text
        self._column += self._cell_times

    def _end_row(self) -> None:
        for number in range(self._row, self._row + min(self._row_times, PREVIEW_ROWS)):
            self._sheets.add_row(number, self._cells)
        self._row += self._row_times

    def _add_notes(self) -> None:
        """Comments and text boxes of the table, which stand between its cells."""
        for place, text in self.texts.items():
            if place != TextPlace.BODY:
                self._notes.add_text(text, place)
                self._parts[place].clear()


def read_ods(path: Path, notes: ReadingNotes) -> None:
    with zipfile.ZipFile(path) as package:
        check_open_lock(package)
        properties = note_opendocument_properties(package, notes)
        notes.note(pages=None)
        parse_member(package, "content.xml", OpenCellReader(SheetCollector(notes), notes))
        add_page_texts(package, notes)
        leave_open_parts(package.namelist(), notes)
        notes.end_texts(properties)
