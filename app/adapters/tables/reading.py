"""Reads an uploaded table: a CSV text here, a workbook in a process of its own with bounded time and memory."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.adapters.children.frame import run_child
from app.adapters.encodings import decode_bytes
from app.adapters.files import inspect_file
from app.adapters.receiving import receive_file
from app.rules.bulk.cells import CellRow, bound_rows, read_rows
from app.rules.errors import Invalid
from app.rules.files.kinds import CSV, TEXT, XLSX, safe_name
from app.rules.message import say

LARGEST_BYTES = 4_000_000
SECONDS = 20
MEMORY_MB = 512
CHILD = "app.adapters.tables.child"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
SheetRows = tuple[str, Sequence[tuple[int, Sequence[str]]]]
"""The name of a sheet, and its rows with their numbers."""


@dataclass(frozen=True)
class UploadedTable:
    """One sheet of a workbook, or the only table of a text, whose name is empty."""

    name: str
    rows: tuple[CellRow, ...]


def read_upload(name: str, source: BinaryIO) -> tuple[UploadedTable, ...]:
    """The tables of a CSV text or a workbook. Raises Invalid for the field `file` for what is neither, damaged, or too large."""
    with receive_file(source, LARGEST_BYTES) as received:
        beginning = received.file.read(2)
        received.file.seek(0)
        if beginning in UTF_16_MARKS or not name.lower().endswith(f".{XLSX.extensions[0]}"):
            if beginning not in UTF_16_MARKS:
                inspect_file(safe_name(name), received.file, (CSV, TEXT, XLSX))
            return (UploadedTable("", read_rows(decode_bytes(received.file.read()), "file")),)
        inspect_file(safe_name(name), received.file, (XLSX,))
        sheets = _read_workbook(received.file.read())
        return tuple(UploadedTable(sheet, bound_rows(rows, "file")) for sheet, rows in sheets)


def read_text(name: str, source: BinaryIO) -> str:
    """An uploaded text, as it was written; of a workbook the cells of each row one after the other, as they would be pasted.

    Raises Invalid for the field `file` for what is neither, damaged, or too large.
    """
    with receive_file(source, LARGEST_BYTES) as received:
        beginning = received.file.read(2)
        received.file.seek(0)
        if beginning not in UTF_16_MARKS and inspect_file(safe_name(name), received.file, (CSV, TEXT, XLSX)) == XLSX:
            rows = [cells for _, rows in _read_workbook(received.file.read()) for _, cells in rows]
            return "\n".join("\t".join(filter(None, cells)) for cells in rows)
        return decode_bytes(received.file.read())


def _read_workbook(content: bytes) -> list[SheetRows]:
    with tempfile.TemporaryDirectory(prefix="cityready-table-") as folder:
        path, place = Path(folder, "table.xlsx"), Path(folder, "found")
        place.mkdir()
        path.write_bytes(content)
        failure = run_child(CHILD, str(path), str(place), seconds=SECONDS, memory_mb=MEMORY_MB)
        sheets = None if failure else _load_sheets(place / "sheets.json")
    if sheets is None:
        raise Invalid(
            {"file": say("This workbook could not be read. Save it again, or copy its cells and paste them here.")}
        )
    return sheets


def _load_sheets(path: Path) -> list[SheetRows] | None:
    """What the process wrote down; None where it could not read the file, or wrote what it could not have written."""
    try:
        found = json.loads(path.read_text("utf-8"))
        return [
            (str(sheet["name"]), [(int(number), list(map(str, cells))) for number, cells in sheet["rows"]])
            for sheet in found["sheets"]
        ]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
