"""Databases to measure on: the demo, and the demo's city grown, with more cycles, or among thousands of its kind."""

import sqlite3
from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Table
from sqlmodel import Session, select

from app.services.demo import loading
from app.services.site import Site, open_site
from app.settings import Settings
from app.store.assessment import Assessment
from app.store.city import City
from app.store.evidence.pieces import Evidence, EvidenceSupport
from app.store.migrating import upgrade_database
from app.store.people import Person
from app.store.response import Response
from app.store.tables import metadata
from tests.world import sign_in

CITY, READER = "newark", "reviewer@newark.example"
OF_A_CYCLE = {
    "assessment", "assignment", "response", "checklist_answer", "narrative_version", "evidence", "evidence_support", "verdict",
    "review_comment", "history_event",
}  # fmt: skip
OF_A_CITY = {name for name, table in metadata.tables.items() if "city_id" in table.c} | {"city", "person"}


@dataclass(frozen=True)
class Made:
    """A folder with a database, and the token that a member of CITY is signed in with there."""

    data_dir: Path
    token: str


def settings(data_dir: Path) -> Settings:
    return Settings(data_dir=data_dir, worker="none", secret_key="of the benchmark alone")


def demo_city(data_dir: Path, pieces: int = 0) -> Made:
    """The demo as it is; with `pieces` every criterion of CITY has a response with that many pieces of evidence."""
    given = settings(data_dir)
    data_dir.mkdir(parents=True)
    upgrade_database(given.database)
    with closing(open_site(given)) as site:
        loading.load_demo(site)
        if pieces:
            with site.database.writing() as session:
                _grow(session, site, pieces)
        return Made(data_dir, sign_in(site, _reader(site)))


def _reader(site: Site) -> int:
    with site.database.reading() as session:
        return session.exec(select(Person.id).where(Person.email == READER)).one() or 0


def _grow(session: Session, site: Site, pieces: int) -> None:
    run = session.exec(select(Assessment).join(City).where(City.slug == CITY)).one()
    query = select(Response).where(Response.assessment_id == run.id)
    responses = {row.criterion: row for row in session.exec(query)}
    for code in site.edition(run.edition, "en").criteria:
        response = responses.get(code) or Response(city_id=run.city_id, assessment_id=run.id, criterion=code)
        session.add(response)
        session.flush()
        for number in range(pieces):
            _add_piece(session, response, f"{code}, piece {number}")


def _add_piece(session: Session, response: Response, title: str) -> None:
    piece = Evidence(city_id=response.city_id, kind="link", title=title, url="https://data.example.org/catalog/notes")
    session.add(piece)
    session.flush()
    session.add(EvidenceSupport(city_id=response.city_id, evidence_id=piece.id, response_id=response.id))


def multiply(made: Made, tables: Collection[str], copies: int, changes: Mapping[str, str]) -> None:
    """Copy the rows of CITY in `tables`, ids and references among them shifted; `changes` gives SQL for columns, with `n` the copy's number."""
    with closing(sqlite3.connect(made.data_dir / "cityready.db", isolation_level=None)) as connection:
        for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-400000", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        (city_id,) = connection.execute("SELECT id FROM city WHERE slug = ?", (CITY,)).fetchone()
        wanted = [table for table in metadata.sorted_tables if table.name in tables]
        spans = {table.name: _span(connection, table) for table in wanted}
        connection.execute("BEGIN")
        for table in wanted:
            connection.execute(_copying(table, spans, changes), {"copies": copies, "city": city_id})
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _span(connection: sqlite3.Connection, table: Table) -> int:
    if "id" not in table.c:
        return 0
    return int(connection.execute(f"SELECT coalesce(max(id), 0) FROM {table.name}").fetchone()[0])


def _copying(table: Table, spans: Mapping[str, int], changes: Mapping[str, str]) -> str:
    columns = [column.name for column in table.c]
    values = ", ".join(changes.get(f"{table.name}.{name}") or _shifted(table, name, spans) for name in columns)
    mine = {"city": "t.id = :city", "person": "t.id IN (SELECT person_id FROM membership WHERE city_id = :city)"}
    return (
        "WITH RECURSIVE copy(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < :copies) "
        f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT {values} FROM copy CROSS JOIN {table.name} t "
        f"WHERE {mine.get(table.name, 't.city_id = :city')}"
    )


def _shifted(table: Table, name: str, spans: Mapping[str, int]) -> str:
    column = table.c[name]
    targets = [key.column.table.name for key in column.foreign_keys] or ([table.name] if name == "id" else [])
    if targets and targets[0] in spans:
        return f"t.{name} + n * {spans[targets[0]]}"
    if column.unique:
        return f"t.{name} || '-' || n"
    return f"t.{name}"


def among_cities(made: Made, cities: int) -> None:
    """CITY becomes one of so many alike."""
    multiply(made, OF_A_CITY - {"job"}, cities - 1, {})


def with_cycles(made: Made, cycles: int) -> None:
    """CITY has so many assessments alike, all but one closed, and the history of all."""
    changes = {
        "assessment.state": "'closed'",
        "history_event.number": "t.number + n * (SELECT max(number) FROM history_event WHERE city_id = :city)",
        "history_event.at": "datetime(t.at, '-' || n || ' years')",
    }
    multiply(made, OF_A_CYCLE, cycles - 1, changes)
