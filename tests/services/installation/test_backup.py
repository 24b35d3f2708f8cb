"""Backups while people work, and restores into an empty place: everything that was there is there again, on either database."""

import json
import os
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import inspect, text

from app.adapters.backup import BackupFolder
from app.rules.errors import Invalid, Refused
from app.services.installation import belonging, filling
from app.services.installation.backup import MadeBackup, find_damages, make_backup
from app.services.installation.restoring import BackupOrigin, restore_backup
from app.services.installation.wholeness import find_faults, no_progress
from app.services.site import Site, open_site
from app.settings import ROOT, Settings
from app.store.city import City
from app.store.evidence.files import StoredFile
from app.store.history import events as history
from app.store.installation.backup import find_last_backup
from app.store.installation.wholeness import load_known_files
from app.store.migrating import current_revision, newest_revision, upgrade_database
from tests.copies import content, write_something
from tests.proofs.places import add_file
from tests.world import World


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """An empty place of either kind."""
    url, server = "", None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")
        name = server.copy()
        url = server.address(name)
    yield Settings(data_dir=tmp_path / "empty", database_url=url)
    if server:
        server.drop(name)


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "empty")


def back_up(site: Site, shelf: Path, keep: int = 7) -> MadeBackup:
    return make_backup(site, shelf, keep, no_progress)


def key_of(site: Site, seeded: World) -> str:
    with site.database.reading() as session:
        return session.get_one(StoredFile, seeded.alpha.file_id).key


def test_a_backup_is_restored_on_either_database_with_every_row_and_file(
    site: Site, seeded: World, shelf: Path, empty: Settings
) -> None:
    before = content(site)
    made = back_up(site, shelf)
    assert (made.faults, made.linked, made.file_count) == ((), 0, len(before.files))
    done = restore_backup(empty, made.folder, no_progress)
    assert done.faults == ()
    with closing(open_site(empty)) as restored:
        assert content(restored) == before
        assert belonging.check_belonging(restored) is belonging.Belonging.TOGETHER
        with restored.database.writing() as session:  # numbers of new rows go on
            write_something(session, 1)
        assert list(find_faults(restored)) == []


def test_what_a_kept_report_shows_is_the_same_byte_for_byte(
    site: Site, seeded: World, shelf: Path, place: Settings
) -> None:
    with site.database.reading() as session:
        keys = [file.key for file in load_known_files(session).values() if file.owner.startswith("report")]
    assert len(keys) == 2
    restore_backup(place, back_up(site, shelf).folder, no_progress)
    with closing(open_site(place)) as restored:
        for key in keys:
            assert b"".join(restored.storage.open(key)) == b"".join(site.storage.open(key))


def test_backups_while_somebody_writes_are_each_of_one_moment(
    site: Site, seeded: World, shelf: Path, tmp_path: Path
) -> None:
    stop, written = threading.Event(), 0

    def write() -> None:
        nonlocal written
        while not stop.is_set():
            written += 1
            with site.database.writing() as session:
                write_something(session, written)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [back_up(site, shelf) for _ in range(3)]
    finally:
        stop.set()
        writer.join()
    numbers = []
    for number, backup in enumerate(made):
        place = Settings(data_dir=tmp_path / f"restored-{number}")
        assert restore_backup(place, backup.folder, no_progress).faults == ()
        with closing(open_site(place)) as restored, restored.database.reading() as session:
            events = history.list_events(session, 1, limit=1)
            population = session.execute(text("SELECT population FROM city WHERE id = 1")).scalar_one()
            assert json.loads(events[0].details).get("note", "") in ("", f"change {population} ✓")
            numbers.append(events[0].number)
    assert numbers == sorted(numbers)
    assert numbers[-1] > numbers[0], "nothing was written meanwhile"


def test_unchanged_files_are_linked_and_only_the_last_backups_are_kept(site: Site, seeded: World, shelf: Path) -> None:
    first, second = back_up(site, shelf), back_up(site, shelf)
    key = key_of(site, seeded)
    assert second.linked == second.file_count == first.file_count
    assert (first.folder / "files" / key).samefile(second.folder / "files" / key)
    third = back_up(site, shelf, keep=1)
    assert third.removed == (first.folder.name, second.folder.name)
    assert find_damages(BackupFolder(third.folder)) == []
    assert [path.name for path in shelf.iterdir() if not path.name.startswith(".")] == [third.folder.name]
    with site.database.reading() as session:
        known = find_last_backup(session)
    assert known
    assert (known.name, known.file_count) == (third.folder.name, third.file_count)


