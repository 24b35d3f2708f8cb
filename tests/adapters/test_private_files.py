"""Database, files and key are for the account alone that runs the app."""

import os
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.adapters import private_files, tokens
from app.adapters.storage.keys import new_key
from app.services.evidence import sweep
from app.services.site import open_site
from app.settings import Settings
from app.store.database.engine import now
from app.store.migrating import upgrade_database
from tests.conftest import running


@pytest.fixture(autouse=True)
def careless() -> Iterator[None]:
    """What an installation must not lean on: that the system makes files private."""
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> set[tuple[bool, int]]:
    return {(path.is_dir(), path.stat().st_mode & 0o777) for path in (folder, *folder.rglob("*"))}


PRIVATE = {(True, 0o700), (False, 0o600)}


def test_all_that_is_made_is_private_from_its_first_moment(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    with closing(open_site(settings)) as site:
        upgrade_database(settings.database)
        sweep.sweep_storage(site)
        tokens.load_secret_key(settings)
        for key in (kept := [new_key(), new_key()]):
            site.storage.put(key, BytesIO(b"x"))
        site.trash.discard(kept[0], now().date())
        with site.database.writing():
            names = {path.name for path in settings.data_dir.iterdir()}
            assert {"cityready.db", "cityready.db-wal", "cityready.db-shm", "files", "secret-key"} <= names
            assert modes(settings.data_dir) == PRIVATE
    assert private_files.list_wide_paths(settings) == []


@pytest.mark.only_sqlite
def test_an_installation_with_wider_rights_is_narrowed_at_start_and_that_is_said(settings: Settings) -> None:
    for path in (settings.data_dir, *settings.data_dir.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o664)
    with capture_logs() as said:
        private_files.narrow_rights(settings)
        private_files.narrow_rights(settings)
    assert [(line["log_level"], line["event"]) for line in said] == [
        ("warning", "others could read the data; now only this account can")
    ]
    assert modes(settings.data_dir) == PRIVATE
    settings.data_dir.chmod(0o755)
    with running(settings):
        assert settings.data_dir.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_is_everybodys_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o1777)
    private_files.narrow_rights(Settings(data_dir=tmp_path / "shared"))
    assert (tmp_path / "shared").stat().st_mode & 0o1777 == 0o1777


def test_what_a_link_points_to_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("of another")
    (tmp_path / "elsewhere").chmod(0o644)
    (tmp_path / "data" / "files").mkdir(parents=True)
    (tmp_path / "data" / "files" / "link").symlink_to(tmp_path / "elsewhere")
    private_files.narrow_rights(Settings(data_dir=tmp_path / "data"))
    assert (tmp_path / "elsewhere").stat().st_mode & 0o777 == 0o644
