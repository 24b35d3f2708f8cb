"""A disk that is full or cannot be written: a plain sentence, the text kept, pages still there, and nothing half written."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from starlette.testclient import TestClient

from app.adapters import passwords
from app.rules.installation.database_trouble import DatabaseClosed, DatabaseFull, DatabaseTrouble
from app.services.site import Site, open_site
from app.store.installation.wholeness import list_database_faults
from app.store.people import Person
from tests import world
from tests.conftest import ClientFor, _client, _settings, running
from tests.web.test_access import DOORS, IN_TURN, House, always
from tests.web.test_lost_sessions import POSTS, _is_text, _plain
from tests.world import World

pytestmark = pytest.mark.only_sqlite
PRAGMAS: dict[type[DatabaseTrouble], str] = {DatabaseFull: "max_page_count=1", DatabaseClosed: "query_only=ON"}
"""What makes SQLite itself say so: no more pages than there are already, or none that may be written."""
HARMLESS = {DatabaseFull: "max_page_count=4000000000", DatabaseClosed: "query_only=OFF"}
FULL_SENTENCES = (str(DatabaseFull.sentence), "There is no room left on the server’s disk for another file.")
STATUS = {DatabaseFull: 507, DatabaseClosed: 503}
TYPED = "A long text with\n</textarea> and <b>more</b> in it. " + "And on it goes. " * 600


@pytest.fixture
def house(client: TestClient, client_for: ClientFor, seeded: World) -> House:
    return House(client, client_for, seeded)


@contextmanager
def _in_trouble(site: Site, trouble: type[DatabaseTrouble]) -> Iterator[None]:
    def refuse(connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA {PRAGMAS[trouble]}").close()

    def relent(connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA {HARMLESS[trouble]}").close()

    event.listen(site.database.engine, "checkout", refuse)
    try:
        yield
    finally:
        event.remove(site.database.engine, "checkout", refuse)
        event.listen(site.database.engine, "checkout", relent)


@pytest.mark.parametrize("trouble", PRAGMAS)
def test_every_form_says_so_keeps_its_text_and_writes_nothing_by_half(
    house: House, trouble: type[DatabaseTrouble]
) -> None:
    refused = 0
    with _in_trouble(house.site, trouble):
        for route in POSTS:
            door = DOORS[route]
            form = {
                name: TYPED if name in {"narrative", "text", "note"} else value
                for name, value in door.form(house.alpha).items()
            }
            door = replace(door, form=always(form))
            before = house.rows()
            answer = house.ask(next(person for person in IN_TURN if person in door.opens), route, door)
            assert answer.status_code < 500 or answer.status_code == STATUS[trouble], (route, answer.status_code)
            if answer.status_code < 500:
                continue
            refused += 1
            assert house.rows() == before, route
            assert str(trouble.sentence) in unescape(answer.text), route
            assert int(answer.headers["Retry-After"]) > 0
            for name, value in form.items():
                assert not _is_text(name) or _plain(str(value)) in _plain(unescape(answer.text)), (route, name)
        assert house.clients["lead"].get("/alpha/criteria/LC1").status_code == 200
        assert house.clients["official"].get("/alpha/readiness").status_code == 200
    assert refused > (30 if trouble is DatabaseClosed else 0)


@pytest.mark.parametrize("language", ["en", "es"])
def test_signing_in_says_so_too_and_keeps_what_waits_behind_it(
    house: House, site: Site, seeded: World, client: TestClient, language: str
) -> None:
    with site.database.writing() as session:
        session.get_one(Person, seeded.alpha.people["lead"]).pass_phrase_hash = passwords.hash_passphrase(
            "four words as one", "quick"
        )
    form = {
        "email": "lead@alpha.example",
        "pass_phrase": "four words as one",
        "next": "/alpha/board",
        "kept.text": TYPED,
    }
    with _in_trouble(house.site, DatabaseClosed):
        answer = client.post("/sign-in", data=form, headers={"Accept-Language": language})
    assert (answer.status_code, f'<html lang="{language}"' in answer.text) == (503, True)
    assert (str(DatabaseClosed.sentence) in answer.text) == (language == "en")
    assert _plain(TYPED) in _plain(unescape(answer.text))
    assert 'name="pass_phrase"' in answer.text
    assert client.post("/sign-in", data=form).status_code == 200


def _small_disk(folder: Path) -> None:
    """A file system of 24 MB in memory; only root may make one."""
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)], capture_output=True, text=True, check=False)  # fmt: skip
    if made.returncode:
        pytest.skip(f"no file system can be made here: {made.stderr.strip()}")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("only root can make a file system")
    folder = tmp_path / "small"
    _small_disk(folder)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_on_a_disk_that_is_really_full_people_read_on_and_save_again_when_there_is_room(small_disk: Path) -> None:
    from app.store.migrating import upgrade_database

    settings = _settings(small_disk, "")
    upgrade_database(settings.database)
    with closing(open_site(settings)) as site, site.database.writing() as session:
        built = world.build(session, site.storage)
    with running(settings, raises=False) as client:
        app: Any = client.app
        lead = _client(app, world.sign_in(app.state.site, built.alpha.people["lead"]), raises=False)
        filler = small_disk / "filler"
        _fill(filler)
        statuses = [
            lead.post("/alpha/criteria/LC1/comments", data={"text": f"{number} {TYPED}"[:1_500]}).status_code
            for number in range(400)
        ]
        assert set(statuses) <= {303, 507}
        assert statuses[-1] == 507
        upload = {"file": ("plan.txt", b"A plan. " * 200_000)}
        sent = lead.post(
            "/alpha/criteria/BF1/evidence",
            data={"kind": "file", "title": "A plan", "visibility": "internal"},
            files=upload,
        )
        assert sent.status_code in {422, 503, 507}
        assert any(sentence in sent.text for sentence in FULL_SENTENCES)
        assert lead.get("/alpha/criteria/LC1").status_code == 200
        assert lead.get("/alpha/board").status_code == 200
        filler.unlink()
        assert lead.post("/alpha/criteria/LC1/comments", data={"text": TYPED[:1_500]}).status_code == 303
        with app.state.site.database.reading() as session:
            kept = session.execute(
                text("SELECT count(*) FROM review_comment WHERE text LIKE '%And on it goes.%'")
            ).scalar_one()
            assert kept == statuses.count(303) + 1
            assert list(list_database_faults(session.connection(), quick=False)) == []


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while file.write(b"0" * 4096):
                pass
        except OSError:
            return