def test_a_link_to_a_damaged_copy_is_not_made(site: Site, seeded: World, shelf: Path) -> None:
    first, key = back_up(site, shelf), key_of(site, seeded)
    path = first.folder / "files" / key
    path.write_bytes(path.read_bytes().swapcase())
    second = back_up(site, shelf)
    assert second.linked == second.file_count - 1
    assert find_damages(BackupFolder(second.folder)) == []
    assert [str(damage) for damage in find_damages(BackupFolder(first.folder))] == [f"file {key}"]


def test_what_is_missing_is_said_and_costs_no_older_backup(site: Site, seeded: World, shelf: Path) -> None:
    good = back_up(site, shelf)
    key = key_of(site, seeded)
    site.storage.delete(key)
    made = back_up(site, shelf, keep=1)
    assert made.folder.name.endswith("-incomplete")
    assert [line.split()[0] for line in made.faults] == ["missing"]
    assert key in made.faults[0]
    assert (made.removed, good.folder.exists()) == ((), True)
    with site.database.reading() as session:
        known = find_last_backup(session)
    assert known
    assert known.name == good.folder.name


class Disposing:
    """A storage in which something is disposed of when the first file is opened."""

    def __init__(self, storage: Any, dispose: Callable[[], None]) -> None:
        self._storage, self._dispose = storage, dispose

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    def open(self, key: str) -> Iterator[bytes]:
        dispose, self._dispose = self._dispose, lambda: None
        dispose()
        opened: Iterator[bytes] = self._storage.open(key)
        return opened


def test_a_file_that_is_disposed_of_while_the_backup_runs_is_no_failure(
    site: Site, seeded: World, shelf: Path, place: Settings
) -> None:
    key = add_file(site, seeded.alpha.id, Random(1))
    storage = site.storage

    def dispose() -> None:
        with site.database.writing() as session:
            session.execute(text("DELETE FROM stored_file WHERE key = :key"), {"key": key})
        storage.delete(key)

    site.storage = Disposing(storage, dispose)
    made = back_up(site, shelf)
    assert made.faults == ()
    assert key not in [mark.key for mark in BackupFolder(made.folder).read_manifest().files]
    assert restore_backup(place, made.folder, no_progress).faults == ()


def test_only_the_owner_reads_a_backup_and_the_secret_key_is_in_it(site: Site, seeded: World, shelf: Path) -> None:
    folder = back_up(site, shelf).folder
    for path in [folder, *folder.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), (path, oct(mode))
    assert BackupFolder(folder).read_secret_key() == site.settings.secret_key.encode()


def test_what_a_killed_backup_left_is_cleared_and_two_do_not_write_at_once(
    site: Site, seeded: World, shelf: Path
) -> None:
    left = shelf / ".cityready-2026-01-01T0000Z.unfinished" / "files"
    left.mkdir(parents=True)

    def second() -> None:
        with pytest.raises(Refused, match="Another backup"):
            back_up(site, shelf)

    storage = site.storage
    site.storage = Disposing(storage, second)
    back_up(site, shelf)
    assert not left.exists()


def test_a_place_that_cannot_be_written_is_a_sentence(site: Site, seeded: World, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Refused, match="cannot be written"):
        back_up(site, tmp_path / "file")


@pytest.mark.only_sqlite
@pytest.mark.parametrize("part", ["files", "database", "manifest.json"])
def test_a_damaged_backup_is_refused_and_nothing_begins(
    site: Site, seeded: World, shelf: Path, place: Settings, part: str
) -> None:
    folder = back_up(site, shelf).folder
    path = (
        next(path for path in sorted((folder / part).rglob("*")) if path.is_file())
        if part != "manifest.json"
        else folder / part
    )
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises((Refused, Invalid), match="damaged"):
        restore_backup(place, folder, no_progress)
    assert not (place.data_dir / "cityready.db").exists()


@pytest.mark.only_sqlite
def test_half_a_table_is_not_restored_on_anybodys_word(site: Site, seeded: World, shelf: Path, place: Settings) -> None:
    folder = back_up(site, shelf).folder
    path = folder / "database" / "evidence.jsonl.gz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(Refused, match="table evidence cannot be read"):
        restore_backup(place, folder, no_progress, damaged_too=True)
    path.unlink()
    with pytest.raises(Refused, match="table evidence cannot be read"):
        restore_backup(place, folder, no_progress, damaged_too=True)


