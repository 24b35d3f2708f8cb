"""Accepting an invitation, and forgetting, choosing and changing a passphrase, over HTTP and in a browser with real mail."""

import re

import pytest
from playwright.sync_api import expect
from sqlmodel import select
from starlette.testclient import TestClient

from app.adapters import passwords
from app.services.site import Site
from app.store.people import Membership, Person
from tests import world
from tests.conftest import Box, BrowserPage, ClientFor, Live
from tests.world import World

WORDS = "ferry lantern onion bicycle"
OTHER_WORDS = "velvet pepper canyon walnut"
INVITED = {"name": "Typed Name", "email": "lead@beta.example", "role": "official"}


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = passwords.hash_passphrase
    monkeypatch.setattr(passwords, "hash_passphrase", lambda text: slow(text, "quick"))


@pytest.fixture
def theirs(site: Site, seeded: World) -> str:
    """Someone of the other city, who has an account."""
    with site.database.writing() as session:
        person = session.get_one(Person, seeded.beta.people["lead"])
        person.pass_phrase_hash = passwords.hash_passphrase(WORDS)
    return "lead@beta.example"


def _link(html: str) -> str:
    found = re.search(r'value="http://testserver(/(?:welcome|passphrase)/[^"]+)"', html)
    assert found
    return found[1]


def _mailed(box: Box, live: Live, email: str) -> str:
    """The link in the next letter to the address."""
    while email not in box.mails:
        world.run_jobs(live.site)  # or the live worker is at it
    found = re.search(rf"{live.url}\S+", box.mails.pop(email))
    assert found
    return found[0]


def test_whoever_has_an_account_signs_in_and_accepts(client: TestClient, client_for: ClientFor, theirs: str) -> None:
    admin = client_for("admin")
    link = _link(admin.post("/alpha/people", data=INVITED).text)
    asked = client.get(link).text
    assert "Sign in to accept" in asked
    assert 'name="pass_phrase"' not in asked
    taken = client.post(link, data={"name": "X", "pass_phrase": OTHER_WORDS, "again": OTHER_WORDS})
    assert taken.status_code == 409
    assert client.post(link, data={"answer": "accept"}).status_code == 409
    signed_in = client.post("/sign-in", data={"email": theirs, "pass_phrase": WORDS, "next": link})
    assert signed_in.headers["location"] == link
    assert "Accept and join Alpha City" in client.get(link).text
    assert client.get("/alpha/board").status_code == 404
    assert (
        client.post(link, data={"answer": "accept"}).headers["location"] == "/alpha/readiness?done=invitation-accepted"
    )
    assert client.get("/alpha/board").status_code == 200
    assert client.get(link).status_code == 404
    people = admin.get("/alpha/people").text
    assert "Lead of Beta Town" in people
    assert "Typed Name" not in people


def test_until_then_the_city_sees_what_it_typed_and_may_withdraw(
    client: TestClient, client_for: ClientFor, theirs: str
) -> None:
    admin = client_for("admin")
    link = _link(admin.post("/alpha/people", data=INVITED).text)
    people = admin.get("/alpha/people").text
    assert "Typed Name" in people
    assert "Lead of Beta Town" not in people
    (number,) = re.findall(r"/alpha/people/invitations/(\d+)/withdraw", people)
    renewed = _link(admin.post(f"/alpha/people/invitations/{number}/link").text)
    assert client.get(link).status_code == 404
    assert client.get(renewed).status_code == 200
    admin.post(f"/alpha/people/invitations/{number}/withdraw")
    assert client.get(renewed).status_code == 404
    assert admin.post(f"/alpha/people/invitations/{number}/link").status_code == 404
    assert "Typed Name" not in admin.get("/alpha/people").text


def test_declining_leaves_nothing(client: TestClient, client_for: ClientFor, theirs: str) -> None:
    admin = client_for("admin")
    link = _link(admin.post("/alpha/people", data=INVITED).text)
    assert client.post(link, data={"answer": "decline"}).headers["location"] == "/sign-in?done=invitation-declined"
    assert client.get(link).status_code == 404
    assert theirs not in admin.get("/alpha/people").text


def test_without_a_mail_server_the_page_says_whom_to_ask(client: TestClient, seeded: World) -> None:
    assert "Ask an administrator of your city" in client.get("/passphrase/forgot").text
    assert client.post("/passphrase/forgot", data={"email": "lead@alpha.example"}).status_code == 200
    assert "/passphrase/forgot" in client.get("/sign-in").text


@pytest.mark.only_sqlite
def test_asking_for_a_link_answers_the_same_for_everybody_and_stops_who_asks_too_often(
    client: TestClient, seeded: World
) -> None:
    site: Site = client.app.state.site  # type: ignore[attr-defined]
    site.settings = site.settings.model_copy(update={"smtp_host": "127.0.0.1"})
    answers = [
        client.post("/passphrase/forgot", data={"email": email})
        for email in ("lead@alpha.example", "nobody@alpha.example", "no address", "")
    ]
    assert {(one.status_code, one.headers["location"]) for one in answers} == {(303, "/sign-in?done=link-mailed")}
    for _ in range(30):
        last = client.post("/passphrase/forgot", data={"email": "nobody@alpha.example"})
    assert last.status_code == 429
    assert last.headers["Retry-After"]


