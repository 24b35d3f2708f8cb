"""The open-data page as a browser gets it: plain forms, right sentences, and what it says while and after a reading."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlmodel import col, func, select
from starlette.testclient import TestClient

from app.services.site import Site
from app.store.database.engine import now
from app.store.job import Job
from app.store.response import Response
from tests import portals, world
from tests.conftest import BrowserPage, ClientFor, Live
from tests.portals import Server
from tests.world import World

PAGE = "/alpha/portal"


def site_of(client: TestClient) -> Site:
    served: Any = client.app
    site: Site = served.state.site
    site.settings.links_may_be_private = True
    return site


@pytest.fixture
def server() -> Iterator[Server]:
    with portals.serving() as server:
        portals.be_dcat_1(server)
        yield server


@pytest.fixture
def reviewer(client_for: ClientFor) -> TestClient:
    return client_for("reviewer")


def read_on(live: Live, server: Server) -> None:
    """Let the catalog answer, and wait until the worker of the live app has written down what it read."""
    server.open.set()
    unfinished = col(Job.state).in_(["waiting", "running"]) & (col(Job.kind) == "portal.read")
    for _ in iter(lambda: _count(live.site, unfinished), 0):
        continue


def _count(site: Site, condition: Any) -> int:
    with site.database.reading() as session:
        return session.exec(select(func.count()).select_from(Job).where(condition)).one()


def version(client: TestClient) -> str:
    found = re.search(r'name="version" value="(\d+)"', client.get(PAGE).text)
    assert found
    return found[1]


def read(client: TestClient, url: str) -> str:
    answer = client.post(PAGE, data={"url": url, "version": version(client)})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?done=portal-asked")
    world.run_jobs(site_of(client))
    return client.get(PAGE).text


def fact_of(page: str, title: str) -> str:
    """The number of the proposal with this title."""
    found: str
    (found,) = (part for part in page.split('id="fact-')[1:] if f">: {title}<" in part)
    return found.partition('"')[0]


def decide(client: TestClient, number: str, decision: str) -> Any:
    return client.post(f"{PAGE}/facts/{number}", data={"decision": decision})


def test_a_city_without_a_catalog_is_told_what_to_do_first(client_for: ClientFor) -> None:
    admin = client_for("admin")
    with site_of(admin).database.writing() as session:
        for table in ("portal_fact", "portal_reading", "portal"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")
    page = admin.get(PAGE).text
    assert "Where is your catalog?" in page
    assert "Nothing is used before you accept it." in page
    assert "The last reading" not in page


def test_the_library_leads_the_office_there_and_nobody_else(client_for: ClientFor) -> None:
    assert f'href="{PAGE}"' in client_for("reviewer").get("/alpha/evidence").text
    assert f'href="{PAGE}"' not in client_for("lead").get("/alpha/evidence").text


def test_a_catalog_is_read_and_its_numbers_wait_with_what_is_unknown(reviewer: TestClient, server: Server) -> None:
    page = read(reviewer, server.url)
    assert "numbers wait for you" in page
    assert "5 of 8 datasets state a license or terms of use." in page
    assert "Unknown: 2 datasets do not say." in page
    assert "1 of 6 downloads that were tried do not work." in page
    for words in (
        "High confidence",
        "Medium confidence",
        "Low confidence",
        "Parks &amp; Recreation",
        "the criterion as a whole",
    ):
        assert words in page


def test_while_it_is_read_the_page_says_so_and_asks_again(reviewer: TestClient, server: Server) -> None:
    reviewer.post(PAGE, data={"url": server.url, "version": version(reviewer)})
    page = reviewer.get(PAGE).text
    assert "Being read" in page
    assert 'hx-trigger="every 3s"' in page
    assert "Read it now" not in page
    asked = reviewer.get(PAGE, headers={"HX-Request": "true"})
    assert (asked.status_code, "<html" in asked.text, "Being read" in asked.text) == (200, False, True)
    world.run_jobs(site_of(reviewer))
    done = reviewer.get(PAGE, headers={"HX-Request": "true"})
    assert (done.status_code, done.headers["hx-redirect"]) == (204, f"{PAGE}?done=portal-done")


def test_reading_again_is_a_button(reviewer: TestClient, server: Server) -> None:
    read(reviewer, server.url)
    answer = reviewer.post(f"{PAGE}/reading", data={"version": version(reviewer)})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?done=portal-asked")
    assert world.run_jobs(site_of(reviewer)) == 1
    assert reviewer.post(f"{PAGE}/reading", data={"version": "1"}).status_code == 409


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (portals.fails(503), "The site answered with an error (503)."),
        (portals.gives(b"<!doctype html><p>Hi</p>"), "is not JSON"),
        (portals.gives({"hello": "world"}), "No catalog was found here"),
        (portals.gives({"dataset": []}), "lists no dataset"),
        (portals.breaks_off(b'{"dataset": [{'), "was cut off"),
    ],
)
@pytest.mark.only_sqlite
def test_a_failure_is_told_in_plain_words(
    reviewer: TestClient, server: Server, content: portals.Page, words: str
) -> None:
    server.pages["/data.json"] = content
    page = read(reviewer, f"{server.url}/data.json")
    assert "The catalog could not be read" in page
    assert words in page


@pytest.mark.only_sqlite
def test_a_reading_in_part_says_so(reviewer: TestClient, server: Server) -> None:
    server.pages["/data.json"] = portals.breaks_off(json.dumps(portals.dcat_1(server.url)).encode()[:-400])
    page = read(reviewer, server.url)
    assert "Read in part" in page
    assert "The catalog could be read only in part." in page


@pytest.mark.only_sqlite
def test_a_wrong_address_is_told_at_its_field_and_kept(reviewer: TestClient) -> None:
    answer = reviewer.post(PAGE, data={"url": "not an address", "version": version(reviewer)})
    assert answer.status_code == 422
    assert 'value="not an address"' in answer.text
    assert "An address cannot contain spaces" in answer.text
    assert reviewer.post(PAGE, data={"url": "data.city.gov", "version": "9"}).status_code == 409


def test_a_file_is_read_in_place_of_an_address(reviewer: TestClient) -> None:
    raw = json.dumps(portals.dcat_1("https://city.example")).encode()
    answer = reviewer.post(f"{PAGE}/file", files={"file": ("data.json", raw, "application/json")})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?done=portal-asked")
    world.run_jobs(site_of(reviewer))
    page = reviewer.get(PAGE).text
    assert "numbers wait for you" in page
    link = re.search(rf'href="({PAGE}/readings/\d+/file)"', page)
    assert link
    saved = reviewer.get(link[1])
    assert saved.content == raw
    assert saved.headers["content-disposition"].startswith("attachment")
    for content, words in ((b"a,b\n", "This is not a JSON file."), (b"", "This file is empty")):
        wrong = reviewer.post(f"{PAGE}/file", files={"file": ("data.json", content, "application/json")})
        assert wrong.status_code == 422
        assert words in wrong.text
    none = reviewer.post(f"{PAGE}/file", data={"nothing": "chosen"})
    assert (none.status_code, "Choose at least one file." in none.text) == (422, True)


def test_accepting_leads_to_the_evidence(reviewer: TestClient, server: Server) -> None:
    number = fact_of(read(reviewer, server.url), "Datasets that state a license")
    answer = decide(reviewer, number, "accepted")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?done=portal-accepted")
    page = reviewer.get(answer.headers["location"]).text
    assert "It is evidence now" in page
    link = re.search(r'href="(/alpha/evidence/\d+)">Open the evidence', page)
    assert link
    piece = reviewer.get(link[1]).text
    for words in ("5 of 8 datasets", f"{server.url}/data.json", "SHA-256", "Public"):
        assert words in piece
    assert reviewer.get(f"{link[1]}/file").status_code == 200
    assert "Datasets that state a license" in reviewer.get("/alpha/criteria/OD3").text


def test_all_that_are_ticked_are_accepted_at_once_or_none(reviewer: TestClient, server: Server) -> None:
    page = read(reviewer, server.url)
    license_fact, locked = (
        fact_of(page, title) for title in ("Datasets that state a license", "Departments with at least one dataset")
    )
    before = page.count('class="bulk__line"')
    form = {"fact": [license_fact, locked], "decision": "accepted"}
    assert reviewer.post(f"{PAGE}/facts", data=form).status_code == 409
    assert reviewer.get(PAGE).text.count('class="bulk__line"') == before
    assert reviewer.post(f"{PAGE}/facts", data={"decision": "accepted"}).status_code == 422
    accepted = reviewer.post(f"{PAGE}/facts", data={**form, "fact": license_fact})
    assert accepted.headers["location"] == f"{PAGE}?undo={license_fact}&done=portal-many-accepted"
    page = reviewer.get(accepted.headers["location"]).text
    assert (page.count('class="bulk__line"'), "Undo 1" in page) == (before - 1, True)
    undone = reviewer.post(f"{PAGE}/facts", data={"fact": license_fact, "decision": "undo"})
    assert undone.headers["location"] == f"{PAGE}?done=portal-undone"
    assert reviewer.get(PAGE).text.count('class="bulk__line"') == before
    assert "Datasets that state a license" in reviewer.get("/alpha/evidence?show=removed").text


def test_what_is_with_the_reviewer_takes_nothing_and_the_page_says_why(reviewer: TestClient, server: Server) -> None:
    page = read(reviewer, server.url)
    assert "DM2 is with the reviewer or has a verdict, so nothing can be added to it now." in page
    number = fact_of(page, "Departments with at least one dataset")
    answer = decide(reviewer, number, "accepted")
    assert answer.status_code == 409
    assert re.search(r"usa-alert--error.*?review", answer.text, re.DOTALL)
    assert fact_of(reviewer.get(PAGE).text, "Departments with at least one dataset") == number


def test_where_no_number_can_be_added_nothing_asks_to_accept_one(
    reviewer: TestClient, server: Server, seeded: World
) -> None:
    city = seeded.alpha
    with site_of(reviewer).database.writing() as session:
        given = {row.criterion: row for row in session.exec(select(Response).where(Response.city_id == city.id))}
        for code in site_of(reviewer).edition("wwc-2022", "en").criteria:
            row = given.get(code) or Response(city_id=city.id, assessment_id=city.assessment_id, criterion=code)
            row.state, row.submitted_at, row.submitted_by = "submitted", now(), city.people["lead"]
            session.add(row)
    page = read(reviewer, server.url)
    assert "No number waits for you" in page
    assert "numbers cannot be added now" in page
    assert 'value="accepted"' not in page
    assert "I have read this" not in page
    assert 'value="rejected"' in page


@pytest.mark.parametrize(("decision", "word"), [("rejected", "Not used this time"), ("never", "Not suggested again")])
def test_rejecting_is_one_button_and_undone_by_another(
    reviewer: TestClient, seeded: World, decision: str, word: str
) -> None:
    number = str(seeded.alpha.fact_id)
    assert decide(reviewer, number, decision).headers["location"] == f"{PAGE}?done=portal-{decision}"
    page = reviewer.get(PAGE).text
    assert word in page
    assert "Propose it again" in page
    assert decide(reviewer, number, "proposed").headers["location"] == f"{PAGE}?done=portal-proposed"
    assert word not in reviewer.get(PAGE).text
    assert decide(reviewer, number, "nonsense").status_code == 422


def test_the_page_polls_until_the_reading_is_done(browser_page: BrowserPage, live: Live, server: Server) -> None:
    server.open.clear()
    live.site.settings.links_may_be_private = True
    page = browser_page("reviewer", width=320)
    page.goto(PAGE)
    page.get_by_text("Change where the catalog is").click()
    page.get_by_label("Address of your open-data site").fill(server.url)
    page.get_by_role("button", name="Save and read it").click()
    expect(page.get_by_text("The catalog is being read now.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    read_on(live, server)
    expect(page.locator("#main").get_by_text("The reading has ended.")).to_be_visible()
    expect(page.get_by_text("5 of 8 datasets state a license")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_everything_works_without_scripts(browser_page: BrowserPage, live: Live, server: Server) -> None:
    server.open.clear()
    live.site.settings.links_may_be_private = True
    page = browser_page("reviewer", javascript=False)
    page.goto(PAGE)
    page.get_by_text("Change where the catalog is").click()
    page.get_by_label("Address of your open-data site").fill(server.url)
    page.get_by_role("button", name="Save and read it").click()
    expect(page.get_by_text("The catalog is being read now.")).to_be_visible()
    read_on(live, server)
    page.get_by_role("link", name="Load the page again").click()
    expect(page.get_by_text("5 of 8 datasets state a license")).to_be_visible()
    for tick in page.locator(".proposals input[type=checkbox]").all():
        tick.uncheck()
    page.get_by_label(re.compile("Datasets that state a license")).check()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("They are evidence now")).to_be_visible()
    page.get_by_role("button", name="Undo 1").click()
    expect(page.get_by_text("The numbers are proposed again")).to_be_visible()
    for tick in page.locator(".proposals input[type=checkbox]").all():
        tick.uncheck()
    page.get_by_label(re.compile("Datasets about purchasing")).check()
    page.get_by_role("button", name="Do not suggest again").click()
    page.get_by_role("button", name=re.compile("Propose it again.*Datasets about purchasing")).click()
    expect(page.get_by_text("Proposed again.")).to_be_visible()
