"""What the sweep does to files that no row knows, on both databases, with files in a folder and in a bucket."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from app.adapters.storage.keys import new_key
from app.rules.errors import NotFound, Refused
from app.rules.history.verbs import Verb
from app.services.doctor.city_data import find_losses, find_strays
from app.services.evidence import sweep
from app.services.installation import belonging
from app.services.jobs import rounds
from app.services.site import Site, open_site
from app.settings import Settings
from app.store.city import City
from app.store.database import engine
from app.store.evidence.files import StoredFile
from app.store.history import events
from app.store.migrating import upgrade_database
from tests.world import World

DAY = timedelta(days=1)
Later = Callable[[timedelta], None]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Sets the clock of the sweep forward from now."""

    def later(by: timedelta) -> None:
        monkeypatch.setattr(sweep, "now", lambda: engine.now() + by)

    return later


def put(site: Site, count: int) -> list[str]:
    keys = [new_key() for _ in range(count)]
    for key in keys:
        site.storage.put(key, BytesIO(key.encode()))
    return keys


def keep(site: Site, world: World, count: int) -> list[str]:
    """Files with a row."""
    keys = put(site, count)
    with site.database.writing() as session:
        for key in keys:
            given: dict[str, Any] = {"sha256": key[3:], "size_bytes": 35, "media_type": "text/plain", "name": "n.txt"}
            session.add(StoredFile(city_id=world.alpha.id, key=key, **given))
    return keys


def something_happens(site: Site, world: World) -> None:
    """So that the database is younger than the files."""
    with site.database.writing() as session:
        events.record_event(session, world.alpha.id, None, Verb.CITY_CHANGED, "")


@pytest.fixture
def left(here: Site, seeded: World) -> list[str]:
    """Two files that a crash left without a row, among forty that have one."""
    keep(here, seeded, 40)
    keys = put(here, 2)
    something_happens(here, seeded)
    return keys


def stored(site: Site) -> set[str]:
    found = site.storage.list_files()
    return {each.key for each in found}


def in_trash(site: Site) -> set[str]:
    return {file.key for file in site.trash.list_files()}


def test_what_is_left_behind_goes_to_the_trash_at_the_second_look_and_for_good_after_a_month(
    here: Site, left: list[str], later: Later
) -> None:
    before = stored(here)
    for hours in (0, 2, 20):
        later(timedelta(hours=hours))
        sweep.sweep_storage(here)
        assert (stored(here), in_trash(here)) == (before, set()), f"after {hours} hours"
    later(timedelta(hours=26))
    assert set(sweep.plan_sweep(here).due) == set(left)
    with capture_logs() as said:
        sweep.sweep_storage(here)
    assert (stored(here), in_trash(here)) == (before - set(left), set(left))
    assert [(line["log_level"], line["without_row"], line["to_trash"]) for line in said] == [("warning", 2, 2)]
    later(timedelta(days=31))
    sweep.sweep_storage(here)
    assert in_trash(here) == set(left)
    later(timedelta(days=33))
    sweep.sweep_storage(here)
    assert in_trash(here) == set()
    assert stored(here) == before - set(left)


def test_a_file_that_gets_its_row_between_two_looks_stays(
    here: Site, seeded: World, left: list[str], later: Later
) -> None:
    later(timedelta(hours=2))
    sweep.sweep_storage(here)
    with here.database.writing() as session:
        session.get_one(City, seeded.alpha.id).logo_key = left[0]
    later(2 * DAY)
    sweep.sweep_storage(here)
    assert in_trash(here) == {left[1]}


def test_a_file_in_the_trash_that_a_row_knows_goes_back(
    here: Site, seeded: World, left: list[str], later: Later
) -> None:
    """As when the right database is put back after a wrong one was there."""
    for by in (timedelta(hours=2), 2 * DAY):
        later(by)
        sweep.sweep_storage(here)
    with here.database.writing() as session:
        session.get_one(City, seeded.alpha.id).logo_key = left[0]
    later(60 * DAY)
    sweep.sweep_storage(here)
    assert left[0] in stored(here)
    assert b"".join(here.storage.open(left[0])) == left[0].encode()
    assert in_trash(here) == set()


def assert_nothing_goes(site: Site, later: Later, why: str) -> None:
    before = stored(site)
    for by in (timedelta(hours=2), 2 * DAY, 4 * DAY, 40 * DAY):
        later(by)
        sweep.sweep_storage(site)
        assert (stored(site), in_trash(site)) == (before, set())
    found = sweep.plan_sweep(site)
    assert why in str(found.kept_because)
    (finding,) = find_strays(site)
    assert not finding.well
    assert why in finding.found


def test_more_than_one_in_twenty_stays(here: Site, seeded: World, later: Later) -> None:
    keep(here, seeded, 40)
    put(here, 4)
    something_happens(here, seeded)
    assert_nothing_goes(here, later, "more than one in 20")


def test_files_younger_than_the_database_stay(here: Site, seeded: World, later: Later) -> None:
    keep(here, seeded, 40)
    put(here, 1)
    assert_nothing_goes(here, later, "the database is older than the files")


def test_yesterdays_database_beside_todays_folder_loses_none(
    here: Site, seeded: World, later: Later, put_back: Callable[[], Site]
) -> None:
    keep(here, seeded, 54)
    rounds.WorkerRounds().do_due_work(here)
    restored = put_back()
    keep(here, seeded, 77)  # today's work
    rounds.WorkerRounds().do_due_work(here)
    rounds.WorkerRounds().do_due_work(here)
    before = stored(here)
    assert belonging.check_belonging(restored) is belonging.Belonging.DATABASE_IS_OLDER
    something_happens(restored, seeded)  # the work goes on, so the youngest row says nothing any more
    rounds.WorkerRounds().do_due_work(restored)
    assert_nothing_goes(restored, later, "the database is older than the files")
    assert stored(restored) == before


