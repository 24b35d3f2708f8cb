"""A new database's tables are made at once, and are those that its revisions make one by one."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.store import migrating
from app.store.database.engine import open_engine
from app.store.migrating import count_rows, current_revision, newest_revision, upgrade_database
from app.store.whole_tables import make_tables_at_once
from tests.conftest import PostgreSql
from tests.whole_tables import FOLDER, describe_postgresql, describe_sqlite

BETWEEN_LINES = ", \n\t"
"""Of a table as SQLite keeps it."""


@pytest.fixture
def describe(backend: str, request: pytest.FixtureRequest) -> Callable[[str], list[str]]:
    """The statements of a database, so that equal ones are the same: keys of a table stand in no order of their own."""
    if backend == "sqlite":
        return lambda address: sorted(_keys_sorted(statement) for statement in describe_sqlite(address))
    server: PostgreSql = request.getfixturevalue("postgresql")
    return lambda address: describe_postgresql(address, server.programs / "pg_dump")


def _keys_sorted(statement: str) -> str:
    if not statement.startswith("CREATE TABLE"):
        return statement
    lines = statement.removesuffix("\n)").split(BETWEEN_LINES)
    return BETWEEN_LINES.join(sorted(lines, key=lambda line: line if line.startswith("CONSTRAINT") else ""))


def _steps_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on each table is made step by step."""
    folder = shutil.copytree(migrating.MIGRATIONS_FOLDER, tmp_path / "steps", ignore=shutil.ignore_patterns("whole"))
    monkeypatch.setattr(migrating, "MIGRATIONS_FOLDER", Path(folder))


def _look(address: str) -> tuple[str | None, dict[str, int]]:
    engine = open_engine(address)
    with engine.connect() as connection:
        found = current_revision(connection), count_rows(connection)
    engine.dispose()
    return found


def test_tables_made_at_once_are_those_that_the_revisions_make_one_by_one(
    blank_url: str,
    database_url: str,
    describe: Callable[[str], list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at_once, found = describe(database_url), _look(database_url)
    _steps_alone(tmp_path, monkeypatch)
    applied = upgrade_database(blank_url)
    assert describe(blank_url) == at_once
    assert _look(blank_url) == (newest_revision(), dict.fromkeys(found[1], 0))
    assert applied == sorted(applied)
    assert applied[-1] == newest_revision()


def test_each_kind_of_database_has_its_newest_tables() -> None:
    """`python -m tests.whole_tables` writes them, after a revision was added."""
    assert sorted(file.name for file in FOLDER.iterdir()) == [
        f"{kind}_{newest_revision()}.sql" for kind in ("postgresql", "sqlite")
    ]


def test_only_an_empty_database_that_is_to_be_as_new_is_made_at_once(blank_url: str) -> None:
    engine = open_engine(blank_url)
    with engine.begin() as connection:
        assert make_tables_at_once(connection, FOLDER, "0001") is None
        assert count_rows(connection) == {}
        assert make_tables_at_once(connection, FOLDER, "next") == newest_revision()
        assert make_tables_at_once(connection, FOLDER, "next") is None
    engine.dispose()
