"""Tables as files, to be filled in or copied from: one CSV text, or a workbook with a sheet for each."""

import csv
from collections.abc import Collection, Mapping, Sequence
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from app.rules.text.spreadsheet import safe_cell

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

SEPARATORS = {"es": ";"}
"""Excel takes commas for part of a number where these languages are spoken."""
NARROW, WIDE = 28, 80
"""Widths of columns in a workbook, in signs."""
Rows = Sequence[Sequence[str]]
LongColumns = Collection[int]


def write_csv(rows: Rows, language: str) -> bytes:
    """With the mark by which Excel knows UTF-8."""
    text = StringIO()
    writer = csv.writer(text, delimiter=SEPARATORS.get(language, ","), lineterminator="\r\n")
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def write_workbook(sheets: Mapping[str, Rows], long_columns: Mapping[str, LongColumns] | None = None) -> bytes:
    """Every cell as text, the first row of each sheet in bold and fixed.

    `long_columns` of a sheet, the first being 1, are wide, and all its cells wrap. Control characters, which XML cannot hold, go.
    """
    import openpyxl  # here, because it takes time and room, and most processes write no workbook

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        _fill_sheet(book.create_sheet(name), rows, (long_columns or {}).get(name, ()))
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _fill_sheet(sheet: "Worksheet", rows: Rows, long_columns: LongColumns) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    bold, plain, wrapped = Font(bold=True), Font(), Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows, 1):
        for place, text in enumerate(row, 1):
            cell = sheet.cell(number, place, safe_cell(ILLEGAL_CHARACTERS_RE.sub("", text)))
            cell.font = bold if number == 1 else plain
            if long_columns:
                cell.alignment = wrapped
    for place in range(1, max(map(len, rows), default=0) + 1):
        width = WIDE if place in long_columns else NARROW
        sheet.column_dimensions[get_column_letter(place)].width = width
