"""The rows of all tables as lines of text that are the same on SQLite and on PostgreSQL, read from one and put into the other.

Tables are taken as they are in the database rather than as the models have them, so that a backup of an older version can be restored. A
row is a JSON list of its values, the columns by name; rows come in the order of their primary key. So two databases hold the same when
their lines have the same hash.
"""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Float,
    ForeignKeyConstraint,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    collate,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.engine.interfaces import ReflectedColumn, ReflectedForeignKeyConstraint
from sqlalchemy.types import TypeEngine

from app.rules.backup import TableMark

ROWS_AT_ONCE = 1_000
REVISION_TABLE = "alembic_version"

ValueConverter = Callable[[Any], Any]


def list_tables(connection: Connection) -> list[Table]:
    """Every table of the database but the mark of its revision, those that others point to first: columns, keys and references."""
    look = inspect(connection)
    keys, references, metadata = look.get_multi_pk_constraint(), look.get_multi_foreign_keys(), MetaData()
    for place, columns in look.get_multi_columns().items():
        key = keys[place]["constrained_columns"]
        points_to = (_reference(described) for described in references[place])
        Table(place[1], metadata, *(_column(described, key) for described in columns), *points_to)
    return [table for table in metadata.sorted_tables if table.name != REVISION_TABLE]


def _column(described: ReflectedColumn, key: list[str]) -> Column[Any]:
    name = described["name"]
    counts: Any = described.get("autoincrement", "auto") if name in key else False
    return Column(name, described["type"], primary_key=name in key, autoincrement=counts)


def _reference(described: ReflectedForeignKeyConstraint) -> ForeignKeyConstraint:
    there = [f"{described['referred_table']}.{name}" for name in described["referred_columns"]]
    return ForeignKeyConstraint(described["constrained_columns"], there)


def sort_columns(table: Table) -> list[Column[Any]]:
    """By name: the order in which they were added differs between databases."""
    return sorted(table.columns, key=lambda column: column.name)


def read_table_lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """Each row as a line."""
    wanted = sort_columns(table)
    converts = [_outward_converter(column.type) for column in wanted]
    query = select(*wanted).order_by(*_row_order(connection, table))
    for values in connection.execute(query, execution_options={"stream_results": True, "yield_per": ROWS_AT_ONCE}):
        plain = [None if value is None else convert(value) for convert, value in zip(converts, values, strict=True)]
        yield json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def fill_table(connection: Connection, table: Table, column_names: list[str], rows: Iterable[bytes]) -> None:
    """Put lines into an empty table; `column_names` are the names of their columns. Raises KeyError for a column that is not there."""
    converts = [(name, _inward_converter(table.columns[name].type, connection.dialect.name)) for name in column_names]
    insert = table.insert()
    remaining = iter(rows)
    while batch := list(islice(remaining, ROWS_AT_ONCE)):
        connection.execute(insert, [_parse_line(converts, line) for line in batch])
    _advance_sequence(connection, table)


@contextmanager
def without_references(connection: Connection) -> Iterator[None]:
    """Rows may come in before those that they point to; in the end every reference is looked at.

    SQLite needs nothing: its references are off in a transaction that re-creates tables, and looked at after it. PostgreSQL has
    them taken away and put back as they were.
    """
    references: Sequence[Any] = []
    if connection.dialect.name == "postgresql":
        references = connection.execute(text(_REFERENCES_QUERY)).all()
    for table, name, _ in references:
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    yield
    for table, name, definition in references:
        connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"))


_REFERENCES_QUERY = (
    "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY conname"
)


@dataclass
class TableCounter:
    """Passes lines on and keeps what they add up to, for `mark` when the last has passed."""

    table: Table
    _digest: Any = field(default_factory=hashlib.sha256)
    _rows: int = 0

    def count_lines(self, rows: Iterable[bytes]) -> Iterator[bytes]:
        for line in rows:
            self._digest.update(line)
            self._rows += 1
            yield line

    def mark(self) -> TableMark:
        names = tuple(column.name for column in sort_columns(self.table))
        return TableMark(self.table.name, names, self._rows, self._digest.hexdigest())


def mark_table(connection: Connection, table: Table) -> TableMark:
    """Count and hash of a table as it is now."""
    counter = TableCounter(table)
    for _ in counter.count_lines(read_table_lines(connection, table)):
        pass
    return counter.mark()


def _row_order(connection: Connection, table: Table) -> list[ColumnElement[Any]]:
    """Letters in the order of their bytes, as SQLite has them whatever language a PostgreSQL server speaks."""
    columns = list(table.primary_key.columns) or sort_columns(table)
    if connection.dialect.name != "postgresql":
        return list(columns)
    return [collate(column, "C") if column.type.python_type is str else column for column in columns]


def _parse_line(converts: list[tuple[str, ValueConverter]], line: bytes) -> dict[str, Any]:
    values = json.loads(line)
    return {
        name: None if value is None else convert(value) for (name, convert), value in zip(converts, values, strict=True)
    }


def _outward_converter(kind: TypeEngine[Any]) -> ValueConverter:
    if isinstance(kind, DateTime):
        return _format_moment
    if isinstance(kind, Date):
        return date.isoformat
    if isinstance(kind, LargeBinary):
        return lambda value: b64encode(value).decode()
    if isinstance(kind, Numeric) and not isinstance(kind, Float):
        places = kind.scale or 0
        return lambda value: f"{value:.{places}f}"
    return bool if isinstance(kind, Boolean) else _return_unchanged


def _inward_converter(kind: TypeEngine[Any], dialect: str) -> ValueConverter:
    if isinstance(kind, DateTime):
        return _parse_moment if dialect == "postgresql" and kind.timezone else datetime.fromisoformat
    if isinstance(kind, Date):
        return date.fromisoformat
    if isinstance(kind, LargeBinary):
        return b64decode
    if isinstance(kind, Numeric) and not isinstance(kind, Float):
        return Decimal
    return _return_unchanged


def _return_unchanged(value: Any) -> Any:
    return value


def _format_moment(value: datetime) -> str:
    """UTC without saying so: SQLite keeps no zone, and every time in the database is in UTC."""
    utc = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    return utc.isoformat(timespec="microseconds")


def _parse_moment(value: str) -> datetime:
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def _advance_sequence(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows after those that are there; SQLite does so by itself."""
    number = table.autoincrement_column
    if connection.dialect.name != "postgresql" or number is None:
        return
    sequence = func.pg_get_serial_sequence(connection.dialect.identifier_preparer.quote(table.name), number.name)
    last = connection.execute(select(func.max(number), sequence)).one()
    if last[0] is not None and last[1] is not None:
        connection.execute(text("SELECT setval(:sequence, :last)"), {"sequence": last[1], "last": last[0]})
