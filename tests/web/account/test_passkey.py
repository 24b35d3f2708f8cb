"""Passkeys: added, used as second step, alone and before a sensitive step, removed; and answers that open nothing."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from httpx2 import Response
from playwright.sync_api import Page, expect
from sqlmodel import select
from starlette.testclient import TestClient

from app.adapters import passwords
from app.services.account import sessions
from app.services.account.passkeys import asking
from app.services.site import Site
from app.store.account.passkey import Passkey, PasskeyChallenge
from app.store.account.security_record import SecurityEvent
from app.store.account.sign_in import SignInSession
from app.store.city import City
from app.store.database.engine import now
from app.store.people import Person
from tests import world
from tests.conftest import Box, BrowserPage, ClientFor, Live
from tests.passkey_device import PasskeyDevice
from tests.world import World

PASS_PHRASE = "ferry lantern onion bicycle"
EMAIL = "lead@alpha.example"


def _give_passphrase(site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        session.get_one(Person, seeded.alpha.people["lead"]).pass_phrase_hash = passwords.hash_passphrase(
            PASS_PHRASE, "quick"
        )


def _let_in_alone(site: Site, seeded: World, at: Any) -> None:
    with site.database.writing() as session:
        session.get_one(City, seeded.alpha.id).passkeys_open_at = at


@pytest.fixture
def lead(client_for: ClientFor, site: Site, seeded: World, box: Box) -> TestClient:
    _give_passphrase(site, seeded)
    client = client_for("lead")
    app: Any = client.app
    app.state.site.settings = site.settings
    return client


def _options(client: TestClient, address: str, **form: str) -> dict[str, Any]:
    reply = client.post(f"{address}/challenge", data=form)
    assert reply.status_code == 200, reply.text
    options: dict[str, Any] = json.loads(reply.text)
    return options


def _add(client: TestClient, device: PasskeyDevice, name: str) -> Response:
    made = device.make(_options(client, "/account/passkeys"))
    return client.post("/account/passkeys", data={"name": name, "credential": made})


def _hidden(page: str, name: str) -> str:
    values: list[str] = re.findall(rf'name="{name}" value="([^"]*)"', page)
    return values[0]


def _ticket(client: TestClient) -> str:
    return _hidden(client.post("/sign-in", data={"email": EMAIL, "pass_phrase": PASS_PHRASE}).text, "ticket")


def _enter(client: TestClient, device: PasskeyDevice, **form: str) -> Response:
    answer = device.use(_options(client, "/sign-in/passkey", **form))
    return client.post("/sign-in/passkey", data={**form, "credential": answer, "next": "/alpha/criteria"})


def _passkey_ids(page: str) -> list[str]:
    return re.findall(r"passkeys/(\d+)/remove", page)


def _kinds(site: Site, word: str = "passkey") -> list[str]:
    with site.database.reading() as session:
        events = session.exec(select(SecurityEvent).order_by(SecurityEvent.id))  # type: ignore[arg-type]
        return [event.kind for event in events if word in event.kind]


def test_a_passkey_is_the_second_step_until_it_is_removed_and_what_it_opened_ends_with_it(
    lead: TestClient, client: TestClient, site: Site, box: Box
) -> None:
    laptop, key = PasskeyDevice(), PasskeyDevice(verifies=False)
    codes = re.findall(r'id="codes"[^>]*>([^<]+)</pre>', _add(lead, laptop, "Work laptop").text)[0].split()
    assert len(codes) == 10
    assert _add(lead, key, "Key in the safe").headers["location"].endswith("done=passkey-added")
    assert "Choose another name" in _add(lead, PasskeyDevice(), "work LAPTOP").text
    page = client.post("/sign-in", data={"email": EMAIL, "pass_phrase": PASS_PHRASE}).text
    assert 'data-passkey="/sign-in/passkey/challenge"' in page
    assert _enter(client, key, ticket=_hidden(page, "ticket")).headers["location"] == "/alpha/criteria"
    assert client.get("/alpha/criteria").status_code == 200
    own = lead.get("/account/second-step").text
    assert "Work laptop" in own
    key_id = _passkey_ids(own)[1]
    assert lead.post(f"/account/passkeys/{key_id}/remove").headers["location"].endswith("done=passkey-removed")
    assert lead.post(f"/account/passkeys/{key_id}/remove").status_code == 404
    sent = client.post("/alpha/criteria/LC1/narrative", data={"narrative": "Half a page", "narrative_version": "0"})
    assert (sent.status_code, "Half a page" in sent.text) == (401, True), (
        "what it had opened has ended, with nothing lost"
    )
    assert lead.get("/account").status_code == 200
    assert "is not known here any more" in _enter(client, key, ticket=_ticket(client)).text
    recovered = client.post("/sign-in/code", data={"ticket": _ticket(client), "one_time_code": codes[0]})
    assert recovered.status_code == 303
    world.run_jobs(site)
    assert "recovery code was used" in box.mails[EMAIL]
    assert _kinds(site) == ["passkey_added", "passkey_added", "passkey_removed"]


def test_a_passkey_alone_opens_the_cities_that_say_so_and_only_where_it_makes_sure_of_its_owner(
    lead: TestClient, client: TestClient, site: Site, seeded: World
) -> None:
    device = PasskeyDevice()
    _add(lead, device, "Phone")
    assert "Sign in with a passkey" not in client.get("/sign-in").text
    assert "does not let people in with a passkey alone" in _enter(client, device).text
    _let_in_alone(site, seeded, now())
    assert "Sign in with a passkey" in client.get("/sign-in").text
    device.verifies = False
    assert "could not be checked" in _enter(client, device).text
    device.verifies = True
    assert _enter(client, device).headers["location"] == "/alpha/criteria"
    assert client.get("/alpha/criteria").status_code == 200
    _let_in_alone(site, seeded, None)
    assert client.get("/alpha/criteria").headers["location"].startswith("/sign-in"), "the city has changed its mind"


@pytest.mark.only_sqlite
def test_a_challenge_is_for_one_answer_one_purpose_one_person_and_five_minutes(
    lead: TestClient, client: TestClient, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = PasskeyDevice()
    _add(lead, device, "Phone")
    ticket = _ticket(client)
    answer = device.use(_options(client, "/sign-in/passkey", ticket=ticket))
    form = {"ticket": ticket, "credential": answer}
    alone = {"credential": device.use(_options(client, "/sign-in/passkey"))}
    assert (
        "took too long, or was used already" in client.post("/sign-in/passkey", data={**alone, "ticket": ticket}).text
    )
    assert client.post("/sign-in/passkey", data=form).status_code == 303
    assert "took too long, or was used already" in client.post("/sign-in/passkey", data=form).text
    late = {"ticket": ticket, "credential": device.use(_options(client, "/sign-in/passkey", ticket=ticket))}
    moment = now()
    monkeypatch.setattr(sessions, "present_moment", lambda: moment + timedelta(minutes=6))
    assert "took too long" in client.post("/sign-in/passkey", data=late).text
    _options(client, "/sign-in/passkey", ticket=ticket)
    with site.database.reading() as session:
        kept = session.exec(select(PasskeyChallenge)).all()
    assert len(kept) == 1, "what nobody answered is gone with the next"


@pytest.mark.only_sqlite
def test_an_answer_of_a_copy_another_place_or_no_passkey_at_all_opens_nothing(
    lead: TestClient, client: TestClient, site: Site, box: Box
) -> None:
    device = PasskeyDevice()
    _add(lead, device, "Phone")
    ticket = _ticket(client)
    assert _enter(client, device, ticket=ticket).status_code == 303
    device.count = 0
    assert "may have been copied" in _enter(client, device, ticket=ticket).text
    device.count, device.origin = 9, "https://cityready.example"
    assert "could not be checked" in _enter(client, device, ticket=ticket).text
    for broken in (
        "",
        "{",
        "[]",
        "null",
        '{"id": 1}',
        "[" * 9_000,
        "x" * 30_000,
        '{"id":"a","response":{"clientDataJSON":"e30"}}',
    ):
        reply = client.post("/sign-in/passkey", data={"ticket": ticket, "credential": broken})
        assert reply.status_code == 422
        assert "Use" in reply.text or "use another way" in reply.text
    assert client.post("/sign-in/passkey", data={"ticket": "forged", "credential": "{}"}).status_code == 422
    assert client.post("/sign-in/passkey/challenge", data={"ticket": "forged"}).status_code == 422
    world.run_jobs(site)
    assert "counted back" in box.mails[EMAIL]
    assert _kinds(site) == ["passkey_added", "passkey_copied", "passkey_failed"]


@pytest.mark.only_sqlite
def test_one_network_asks_for_so_many_challenges_and_no_more(
    client: TestClient, seeded: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST_ASKED", 2)
    answers = [client.post("/sign-in/passkey/challenge").status_code for _ in range(3)]
    assert answers == [200, 200, 429]


@pytest.mark.only_sqlite
def test_a_role_that_needs_a_second_step_enters_with_a_passkey_and_without_its_last_one_no_more(
    lead: TestClient, client_for: ClientFor, site: Site
) -> None:
    admin = client_for("admin")
    version = _hidden(admin.get("/alpha/settings").text.split("settings/sign-in")[1], "version")
    admin.post("/alpha/settings/sign-in", data={"role": "lead", "passkeys": "on", "version": version})
    assert lead.get("/alpha/criteria").headers["location"].startswith("/account/second-step")
    _add(lead, PasskeyDevice(), "Phone")
    assert lead.get("/alpha/criteria").status_code == 200
    own = lead.get("/account/second-step").text
    assert "In Alpha City a passkey is enough" in own
    removed = lead.post(f"/account/passkeys/{_passkey_ids(own)[0]}/remove")
    assert removed.headers["location"].endswith("done=second-step-removed")
    assert lead.get("/alpha/criteria").headers["location"].startswith("/account/second-step")


@pytest.mark.only_sqlite
def test_a_passkey_confirms_a_sensitive_step_whose_form_waits(lead: TestClient, site: Site) -> None:
    device = PasskeyDevice()
    _add(lead, device, "Phone")
    with site.database.writing() as session:
        for row in session.exec(select(SignInSession)):
            row.confirmed_at -= timedelta(days=1)
    asked = lead.post("/account/passkeys", data={"name": "Another one"})
    assert asked.status_code == 401
    assert 'data-passkey="/confirm/passkey/challenge"' in asked.text
    device.verifies = False
    wrong = {"credential": device.use(_options(lead, "/confirm/passkey")), "next": "/account/second-step"}
    assert "could not be checked" in lead.post("/confirm/passkey", data=wrong).text
    device.verifies = True
    right = {"credential": device.use(_options(lead, "/confirm/passkey")), "next": "/account/passkeys"}
    done = lead.post("/confirm/passkey", data={**right, "kept.name": "Another one"})
    assert "Another one" in done.text
    assert lead.get("/account/second-step").status_code == 200


def _plug_in(page: Page) -> None:
    """A virtual authenticator of the browser, which agrees to everything."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.mark.on_both
