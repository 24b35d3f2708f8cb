"""Who is kept out after too many tries and who is not, how long a session lasts, and when the passphrase is asked for once more."""

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from html.parser import HTMLParser

import pytest
from httpx2 import Response
from playwright.sync_api import expect
from sqlalchemy import event
from sqlmodel import select, update
from starlette.testclient import TestClient

from app.adapters import passwords
from app.services.account import sessions
from app.services.site import Site
from app.settings import Settings
from app.store.account.sign_in import SignInSession
from app.store.account.tries import SignInAttempt
from app.store.database.engine import now
from app.store.people import Membership, Person
from app.web.cookies import DEVICE_COOKIE, SESSION_COOKIE
from tests.conftest import BrowserPage, Live, running
from tests.world import World

PASSPHRASE = "four words as one"
LEAD, REVIEWER = "lead@alpha.example", "reviewer@alpha.example"


@pytest.fixture(autouse=True)
def passphrases(site: Site, seeded: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """All people of alpha have PASSPHRASE, hashed with little work, as everything here is."""
    monkeypatch.setitem(passwords._HASHERS, "full", passwords._HASHERS["quick"])
    hashed = passwords.hash_passphrase(PASSPHRASE, "quick")
    with site.database.writing() as session:
        session.exec(update(Person).values(pass_phrase_hash=hashed))


def _from(client: TestClient, address: str) -> TestClient:
    """Someone else's browser, at another network address."""
    return TestClient(
        client.app, client=(address, 1), headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False
    )


def _sign_in(client: TestClient, email: str = LEAD, pass_phrase: str = PASSPHRASE, **more: str) -> Response:
    return client.post("/sign-in", data={"email": email, "pass_phrase": pass_phrase, **more})


def _fail(client: TestClient, times: int, email: str = LEAD) -> list[int]:
    return [_sign_in(client, email, "wrong").status_code for _ in range(times)]


def test_whoever_guesses_elsewhere_pauses_nobody_but_themselves(client: TestClient) -> None:
    attacker, owner = _from(client, "203.0.113.5"), _from(client, "198.51.100.7")
    assert _fail(attacker, 11) == [422] * 10 + [429]
    assert _sign_in(attacker).status_code == 429
    assert _sign_in(owner).status_code == 303


def test_the_answer_says_in_how_many_minutes_to_try_again(client: TestClient, site: Site) -> None:
    _fail(client, 10)
    with site.database.writing() as session:
        session.exec(update(SignInAttempt).values(at=now() - timedelta(minutes=4, seconds=30)))
    refused = _sign_in(client)
    assert "Try again in 11 minutes" in refused.text
    assert refused.headers["Retry-After"] == "660"
    with site.database.writing() as session:
        session.exec(update(SignInAttempt).values(at=now() - timedelta(minutes=14, seconds=30)))
    refused = _sign_in(client)
    assert "Try again in 1 minute." in refused.text
    assert refused.headers["Retry-After"] == "60"


def test_a_device_on_which_its_owner_signed_in_gets_through_every_pause_of_others(settings: Settings) -> None:
    with running(settings.model_copy(update={"sign_in_attempts": 2})) as client:
        owner = _from(client, "203.0.113.5")
        assert _sign_in(owner).status_code == 303
        owner.post("/sign-out")
        for number in range(20):  # the account from everywhere, and the owner's own network
            _fail(_from(client, f"192.0.2.{number}"), 1)
            _fail(_from(client, "203.0.113.5"), 1, f"guess{number}@alpha.example")
        stranger = _from(client, "198.51.100.7")
        assert _sign_in(stranger).status_code == 429, "the bound of the account in all is not hit"
        assert _sign_in(_from(client, "203.0.113.5"), REVIEWER).status_code == 429, (
            "the bound of the network is not hit"
        )
        assert _sign_in(owner).status_code == 303


def test_a_known_device_has_a_limit_of_its_own(client: TestClient) -> None:
    _sign_in(client)
    assert _fail(client, 11) == [422] * 10 + [429]
    assert _sign_in(client).status_code == 429
    assert _sign_in(_from(client, "198.51.100.7")).status_code == 303, "the account itself is not paused by it"


def test_a_device_is_known_to_the_account_alone_that_signed_in_on_it(client: TestClient) -> None:
    attacker = _from(client, "203.0.113.5")
    assert _sign_in(attacker, REVIEWER).status_code == 303  # an own account, and so a known device
    assert _fail(attacker, 11) == [422] * 10 + [429]
    forged = _from(client, "203.0.113.5")
    forged.cookies.set(DEVICE_COOKIE, attacker.cookies[DEVICE_COOKIE][:-2] + "xx")
    assert _sign_in(forged).status_code == 429
    assert _sign_in(attacker, REVIEWER).status_code == 303


def test_a_counter_where_several_people_sign_in_is_known_to_each(client: TestClient) -> None:
    for email in (LEAD, REVIEWER):
        assert _sign_in(client, email).status_code == 303
    _fail(_from(client, "testclient"), 10)
    assert _sign_in(client, LEAD).status_code == 303


def test_ipv6_addresses_of_one_network_count_together(client: TestClient) -> None:
    statuses = [_fail(_from(client, f"2001:db8:1:2::{number:x}"), 1)[0] for number in range(11)]
    assert statuses == [422] * 10 + [429]
    assert _fail(_from(client, "2001:db8:1:3::1"), 1) == [422]


def test_of_thirty_tries_in_the_same_moment_ten_are_looked_at(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, all_in = [], threading.Barrier(2, timeout=2)

    def verify(*_: object) -> bool:
        looked.append(1)
        with suppress(threading.BrokenBarrierError):
            all_in.wait()  # hold the door open for as many as can be inside
        return False

    monkeypatch.setattr(passwords, "verify_passphrase", verify)
    with running(settings) as client, running(settings) as other, ThreadPoolExecutor(30) as turns:
        browsers = [_from(who, "testclient") for who in [client, other] * 15]  # none is made for two threads
        statuses = list(turns.map(lambda browser: _fail(browser, 1)[0], browsers))
    assert sorted(statuses) == [422] * 10 + [429] * 20
    assert len(looked) == 10


def test_a_pause_writes_nothing_and_looks_at_no_passphrase(
    client: TestClient, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fail(client, 10)
    monkeypatch.setattr(passwords, "verify_passphrase", lambda *_: pytest.fail("looked at"))
    with _writing(client) as written:
        assert _fail(client, 3) == [429] * 3
    assert written == []


@contextmanager
def _writing(client: TestClient) -> Iterator[list[str]]:
    """The statements that change something while the block runs."""
    seen: list[str] = []
    engine = client.app.state.site.database.engine  # type: ignore[attr-defined]

    def look(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", look)
    yield seen
    event.remove(engine, "before_cursor_execute", look)


def test_a_good_sign_in_leaves_no_failure_behind(client: TestClient, site: Site) -> None:
    for _ in range(12):
        assert _sign_in(client).status_code == 303
    with site.database.reading() as session:
        assert session.exec(select(SignInAttempt)).all() == []


# How long a session lasts


def _sessions(site: Site) -> list[SignInSession]:
    with site.database.reading() as session:
        return list(session.exec(select(SignInSession)))


def _age(site: Site, **columns: datetime) -> None:
    with site.database.writing() as session:
        session.exec(update(SignInSession).values(**columns))


def test_a_session_ends_after_two_hours_without_use_and_a_page_in_between_begins_them_again(
    client: TestClient, site: Site
) -> None:
    _sign_in(client)
    (row,) = _sessions(site)
    assert timedelta(minutes=119) < row.expires_at - now() <= timedelta(minutes=120)
    _age(site, seen_at=now() - timedelta(minutes=100), expires_at=now() + timedelta(minutes=20))
    assert client.get("/alpha/board").status_code == 200
    (row,) = _sessions(site)
    assert row.expires_at - now() > timedelta(minutes=119)
    assert now() - row.seen_at < timedelta(minutes=1)
    _age(site, expires_at=now() - timedelta(seconds=1))
    assert client.get("/alpha/board").status_code == 303


def test_use_does_not_carry_a_session_over_its_twelve_hours(client: TestClient, site: Site) -> None:
    _sign_in(client)
    (row,) = _sessions(site)
    assert timedelta(hours=11, minutes=59) < row.ends_at - now() <= timedelta(hours=12)
    end = now() + timedelta(minutes=30)
    _age(site, ends_at=end, seen_at=now() - timedelta(minutes=60), expires_at=end)
    assert client.get("/alpha/board").status_code == 200
    (row,) = _sessions(site)
    assert row.expires_at == end


def test_use_is_written_down_only_now_and_then(client: TestClient, site: Site) -> None:
    _sign_in(client)
    _age(site, seen_at=now() - timedelta(minutes=9))
    with _writing(client) as written:
        client.get("/alpha/board")
    assert written == []
    _age(site, seen_at=now() - timedelta(minutes=11))
    with _writing(client) as written:
        client.get("/alpha/board")
        client.get("/alpha/board")
    assert len(written) == 1


def test_an_ended_session_is_not_woken_by_a_request_that_was_on_its_way(client: TestClient, site: Site) -> None:

    _sign_in(client)
    _age(site, expires_at=now() - timedelta(seconds=1))
    sessions.extend_session(site, client.cookies[SESSION_COOKIE])
    assert client.get("/alpha/board").status_code == 303


# Once more before a sensitive step


class Fields(HTMLParser):
    """The hidden fields of a page, and where its form goes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.actions: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("type") == "hidden":
            self.hidden[found.get("name") or ""] = found.get("value") or ""
        if tag == "form":
            self.actions.append(found.get("action") or "")


def _long_ago(site: Site) -> None:
    _age(site, confirmed_at=now() - timedelta(minutes=16))


def _change_role(client: TestClient, seeded: World) -> Response:
    path = f"/alpha/people/{seeded.alpha.memberships['colleague']}"
    return client.post(path, data={"role": "official", "version": "1"})


def _role(site: Site, seeded: World) -> str:
    with site.database.reading() as session:
        return session.get_one(Membership, seeded.alpha.memberships["colleague"]).role


def test_a_sensitive_step_waits_for_the_passphrase_and_keeps_its_form(
    client: TestClient, site: Site, seeded: World
) -> None:
    _sign_in(client, "admin@alpha.example")
    before = client.cookies[SESSION_COOKIE]
    _long_ago(site)
    asked = _change_role(client, seeded)
    assert (asked.status_code, _role(site, seeded)) == (401, "lead")
    waiting = Fields(asked.text).hidden
    wrong = client.post("/confirm", data={**waiting, "pass_phrase": "wrong"})
    assert wrong.status_code == 422
    assert "not your passphrase" in wrong.text
    assert Fields(wrong.text).hidden == waiting
    confirmed = client.post("/confirm", data={**waiting, "pass_phrase": PASSPHRASE})
    assert confirmed.status_code == 200
    assert "Finish the step" in confirmed.text
    form = Fields(confirmed.text)
    assert form.hidden == {"role": "official", "version": "1"}
    assert client.cookies[SESSION_COOKIE] != before
    assert client.post(form.actions[-1], data=form.hidden).status_code == 303
    assert _role(site, seeded) == "official"
    stolen = TestClient(client.app, cookies={SESSION_COOKIE: before}, follow_redirects=False)
    assert stolen.get("/alpha/board").status_code == 303


def test_what_is_only_handed_out_leads_through_the_passphrase_and_back(client: TestClient, site: Site) -> None:
    _sign_in(client, REVIEWER)
    assert client.get("/alpha/history.csv").status_code == 200
    _long_ago(site)
    asked = client.get("/alpha/history.csv?x=1%26y")
    assert asked.status_code == 303
    page = client.get(asked.headers["location"])
    waiting = Fields(page.text).hidden
    assert waiting == {"next": "/alpha/history.csv?x=1%26y"}
    confirmed = client.post("/confirm", data={**waiting, "pass_phrase": PASSPHRASE})
    assert (confirmed.status_code, confirmed.headers["location"]) == (303, "/alpha/history.csv?x=1%26y")
    assert client.get("/alpha/history.csv").status_code == 200


def test_guessing_in_a_session_that_was_left_open_is_paused_too(client: TestClient, site: Site) -> None:
    _sign_in(client, "admin@alpha.example")
    _long_ago(site)
    tries = [client.post("/confirm", data={"pass_phrase": "wrong"}) for _ in range(11)]
    assert [answer.status_code for answer in tries] == [422] * 10 + [429]
    assert int(tries[-1].headers["Retry-After"]) > 0
    assert client.post("/confirm", data={"pass_phrase": PASSPHRASE}).status_code == 429


def test_htmx_says_to_confirm_and_leaves_the_page_as_it_is(client: TestClient, site: Site, seeded: World) -> None:
    _sign_in(client, "admin@alpha.example")
    _long_ago(site)
    path = f"/alpha/people/{seeded.alpha.memberships['colleague']}/end"
    answer = client.post(path, data={"version": "1"}, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "type your passphrase once more" in answer.text
    assert "<html" not in answer.text


def test_nobody_confirms_without_a_session(client: TestClient) -> None:
    assert client.get("/confirm").headers["location"].startswith("/sign-in")
    assert client.post("/confirm", data={"pass_phrase": PASSPHRASE}).status_code == 401


def test_in_a_browser_enter_signs_in_and_is_not_taken_for_the_switch_of_languages(
    browser_page: BrowserPage, live: Live, seeded: World
) -> None:
    page = browser_page(None)
    page.goto(f"{live.url}/sign-in")
    page.fill("input[name=email]", "lead@alpha.example")
    page.fill("input[name=pass_phrase]", PASSPHRASE)
    page.press("input[name=pass_phrase]", "Enter")
    page.wait_for_url(f"{live.url}/alpha/**")


def test_in_a_browser_an_administrator_confirms_and_finishes(
    browser_page: BrowserPage, live: Live, site: Site, seeded: World
) -> None:
    page = browser_page("admin", javascript=False)
    page.goto(f"/alpha/people/{seeded.alpha.memberships['colleague']}")
    _long_ago(site)
    page.locator("label[for=role-official]").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Finish the step").click()
    expect(page.get_by_text("Saved")).to_be_visible()
    assert _role(site, seeded) == "official"


# Devices


def test_a_person_sees_every_device_and_signs_out_everywhere_else(client: TestClient, site: Site) -> None:
    phone, colleague = _from(client, "203.0.113.5"), _from(client, "203.0.113.6")
    phone.headers["User-Agent"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"
    for browser, email in ((client, LEAD), (phone, LEAD), (colleague, REVIEWER)):
        _sign_in(browser, email)
    page = client.get("/devices").text
    assert "Safari on iPhone" in page
    assert "203.0.113.5" in page
    assert "203.0.113.6" not in page, "another person's session"
    assert page.count("This device") == 1
    _long_ago(site)
    assert client.post("/devices").status_code == 401
    client.post("/confirm", data={"pass_phrase": PASSPHRASE})
    assert client.post("/devices").headers["location"] == "/devices?done=signed-out-elsewhere"
    assert client.get("/alpha/board").status_code == 200
    assert phone.get("/alpha/board").status_code == 303
    assert colleague.get("/alpha/board").status_code == 200
    assert "Safari on iPhone" not in client.get("/devices").text


def test_devices_are_shown_to_nobody_who_is_signed_out(client: TestClient) -> None:
    assert client.get("/devices").headers["location"].startswith("/sign-in")
    assert client.post("/devices").status_code == 401


# Cookies and TLS


@pytest.mark.only_sqlite
def test_behind_https_every_cookie_is_of_this_host_alone_and_the_browser_is_told_to_stay_on_tls(
    settings: Settings,
) -> None:
    with running(settings.model_copy(update={"public_url": "https://cityready.example"})) as plain:
        client = TestClient(
            plain.app,
            base_url="https://cityready.example",
            headers={"Sec-Fetch-Site": "same-origin"},
            follow_redirects=False,
        )
        answers = [_sign_in(client), client.post("/language", data={"language": "es"}), client.post("/sign-out")]
        cookies = [cookie for answer in answers for cookie in answer.headers.get_list("set-cookie")]
        names = [cookie.partition("=")[0] for cookie in cookies]
        expected = {"__Host-cityready_device", "__Host-cityready_session", "__Host-cityready_language"}
        assert set(names) == expected
        assert len(names) == 4, "signing out takes the session's cookie away"
        for cookie in cookies:
            assert re.search(r"; path=/(;|$)", cookie, re.IGNORECASE), cookie
            assert "; Secure" in cookie, cookie
            assert "HttpOnly" in cookie, cookie
            assert "domain" not in cookie.lower(), cookie
        _sign_in(client)
        assert client.get("/alpha/my-work").status_code == 200
        planted = TestClient(plain.app, base_url="https://cityready.example", follow_redirects=False)
        planted.cookies.set("cityready_session", client.cookies["__Host-cityready_session"])
        assert planted.get("/alpha/my-work").status_code == 303, "a cookie that another host could have set is taken"
        for path in ("/sign-in", "/nowhere", "/static/x/app.css", "/health"):
            assert client.get(path).headers["Strict-Transport-Security"] == "max-age=63072000", path


@pytest.mark.only_sqlite
def test_without_https_no_browser_is_told_to_use_it(client: TestClient) -> None:
    answers = [client.get("/sign-in"), _sign_in(client)]
    for answer in answers:
        assert "Strict-Transport-Security" not in answer.headers
        assert "__Host-" not in answer.headers.get("set-cookie", "")
    assert client.get("/alpha/my-work").status_code == 200
