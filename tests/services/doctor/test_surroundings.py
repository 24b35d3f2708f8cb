"""What the doctor finds when all is well, and what it says of each thing that is not."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.adapters.children.confinement import Fence
from app.services import city
from app.services.demo import loading, removing
from app.services.doctor import surroundings
from app.services.doctor.city_data import find_demo_accounts
from app.services.doctor.finding import DoctorFinding
from app.services.doctor.surroundings import (
    backup_finding,
    examine_installation,
    fences_finding,
    sqlite_finding,
)
from app.services.site import Site
from app.settings import Settings
from app.store.database.engine import now, sqlite_module
from app.store.migrating import upgrade_database


def settings(tmp_path: Path, **more: object) -> Settings:
    return Settings.model_validate({"data_dir": tmp_path / "data", **more})


def finding(about: str, given: Settings) -> DoctorFinding:
    return next(one for one in examine_installation(given) if one.about == about)


@pytest.fixture(autouse=True)
def without_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting the PDF process takes a second; the test of the command line does it for all."""
    monkeypatch.setattr(
        surroundings, "CHECKS", tuple(check for check in surroundings.CHECKS if check is not surroundings._check_pdf)
    )


def test_on_a_migrated_installation_the_parts_that_tests_have_are_well(tmp_path: Path) -> None:
    given = settings(tmp_path)
    given.data_dir.mkdir(0o700)
    upgrade_database(given.database)
    unwell = {one.about for one in examine_installation(given) if not one.well}
    assert unwell <= {"Fonts", "Translations", "Front-end files"}


def test_an_empty_database_is_told_to_migrate(tmp_path: Path) -> None:
    line = finding("Tables", settings(tmp_path)).line()
    assert line.startswith("WRONG")
    assert "cityready migrate" in line


def test_a_database_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    given = settings(tmp_path, database_url="postgresql+psycopg://app:secret@127.0.0.1:1/none?connect_timeout=1")
    line = finding("Database", given).line()
    assert line.startswith("WRONG")
    assert "CITYREADY_DATABASE_URL" in line
    assert "secret" not in line


def test_a_file_that_is_no_database_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "cityready.db").write_text("not a database at all, but long enough to be looked at" * 40)
    assert not finding("Database", settings(tmp_path)).well


def test_a_data_folder_that_cannot_be_made_is_the_only_finding(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    found = examine_installation(Settings(data_dir=tmp_path / "file" / "data"))
    assert [one.about for one in found] == ["Data folder"]
    assert not found[0].well


def test_storage_that_cannot_be_written_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert not finding("File storage", settings(tmp_path, storage_url=str(tmp_path / "file"))).well


@pytest.mark.parametrize(
    ("number", "mended"),
    [
        ((3, 40, 1), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_an_sqlite_that_can_damage_its_database_is_found(number: tuple[int, ...], mended: bool) -> None:
    assert sqlite_finding(number, "sqlite3").well is mended


def test_a_short_secret_key_is_wrong_and_never_shown(tmp_path: Path) -> None:
    found = finding("Secret key", settings(tmp_path, secret_key="hush-hush"))
    assert not found.well
    assert "hush" not in found.line()
    assert finding("Secret key", settings(tmp_path, secret_key="x" * 32)).well


def test_what_others_can_read_is_wrong(tmp_path: Path) -> None:
    given = settings(tmp_path)
    given.data_dir.mkdir(0o700)
    key = given.data_dir / "secret-key"
    key.write_text("k" * 43)
    key.chmod(0o600)
    assert finding("Rights", given).well
    for mode in (0o604, 0o640, 0o620):
        key.chmod(mode)
        line = finding("Rights", given).line()
        assert str(key) in line
        assert "chmod" in line


@pytest.mark.parametrize(
    ("url", "well"),
    [
        ("https://ready.city.gov", True),
        ("http://127.0.0.1:8001", True),
        ("http://localhost:8000", True),
        ("http://ready.city.gov", False),
        ("http://127.0.0.1.example.org", False),
    ],
)
def test_an_address_without_https_is_wrong_unless_it_is_this_machine(tmp_path: Path, url: str, well: bool) -> None:
    assert finding("Address", settings(tmp_path, public_url=url)).well is well


def test_a_mail_server_that_does_not_answer_is_wrong_and_none_at_all_is_fine(tmp_path: Path) -> None:
    assert finding("Mail", settings(tmp_path)).well
    assert "CITYREADY_SMTP" in finding("Mail", settings(tmp_path, smtp_host="127.0.0.1", smtp_port=1)).line()


def test_a_full_disk_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "LEAST_FREE_BYTES", 10**18)
    assert not finding("Disk", settings(tmp_path)).well


def test_missing_front_end_files_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "ROOT", tmp_path)
    line = next(surroundings._check_front_end(None)).line()  # type: ignore[arg-type]
    assert "htmx.min.js" in line
    assert "./run" in line


def test_every_line_says_ok_or_wrong_and_only_wrong_ones_say_what_to_do(tmp_path: Path) -> None:
    for one in examine_installation(settings(tmp_path)):
        assert one.line().startswith("ok" if one.well else "WRONG")
        assert ("->" in one.line()) is not one.well


def test_the_sqlite_in_use_is_the_one_reported(tmp_path: Path) -> None:
    assert sqlite_module().sqlite_version in finding("Database", settings(tmp_path)).found


def test_reading_files_without_a_fence_is_said_with_what_is_open() -> None:
    assert fences_finding(tuple(Fence)).line() == "ok    Reading of files: closed to it: network, files, calls"
    assert fences_finding((Fence.FILES, Fence.CALLS)).well, "a container without namespaces still has no network"
    line = fences_finding((Fence.NETWORK, Fence.CALLS)).line()
    assert line.startswith("WRONG")
    assert "not here: files" in line


@pytest.mark.parametrize(
    ("last", "city", "well"),
    [(None, None, True), (None, 6, True), (None, 8, False), (6, 300, True), (8, 300, False), (8, None, True)],
)
def test_a_city_without_a_backup_for_a_week_is_wrong(last: int | None, city: int | None, well: bool) -> None:
    days = [None if ago is None else now() - timedelta(days=ago) for ago in (last, city)]
    found = backup_finding(days[0], days[1], now())
    assert found.well is well
    assert ("cityready backup" in found.line()) is not well


def test_tables_that_are_missing_are_one_finding_and_not_three(tmp_path: Path) -> None:
    unwell = {one.about for one in examine_installation(settings(tmp_path)) if not one.well}
    assert "Tables" in unwell
    assert unwell.isdisjoint({"Data", "Files without a row", "Demonstration"})


def test_demonstration_accounts_beside_a_real_city_are_wrong(site: Site) -> None:
    loading.load_demo(site)
    (alone,) = find_demo_accounts(site)
    assert alone.well
    with site.database.writing() as session:
        city.add_city(
            session,
            slug="real",
            name="Real",
            country="US",
            language="en",
            time_zone="America/New_York",
            population=None,
        )
    (beside,) = find_demo_accounts(site)
    assert "cityready demo remove" in beside.line()
    removing.remove_demo(site)
    assert list(find_demo_accounts(site)) == []
