"""Collects the sheets of a workbook: what is shown of the first ones, and the words of all of them."""

import re
from collections.abc import Mapping

from app.adapters.file_readers.notes import ReadingNotes, strip_unseen
from app.rules.files.file_reading import CELL_LIMIT, PREVIEW_COLUMNS, PREVIEW_ROWS, PREVIEW_SHEETS, Sheet
from app.rules.files.file_text import NAME_LIMIT

ROWS_AT_ONCE = 5_000
MOST_NAMES = 5_000
_BY_PROGRAM = re.compile(r"(sheet|hoja|planilha|plan|feuil|feuille|tabelle|foglio)?[ _]?\d{0,3}", re.IGNORECASE)
"""Names that programs give, in several languages, and that say nothing."""


class SheetCollector:
    """Takes rows as they come. Only what is shown is cut; every word is kept for the search and for the check for personal data."""

    def __init__(self, notes: ReadingNotes) -> None:
        self._notes = notes
        self._sheets: list[Sheet] = []
        self._name = ""
        self._shown: dict[int, dict[int, str]] = {}
        self._lines: list[tuple[int, str]] = []
        self._cut = False

    def begin_sheet(self, name: str) -> None:
        self._name = strip_unseen(name)[:NAME_LIMIT]
        if len(self._notes.sheet_names) < MOST_NAMES and not _BY_PROGRAM.fullmatch(name):
            self._notes.sheet_names.append(name)
        self._shown, self._cut = {}, False

    def add_row(self, number: int, cells: Mapping[int, str]) -> None:
        """One row with its cells by their columns, both counted from 1; empty cells may be left out."""
        filled = {column: cell for column, cell in sorted(cells.items()) if cell.strip()}
        if not filled:
            return
        self._lines.append((number, "\t".join(filled.values())))
        if len(self._lines) >= ROWS_AT_ONCE:
            self._hand_over_rows()
        if len(self._sheets) >= PREVIEW_SHEETS or (self._cut and number > PREVIEW_ROWS):
            return
        is_cut = max(filled) > PREVIEW_COLUMNS or any(len(cell) > CELL_LIMIT for cell in filled.values())
        self._cut = self._cut or number > PREVIEW_ROWS or is_cut
        if number <= PREVIEW_ROWS:
            self._shown[number] = {
                column: strip_unseen(cell[:CELL_LIMIT]) for column, cell in filled.items() if column <= PREVIEW_COLUMNS
            }

    def end_sheet(self) -> None:
        """Write down the sheet, so that it stays whatever comes after it."""
        self._hand_over_rows()
        if self._shown or self._cut:
            self._sheets.append(Sheet(self._name, _square_rows(self._shown), self._cut))
        self._notes.note(sheets=tuple(self._sheets))
        self._shown, self._cut = {}, False

    def _hand_over_rows(self) -> None:
        self._notes.add_rows(self._name, self._lines)
        self._lines = []


def _square_rows(shown: dict[int, dict[int, str]]) -> tuple[tuple[str, ...], ...]:
    """The rows from the first to the last that holds something, all as wide as the widest."""
    wide = max((column for row in shown.values() for column in row), default=0)
    columns = range(1, wide + 1)
    return tuple(
        tuple(shown.get(number, {}).get(column, "") for column in columns)
        for number in range(1, max(shown, default=0) + 1)
    )