@pytest.fixture
def put_back(here: Site, backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[[], Site]]:
    """Makes a copy of the database, to be used beside the same files."""
    opened: list[Site] = []

    def put_back() -> Site:
        here.database.close()
        if backend == "sqlite":
            shutil.copytree(here.settings.data_dir, tmp_path / "yesterday")
            address = f"sqlite:///{tmp_path / 'yesterday' / 'cityready.db'}"
        else:
            server = request.getfixturevalue("postgresql")
            address = server.address(server.copy(str(here.database.engine.url.database)))
        given = {"database_url": address, "storage_url": here.settings.storage}
        opened.append(open_site(here.settings.model_copy(update=given)))
        return opened[0]

    yield put_back
    for site in opened:
        site.database.close()
        if backend == "postgresql":
            request.getfixturevalue("postgresql").drop(str(site.database.engine.url.database))


def test_a_new_database_beside_94_files_removes_none(here: Site, seeded: World, blank_url: str, later: Later) -> None:
    """As who follows the way to PostgreSQL without moving anything."""
    put(here, 94 - len(stored(here)))
    before = stored(here)
    assert len(before) == 94
    upgrade_database(blank_url)
    given = {"database_url": blank_url, "storage_url": here.settings.storage}
    with closing(open_site(here.settings.model_copy(update=given))) as wrong:
        for by in (timedelta(hours=2), 2 * DAY, 40 * DAY):
            later(by)
            with capture_logs() as said:
                rounds.sweep_leftovers(wrong)
            assert (stored(wrong), in_trash(wrong)) == (before, set())
            assert "belong to another database" in str(said[-1]["exc_info"])
        belonging.adopt_files(wrong)
        assert_nothing_goes(wrong, later, "the database knows no file at all")
        with pytest.raises(Refused, match="knows no file at all"):
            sweep.discard_unclaimed(wrong)


def test_while_storage_is_away_nothing_goes_and_that_is_said(settings: Settings, seeded: World) -> None:
    given = {"storage_url": "s3://b/x", "storage_endpoint": "http://127.0.0.1:1", "storage_access_key": "k"}
    with (
        closing(open_site(settings.model_copy(update=given | {"storage_secret_key": "s"}))) as site,
        capture_logs() as said,
    ):
        assert str(sweep.plan_sweep(site).kept_because) == "the file storage does not answer"
        rounds.sweep_leftovers(site)
    assert said[0]["event"] == "file storage does not answer; nothing is swept meanwhile"
    assert "\n" not in said[0]["reason"]
    assert {line["log_level"] for line in said} == {"warning"}


def test_who_runs_the_installation_can_discard_at_once_and_bring_back(
    here: Site, seeded: World, left: list[str], later: Later
) -> None:
    before = stored(here)
    assert sweep.discard_unclaimed(here) == (), "a row may be on its way"
    later(timedelta(hours=2))
    assert set(sweep.discard_unclaimed(here)) == in_trash(here) == set(left)
    assert sweep.bring_back_files(here, []) == [], "no row knows them"
    assert sweep.bring_back_files(here, [left[1]]) == [left[1]]
    assert (stored(here), in_trash(here)) == (before - {left[0]}, {left[0]})
    assert b"".join(here.storage.open(left[1])) == left[1].encode()
    with pytest.raises(NotFound, match="not in the trash"):
        sweep.bring_back_files(here, [left[1]])
    with here.database.writing() as session:
        session.get_one(City, seeded.alpha.id).logo_key = left[0]
    assert sweep.bring_back_files(here, []) == [left[0]]
    assert (stored(here), in_trash(here)) == (before, set())


def test_the_doctor_says_what_the_sweep_would_do_and_does_nothing(here: Site, left: list[str], later: Later) -> None:
    later(timedelta(hours=2))
    (first,) = find_strays(here)
    (again,) = find_strays(here)
    assert (first.well, first.found) == (True, "2 wait, 0 go to the trash next, 0 of it are deleted")
    assert again == first
    sweep.sweep_storage(here)
    later(2 * DAY)
    (then,) = find_strays(here)
    assert then.found == "0 wait, 2 go to the trash next, 0 of it are deleted"


def test_the_doctor_counts_files_that_are_missing_or_have_another_size(here: Site, seeded: World) -> None:
    (well,) = find_losses(here)
    assert well.well, well
    keys = keep(here, seeded, 4)
    for key in keys[:3]:
        here.storage.delete(key)
    here.storage.put(keys[3], BytesIO(b"shorter"))
    (wrong,) = find_losses(here)
    assert not wrong.well
    assert wrong.found.startswith("4 faults: missing")
    assert wrong.found.endswith("; and 1 more")
    assert "cityready verify" in wrong.remedy


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE city SET history_head = 'other' WHERE slug = 'alpha'",
        "UPDATE city SET history_count = history_count + 1 WHERE slug = 'alpha'",
    ],
)
def test_the_doctor_says_which_record_does_not_end_as_it_should(site: Site, seeded: World, change: str) -> None:
    something_happens(site, seeded)
    assert all(finding.well for finding in find_losses(site))
    with site.database.writing() as session:
        session.execute(text(change))
    (wrong,) = find_losses(site)
    assert "record   alpha: does not end with its last event" in wrong.found
