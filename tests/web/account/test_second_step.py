"""The second step of signing in: codes by the clock, recovery codes, roles that need it, and what happens when it is lost."""

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from httpx2 import Response
from playwright.sync_api import expect
from sqlmodel import select
from starlette.testclient import TestClient

from app.adapters import clock_codes, passwords
from app.services.account import sessions
from app.services.site import Site
from app.store.account.second_step import AuthenticatorApp, RecoveryCode
from app.store.account.security_record import SecurityEvent
from app.store.database.engine import now
from app.store.history.event import HistoryEvent
from app.store.people import Person
from tests import world
from tests.conftest import Box, BrowserPage, ClientFor, Live
from tests.world import World

PASS_PHRASE = "ferry lantern onion bicycle"
EMAIL = "lead@alpha.example"


class Phone:
    """An authenticator app, and the clock of the installation, which a test sets."""

    def __init__(self) -> None:
        self.secret = ""
        self.time = now()

    def code(self, off: int = 0) -> str:
        return clock_codes.current_code(self.secret, self.time + timedelta(seconds=off))

    def wait(self, seconds: int = 90) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> Phone:
    phone = Phone()

    def tell_time() -> datetime:
        return phone.time

    monkeypatch.setattr(sessions, "present_moment", tell_time)
    return phone


@pytest.fixture
def lead(client_for: ClientFor, site: Site, seeded: World, box: Box) -> TestClient:
    with site.database.writing() as session:
        person = session.get_one(Person, seeded.alpha.people["lead"])
        person.pass_phrase_hash = passwords.hash_passphrase(PASS_PHRASE, "quick")
    client = client_for("lead")
    app: Any = client.app
    app.state.site.settings = site.settings
    return client


def _hidden(page: str, name: str) -> str:
    return unescape(re.findall(rf'name="{name}" value="([^"]*)"', page)[0])


def _set_up(client: TestClient, phone: Phone) -> list[str]:
    """Returns the recovery codes."""
    page = client.get("/account/second-step").text
    phone.secret = re.findall(r'<code id="key">([A-Z2-7 ]+)</code>', page)[0].replace(" ", "")
    assert 'src="data:image/svg+xml' in page
    shown = client.post("/account/second-step", data={"setup": _hidden(page, "setup"), "one_time_code": phone.code()})
    codes = re.findall(r'id="codes"[^>]*>([^<]+)</pre>', shown.text)[0]
    return list(codes.split())


def _begin(client: TestClient) -> str:
    """The passphrase is right; returns the ticket of the second step."""
    page = client.post("/sign-in", data={"email": EMAIL, "pass_phrase": PASS_PHRASE, "next": "/alpha/criteria"})
    assert page.status_code == 200
    assert "session" not in page.headers.get("set-cookie", "")
    assert _hidden(page.text, "next") == "/alpha/criteria"
    return _hidden(page.text, "ticket")


def _finish(client: TestClient, ticket: str, code: str) -> Response:
    return client.post("/sign-in/code", data={"ticket": ticket, "one_time_code": code, "next": "/alpha/criteria"})


def _kinds(site: Site) -> list[str]:
    with site.database.reading() as session:
        return [event.kind for event in session.exec(select(SecurityEvent).order_by(SecurityEvent.id))]  # type: ignore[arg-type]


@pytest.mark.on_both
def test_in_a_browser_an_app_is_set_up_and_asked_for_when_signing_in(
    browser_page: BrowserPage, live: Live, site: Site, seeded: World, phone: Phone
) -> None:
    with site.database.writing() as session:
        session.get_one(Person, seeded.alpha.people["lead"]).pass_phrase_hash = passwords.hash_passphrase(PASS_PHRASE)
    page = browser_page("lead")
    page.goto("/account/second-step")
    phone.secret = page.locator("#key").inner_text().replace(" ", "")
    page.get_by_label("Code").fill(phone.code())
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("heading", name="Recovery codes", level=1)).to_be_visible()
    stranger = browser_page(None)
    stranger.goto("/sign-in?next=/alpha/criteria")
    stranger.fill("#email", EMAIL)
    stranger.fill("#pass_phrase", PASS_PHRASE)
    stranger.get_by_role("button", name="Sign in", exact=True).click()
    phone.wait()
    stranger.get_by_label("Code").fill(phone.code(-40))  # a phone whose clock is late
    stranger.get_by_label("Code").press("Enter")
    stranger.wait_for_url(f"{live.url}/alpha/criteria")


