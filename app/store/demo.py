"""Taking the demo out of a database: every row of its cities and accounts, and none of anyone else.

The record only grows, and is kept so by triggers. They are lifted for this one transaction, in which nobody else can write, and are
back before it ends; whatever raises leaves everything as it was.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import Column, ColumnElement, Connection, Table, delete, func, or_, select, text, update

from app.store import tables

CITIES, PEOPLE = tables.metadata.tables["city"], tables.metadata.tables["person"]
MEMBERSHIPS = tables.metadata.tables["membership"]


class DemoRowsRemain(Exception):
    """A row of a real city would have gone, or a guard of the record would not be back; nothing was removed."""


def list_demo_cities(connection: Connection) -> list[int]:
    return list(connection.execute(select(CITIES.c.id).where(CITIES.c.illustrative.is_(True))).scalars())


def list_demo_people(connection: Connection) -> list[int]:
    return list(connection.execute(select(PEOPLE.c.id).where(PEOPLE.c.demo.is_(True))).scalars())


def list_guests(connection: Connection, cities: Collection[int]) -> list[str]:
    """Addresses of real people who belong or belonged to a demo city."""
    query = select(PEOPLE.c.email).join(MEMBERSHIPS, MEMBERSHIPS.c.person_id == PEOPLE.c.id)
    query = query.where(MEMBERSHIPS.c.city_id.in_(cities), PEOPLE.c.demo.is_(False))
    return sorted(set(connection.execute(query).scalars()))


def list_demo_people_elsewhere(connection: Connection, cities: Collection[int]) -> list[tuple[str, str]]:
    """Addresses of demo accounts that have access to a real city, each with the city's name."""
    query = select(PEOPLE.c.email, CITIES.c.name).join(MEMBERSHIPS, MEMBERSHIPS.c.person_id == PEOPLE.c.id)
    query = query.join(CITIES, CITIES.c.id == MEMBERSHIPS.c.city_id).where(PEOPLE.c.demo.is_(True))
    query = query.where(CITIES.c.id.not_in(cities), MEMBERSHIPS.c.ended_at.is_(None))
    return [(email, name) for email, name in connection.execute(query)]


def remove_demo_rows(connection: Connection, cities: Collection[int], people: Collection[int]) -> None:
    """Remove the cities and accounts. An account that a real city's record names stays as a row that nobody can sign in with."""
    named = _find_named_elsewhere(connection, cities, people)
    removable = [person for person in people if person not in named]
    counts_before = _count_real_rows(connection, cities)
    with _lift_guards(connection):
        for table in reversed(tables.metadata.sorted_tables):
            connection.execute(delete(table).where(_is_removable(table, cities, people, removable)))
    sign_in_ended = update(PEOPLE).where(PEOPLE.c.id.in_(named))
    connection.execute(sign_in_ended.values(demo=False, pass_phrase_hash=None))
    if _count_real_rows(connection, cities) != counts_before:
        raise DemoRowsRemain


def _person_columns(table: Table) -> list[Column[int]]:
    return [
        column for column in table.columns if any(key.target_fullname == "person.id" for key in column.foreign_keys)
    ]


def _find_named_elsewhere(connection: Connection, cities: Collection[int], people: Collection[int]) -> set[int]:
    named: set[int] = set()
    for table in tables.metadata.sorted_tables:
        for column in _person_columns(table) if "city_id" in table.columns else ():
            query = select(column).where(column.in_(people), table.c.city_id.not_in(cities))
            named |= set(connection.execute(query).scalars())
    return named


def _is_removable(
    table: Table, cities: Collection[int], people: Collection[int], removable: Collection[int]
) -> ColumnElement[bool]:
    """The rows of a table that go: of the cities, or of no city and about one of the accounts."""
    if table is CITIES:
        return CITIES.c.id.in_(cities)
    if table is PEOPLE:
        return PEOPLE.c.id.in_(removable)
    about = or_(*(column.in_(people) for column in _person_columns(table)), text("1 = 0"))
    if "city_id" not in table.columns:
        return about
    return or_(table.c.city_id.in_(cities), table.c.city_id.is_(None) & about)


def _count_real_rows(connection: Connection, cities: Collection[int]) -> dict[str, int]:
    """Rows of real cities by table."""
    city_tables = [table for table in tables.metadata.sorted_tables if "city_id" in table.columns]
    return {
        table.name: connection.execute(
            select(func.count()).select_from(table).where(table.c.city_id.not_in(cities))
        ).scalar_one()
        for table in city_tables
    }


@contextmanager
def _lift_guards(connection: Connection) -> Iterator[None]:
    guards = _list_guards(connection)
    if connection.dialect.name == "sqlite":
        for name, _, _ in guards:
            connection.execute(text(f'DROP TRIGGER "{name}"'))
        yield
        for _, _, statement in guards:
            connection.exec_driver_sql(statement)
    else:
        guarded = sorted({table for _, table, _ in guards})
        for table in guarded:
            connection.execute(text(f'ALTER TABLE "{table}" DISABLE TRIGGER USER'))
        yield
        for table in guarded:
            connection.execute(text(f'ALTER TABLE "{table}" ENABLE TRIGGER USER'))
    if _list_guards(connection) != guards:
        raise DemoRowsRemain


def _list_guards(connection: Connection) -> list[tuple[str, str, str]]:
    """Name, table and text of every trigger; on PostgreSQL whether it is on in place of the text."""
    query = (
        "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname, tgrelid::regclass::text, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname"
    )
    return [(name, table, statement) for name, table, statement in connection.execute(text(query))]
