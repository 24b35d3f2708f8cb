"""My account: name, address and devices of the own account. Looking at a link in a mail never uses it up."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select, update
from starlette.testclient import TestClient

from app.services.site import Site
from app.store.account.security_record import SecurityEvent
from app.store.account.sign_in import SignInSession
from app.store.database.engine import now
from app.store.history.event import HistoryEvent
from app.store.people import Person
from tests import world
from tests.conftest import Box, ClientFor
from tests.world import World

NEW = "lee@city.gov"


@pytest.fixture
def lead(client_for: ClientFor, site: Site, box: Box) -> TestClient:
    """The lead, in an installation that sends mail."""
    lead = client_for("lead")
    app: Any = lead.app
    app.state.site.settings = site.settings
    return lead


def _mark(client: TestClient) -> str:
    return str(re.findall(r'name="mark" value="([^"]+)"', client.get("/account").text)[0])


def _person(site: Site, seeded: World) -> Person:
    with site.database.reading() as session:
        return session.get_one(Person, seeded.alpha.people["lead"])


def _ask(client: TestClient, site: Site, box: Box, email: str = NEW) -> str:
    """Returns where the link in the mail leads."""
    assert client.post("/account/email", data={"email": email}).headers["location"].endswith("email-link-mailed")
    world.run_jobs(site)
    return str(re.findall(r"http://[^/]+(/account/email/\S+)", box.mails[email])[0])


def test_a_name_is_changed_by_its_person_and_a_second_page_does_not_undo_it(
    lead: TestClient, site: Site, seeded: World
) -> None:
    mark = _mark(lead)
    assert lead.post("/account/name", data={"name": " Lee  Lead ", "mark": mark}).status_code == 303
    assert _person(site, seeded).name == "Lee Lead"
    again = lead.post("/account/name", data={"name": "Old page", "mark": mark})
    assert again.status_code == 409
    assert 'value="Old page"' in again.text, "what was typed is kept"
    assert _person(site, seeded).name == "Lee Lead"
    with site.database.reading() as session:
        verbs = [event.verb for event in session.exec(select(HistoryEvent))]
    assert verbs.count("own_name_changed") == 1
    assert "Enter a name." in lead.post("/account/name", data={"name": " ", "mark": _mark(lead)}).text


def test_an_address_changes_once_its_new_mailbox_has_confirmed_it_and_the_old_one_is_told(
    lead: TestClient, client: TestClient, site: Site, seeded: World, box: Box
) -> None:
    old = _person(site, seeded).email
    path = _ask(lead, site, box)
    assert set(box.mails) == {NEW, old}
    assert NEW not in box.mails[old], "a mailbox that is lost does not learn the new address"
    for _ in range(3):  # a scanner opens every link
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert _person(site, seeded).email == old
    assert client.post(path).headers["location"].startswith("/sign-in")
    assert _person(site, seeded).email == NEW
    assert client.post(path).status_code == 404, "it works once"
    box.mails.clear()
    world.run_jobs(site)
    assert list(box.mails) == [old]
    assert "another e-mail address now" in box.mails[old]
    with site.database.reading() as session:
        kinds = [event.kind for event in session.exec(select(SecurityEvent))]
    assert [kind for kind in kinds if "email" in kind] == ["email_change_asked", "email_changed"]


def test_an_address_that_another_account_has_is_said_to_whoever_reads_that_mailbox_alone(
    lead: TestClient, client: TestClient, site: Site, seeded: World, box: Box
) -> None:
    refused = client.post(_ask(lead, site, box, "reviewer@alpha.example"))
    assert refused.status_code == 409
    assert "Another account has this address." in refused.text
    assert _person(site, seeded).email == "lead@alpha.example"


@pytest.mark.only_sqlite
def test_an_address_is_not_changed_by_who_finds_the_page_open(lead: TestClient, site: Site, box: Box) -> None:
    with site.database.writing() as session:
        session.exec(update(SignInSession).values(confirmed_at=now() - timedelta(hours=1)))
    asked = lead.post("/account/email", data={"email": NEW})
    assert asked.status_code == 401
    assert "Confirm that it is you" in asked.text
    assert lead.post("/account/email", data={"email": "nonsense"}).status_code == 401


@pytest.mark.only_sqlite
def test_what_is_no_address_is_said_at_the_field_with_what_was_typed(lead: TestClient) -> None:
    wrong = lead.post("/account/email", data={"email": "lee at city"})
    assert 'id="email-error"' in wrong.text
    assert 'value="lee at city"' in wrong.text


@pytest.mark.only_sqlite
def test_one_device_is_signed_out_and_only_ones_own(client_for: ClientFor, site: Site, seeded: World) -> None:
    lead, phone, stranger = client_for("lead"), client_for("lead"), client_for("reviewer")
    page = lead.get("/devices").text
    (other,) = re.findall(r'action="/devices/(\d+)/end#devices"', page)
    assert stranger.post(f"/devices/{other}/end").status_code == 303
    assert phone.get("/account").status_code == 200
    assert lead.post(f"/devices/{other}/end").status_code == 303
    assert phone.get("/account").status_code == 303
