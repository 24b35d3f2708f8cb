"""The language: the browser's until someone chooses, then the person's own, and the switch loses nothing."""

import re

import pytest
from playwright.sync_api import expect
from starlette.testclient import TestClient

from app.adapters import passwords
from app.services.site import Site
from app.store.people import Person
from app.web.cookies import LANGUAGE_COOKIE
from tests.conftest import BrowserPage, ClientFor
from tests.world import World

PASS_PHRASE = "four words as one"
SPANISH_PHONE = {"Accept-Language": "es-AR,es;q=0.9,en;q=0.5"}
pytestmark = pytest.mark.only_sqlite


@pytest.fixture
def emails(site: Site, seeded: World) -> dict[str, str]:
    """Addresses of people whose passphrase is PASS_PHRASE."""
    with site.database.writing() as session:
        people = {role: session.get_one(Person, seeded.alpha.people[role]) for role in ("lead", "reviewer")}
        for person in people.values():
            person.pass_phrase_hash = passwords.hash_passphrase(PASS_PHRASE, "quick")
    return {role: person.email for role, person in people.items()}


def _sign_in(client: TestClient, email: str) -> str:
    """The language of the page on which the person lands."""
    client.post("/sign-in", data={"email": email, "pass_phrase": PASS_PHRASE}, headers=SPANISH_PHONE)
    return _language(client)


def _language(client: TestClient, path: str = "/alpha/criteria") -> str:
    return client.get(path, headers=SPANISH_PHONE).text.split('<html lang="')[1][:2]


def test_a_spanish_phone_lands_in_spanish_and_in_english_once_the_person_has_chosen_that(
    client: TestClient, emails: dict[str, str]
) -> None:
    assert _language(client, "/sign-in") == "es"
    assert _sign_in(client, emails["lead"]) == "es"
    client.post("/language", data={"language": "en"})
    assert (_language(client), _language(client, "/cities")) == ("en", "en")
    client.cookies.delete(LANGUAGE_COOKIE)  # another phone
    assert _sign_in(client, emails["lead"]) == "en"
    assert _language(client, "/cities") == "en"


def test_a_choice_at_the_door_becomes_the_persons_own(
    client: TestClient, client_for: ClientFor, emails: dict[str, str]
) -> None:
    client.post("/language", data={"language": "en"})
    assert _sign_in(client, emails["lead"]) == "en"
    assert _language(client_for("lead")) == "en", "on every device"


def test_who_signs_in_after_another_person_has_nothing_of_that_ones_choice(
    client: TestClient, emails: dict[str, str]
) -> None:
    _sign_in(client, emails["lead"])
    client.post("/language", data={"language": "en"})
    client.post("/sign-out")
    assert _sign_in(client, emails["reviewer"]) == "es"
    client.post("/sign-out")
    assert _sign_in(client, emails["lead"]) == "en"


@pytest.mark.parametrize("width", [320, 1280])
def test_the_switch_at_the_top_keeps_what_is_typed_and_where_one_is(browser_page: BrowserPage, width: int) -> None:
    page = browser_page("lead", width=width)
    page.goto("/alpha/criteria/LC1/evidence/new?kind=note")
    page.get_by_label("Title").fill("Half a title")
    page.evaluate("scrollTo(0, 120)")
    if width == 320:
        page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator("main input[name=title]")).to_have_value("Half a title")
    assert page.url.endswith("?kind=note")
    expect(page.locator(".site-languages [aria-current]")).to_have_text("Español")


def test_a_visitor_switches_at_the_top_without_javascript(browser_page: BrowserPage) -> None:
    page = browser_page(None, width=320, javascript=False)
    page.goto("/sign-in?next=/alpha/criteria")
    page.get_by_label("E-mail address").fill("ana@city.gov")
    page.get_by_role("button", name="Español").click()
    expect(page.get_by_role("heading", name="Iniciar sesión")).to_be_visible()
    assert page.locator("#email").input_value() == "ana@city.gov"
    assert page.locator("input[name=next]").get_attribute("value") == "/alpha/criteria"
    page.goto("/passphrase/forgot")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Forgot your passphrase?")).to_be_visible()


def test_a_form_that_waits_behind_the_door_goes_along_into_the_other_language(client: TestClient) -> None:
    narrative = {"narrative": "Half a page", "narrative_version": "0"}
    door = client.post("/alpha/criteria/LC1/narrative", data=narrative)
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', door.text))
    spanish = client.post(
        "/language?door=sign-in", data={**fields, "language": "es", "pass_phrase": "never shown"}
    ).text
    assert '<html lang="es">' in spanish
    assert 'name="kept.narrative" value="Half a page"' in spanish
    assert "never shown" not in spanish
