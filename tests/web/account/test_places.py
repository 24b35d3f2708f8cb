"""Signing in and out, what a lost session does to a text, and the language of a page."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from httpx2 import Response
from playwright.sync_api import expect
from sqlalchemy import text
from sqlmodel import update
from starlette.testclient import TestClient

from app.adapters import passwords
from app.services.site import Site
from app.settings import Settings
from app.store import response
from app.store.account.sign_in import SignInSession
from app.store.database.engine import now
from app.store.people import Person
from app.web.cookies import SESSION_COOKIE
from tests.conftest import BrowserPage, ClientFor, Live, running
from tests.world import World

PASS_PHRASE = "four words as one"
WRONG = "That e-mail address and passphrase do not match."
TOO_MANY = "Too many attempts."
HOSTILE = 'Line one\nline "two" <b>bold</b> </textarea> & é 🏙 שלום'


@pytest.fixture
def lead(site: Site, seeded: World) -> str:
    """The lead's e-mail address; the passphrase is PASS_PHRASE, hashed with little work."""
    with site.database.writing() as session:
        person = session.get_one(Person, seeded.alpha.people["lead"])
        person.pass_phrase_hash = passwords.hash_passphrase(PASS_PHRASE, "quick")
        session.add(person)
    return person.email


def _sign_in(client: TestClient, email: str, pass_phrase: str = PASS_PHRASE, **more: str) -> Response:
    return client.post("/sign-in", data={"email": email, "pass_phrase": pass_phrase, **more})


def _end_all_sessions(site: Site) -> None:
    with site.database.writing() as session:
        session.exec(update(SignInSession).values(expires_at=now() - timedelta(seconds=1)))


def test_a_lead_who_signs_in_stands_before_the_own_work(client: TestClient, lead: str) -> None:
    answer = _sign_in(client, f"  {lead.upper()} ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/alpha/my-work")
    assert re.search(r"HttpOnly; .*SameSite=lax", answer.headers["set-cookie"])
    assert client.get("/alpha/my-work").status_code == 200


@pytest.mark.only_sqlite
def test_the_cookie_travels_only_over_tls_where_the_app_is_reached_by_tls(settings: Settings, lead: str) -> None:
    with running(settings.model_copy(update={"public_url": "https://cityready.example"})) as client:
        assert "Secure" in _sign_in(client, lead).headers["set-cookie"]


def test_nobody_learns_whether_an_address_has_an_account(client: TestClient, lead: str) -> None:
    known, unknown = _sign_in(client, lead, "wrong"), _sign_in(client, "who@alpha.example", "wrong")
    invited = _sign_in(client, "reviewer@alpha.example", "")  # has no passphrase yet
    assert known.status_code == unknown.status_code == invited.status_code == 422
    assert WRONG in known.text
    assert known.text.replace(lead, "") == unknown.text.replace("who@alpha.example", "")
    assert known.text.replace(lead, "") == invited.text.replace("reviewer@alpha.example", "")
    assert PASS_PHRASE not in known.text


def test_the_eleventh_attempt_is_refused_by_every_process_even_with_the_right_pass_phrase(
    client: TestClient, settings: Settings, lead: str
) -> None:
    with running(settings) as other_process:
        for attempt in range(10):
            turn = client if attempt % 2 else other_process
            assert _sign_in(turn, lead, "wrong").status_code == 422
        for turn in (client, other_process):
            refused = _sign_in(turn, lead)
            assert refused.status_code == 429
            assert TOO_MANY in refused.text
            assert "set-cookie" not in refused.headers


def test_guessing_at_many_addresses_from_one_place_is_refused_too_and_elsewhere_people_go_on(
    settings: Settings, lead: str
) -> None:
    with running(settings.model_copy(update={"sign_in_attempts": 1})) as client:
        for number in range(10):
            assert _sign_in(client, f"guess{number}@alpha.example", "wrong").status_code == 422
        assert _sign_in(client, lead).status_code == 429
        elsewhere = TestClient(
            client.app, client=("10.0.0.9", 1), headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False
        )
        assert _sign_in(elsewhere, lead).status_code == 303


