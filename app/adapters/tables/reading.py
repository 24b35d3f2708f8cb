"""Reads an uploaded table: a CSV text here, a workbook in a process of its own with bounded time and memory."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.adapters.children.frame import run_child
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
            return (UploadedTable("", read_rows(decode_table(received.file.read()), "file")),)
        inspect_file(safe_name(name), received.file, (XLSX,))
        return _read_workbook(received.file.read())


def read_text(name: str, source: BinaryIO) -> str:
    """An uploaded text, as it was written. Raises Invalid for the field `file` for what is no text, or too large."""
    with receive_file(source, LARGEST_BYTES) as received:
        beginning = received.file.read(2)
        received.file.seek(0)
        if beginning not in UTF_16_MARKS:
            inspect_file(safe_name(name), received.file, (CSV, TEXT))
        return decode_table(received.file.read())


def decode_table(content: bytes) -> str:
    """The text as Excel and its kind write it: UTF-16 or UTF-8 with a mark, UTF-8 without one, or else Windows' own."""
    if content.startswith(UTF_16_MARKS):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _read_workbook(content: bytes) -> tuple[UploadedTable, ...]:
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
    return tuple(UploadedTable(name, bound_rows(rows, "file")) for name, rows in sheets)


def _load_sheets(path: Path) -> list[tuple[str, Sequence[tuple[int, Sequence[str]]]]] | None:
    """What the process wrote down; None where it could not read the file, or wrote what it could not have written."""
    try:
        found = json.loads(path.read_text("utf-8"))
        return [
            (str(sheet["name"]), [(int(number), list(map(str, cells))) for number, cells in sheet["rows"]])
            for sheet in found["sheets"]
        ]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
