"""Whether an installation is whole: each kind of loss and change is found, and nothing else is."""

import os
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import text

from app.adapters.storage.keys import new_key
from app.services.installation import wholeness
from app.services.installation.wholeness import FaultKind, find_faults
from app.services.site import Site
from app.store.city import City
from app.store.database.engine import now
from app.store.evidence.files import StoredFile
from app.store.file_reading import FileReading
from app.store.installation.wholeness import load_known_files
from app.store.tables import metadata
from app.store.upload import Upload, UploadPart
from tests.world import FILE, World

Break = Callable[[Path], object]


def found(site: Site, *, quick: bool = False) -> list[tuple[FaultKind, str]]:
    return [(fault.kind, fault.where) for fault in find_faults(site, quick=quick)]


def file_of(site: Site, seeded: World) -> tuple[str, Path]:
    """Row and file of the one evidence file of the city alpha."""
    with site.database.reading() as session:
        key = session.get_one(StoredFile, seeded.alpha.file_id).key
    return f"stored_file {seeded.alpha.file_id} ({key})", Path(site.settings.storage) / key


def test_an_installation_in_use_is_whole_and_nothing_is_changed_by_looking(site: Site, seeded: World) -> None:
    before = sorted(path.stat().st_mtime_ns for path in Path(site.settings.storage).rglob("*"))
    assert (found(site), found(site, quick=True)) == ([], [])
    assert sorted(path.stat().st_mtime_ns for path in Path(site.settings.storage).rglob("*")) == before


@pytest.mark.parametrize(
    ("harm", "kind", "quickly"),
    [
        (Path.unlink, FaultKind.MISSING, True),
        (lambda path: path.write_bytes(FILE[:-1]), FaultKind.SIZE, True),
        (lambda path: path.write_bytes(FILE.swapcase()), FaultKind.CONTENT, False),
    ],
)
def test_a_file_that_is_lost_cut_or_changed_is_one_fault(
    site: Site, seeded: World, harm: Break, kind: FaultKind, quickly: bool
) -> None:
    where, path = file_of(site, seeded)
    harm(path)
    assert found(site) == [(kind, where)]
    assert found(site, quick=True) == ([(kind, where)] if quickly else [])


def test_a_changed_report_is_found(site: Site, seeded: World) -> None:
    with site.database.reading() as session:
        reports = [known for known in load_known_files(session).values() if known.owner.startswith("report")]
    path = Path(site.settings.storage) / reports[0].key
    path.write_bytes(path.read_bytes().swapcase())
    assert found(site) == [(FaultKind.CONTENT, f"{reports[0].owner} ({reports[0].key})")]


def test_a_file_without_a_row_is_a_fault_once_its_row_cannot_be_on_its_way(site: Site, seeded: World) -> None:
    key = new_key()
    site.storage.put(key, BytesIO(b"left behind"))
    assert found(site) == []
    long_ago = (now() - timedelta(hours=2)).timestamp()
    os.utime(Path(site.settings.storage) / key, (long_ago, long_ago))
    assert found(site) == found(site, quick=True) == [(FaultKind.STRAY, key)]


def test_what_is_disposed_of_while_files_are_read_is_no_fault(
    site: Site, seeded: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, path = file_of(site, seeded)
    path.unlink()
    known = wholeness._load_known_files
    answers = [known(site), {key: each for key, each in known(site).items() if key not in path.as_posix()}]
    monkeypatch.setattr(wholeness, "_load_known_files", lambda _: answers.pop(0))
    assert found(site) == []


def test_a_changed_event_is_found_and_the_city_named(site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        session.execute(text("UPDATE city SET history_head = 'other' WHERE slug = 'alpha'"))
        if not session.execute(text("SELECT history_count FROM city WHERE slug = 'alpha'")).scalar_one():
            session.execute(text("UPDATE city SET history_count = 1 WHERE slug = 'alpha'"))
    assert found(site) == [(FaultKind.RECORD, "alpha")]
    assert found(site, quick=True) == []


@pytest.mark.only_sqlite
def test_a_broken_reference_and_a_broken_file_are_faults_of_the_database(site: Site, seeded: World) -> None:
    path = site.settings.data_dir / "cityready.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("UPDATE assignment SET city_id = 99 WHERE id = 1")
    connection.close()
    (fault,) = find_faults(site, quick=True)
    assert (fault.kind, fault.what) == (FaultKind.DATABASE, "assignment 1 points to a city that is not there")
    site.database.close()
    path.with_name("cityready.db-wal").unlink(missing_ok=True)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (size // 2))
    assert {kind for kind, _ in found(site, quick=True)} == {FaultKind.DATABASE}


def test_a_database_that_was_never_migrated_is_told(site: Site) -> None:
    with site.database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    (fault,) = find_faults(site)
    assert "cityready migrate" in fault.what


KEY_COLUMNS = {"city.logo_key", "file_reading.picture_keys", "report.file_key", "stored_file.key", "upload_part.key"}
OTHER_KEYS = {"portal_fact.key", "letter_entry.key", "unclaimed_file.key", "passkey.public_key"}
"""Names of a fact and of what a letter tells, keys that no row owns, and what a passkey is checked with."""


def test_every_column_with_a_key_is_known_to_whoever_looks_after_files(site: Site, seeded: World) -> None:
    columns = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if column.name.endswith(("key", "keys"))
    }
    assert columns - OTHER_KEYS == KEY_COLUMNS
    with site.database.writing() as session:
        upload = Upload(city_id=seeded.alpha.id, token="t", name="n", size_bytes=9, expires_at=now())
        session.add(upload)
        session.flush()
        session.add(UploadPart(city_id=seeded.alpha.id, upload_id=upload.id, begins_at=0, size_bytes=9, key="up/part"))
        session.get_one(City, seeded.alpha.id).logo_key = "em/blem"
        file = StoredFile(
            city_id=seeded.alpha.id, key="fi/le", sha256="s" * 64, size_bytes=1, media_type="text/plain", name="n"
        )
        session.add(file)
        session.flush()
        session.add(
            FileReading(city_id=seeded.alpha.id, file_id=file.id, state="ok", picture_keys='["pi/ct", "pi/cu"]')
        )
    with site.database.reading() as session:
        known = load_known_files(session)
    assert {"up/part", "em/blem", "fi/le", "pi/ct", "pi/cu"} <= known.keys()
    assert (known["up/part"].size_bytes, known["em/blem"].size_bytes) == (9, None)
