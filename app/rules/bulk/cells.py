"""A pasted or uploaded text as rows of cells: bounded before work is done on it, and without what nobody sees."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from app.rules.errors import Invalid
from app.rules.message import say
from app.rules.text.bounds import normalize_text

MOST_CHARACTERS = 400_000
MOST_ROWS = 2_000
MOST_COLUMNS = 40
CELL_LIMIT = 500
DELIMITERS = "\t;,"
_UNSEEN = dict.fromkeys(
    map(ord, "\xad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff\u2066\u2067\u2068\u2069\x00")
)


@dataclass(frozen=True)
class CellRow:
    """A row that is not empty, with its number in the text or workbook, the first being 1."""

    number: int
    cells: tuple[str, ...]


def read_rows(text: str, field: str) -> tuple[CellRow, ...]:
    """The rows of a CSV text or of pasted cells. Raises Invalid at the field for more than can be taken."""
    if len(text) > MOST_CHARACTERS:
        raise Invalid(
            {field: say("This is too long: at most %(most)s characters can be read at once.", most=MOST_CHARACTERS)}
        )
    delimiter, text = _find_delimiter(text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    try:
        rows = _parse_text(text, delimiter, csv.QUOTE_MINIMAL)
    except csv.Error:  # a quotation mark that is never closed would swallow all that follows
        rows = _parse_text(text, delimiter, csv.QUOTE_NONE)
    return bound_rows(rows, field)


def _find_delimiter(text: str) -> tuple[str, str]:
    """What stands most often in the first lines; `sep=;` on the first, as Excel understands it, is told and gone."""
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and first.strip()[4:5] in DELIMITERS:
        return first.strip()[4:5], "\n" + rest
    beginning = "\n".join(text.split("\n", 10)[:10])
    if "\t" in beginning:
        return "\t", text
    return max(";,", key=beginning.count), text


def _parse_text(text: str, delimiter: str, quoting: Literal[0, 3]) -> list[tuple[int, list[str]]]:
    """Each row with the number of the line that it begins on."""
    lines = text.split("\n")
    reader = csv.reader(
        (line + "\n" for line in lines), delimiter=delimiter, quoting=quoting, strict=quoting != csv.QUOTE_NONE
    )
    rows, begins = [], 1
    for row in reader:
        rows.append((begins, row))
        begins = reader.line_num + 1
        if len(rows) > MOST_ROWS * 2:
            break
    return rows


def bound_rows(rows: Iterable[tuple[int, Sequence[str]]], field: str) -> tuple[CellRow, ...]:
    """Those with something in them, their cells made plain. Raises Invalid at the field for too many rows or columns."""
    plain_rows = []
    for number, cells in rows:
        if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
            raise Invalid(
                {field: say("Line %(number)s has more than %(most)s columns.", number=number, most=MOST_COLUMNS)}
            )
        plain = tuple(map(clean_cell, cells[:MOST_COLUMNS]))
        if any(plain):
            plain_rows.append(CellRow(number, plain))
        if len(plain_rows) > MOST_ROWS:
            raise Invalid({field: say("At most %(most)s lines can be taken at once. Split the table.", most=MOST_ROWS)})
    return tuple(plain_rows)


def clean_cell(text: str) -> str:
    """The cell as one line, without unseen signs; of a longer one than CELL_LIMIT the beginning and a mark."""
    cut = text[: CELL_LIMIT * 4].translate(_UNSEEN)
    plain = " ".join(cut.split())
    return plain if len(plain) <= CELL_LIMIT else plain[:CELL_LIMIT] + "…"


def fold_words(text: str) -> str:
    """What a text is compared by: without case, accents, and signs between its words."""
    plain = normalize_text("NFKD", text.casefold())
    return " ".join("".join(letter if letter.isalnum() else " " for letter in plain if not _is_mark(letter)).split())


def _is_mark(letter: str) -> bool:
    return "\u0300" <= letter <= "\u036f"


def tabbed_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows as pasted cells, to be corrected on a page and read again."""
    return "\n".join("\t".join(cells) for cells in rows)
