"""Reads plain text and CSV tables."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from app.adapters.encodings import decode_bytes
from app.adapters.file_readers.notes import ReadingNotes
from app.adapters.file_readers.sheets import SheetCollector
from app.rules.files.file_text import CHECK_LIMIT

DELIMITERS = ",;\t|"
TEXT_ENDINGS = (".txt", ".csv", ".tsv", ".htm", ".html", ".log", ".ics", ".vcf", ".md", ".json", ".xml")
"""How the names of attachments end that hold a text, whatever is said of their kind."""
_SAID = re.compile(r'"?sep=([^\w\s"]|\t)"?[,;\t]*(?:\n|$)', re.IGNORECASE)
ROWS_LOOKED_AT = 50
BEGINNING = 100_000
"""Characters in which the delimiter is looked for."""


def read_text(path: Path, notes: ReadingNotes) -> None:
    notes.add_text(decode_file(path))
    notes.end_texts()


def read_csv(path: Path, notes: ReadingNotes) -> None:
    """A file that is no table is read as a text."""
    text, delimiter = _take_delimiter(decode_file(path))
    csv.field_size_limit(CHECK_LIMIT)
    sheets = SheetCollector(notes)
    sheets.begin_sheet("")
    for number, row in enumerate(_parse_rows(text, delimiter), 1):
        sheets.add_row(number, dict(enumerate(row, 1)))
    sheets.end_sheet()
    if not notes.has_words:
        notes.add_text(text)
    notes.end_texts()


def _take_delimiter(text: str) -> tuple[str, str]:
    """The table and what parts its columns, which a first line may say to Excel, as in `sep=;`."""
    if said := _SAID.match(text):
        return text[said.end() :], said[1]
    return text, find_delimiter(text)


def find_delimiter(text: str) -> str:
    """The sign that parts the most rows into as many columns as the others; titles above a table, and quoted signs, decide nothing."""
    beginning = text[:BEGINNING]

    def count_alike(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in islice(_parse_rows(beginning, delimiter), ROWS_LOOKED_AT) if len(row) > 1)
        width, rows = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return rows, width

    return max(DELIMITERS, key=count_alike)


def _parse_rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """Rows as they are; one that no reader of CSV takes ends the table."""
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:
        return


def decode_file(path: Path) -> str:
    """The text with plain line ends: as its first bytes say, in UTF-8 where it can be that, or else as its letters fit together."""
    with path.open("rb") as file:
        content = file.read(CHECK_LIMIT + 1)
    return decode_bytes(content).replace("\r\n", "\n").replace("\r", "\n")
