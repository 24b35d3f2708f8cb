"""The columns that a row of the app's must have and that an anchor has nothing to say about, so that a new column breaks no anchor."""

from collections.abc import Collection, Iterator

from sqlalchemy import Boolean, Integer

from app.store import tables

Blank = tuple[str, str | int]


def list_blanks(table: str, given: Collection[str]) -> Iterator[Blank]:
    """Name and empty value of each column of `table` that may not be null and is not among `given`."""
    for column in tables.metadata.tables[table].columns:
        if not (column.nullable or column.primary_key or column.name in given):
            yield column.name, 0 if isinstance(column.type, Boolean | Integer) else ""


def write_insert(table: str, *given: str, **fixed: str | int) -> str:
    """An INSERT with a question mark for each column `given`, and the others as `fixed` or empty."""
    values = fixed | dict(list_blanks(table, {*given, *fixed}))
    literals = (f"'{value}'" if isinstance(value, str) else str(value) for value in values.values())
    return f"INSERT INTO {table} ({', '.join([*given, *values])}) VALUES ({', '.join(['?'] * len(given) + list(literals))})"