def test_the_passphrase_and_a_code_open_the_account_and_no_code_does_so_twice(
    lead: TestClient, client: TestClient, site: Site, phone: Phone, box: Box
) -> None:
    _set_up(lead, phone)
    ticket = _begin(client)
    assert _finish(client, ticket, phone.code()).status_code == 422, "that code has set it up"
    phone.wait()
    wrong = _finish(client, ticket, "000000")
    assert 'id="one_time_code-error"' in wrong.text
    assert "000000" not in wrong.text
    assert client.get("/alpha/criteria").status_code == 303
    late = phone.code(-40)
    entered = _finish(client, ticket, f" {late[:3]} {late[3:]} ")
    assert entered.headers["location"] == "/alpha/criteria"
    assert client.get("/alpha/criteria").status_code == 200
    assert _finish(client, _begin(client), late).status_code == 422
    world.run_jobs(site)
    assert "second step was set up" in box.mails[EMAIL]
    assert [kind for kind in _kinds(site) if "step" in kind] == ["second_step_added"]
    assert _kinds(site).count("code_failed") == 3


def test_a_recovery_code_opens_the_account_once(
    lead: TestClient, client: TestClient, site: Site, phone: Phone, box: Box
) -> None:
    codes = _set_up(lead, phone)
    assert len(codes) == clock_codes.RECOVERY_CODES
    assert _finish(client, _begin(client), codes[0].upper()).status_code == 303
    assert _finish(client, _begin(client), codes[0]).status_code == 422
    fresh = re.findall(r'id="codes"[^>]*>([^<]+)</pre>', lead.post("/account/recovery-codes").text)[0].split()
    assert _finish(client, _begin(client), codes[1]).status_code == 422
    assert _finish(client, _begin(client), fresh[0]).status_code == 303
    with site.database.reading() as session:
        kept = str([*session.exec(select(RecoveryCode)), *session.exec(select(AuthenticatorApp))])
    assert phone.secret not in kept
    assert fresh[1] not in kept


@pytest.mark.only_sqlite
def test_many_wrong_codes_pause_and_the_owner_is_told(
    lead: TestClient, client: TestClient, site: Site, phone: Phone, box: Box
) -> None:
    _set_up(lead, phone)
    ticket = _begin(client)
    answers = [_finish(client, ticket, "000000").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    world.run_jobs(site)
    assert "failed to sign in" in box.mails[EMAIL]


@pytest.mark.only_sqlite
def test_a_ticket_of_another_purpose_or_from_before_a_new_passphrase_opens_nothing(
    lead: TestClient, client: TestClient, site: Site, seeded: World, phone: Phone
) -> None:
    _set_up(lead, phone)
    ticket = _begin(client)
    phone.wait()
    assert _finish(client, f"{ticket}x", phone.code()).status_code == 422
    with site.database.writing() as session:
        session.get_one(Person, seeded.alpha.people["lead"]).pass_phrase_hash = "another"
    assert "took too long" in _finish(client, ticket, phone.code()).text


def test_a_role_that_needs_a_second_step_is_led_to_it_before_it_enters(
    lead: TestClient, client_for: ClientFor, site: Site, phone: Phone
) -> None:
    admin = client_for("admin")
    version = _hidden(admin.get("/alpha/settings").text.split("settings/sign-in")[1], "version")
    saved = admin.post("/alpha/settings/sign-in", data={"role": ["lead", "nonsense"], "version": version})
    assert saved.status_code == 303
    assert lead.get("/alpha/criteria").headers["location"].startswith("/account/second-step")
    form = {"narrative": "Half a page", "narrative_version": "0"}
    refused = lead.post("/alpha/criteria/LC1/narrative", data=form)
    assert refused.status_code == 403
    assert "Half a page" in refused.text
    _set_up(lead, phone)
    assert lead.get("/alpha/criteria").status_code == 200
    assert client_for("reviewer").get("/alpha/criteria").status_code == 200
    assert admin.post("/alpha/settings/sign-in", data={"version": version}).status_code == 409


def test_a_lost_second_step_is_reset_in_two_steps_and_the_person_is_told(
    lead: TestClient, client_for: ClientFor, site: Site, seeded: World, phone: Phone, box: Box
) -> None:
    _set_up(lead, phone)
    admin = client_for("admin")
    path = f"/alpha/people/{seeded.alpha.memberships['lead']}/second-step"
    assert "Reset the second step" in admin.get(path).text
    assert admin.post(path).status_code == 422
    assert admin.post(path, data={"confirmed": "on"}).status_code == 303
    assert admin.post(path, data={"confirmed": "on"}).status_code == 404
    assert lead.get("/account").status_code == 303, "its devices are signed out"
    entered = lead.post("/sign-in", data={"email": EMAIL, "pass_phrase": PASS_PHRASE})
    assert entered.status_code == 303
    world.run_jobs(site)
    with site.database.reading() as session:
        verbs = [event.verb for event in session.exec(select(HistoryEvent))]
    assert verbs.count("second_step_reset") == 1
    assert "second_step_reset" in _kinds(site)


@pytest.mark.only_sqlite
def test_the_step_is_removed_by_its_owner_and_not_by_who_finds_the_page_open(
    lead: TestClient, client: TestClient, site: Site, phone: Phone
) -> None:
    _set_up(lead, phone)
    assert lead.post("/account/second-step/remove").status_code == 303
    assert client.post("/sign-in", data={"email": EMAIL, "pass_phrase": PASS_PHRASE}).status_code == 303
