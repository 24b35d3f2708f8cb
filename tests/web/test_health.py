"""The answer for monitors."""

import tomllib

from starlette.testclient import TestClient

from app import VERSION
from app.settings import ROOT


def test_a_running_app_says_that_it_and_its_database_are_well(client: TestClient) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "version": VERSION}


def test_a_database_without_our_tables_is_a_503(client: TestClient) -> None:
    with client.app.state.site.database.writing() as session:  # type: ignore[attr-defined]
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = 'other'")
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json()["database"] == "not migrated"


def test_the_version_is_the_one_of_the_package() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION
