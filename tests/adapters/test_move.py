"""An installation moved from SQLite and a folder to PostgreSQL and a bucket, and back: equal by count and hash, whoever kills it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from app.rules.errors import Invalid, Refused
from app.services.installation import belonging
from app.services.installation.moving import move_installation
from app.services.installation.wholeness import find_faults, no_progress
from app.services.site import open_site
from app.settings import ROOT, Settings
from app.store.evidence.files import StoredFile
from app.store.migrating import upgrade_database
from app.store.tables import metadata
from tests.copies import content, write_something
from tests.world import World

pytestmark = pytest.mark.only_sqlite
"""What is moved is SQLite and a folder; where to is PostgreSQL and a bucket."""


@pytest.fixture
def server(settings: Settings, s3_settings: Settings, postgresql: Any) -> Iterator[Settings]:
    """The installation with a new database and a new prefix in the bucket."""
    name = postgresql.copy()
    names = ("storage_url", "storage_endpoint", "storage_access_key", "storage_secret_key")
    bucket = {each: getattr(s3_settings, each) for each in names}
    yield settings.model_copy(update={"database_url": postgresql.address(name), **bucket})
    postgresql.drop(name)


@pytest.fixture
def back(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(
        update={"database_url": f"sqlite:///{tmp_path / 'back.db'}", "storage_url": str(tmp_path / "back")}
    )


@pytest.fixture
def old(settings: Settings, seeded: World) -> Settings:
    """The installation before the move, with nobody in it."""
    return settings


def test_there_and_back_everything_is_equal(old: Settings, server: Settings, back: Settings) -> None:
    with closing(open_site(old)) as site:
        before = content(site, but={"installation"})
    there = move_installation(old, server, no_progress)
    with closing(open_site(server)) as site:
        assert content(site, but={"installation"}) == before
        assert list(find_faults(site)) == []
        assert belonging.check_belonging(site) is belonging.Belonging.TOGETHER
        with pytest.raises(DBAPIError), site.database.writing() as session:
            session.execute(text("UPDATE history_event SET subject = 'other'"))
    returned = move_installation(server, back, no_progress)
    assert {table for table in returned.tables if table.name != "installation"} == {
        table for table in there.tables if table.name != "installation"
    }
    assert set(returned.files) == set(there.files)
    for settings in (old, back):
        with closing(open_site(settings)) as site:
            assert content(site, but={"installation"}) == before, "what was moved from is as it was"
            assert list(find_faults(site)) == []


def test_rows_that_point_ahead_arrive_and_tables_and_references_are_those_of_the_models(
    old: Settings, server: Settings, seeded: World
) -> None:
    first, last = min(seeded.alpha.evidence.values()), max(seeded.alpha.evidence.values())
    with closing(open_site(old)) as site, site.database.writing() as session:
        session.execute(text("UPDATE evidence SET twin_of = :last WHERE id = :first"), {"first": first, "last": last})
    move_installation(old, server, no_progress)
    with closing(open_site(server)) as site, site.database.engine.connect() as connection:
        query = text("SELECT twin_of FROM evidence WHERE id = :first")
        assert connection.execute(query, {"first": first}).scalar_one() == last
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        with pytest.raises(DBAPIError):
            connection.execute(text("UPDATE evidence SET twin_of = 987654"))


def test_after_a_move_new_rows_get_new_numbers(old: Settings, server: Settings) -> None:
    move_installation(old, server, no_progress)
    with closing(open_site(server)) as site:
        with site.database.writing() as session:
            write_something(session, 5)
        assert list(find_faults(site)) == []


def test_a_move_again_finds_everything_there_until_the_new_place_is_used(old: Settings, server: Settings) -> None:
    assert not move_installation(old, server, no_progress).again
    assert move_installation(old, server, no_progress).again
    with closing(open_site(server)) as site, site.database.writing() as session:
        write_something(session, 5)
    with pytest.raises(Refused, match="was used since"):
        move_installation(old, server, no_progress)
    with closing(open_site(server)) as site:
        assert list(find_faults(site)) == []
        assert belonging.check_belonging(site) is belonging.Belonging.TOGETHER


def test_only_the_database_or_only_the_files_can_be_moved(old: Settings, server: Settings) -> None:
    with closing(open_site(old)) as site:
        before = content(site, but={"installation"})
    database_only = old.model_copy(update={"database_url": server.database_url})
    assert move_installation(old, database_only, no_progress).files == ()
    assert move_installation(database_only, server, no_progress).tables == ()
    with closing(open_site(server)) as site:
        assert content(site, but={"installation"}) == before
        assert belonging.check_belonging(site) is belonging.Belonging.TOGETHER
    with pytest.raises(Invalid, match="where to"):
        move_installation(server, server, no_progress)


def test_nothing_is_moved_while_either_place_is_in_use(old: Settings, server: Settings) -> None:
    with closing(open_site(old)) as site, pytest.raises(Refused, match="in use"):
        move_installation(site.settings, server, no_progress)
    with closing(open_site(server)) as site, site.database.reading() as session:
        session.execute(text("SELECT 1"))
        with pytest.raises(Refused, match="in use"):
            move_installation(old, server, no_progress)


def test_a_place_with_something_in_it_is_never_written_over(old: Settings, server: Settings, back: Settings) -> None:
    upgrade_database(server.database)
    with pytest.raises(Refused, match=r"database .* is not empty"):
        move_installation(old, server, no_progress)
    Path(back.storage_url, "aa").mkdir(parents=True)
    Path(back.storage_url, "aa", "stranger").write_text("someone else’s")
    with pytest.raises(Refused, match=r"file storage .* is not empty"):
        move_installation(old, back, no_progress)
    assert [path.name for path in Path(back.storage_url).rglob("*") if path.is_file()] == ["stranger"]


def test_what_is_not_whole_is_moved_only_on_somebodys_word(old: Settings, server: Settings, seeded: World) -> None:
    with closing(open_site(old)) as site:
        with site.database.reading() as session:
            key = session.get_one(StoredFile, seeded.alpha.file_id).key
        site.storage.delete(key)
    with pytest.raises(Refused, match="missing or changed"):
        move_installation(old, server, no_progress)
    assert move_installation(old, server, no_progress, damaged_too=True).missing == (key,)


def environment(settings: Settings, prefix: str = "CITYREADY_") -> dict[str, str]:
    names = ("database_url", "storage_url", "storage_endpoint", "storage_access_key", "storage_secret_key")
    given = {f"{prefix}{name.upper()}": getattr(settings, name) for name in names if getattr(settings, name)}
    return given | {"CITYREADY_DATA_DIR": str(settings.data_dir), "CITYREADY_SECRET_KEY": settings.secret_key}


def run_until(old: Settings, new: Settings, lines: int) -> int:
    """`cityready move`, killed when it has said as many lines; its exit status."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "move"],
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | environment(new, "CITYREADY_TO_") | environment(old),
    )
    assert process.stderr
    for number, _ in enumerate(process.stderr, start=1):
        if number == lines:
            process.send_signal(signal.SIGKILL)
    process.stderr.close()
    return process.wait()


def tables_in(address: str) -> list[str]:
    engine = create_engine(address, poolclass=NullPool)
    return inspect(engine).get_table_names()


@pytest.mark.parametrize("lines", [(1, 4), (9, 20)], ids=["among the files", "among the tables"])
def test_a_move_that_is_killed_goes_on_with_the_same_command(
    old: Settings, server: Settings, lines: tuple[int, ...]
) -> None:
    with closing(open_site(old)) as site:
        before = content(site, but={"installation"})
    for each in lines:
        assert run_until(old, server, each) == -signal.SIGKILL
        assert tables_in(server.database) == [], "all tables or none"
    assert run_until(old, server, 0) == 0
    with closing(open_site(server)) as site:
        assert content(site, but={"installation"}) == before
        assert list(find_faults(site)) == []