def test_the_pause_ends_after_a_quarter_of_an_hour(client: TestClient, site: Site, lead: str) -> None:
    for _ in range(10):
        _sign_in(client, lead, "wrong")
    assert _sign_in(client, lead).status_code == 429
    with site.database.writing() as session:
        session.execute(text("UPDATE sign_in_attempt SET at = :at"), {"at": _stored(site, minutes=-16)})
    assert _sign_in(client, lead).status_code == 303


def _stored(site: Site, minutes: int) -> object:
    """A moment as the database keeps it."""
    moment = now() + timedelta(minutes=minutes)
    return moment.replace(tzinfo=None).isoformat(" ") if site.database.engine.dialect.name == "sqlite" else moment


def test_each_sign_in_has_a_new_session_and_the_one_before_is_dead(client: TestClient, lead: str) -> None:
    _sign_in(client, lead)
    first = client.cookies[SESSION_COOKIE]
    _sign_in(client, lead)
    second = client.cookies[SESSION_COOKIE]
    assert first != second
    assert client.get("/alpha/my-work").status_code == 200
    assert _with_token(client, first).get("/alpha/my-work").status_code == 303


def _with_token(client: TestClient, token: str) -> TestClient:
    return TestClient(client.app, cookies={SESSION_COOKIE: token}, follow_redirects=False)


def test_a_session_that_somebody_planted_is_not_taken_over(client: TestClient, lead: str) -> None:
    client.cookies.set(SESSION_COOKIE, "planted")
    _sign_in(client, lead)
    assert _with_token(client, "planted").get("/alpha/my-work").status_code == 303


def test_after_signing_out_the_session_is_dead_also_for_who_kept_the_cookie(client: TestClient, lead: str) -> None:
    _sign_in(client, lead)
    token = client.cookies[SESSION_COOKIE]
    answer = client.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?done=signed-out")
    assert "You are signed out." in client.get("/sign-in?done=signed-out").text
    assert _with_token(client, token).get("/alpha/my-work").status_code == 303


def test_no_copy_of_the_table_opens_a_session(client: TestClient, site: Site, lead: str) -> None:
    _sign_in(client, lead)
    with site.database.reading() as session:
        stored = " ".join(map(str, session.execute(text("SELECT * FROM sign_in_session")).all()))
    assert client.cookies[SESSION_COOKIE] not in stored


def test_a_new_role_and_an_ended_access_are_felt_at_once(client_for: ClientFor, seeded: World) -> None:
    admin, member = client_for("admin"), seeded.alpha.memberships["colleague"]
    for path, form, status in (
        (f"/alpha/people/{member}", {"role": "official", "version": "1"}, 303),
        (f"/alpha/people/{member}/end", {"version": "2"}, 404),
    ):
        colleague = client_for("colleague")
        assert colleague.get("/alpha/board").status_code == 200
        assert admin.post(path, data=form).status_code == 303
        assert colleague.get("/alpha/board").status_code == status


def test_a_new_pass_phrase_ends_every_session_and_its_link_works_once(
    client_for: ClientFor, client: TestClient, seeded: World
) -> None:
    colleague, admin = client_for("colleague"), client_for("admin")
    page = admin.post(f"/alpha/people/{seeded.alpha.memberships['colleague']}/link").text
    found = re.search(r"http://testserver(/passphrase/[^\"<\s]+)", page)
    assert found
    link = found[1]
    assert "colleague@alpha.example" in client.get(link).text
    assert client.post(link, data={"pass_phrase": "short", "again": "short"}).status_code == 422
    assert client.post(link, data={"pass_phrase": PASS_PHRASE, "again": "another"}).status_code == 422
    assert client.post(link, data={"pass_phrase": PASS_PHRASE, "again": PASS_PHRASE}).status_code == 303
    assert colleague.get("/alpha/board").status_code == 303
    client.cookies.clear()
    over = client.get(link)
    assert (over.status_code, "This link was used" in over.text) == (404, True)
    other = client.post(link, data={"pass_phrase": f"{PASS_PHRASE} other", "again": f"{PASS_PHRASE} other"})
    assert (other.status_code, "This link was used" in other.text, "colleague@" in other.text) == (404, True, False)
    assert client.get("/alpha/board").status_code == 303
    pressed_twice = client.post(link, data={"pass_phrase": PASS_PHRASE, "again": PASS_PHRASE})
    assert pressed_twice.status_code == 303
    assert client.get("/alpha/board").status_code == 200
    assert _sign_in(client, "colleague@alpha.example").status_code == 303