@pytest.mark.only_sqlite
def test_what_there_is_of_a_damaged_backup_can_be_restored(
    site: Site, seeded: World, shelf: Path, place: Settings
) -> None:
    folder, key = back_up(site, shelf).folder, key_of(site, seeded)
    (folder / "files" / key).unlink()
    done = restore_backup(place, folder, no_progress, damaged_too=True)
    assert [fault.line().split()[0] for fault in done.faults] == ["missing"]


def test_a_restore_under_a_running_app_is_refused_and_changes_nothing(site: Site, seeded: World, shelf: Path) -> None:
    folder = back_up(site, shelf).folder
    before = content(site)
    with pytest.raises(Refused, match="in use"):
        restore_backup(site.settings, folder, no_progress)
    assert content(site) == before


def test_a_restore_over_an_installation_is_refused_and_changes_nothing(site: Site, seeded: World, shelf: Path) -> None:
    folder = back_up(site, shelf).folder
    before = content(site)
    site.close()
    with pytest.raises(Refused, match="not empty"):
        restore_backup(site.settings, folder, no_progress)
    with closing(open_site(site.settings)) as again:
        assert content(again) == before


@pytest.mark.only_sqlite
def test_a_restore_beside_other_files_or_what_a_database_left_is_refused(
    site: Site, seeded: World, shelf: Path, place: Settings
) -> None:
    folder = back_up(site, shelf).folder
    shutil.copytree(site.settings.storage, place.storage)
    with pytest.raises(Refused, match="file storage"):
        restore_backup(place, folder, no_progress)
    shutil.rmtree(place.data_dir)
    place.data_dir.mkdir()
    (place.data_dir / "cityready.db-wal").write_text("of another one")
    with pytest.raises(Refused, match="Move it away"):
        restore_backup(place, folder, no_progress)


@pytest.mark.only_sqlite
def test_a_restore_that_was_cut_off_goes_on_and_no_app_opens_the_half(
    site: Site, seeded: World, shelf: Path, place: Settings
) -> None:
    backup = BackupFolder(back_up(site, shelf).folder)
    with closing(open_site(place)) as half:
        filling.fill_files(half.storage, BackupOrigin(backup, backup.read_manifest()), no_progress)
        half.storage.put("aa/ofanothertry", BytesIO(b"in no row of this backup"))
        path = Path(place.storage) / key_of(site, seeded)
        path.write_bytes(path.read_bytes().swapcase())
        upgrade_database(place.database)
        with pytest.raises(Refused, match="belong to another database"):
            belonging.check_belonging(half)
    for path in place.data_dir.glob("cityready.db*"):
        path.unlink()
    assert restore_backup(place, backup.folder, no_progress).faults == ()
    with closing(open_site(place)) as restored:
        assert content(restored) == content(site)


@pytest.mark.only_sqlite
def test_a_restore_that_was_cut_off_at_its_very_end_is_finished(
    site: Site, seeded: World, shelf: Path, place: Settings
) -> None:
    backup = BackupFolder(back_up(site, shelf).folder)
    with closing(open_site(place, alone=True)) as half:
        origin = BackupOrigin(backup, backup.read_manifest())
        filling.fill_files(half.storage, origin, no_progress)
        filling.fill_tables(place.database, origin, no_progress)
    assert restore_backup(place, backup.folder, no_progress).faults == ()
    with pytest.raises(Refused, match="not empty"):
        restore_backup(place, backup.folder, no_progress)


@pytest.mark.only_sqlite
def test_a_backup_of_a_newer_version_and_a_folder_that_is_none_are_sentences(
    site: Site, seeded: World, shelf: Path, place: Settings
) -> None:
    folder = back_up(site, shelf).folder
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"revision": "9999"}))
    with pytest.raises(Refused, match="newer version"):
        restore_backup(place, folder, no_progress)
    with pytest.raises(Invalid, match="not a backup"):
        restore_backup(place, shelf, no_progress)


@pytest.mark.only_sqlite
def test_the_key_of_the_backup_is_put_back_and_another_one_is_never_overwritten(
    site: Site, seeded: World, shelf: Path, tmp_path: Path
) -> None:
    short = back_up(site, shelf).folder
    site.settings = site.settings.model_copy(update={"secret_key": "s" * 43})
    folder = back_up(site, shelf).folder
    place = Settings(data_dir=tmp_path / "one")
    restore_backup(place, folder, no_progress)
    assert (place.data_dir / "secret-key").read_text() == "s" * 43
    other = Settings(data_dir=tmp_path / "other")
    other.data_dir.mkdir()
    (other.data_dir / "secret-key").write_text("k" * 43)
    with pytest.raises(Refused, match="another key"):
        restore_backup(other, folder, no_progress)
    said: list[str] = []
    restore_backup(Settings(data_dir=tmp_path / "third"), short, said.append)
    assert not (tmp_path / "third" / "secret-key").exists()
    assert any("CITYREADY_SECRET_KEY" in line for line in said)