def test_a_browser_adds_a_passkey_and_signs_in_with_it(
    browser_page: BrowserPage, live: Live, site: Site, seeded: World
) -> None:
    _give_passphrase(site, seeded)
    _let_in_alone(site, seeded, now())
    there = live.url.replace("127.0.0.1", "localhost")
    live.site.settings = live.site.settings.model_copy(update={"public_url": there})
    page = browser_page(None)
    _plug_in(page)
    page.goto(f"{there}/sign-in?next=/account/second-step")
    page.fill("#email", EMAIL)
    page.fill("#pass_phrase", PASS_PHRASE)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Passkeys need a browser")).to_be_hidden()
    page.get_by_label("Name of the passkey").fill("Test browser")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes", level=1)).to_be_visible()
    page.goto(f"{there}/account/second-step")
    page.get_by_label("Name of the passkey").fill("Once more")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("This device has a passkey for your account already.")).to_be_visible()
    page.context.clear_cookies()
    page.goto(f"{there}/sign-in?next=/alpha/criteria")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{there}/alpha/criteria")
    page.context.clear_cookies()
    page.goto(f"{there}/sign-in?next=/alpha/criteria")
    page.fill("#email", EMAIL)
    page.fill("#pass_phrase", PASS_PHRASE)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url(f"{there}/alpha/criteria")
    with site.database.reading() as session:
        assert session.exec(select(Passkey)).one().sign_count >= 3


@pytest.mark.only_sqlite
def test_a_page_without_passkeys_says_what_they_need(browser_page: BrowserPage) -> None:
    page = browser_page("lead", javascript=False)
    page.goto("/account/second-step")
    expect(page.get_by_text("Passkeys need a browser that knows them")).to_be_visible()
    expect(page.get_by_role("button", name="Add a passkey")).to_be_hidden()