@pytest.mark.parametrize(
    "place",
    [
        "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "https:evil.example",
        "http:evil.example", "javascript:alert(1)", "/\t/evil.example", "\t//evil.example", " //evil.example", "/\n/evil.example",
        "evil.example", "", "@evil.example", "/%0d%0aSet-Cookie:a=b\r\nX: y", "////", "/\x00/evil.example", "/alpha\\..\\..",
        "//[", "http://[", "//\u2100.example",
    ],
)  # fmt: skip
@pytest.mark.only_sqlite
def test_nobody_is_led_away_from_the_site(client: TestClient, lead: str, place: str) -> None:
    ways = [
        _sign_in(client, lead, next=place),
        client.post("/language", params={"page": place}, data={"language": "es"}),
    ]
    for answer in ways:
        target = answer.headers.get("location", "/")
        assert re.match(r"/(?![/\\])[^\\\s\x00]*$", target), (place, target)
    shown = client.get("/sign-in", params={"next": place})
    assert shown.status_code == 404 or 'name="next" value="/"' in shown.text


@pytest.mark.only_sqlite
def test_whoever_asked_for_a_page_gets_there_after_signing_in(client: TestClient, lead: str) -> None:
    asked = client.get("/alpha/criteria?q=data&x=%26")
    assert asked.status_code == 303
    shown = client.get(asked.headers["location"]).text
    (target,) = [value for name, value in Fields(shown).hidden if name == "next"]
    assert target == "/alpha/criteria?q=data&x=%26"
    assert _sign_in(client, lead, next=target).headers["location"] == target