@pytest.mark.only_sqlite
def test_a_database_that_cannot_be_read_is_a_sentence_and_costs_no_older_backup(
    site: Site, seeded: World, shelf: Path
) -> None:
    good = back_up(site, shelf)
    site.close()
    path = site.settings.data_dir / "cityready.db"
    path.with_name("cityready.db-wal").unlink(missing_ok=True)
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size // 2))
    with closing(open_site(site.settings)) as broken, pytest.raises(Refused, match="cannot be read"):
        back_up(broken, shelf, keep=1)
    assert [path for path in shelf.iterdir() if path.name != ".lock"] == [good.folder]


@pytest.mark.only_sqlite
def test_a_database_that_cannot_be_written_is_backed_up_all_the_same(
    site: Site, seeded: World, shelf: Path, place: Settings
) -> None:
    with site.database.writing() as session:
        session.execute(
            text("CREATE TRIGGER full BEFORE INSERT ON backup_record BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        )
    said: list[str] = []
    made = make_backup(site, shelf, 7, said.append)
    assert "disk full" in said[-1]
    assert restore_backup(place, made.folder, no_progress).faults == ()


FULL = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (99_000, 99_000)); from app.cli import main; main(sys.argv[1:])"


@pytest.mark.only_sqlite
def test_a_full_disk_is_a_sentence_and_leaves_nothing_half_written(site: Site, seeded: World, shelf: Path) -> None:
    good = back_up(site, shelf)
    site.storage.put("aa/large", BytesIO(bytes(200_000)))
    with site.database.writing() as session:
        session.execute(text("UPDATE city SET logo_key = 'aa/large' WHERE id = 1"))
    site.close()
    process = subprocess.run(
        [sys.executable, "-c", FULL, "backup", "--to", str(shelf), "--keep", "1"],
        env=os.environ | {"CITYREADY_DATA_DIR": str(site.settings.data_dir)},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (process.returncode, process.stdout) == (1, "")
    assert process.stderr.splitlines()[-1] == f"The backup cannot be written to {shelf}: File too large."
    assert [path for path in shelf.iterdir() if path.name != ".lock"] == [good.folder]


@dataclass(frozen=True)
class OldOrigin:
    """A city in the tables of the first version."""

    identity: str = "i" * 32
    revision: str = "0001"
    separators: tuple[str, str] = (",", ":")

    def keys(self) -> list[str]:
        return []

    def open(self, key: str) -> Iterator[bytes]:
        raise AssertionError(key)

    def columns(self) -> dict[str, tuple[str, ...]]:
        return {"city": tuple(CITY_OF_0001), "person": ()}

    def lines(self, table: str) -> Iterator[bytes]:
        if table == "city":
            yield json.dumps(list(CITY_OF_0001.values()), separators=self.separators).encode() + b"\n"


CITY_OF_0001 = {
    "country": "US",
    "created_at": "2025-01-02T03:04:05.000006",
    "history_count": 0,
    "history_head": "",
    "id": 7,
    "illustrative": False,
    "language": "en",
    "logo_key": None,
    "name": "Springfield",
    "population": None,
    "slug": "springfield",
    "time_zone": "America/New_York",
    "version": 3,
}


def test_what_an_older_version_backed_up_is_brought_to_the_newest_tables(empty: Settings) -> None:
    with closing(open_site(empty, alone=True)) as site:
        filling.fill_tables(empty.database, OldOrigin(), no_progress)
        with site.database.reading() as session:
            city = session.get_one(City, 7)
            assert (city.created_at, city.illustrative) == (datetime(2025, 1, 2, 3, 4, 5, 6, tzinfo=UTC), False)
            assert current_revision(session.connection()) == newest_revision()


def test_a_table_that_arrives_otherwise_than_it_was_sent_is_refused_and_nothing_of_it_stays(empty: Settings) -> None:
    otherwise = OldOrigin(separators=(", ", ":"))
    with closing(open_site(empty, alone=True)) as site:
        with pytest.raises(Refused, match="Table city is not the same"):
            filling.fill_tables(empty.database, otherwise, no_progress)
        with site.database.reading() as session:
            assert inspect(session.connection()).get_table_names() == []