def test_changing_asks_for_the_old_one_and_ends_the_sessions_elsewhere(
    client: TestClient, client_for: ClientFor, site: Site, seeded: World, theirs: str
) -> None:
    elsewhere = client_for("lead", city="beta")
    client.post("/sign-in", data={"email": theirs, "pass_phrase": WORDS})
    form = {"current": WORDS, "pass_phrase": OTHER_WORDS, "again": OTHER_WORDS}
    for wrong, field in [
        ({"current": "wrong words entirely here"}, "current"),
        ({"pass_phrase": "password1234", "again": "password1234"}, "pass_phrase"),
        ({"pass_phrase": "beta town lead 2026", "again": "beta town lead 2026"}, "pass_phrase"),
        ({"pass_phrase": WORDS, "again": WORDS}, "pass_phrase"),
        ({"again": "another"}, "again"),
    ]:
        answer = client.post("/passphrase", data=form | wrong)
        assert (answer.status_code, answer.text.count(f'id="{field}-error"')) == (422, 1), field
        assert WORDS not in answer.text
    changed = client.post("/passphrase", data=form)
    assert changed.headers["location"] == "/devices?done=passphrase-changed"
    assert client.get("/beta/board").status_code == 200
    assert elsewhere.get("/beta/board").status_code == 303
    with site.database.reading() as session:
        stored = session.get_one(Person, seeded.beta.people["lead"]).pass_phrase_hash
    assert passwords.verify_passphrase(stored, OTHER_WORDS, "quick")


def test_in_a_browser_a_mailed_invitation_is_accepted_and_a_forgotten_passphrase_replaced(
    visitor_page: BrowserPage, browser_page: BrowserPage, live: Live, site: Site, seeded: World, box: Box
) -> None:
    smtp = {name: getattr(site.settings, name) for name in ("smtp_host", "smtp_port", "smtp_tls")}
    live.site.settings = live.site.settings.model_copy(update=smtp)
    admin = browser_page("admin")
    admin.goto("/alpha/people")
    admin.locator("#name").fill("Nora New")
    admin.locator("#email").fill("nora@alpha.example")
    admin.get_by_role("button", name="Invite").click()
    expect(admin.get_by_text("A mail with the link is on its way to nora@alpha.example")).to_be_visible()
    assert "/welcome/" not in admin.content()

    nora = visitor_page(width=320)
    nora.goto(_mailed(box, live, "nora@alpha.example"))
    expect(nora.get_by_role("heading", name="Alpha City invites you")).to_be_visible()
    nora.get_by_label("Passphrase").fill("password1234")
    nora.get_by_label("The same again").fill("password1234")
    nora.get_by_role("button", name="Accept and set").click()
    expect(nora.get_by_text("easy to guess").first).to_be_visible()
    nora.get_by_label("Passphrase").fill(WORDS)
    nora.get_by_label("The same again").fill(WORDS)
    nora.get_by_role("button", name="Accept and set").click()
    expect(nora).to_have_url(f"{live.url}/alpha/my-work")

    nora.context.clear_cookies()
    nora.goto(f"{live.url}/sign-in")
    nora.get_by_role("link", name="Forgot your passphrase?").click()
    nora.get_by_label("E-mail address").fill("nora@alpha.example")
    nora.get_by_role("button", name="Mail me a link").click()
    expect(nora.get_by_text("a mail with a link is on its way")).to_be_visible()
    nora.goto(_mailed(box, live, "nora@alpha.example"))
    nora.get_by_label("New passphrase").fill(OTHER_WORDS)
    nora.get_by_label("The same again").fill(OTHER_WORDS)
    nora.get_by_role("button", name="Set the passphrase").click()
    expect(nora).to_have_url(f"{live.url}/alpha/my-work")
    with live.site.database.reading() as session:
        members = session.exec(select(Membership).where(Membership.city_id == seeded.alpha.id)).all()
    assert len(members) == len(seeded.alpha.people) + 1


def test_no_link_of_before_invitations_opens_anything(client: TestClient, site: Site, seeded: World) -> None:
    """They named a person by number, and set the passphrase of whoever has it."""
    from app.adapters import tokens

    person = seeded.alpha.people["lead"]
    old = tokens.sign_token(
        tokens.load_secret_key(site.settings), "invitation", {"person": person, "was": "e3b0c44298fc1c14"}
    )
    assert client.get(f"/welcome/{old}").status_code == 404
    assert client.get(f"/passphrase/{old}").status_code == 404
    assert world.run_jobs(site) == 0