class Fields(HTMLParser):
    """The hidden fields of a page, and where its form goes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.hidden: list[tuple[str, str]] = []
        self.actions: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("type") == "hidden":
            self.hidden.append((found.get("name") or "", found.get("value") or ""))
        if tag == "form":
            self.actions.append(found.get("action") or "")


def test_a_text_typed_under_a_session_that_ended_is_there_after_the_next_sign_in_and_can_be_saved(
    client: TestClient, site: Site, seeded: World, lead: str
) -> None:
    _sign_in(client, lead)
    _end_all_sessions(site)
    lost = client.post("/alpha/criteria/LC1/narrative", data={"narrative": HOSTILE, "narrative_version": "1"})
    assert lost.status_code == 401
    assert "Nothing you typed is lost" in lost.text
    wrong = _sign_in(client, lead, "wrong", **dict(Fields(lost.text).hidden))
    assert wrong.status_code == 422

    back = _sign_in(client, lead, **dict(Fields(wrong.text).hidden))
    assert back.status_code == 200
    assert "Your text is still here" in back.text
    form = Fields(back.text)
    assert dict(form.hidden) == {"narrative": HOSTILE, "narrative_version": "1"}
    saved = client.post("/alpha/criteria/LC1/narrative", data=dict(form.hidden))
    assert saved.status_code == 303
    with site.database.reading() as session:
        stored = response.find_response_by_id(session, seeded.alpha.id, seeded.alpha.responses["LC1"])
    assert stored
    assert stored.narrative.replace("\r\n", "\n") == HOSTILE


@pytest.mark.only_sqlite
def test_a_form_that_held_a_file_says_that_the_file_must_be_chosen_again(
    client: TestClient, site: Site, lead: str
) -> None:
    _sign_in(client, lead)
    _end_all_sessions(site)
    form = {"kind": "file", "title": "A long title"}
    lost = client.post("/alpha/criteria/LC1/evidence", data=form, files={"file": ("plan.pdf", b"%PDF-1.7")})
    assert lost.status_code == 401
    assert "choose them again" in lost.text
    assert ("kept.title", "A long title") in Fields(lost.text).hidden


@pytest.mark.only_sqlite
def test_htmx_leaves_the_text_on_the_page_and_says_to_sign_in_beside_it(client: TestClient, seeded: World) -> None:
    answer = client.post(
        "/alpha/criteria/LC1/narrative",
        data={"narrative": "x", "narrative_version": "1"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 401
    assert "Your text is still on this page" in answer.text
    assert "<html" not in answer.text


def test_in_a_browser_without_scripts_a_text_survives_the_end_of_the_session(
    browser_page: BrowserPage, live: Live, lead: str
) -> None:
    page = browser_page("lead", javascript=False)
    page.goto("/alpha/criteria/LC1")
    page.get_by_label("In your own words").fill(HOSTILE)
    _end_all_sessions(live.site)
    page.locator("#narrative-form").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Nothing you typed is lost")).to_be_visible()
    page.get_by_label("E-mail address").fill(lead)
    page.get_by_label("Passphrase").fill(PASS_PHRASE)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Your text is still here")).to_be_visible()
    page.get_by_role("button", name="Save it now").click()
    assert page.get_by_label("In your own words").input_value() == HOSTILE


@pytest.mark.only_sqlite
def test_a_page_is_in_the_language_chosen_or_else_asked_for(client: TestClient, client_for: ClientFor) -> None:
    for asked, language in {"es-MX,es;q=0.9,en;q=0.8": "es", "fr,de": "en", "": "en", "en,es": "en"}.items():
        shown = client.get("/sign-in", headers={"Accept-Language": asked})
        assert f'<html lang="{language}">' in shown.text, asked
    lead = client_for("lead")
    assert '<html lang="en">' in lead.get("/alpha/my-work").text
    switched = lead.post("/language", params={"page": "/alpha/my-work"}, data={"language": "es"})
    assert switched.headers["location"] == "/alpha/my-work"
    spanish = lead.get("/alpha/my-work").text
    assert '<html lang="es">' in spanish
    assert 'action="/language?page=/alpha/my-work"' in spanish
    assert re.search(r'lang="es"[^>]*aria-current="true"', spanish)
    lead.post("/language", data={"language": "xx"})
    assert '<html lang="es">' in lead.get("/alpha/my-work").text


@pytest.mark.only_sqlite
def test_the_language_can_be_switched_on_a_form_that_is_shown_again(client_for: ClientFor) -> None:
    page = {"Referer": "http://testserver/alpha/criteria/LC1"}
    form = {"narrative": "x", "narrative_version": "0"}
    shown = client_for("lead").post("/alpha/criteria/LC1/narrative", data=form, headers=page)
    assert shown.status_code == 409
    assert 'action="/language?page=/alpha/criteria/LC1"' in shown.text


@pytest.mark.only_sqlite
def test_no_pass_phrase_stands_in_the_log_when_signing_in_fails_on_our_side(
    settings: Settings, site: Site, lead: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with running(settings, raises=False) as client:
        with site.database.writing() as session:
            session.execute(text("DROP TABLE sign_in_session"))
        assert _sign_in(client, lead).status_code == 500
    logged = capfd.readouterr()
    assert "no such table: sign_in_session" in logged.err
    assert PASS_PHRASE not in logged.out + logged.err


@pytest.mark.only_sqlite
def test_a_weaker_hash_is_made_stronger_when_its_owner_signs_in(client: TestClient, seeded: World, site: Site) -> None:
    with site.database.writing() as session:
        person = session.get_one(Person, seeded.alpha.people["lead"])
        person.pass_phrase_hash = passwords.hash_passphrase("a phrase of the tests", strength="quick")
    answer = client.post("/sign-in", data={"email": "lead@alpha.example", "pass_phrase": "a phrase of the tests"})
    assert answer.status_code == 303
    with site.database.reading() as session:
        stored = session.get_one(Person, seeded.alpha.people["lead"]).pass_phrase_hash
    assert stored
    assert not passwords.needs_rehash(stored)
    assert passwords.verify_passphrase(stored, "a phrase of the tests")
