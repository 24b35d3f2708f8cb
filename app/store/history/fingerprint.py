"""Fingerprints of rows: SHA-256 over what a row says, the same on both databases and on every day that nobody changes it.

A column that says nothing (null, empty, 0, false) is left out, so that a column which comes later changes no fingerprint of before.
A row is read together with what it cannot be understood without: a piece of evidence with the file it points to, a membership with the
person's name and address and its departments.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BinaryExpression,
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    Table,
    bindparam,
    select,
)
from sqlalchemy.sql import operators
from sqlmodel import SQLModel

from app.rules.files.scanning import ScanState
from app.store.assessment import Assessment, Assignment, LocalCriterion
from app.store.award import Award
from app.store.city import City, Department
from app.store.evidence.files import StoredFile
from app.store.evidence.links import LinkCopy
from app.store.evidence.pieces import Evidence, EvidenceSupport
from app.store.evidence.version import EvidenceOpening, EvidenceVersion
from app.store.file_reading import FileReading, FileReadingAnswer
from app.store.handover import Handover
from app.store.judged_response import JudgedResponse
from app.store.people import Membership, MembershipDepartment, Person
from app.store.planning import Scenario
from app.store.portal import Portal, PortalFact, PortalReading
from app.store.program import ProgramAnswer, ProgramApplication, ProgramQuestion
from app.store.report.foreword import Foreword
from app.store.report.reports import Report
from app.store.request import Contribution, EvidenceRequest, Partner
from app.store.response import ChecklistAnswer, NarrativeVersion, Response
from app.store.retention import RetentionClass
from app.store.review import ReviewComment, Verdict

ROWS_AT_ONCE = 500
"""Rows that are held at a time while a whole city is read."""

RowValues = dict[str, Any]
Settle = Callable[[RowValues], None]


class Fingerprint(NamedTuple):
    """Of one row; `kind` is the name of its table."""

    kind: str
    row_id: int
    city_id: int
    sha256: str


@dataclass(frozen=True, eq=False)
class WatchedTable:
    """A table whose rows are compared with the record. `silent` columns say nothing that a person decided."""

    table: Table
    silent: frozenset[str]
    settle: Settle | None = None

    @property
    def kind(self) -> str:
        return str(self.table.name)

    @property
    def said(self) -> frozenset[str]:
        """The names of the columns that count."""
        return frozenset(self.table.columns.keys()) - self.silent


def table_of(model: type[SQLModel]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


def _settle_report(values: RowValues) -> None:
    """A report names the event that asked for it, so that event cannot know yet what the report names; the one that made it does."""
    if not values.get("made_at"):
        values.pop("history_number", None)
        values.pop("history_head", None)


def _watch_table(model: type[SQLModel], *silent: str, settle: Settle | None = None) -> WatchedTable:
    return WatchedTable(table_of(model), frozenset({"version", *silent}), settle)


WATCHED: dict[str, WatchedTable] = {
    watched.kind: watched
    for watched in (
        _watch_table(City, "history_count", "history_head"),
        _watch_table(Department),
        _watch_table(Award),
        _watch_table(Foreword),
        _watch_table(Membership),
        _watch_table(Assessment),
        _watch_table(Assignment),
        _watch_table(LocalCriterion),
        _watch_table(Response, "narrative_version", "updated_at"),
        _watch_table(ChecklistAnswer),
        _watch_table(NarrativeVersion),
        _watch_table(Verdict),
        _watch_table(JudgedResponse),
        _watch_table(ReviewComment),
        _watch_table(Evidence, "link_checked_at", "link_troubles", "link_deaths", "link_next_at"),
        _watch_table(EvidenceSupport),
        _watch_table(EvidenceVersion),
        _watch_table(EvidenceOpening),
        _watch_table(LinkCopy),
        _watch_table(FileReading, "text", "stretches", "reader", "found_at", "pictured", "pictures_wait"),
        _watch_table(FileReadingAnswer),
        _watch_table(RetentionClass),
        _watch_table(Partner),
        _watch_table(EvidenceRequest),
        _watch_table(Contribution),
        _watch_table(Portal, "state", "asked_at", "read_at", "error", "next_read_on"),
        _watch_table(PortalReading),
        _watch_table(PortalFact),
        _watch_table(ProgramApplication),
        _watch_table(ProgramQuestion),
        _watch_table(ProgramAnswer),
        _watch_table(Scenario),
        _watch_table(Handover),
        _watch_table(Report, "state", "step", "error", settle=_settle_report),
    )
}
"""By the table's name. What is not here is no city's own, or comes and goes by itself: sessions, jobs, uploads, words for the search."""


@dataclass(frozen=True, eq=False)
class WatchedPart:
    """A table that counts only in rows of others: where `key` of its rows is the `column` of rows of the kind, for each of `wholes`."""

    table: Table
    key: str
    said: frozenset[str]
    wholes: tuple[tuple[str, str], ...]


_COLUMNS_WITH_FILE = tuple((kind, "file_id") for kind, watched in WATCHED.items() if "file_id" in watched.table.columns)

PARTS: dict[str, WatchedPart] = {
    part.table.name: part
    for part in (
        WatchedPart(table_of(StoredFile), "id", frozenset({"key", "sha256", "size_bytes", "scan"}), _COLUMNS_WITH_FILE),
        WatchedPart(table_of(Person), "id", frozenset({"name", "email"}), (("membership", "person_id"),)),
        WatchedPart(table_of(MembershipDepartment), "membership_id", frozenset({"membership_id", "department_id"}), (("membership", "id"),)),
    )
}  # fmt: skip


def read_fingerprints(
    connection: Connection, kind: str, *conditions: ColumnElement[bool], lock: bool = False
) -> Iterator[Fingerprint]:
    """The fingerprints of the rows of a kind that meet the conditions; with `lock` nobody else changes them in the meantime.

    Where they name a row by its id, of that row whether it meets the others or not: the query for that is built once.
    """
    if (row_id := _find_named_id(conditions)) is not None:
        yield from read_fingerprints_by_id(connection, kind, [row_id], lock=lock)
        return
    query = _values_query(kind).where(*conditions)
    if lock:
        query = query.with_for_update(key_share=True, of=WATCHED[kind].table)
    yield from _hash_rows(connection, kind, connection.execute(query).all())


def _find_named_id(conditions: Sequence[ColumnElement[bool]]) -> int | None:
    """The only id that can meet the conditions, where they say so."""
    for condition in conditions:
        if isinstance(condition, BinaryExpression) and condition.operator is operators.eq:
            column, given = condition.left, condition.right
            if isinstance(column, Column) and column.name == "id" and isinstance(given, BindParameter):
                return given.value if isinstance(given.value, int) else None
    return None


def read_fingerprints_by_id(
    connection: Connection, kind: str, ids: Collection[int], *, lock: bool = False
) -> Iterator[Fingerprint]:
    """Those of these rows, as `read_fingerprints`."""
    in_order = sorted(ids)
    for begin in range(0, len(in_order), ROWS_AT_ONCE):
        given = {"ids": in_order[begin : begin + ROWS_AT_ONCE]}
        yield from _hash_rows(connection, kind, connection.execute(_values_query_by_id(kind, lock), given).all())


def read_fingerprints_of_city(connection: Connection, kind: str, city_id: int) -> Iterator[Fingerprint]:
    """All of a kind in a city in the order of their ids, a few held at a time."""
    given = {"city": city_id, "most": ROWS_AT_ONCE}
    rows = connection.execute(_values_query_of_city(kind, False), given).all()
    while rows:
        yield from _hash_rows(connection, kind, rows)
        given["after"] = rows[-1].row_id
        rows = connection.execute(_values_query_of_city(kind, True), given).all() if len(rows) == given["most"] else ()


@cache
def _values_query_by_id(kind: str, lock: bool) -> Select[Any]:
    table = WATCHED[kind].table
    query = _values_query(kind).where(table.columns.id.in_(bindparam("ids", expanding=True)))
    return query.with_for_update(key_share=True, of=table) if lock else query


@cache
def _values_query_of_city(kind: str, goes_on: bool) -> Select[Any]:
    """The first few in the order of their ids; where it `goes_on`, those after an id."""
    row_id = WATCHED[kind].table.columns.id
    query = _values_query(kind).where(_city_column(WATCHED[kind]) == bindparam("city"))
    query = query.where(row_id > bindparam("after")) if goes_on else query
    return query.order_by(row_id).limit(bindparam("most"))


def _city_column(watched: WatchedTable) -> ColumnElement[int]:
    return watched.table.columns.get("city_id", watched.table.columns.id)


@cache
def _values_query(kind: str) -> Select[Any]:
    """The id, the city, and all that counts under its name."""
    watched = WATCHED[kind]
    source, more = _join_needed_tables(watched.table)
    own = [column.label(name) for name, column in watched.table.columns.items() if name in watched.said - {"id"}]
    ids = [watched.table.columns.id.label("row_id"), _city_column(watched).label("of_city")]
    return select(*ids, *own, *(column.label(name) for name, column in more.items())).select_from(source)


def _join_needed_tables(table: Table) -> tuple[FromClause, Mapping[str, ColumnElement[Any]]]:
    if "file_id" in table.columns:
        file = table_of(StoredFile).columns
        more: dict[str, Any] = {"file.key": file["key"], "file.sha256": file.sha256, "file.size_bytes": file.size_bytes}
        more |= {"file.infected": file.scan == ScanState.INFECTED}
        return table.outerjoin(file.id.table, file.id == table.columns.file_id), more
    if table is table_of(Membership):
        person = table_of(Person).columns
        return table.outerjoin(person.id.table, person.id == table.columns.person_id), {
            "person.name": person["name"], "person.email": person.email,
        }  # fmt: skip
    return table, {}


def _hash_rows(connection: Connection, kind: str, rows: Sequence[Row[Any]]) -> Iterator[Fingerprint]:
    departments = _load_departments(connection, rows) if kind == "membership" else {}
    for row in rows:
        values = dict(row._mapping)
        row_id, city_id = values.pop("row_id"), values.pop("of_city")
        if row_id in departments:
            values["departments"] = sorted(departments[row_id])
        if settle := WATCHED[kind].settle:
            settle(values)
        yield Fingerprint(kind, row_id, city_id, hash_values(values))


def _load_departments(connection: Connection, rows: Iterable[Row[Any]]) -> dict[int, list[int]]:
    """By the membership's id."""
    departments: dict[int, list[int]] = {}
    for membership, department in connection.execute(_departments_query(), {"ids": [row.row_id for row in rows]}):
        departments.setdefault(membership, []).append(department)
    return departments


@cache
def _departments_query() -> Select[int, int]:
    table = table_of(MembershipDepartment).columns
    query = select(table.membership_id, table.department_id)
    return query.where(table.membership_id.in_(bindparam("ids", expanding=True)))


def hash_values(values: RowValues) -> str:
    """Over the values by their names, without those that say nothing."""
    plain = {name: _plain_value(value) for name, value in values.items() if value}
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _plain_value(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        digits = format(value, "f")
        return digits.rstrip("0").rstrip(".") if "." in digits else digits
    return value
