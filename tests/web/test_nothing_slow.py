"""Nothing slow is done while someone has the turn to write: no page made, no passphrase weighed, no file kept, no letter sent."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.adapters import passwords
from app.rules.text import search_words
from app.services.site import Site
from app.store.people import Person
from app.web.templating import template_environment
from tests.conftest import ClientFor
from tests.web.test_access import DOORS, IN_TURN, House, always
from tests.web.test_lost_sessions import POSTS, _spoilt
from tests.world import World, run_jobs
from tests.write_watch import WriteWatch, watched


@pytest.fixture
def house(client: TestClient, client_for: ClientFor, seeded: World) -> House:
    return House(client, client_for, seeded)


@pytest.fixture
def watch(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[WriteWatch]:
    with watched(monkeypatch) as watch:
        yield watch


@pytest.mark.only_sqlite
@pytest.mark.parametrize("fragment", [False, True])
@pytest.mark.parametrize("version", ["as it is", "0", ""])
def test_no_form_of_the_app_holds_up_others_with_something_slow(
    house: House, watch: WriteWatch, fragment: bool, version: str
) -> None:
    slow: dict[str, list[str]] = {}
    for route in POSTS:
        door = DOORS[route]
        form = door.form(house.alpha) if version == "as it is" else _spoilt(door.form(house.alpha), version)
        door = replace(door, form=always(form), headers={"HX-Request": "true"} if fragment else {})
        answer = house.ask(next(person for person in IN_TURN if person in door.opens), route, door)
        assert answer.status_code < 500, route
        if watch.seen:
            slow[route] = watch.seen[:]
            watch.seen.clear()
    assert slow == {}
    assert watch.transactions > 10, "so few that this showed nothing"


@pytest.mark.only_sqlite
def test_neither_does_signing_in_nor_what_partners_send_nor_any_job(
    house: House, watch: WriteWatch, site: Site, seeded: World, client: TestClient
) -> None:
    with site.database.writing() as session:
        session.get_one(Person, seeded.alpha.people["lead"]).pass_phrase_hash = passwords.hash_passphrase(
            "four words as one", "quick"
        )
    watch.seen.clear()
    before = watch.transactions
    for pass_phrase, status in {"wrong": 422, "four words as one": 303}.items():
        form = {"email": "lead@alpha.example", "pass_phrase": pass_phrase}
        assert client.post("/sign-in", data=form).status_code == status
    files = {"file": ("plan.txt", b"A plan of 2026-03-31.")}
    form = {"kind": "file", "title": "A plan", "visibility": "internal"}
    assert house.clients["lead"].post("/alpha/criteria/BF1/evidence", data=form, files=files).status_code == 303
    run_jobs(site)
    assert watch.seen == []
    assert watch.transactions > before + 4


def test_what_is_slow_is_noticed(site: Site, watch: WriteWatch) -> None:
    page = template_environment("en").from_string("A page.")
    with site.database.writing() as session:
        session.execute(text("SELECT 1"))
        page.render()
        passwords.hash_passphrase("x", "quick")
        search_words.words_of(["a " * 20_000])
    page.render()
    assert watch.seen[:2] == ["Template.render", "PasswordHasher.hash"]
    assert set(watch.seen[2:]) == {"search words of a long text"}
