"""The process that reads one workbook: started by `adapters.tables.reading` with the file and a folder for what it finds.

It writes `sheets.json`: the names and the rows of the first sheets, or why they cannot be read.
"""

import json
import os
import sys
from datetime import datetime, time
from pathlib import Path
from typing import Any

import openpyxl

from app.adapters.children.confinement import FileView
from app.adapters.children.start import bound_process
from app.rules.bulk.cells import MOST_COLUMNS, MOST_ROWS
from app.rules.criteria.wordings import WORDING_LIMIT

MOST_SHEETS = 12
LARGEST_RESULT_MB = 20
LONGEST_CELL = WORDING_LIMIT * 2
"""Long enough that whoever has a limit for a cell sees that it is passed."""


def main(path: Path, place: Path, seconds: int, memory_mb: int) -> int:
    """Read the workbook under limits; 1 when the memory was not enough."""
    bound_process(seconds, memory_mb, file_mb=LARGEST_RESULT_MB, view=FileView(readable=(path,), writable=(place,)))
    try:
        found: dict[str, Any] = {"sheets": read_sheets(path)}
    except MemoryError:
        return 1
    except Exception:
        found = {"damaged": True}
    (place / "sheets.json").write_text(json.dumps(found), "utf-8")
    return 0


def read_sheets(path: Path) -> list[dict[str, Any]]:
    """Name and rows of each sheet; a row is its number and its cells as text."""
    with path.open("rb") as file:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        return [{"name": sheet.title, "rows": _read_rows(sheet)} for sheet in book.worksheets[:MOST_SHEETS]]


def _read_rows(sheet: Any) -> list[tuple[int, list[str]]]:
    sheet.reset_dimensions()
    rows: list[tuple[int, list[str]]] = []
    for number, values in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True), 1):
        cells = [cell_text(value)[:LONGEST_CELL] for value in values]
        if any(cells):
            rows.append((number, cells))
        if len(rows) > MOST_ROWS:
            break
    return rows


def cell_text(value: Any) -> str:
    """A cell as text; a date without a time is only the day, and a whole number has no point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return str(value.date() if value.time() == time() else value)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


if __name__ == "__main__":
    given_path, given_place, given_seconds, given_memory = sys.argv[1:]
    os._exit(main(Path(given_path), Path(given_place), int(given_seconds), int(given_memory)))
