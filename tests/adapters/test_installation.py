"""A database and a file store are used together only when they are of one installation; on both databases, a folder and a bucket."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from app.adapters.storage.local import LocalStorage
from app.cli import main
from app.rules.errors import Refused
from app.rules.installation.database_trouble import DatabaseTrouble
from app.services.installation import belonging
from app.services.installation.belonging import Belonging
from app.services.site import Site, open_site
from app.settings import Settings
from app.store.installation import installation as rows
from app.store.migrating import upgrade_database
from tests.conftest import running
from tests.world import World

UNREACHABLE = {"storage_url": "s3://bucket/x", "storage_endpoint": "http://127.0.0.1:1", "storage_access_key": "k"}
SECRET = {"storage_secret_key": "s"}


@pytest.fixture
def beside(place: Settings, blank_url: str, tmp_path: Path) -> Iterator[Site]:
    """A new, empty database beside the files that are there, as someone has it who sets another address and starts."""
    upgrade_database(blank_url)
    given = {"database_url": blank_url, "storage_url": place.storage}
    with closing(open_site(place.model_copy(update=given))) as opened:
        yield opened


def identity(site: Site) -> str | None:
    with site.database.reading() as session:
        row = rows.find_installation(session)
    return row.identity if row else None


def forget_identity(site: Site) -> None:
    """As in an installation from before there were identities."""
    with site.database.writing() as session:
        session.delete(rows.find_installation(session))
    if isinstance(site.storage, LocalStorage):
        (site.storage.folder / ".installation").unlink()
    else:
        site.storage._bucket.delete(".installation")  # type: ignore[attr-defined]


def files(site: Site) -> int:
    return len(list(site.storage.list_files()))


def test_what_is_new_gets_one_identity_on_both_sides(blank_url: str, tmp_path: Path) -> None:
    upgrade_database(blank_url)
    with closing(open_site(Settings(data_dir=tmp_path / "new", database_url=blank_url))) as site:
        assert belonging.check_belonging(site) is Belonging.TOGETHER
        assert (identity(site) or "none") in str(site.storage.read_mark())
        first = identity(site)
        assert belonging.check_belonging(site) is Belonging.TOGETHER
        assert identity(site) == first
        assert files(site) == 0, "the mark is no file"


def test_an_installation_of_before_is_marked_without_a_word(here: Site, capfd: pytest.CaptureFixture[str]) -> None:
    forget_identity(here)
    assert belonging.check_belonging(here) is Belonging.TOGETHER
    assert (identity(here) or "none") in str(here.storage.read_mark())
    assert "".join(capfd.readouterr()) == ""


@pytest.mark.parametrize("marked", [True, False])
def test_an_empty_database_beside_files_is_refused_and_nothing_of_them_is_touched(
    here: Site, beside: Site, marked: bool
) -> None:
    if not marked:
        forget_identity(here)
    before = files(here)
    assert before > 0
    with pytest.raises(Refused, match="belong to another database") as refused:
        belonging.check_belonging(beside)
    assert "cityready move" in str(refused.value)
    with pytest.raises(Refused), running(beside.settings):
        pass
    assert files(here) == before


def test_a_store_that_lost_all_files_is_refused(here: Site, tmp_path: Path) -> None:
    with (
        closing(open_site(here.settings.model_copy(update={"storage_url": str(tmp_path / "unmounted")}))) as site,
        pytest.raises(Refused, match="which is empty"),
    ):
        belonging.check_belonging(site)


def test_a_mark_of_another_installation_and_one_that_cannot_be_read_are_refused(here: Site) -> None:
    for content in (b'{"installation": "of another", "beat": 1}', b"", b"[]", b'{"installation": 1}'):
        here.storage.write_mark(content)
        with pytest.raises(Refused, match="belong to another database"):
            belonging.check_belonging(here)
        belonging.adopt_files(here)
        assert belonging.check_belonging(here) is Belonging.TOGETHER


def test_files_without_their_mark_are_known_by_the_rows(here: Site) -> None:
    with here.database.reading() as session:
        before = rows.find_installation(session)
    if isinstance(here.storage, LocalStorage):
        (here.storage.folder / ".installation").unlink()
    else:
        here.storage._bucket.delete(".installation")  # type: ignore[attr-defined]
    assert belonging.check_belonging(here) is Belonging.TOGETHER
    assert before
    assert before.identity in str(here.storage.read_mark())


def test_a_database_that_was_put_back_is_known_as_older_until_somebody_says_otherwise(here: Site) -> None:
    belonging.keep_in_step(here)
    belonging.keep_in_step(here)
    with here.database.writing() as session:
        row = rows.find_installation(session)
        assert row
        row.beat -= 2  # what a copy of an hour ago says
    assert belonging.check_belonging(here) is Belonging.DATABASE_IS_OLDER
    belonging.keep_in_step(here)
    assert belonging.check_belonging(here) is Belonging.DATABASE_IS_OLDER, "it does not grow out of it"
    belonging.adopt_files(here)
    assert belonging.check_belonging(here) is Belonging.TOGETHER


def test_a_backup_from_before_identities_takes_that_of_its_files_and_is_older(here: Site) -> None:
    mark = here.storage.read_mark()
    with here.database.writing() as session:
        session.delete(rows.find_installation(session))
    assert belonging.check_belonging(here) is Belonging.DATABASE_IS_OLDER
    assert (identity(here) or "none") in str(mark)
    assert here.storage.read_mark() == mark


def test_storage_that_is_away_stops_no_start_and_is_said(
    settings: Settings, seeded: World, capfd: pytest.CaptureFixture[str]
) -> None:
    away = settings.model_copy(update=UNREACHABLE | SECRET)
    with running(away) as client:
        assert client.get("/health").status_code == 200
    assert "file storage does not answer; nothing is swept meanwhile" in "".join(capfd.readouterr())


def test_processes_that_start_at_once_agree_on_one_identity(site: Site) -> None:
    with site.database.writing() as session:
        session.delete(rows.find_installation(session))
    shutil.rmtree(site.settings.storage, ignore_errors=True)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: (belonging.check_belonging(site), identity(site)), range(8)))
    assert set(found) == {(Belonging.TOGETHER, identity(site))}


def test_a_command_says_what_is_wrong_in_one_line_and_adopt_mends_it(
    here: Site, beside: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in (
        "data_dir",
        "database_url",
        "storage_url",
        "storage_endpoint",
        "storage_access_key",
        "storage_secret_key",
    ):
        monkeypatch.setenv(f"CITYREADY_{name.upper()}", str(getattr(beside.settings, name)))
    command = ["city", "add", "x-town", "--name", "X", "--country", "US"]
    with pytest.raises(SystemExit) as ended:
        main(command)
    said = capsys.readouterr()
    assert (ended.value.code, said.out, said.err.count("\n")) == (1, "", 1)
    assert "belong to another database" in said.err
    for arguments in (["files", "adopt"], command):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert not ended.value.code, capsys.readouterr().err


def test_a_database_that_does_not_answer_is_not_taken_for_storage_that_is_away(tmp_path: Path) -> None:
    address = "postgresql+psycopg://app:secret@127.0.0.1:1/none?connect_timeout=1"
    with closing(open_site(Settings(data_dir=tmp_path, database_url=address))) as site, pytest.raises(DatabaseTrouble):
        belonging.check_belonging(site)
