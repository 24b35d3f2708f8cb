"""The answer for monitors."""

import shutil
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app import VERSION
from app.adapters.release import release_name
from app.services.installation import health
from app.services.installation.health import LOOK_EVERY_SECONDS, FileWatch
from app.services.site import Site
from app.settings import ROOT, Settings


def test_a_running_app_says_that_it_and_its_database_are_well(client: TestClient) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "version": release_name()}


def test_a_database_without_our_tables_is_a_503(client: TestClient) -> None:
    with client.app.state.site.database.writing() as session:  # type: ignore[attr-defined]
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = 'other'")
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json()["database"] == "not migrated"


def test_a_missing_table_is_a_503(client: TestClient) -> None:
    with client.app.state.site.database.writing() as session:  # type: ignore[attr-defined]
        session.connection().exec_driver_sql("DROP TABLE upload_part")
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["database"]) == (503, "incomplete")


@pytest.mark.only_sqlite
def test_a_database_that_was_written_over_while_the_app_runs_is_a_503_and_nothing_is_told_but_that(
    client: TestClient, settings: Settings
) -> None:
    path, watch = settings.data_dir / "cityready.db", client.app.state.file_watch  # type: ignore[attr-defined]
    assert client.get("/health").status_code == 200
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 4)
        file.write(b"\xff" * (path.stat().st_size // 2))
    assert client.get("/health").status_code == 200, "the answer stands for a while, since all of the file is read"
    watch._clock = lambda: watch._looked_at + LOOK_EVERY_SECONDS + 1  # a sum of floats may fall short
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unwell", "database": "damaged", "version": release_name()}


@pytest.mark.only_sqlite
def test_a_database_that_was_exchanged_or_removed_while_the_app_runs_is_a_503(
    client: TestClient, settings: Settings
) -> None:
    path = settings.data_dir / "cityready.db"
    other = shutil.copy(path, settings.data_dir / "backup.db")
    Path(other).replace(path)
    assert client.get("/health").json()["database"] == "replaced"
    path.unlink()
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["database"]) == (503, "replaced")


@pytest.mark.only_sqlite
def test_a_crowd_of_monitors_has_the_database_read_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []

    def is_readable(path: Path) -> bool:
        read.append(path)
        return True

    monkeypatch.setattr(health, "is_database_readable", is_readable)
    watch = FileWatch(site.database)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: watch.state(), range(40))) == {"ok"}
    assert len(read) == 1


def test_the_version_is_the_one_of_the_package() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION
