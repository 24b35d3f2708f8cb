"""A table with its headings understood: which column is which, where the lines begin, and what was not read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.rules.bulk.cells import CellRow, fold_words
from app.rules.bulk.columns import COLUMN_NAMES, COLUMNS, HEADINGS, KEY_COLUMN, Column, SheetKind
from app.rules.errors import Invalid
from app.rules.message import Message, say

ROWS_BEFORE_HEADINGS = 5
"""Titles and dates that may stand above the headings."""
_CODE = re.compile(r"[A-Za-z]{2,5}[ -]?[0-9]{1,2}")


@dataclass(frozen=True)
class SheetLine:
    """One line below the headings."""

    number: int
    values: Mapping[Column, str]

    def cell(self, column: Column) -> str:
        return self.values.get(column, "")


@dataclass(frozen=True)
class ReadSheet:
    """A table as it was understood; `notes` say what was taken for granted or left out."""

    kind: SheetKind
    columns: tuple[Column, ...]
    lines: tuple[SheetLine, ...]
    notes: tuple[Message, ...] = ()


def read_sheet(kind: SheetKind, rows: Sequence[CellRow], field: str) -> ReadSheet:
    """Raises Invalid at the field where the column that everything hangs on is not found, or is there twice."""
    for place, row in enumerate(rows[:ROWS_BEFORE_HEADINGS]):
        headings = [HEADINGS[kind].get(fold_words(cell)) for cell in row.cells]
        if KEY_COLUMN[kind] in headings and not _looks_like_content(kind, row):
            return _build_sheet(kind, headings, row.cells, rows[place + 1 :], field)
    if not rows or not _looks_like_content(kind, rows[0]):
        raise Invalid({field: _no_headings(kind)})
    columns = _guess_columns(kind, rows[0])
    order = say("There is no line with headings, so the columns were taken in the order of the template.")
    return ReadSheet(kind, _named(columns), tuple(_build_line(row, columns) for row in rows), (order,))


def _looks_like_content(kind: SheetKind, row: CellRow) -> bool:
    """Whether a first row can only be a line of the table: an address, a code, or a single name that is no heading."""
    if kind in (SheetKind.PEOPLE, SheetKind.PARTNERS):
        return any("@" in cell for cell in row.cells)
    if kind is SheetKind.ASSIGNMENTS:
        return bool(_CODE.fullmatch(row.cells[0]))
    return HEADINGS[kind].get(fold_words(row.cells[0])) is None and sum(map(bool, row.cells)) == 1


def _guess_columns(kind: SheetKind, row: CellRow) -> list[Column | None]:
    """The template's order; a table of people whose first cell is the address has only that one moved."""
    order: list[Column | None] = list(COLUMNS[kind])
    if kind is SheetKind.PEOPLE and "@" in row.cells[0] and "<" not in row.cells[0]:
        order[0], order[1] = order[1], order[0]
    return order


def _build_sheet(
    kind: SheetKind, headings: list[Column | None], words: Sequence[str], rows: Sequence[CellRow], field: str
) -> ReadSheet:
    twice = next((column for column in headings if column and headings.count(column) > 1), None)
    if twice:
        raise Invalid({field: say("Two columns have the heading “%(name)s”. Keep one.", name=COLUMN_NAMES[twice])})
    unknown = [word for word, column in zip(words, headings, strict=True) if column is None and not _is_help(word)]
    notes = (say("These columns are not used: %(names)s.", names=", ".join(unknown)[:200]),) if unknown else ()
    return ReadSheet(kind, _named(headings), tuple(_build_line(row, headings) for row in rows), notes)


def _is_help(word: str) -> bool:
    """Whether a column of our own templates has this heading, which only helps to fill in the others."""
    return fold_words(word) in {"", "title", "titulo", "usual owner", "responsable habitual"}


def _build_line(row: CellRow, columns: Sequence[Column | None]) -> SheetLine:
    return SheetLine(row.number, {column: cell for column, cell in zip(columns, row.cells, strict=False) if column})


def _named(columns: Sequence[Column | None]) -> tuple[Column, ...]:
    return tuple(column for column in columns if column)


def _no_headings(kind: SheetKind) -> Message:
    if kind is SheetKind.PEOPLE:
        return say(
            "We found no column with e-mail addresses. Begin with a line of headings: Name, E-mail, Department, Role, Language."
        )
    if kind is SheetKind.ASSIGNMENTS:
        return say(
            "We found no column with criteria. Begin with a line of headings: Criterion, Department, Person, Due date."
        )
    if kind is SheetKind.PARTNERS:
        return say("We found no column with names. Begin with a line of headings: Name, Contact, E-mail, Language.")
    return say("We found no column with names. Begin with a line that has the heading Department.")
