"""Tables as files to be filled in: one CSV text, or a workbook with a sheet for each."""

import csv
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO

from app.rules.spreadsheet import safe_cell

SEPARATORS = {"es": ";"}
"""Excel takes commas for part of a number where these languages are spoken."""
Rows = Sequence[Sequence[str]]


def write_csv(rows: Rows, language: str) -> bytes:
    """With the mark by which Excel knows UTF-8."""
    text = StringIO()
    writer = csv.writer(text, delimiter=SEPARATORS.get(language, ","), lineterminator="\r\n")
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def write_workbook(sheets: Mapping[str, Rows]) -> bytes:
    """Every cell as text, the first row of each sheet in bold and fixed."""
    import openpyxl  # here, because it takes time and room, and most processes write no workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    bold, plain = Font(bold=True), Font()
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for number, row in enumerate(rows, 1):
            for place, text in enumerate(row, 1):
                cell = sheet.cell(number, place, safe_cell(text))
                cell.font = bold if number == 1 else plain
        for place in range(1, max(map(len, rows), default=0) + 1):
            sheet.column_dimensions[get_column_letter(place)].width = 28
    content = BytesIO()
    book.save(content)
    return content.getvalue()
