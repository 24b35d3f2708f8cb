"""The board as a browser receives it, and what the reading pages cost the database."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from app.rules.history.verbs import Verb
from app.services.kept import KeptResults
from app.services.site import Site
from app.store.assessment import Assessment
from app.store.evidence.pieces import Evidence, EvidenceSupport
from app.store.history import events
from app.store.response import ChecklistAnswer, Response
from app.store.review import Verdict
from tests.conftest import BrowserPage, ClientFor
from tests.world import World


def test_not_certifiable_is_read_before_any_percentage(client_for: ClientFor) -> None:
    page = client_for("official").get("/alpha/board").text
    assert page.index("Not certifiable yet") < page.index("4.65%")
    assert (
        "core criteria LC1 (Executive commitment to using data) and PA1 (Set goals with measures) are still open."
        in page
    )
    assert "below the Silver range" in page


def test_every_tile_leads_to_its_criterion_and_says_title_and_state(client_for: ClientFor) -> None:
    page = client_for("reviewer").get("/alpha/board").text
    tiles = re.findall(r'<a\s+class="tile [^>]*href="/alpha/criteria/(\w+)"[^>]*>(.*?)</a>', page, re.DOTALL)
    assert len(tiles) == 43
    words = {code: re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", inside)).strip() for code, inside in tiles}
    assert words["LC1"] == "LC1 Executive commitment to using data: core In progress"
    assert words["LC3"] == "LC3 Build staff data skills: Changes requested"
    assert words["DM1"] == "DM1 Run data strategy and governance: core Met"


def test_the_address_narrows_the_tiles(client_for: ClientFor) -> None:
    page = client_for("reviewer").get("/alpha/board?state=submitted").text
    assert re.findall(r'class="tile [^>]*criteria/(\w+)"', page) == ["DM2", "LC2"]
    assert "2 of 43 criteria shown." in page


@pytest.mark.parametrize(
    ("role", "step"),
    [
        ("reviewer", ("/alpha/review", "Review 2 responses")),
        ("lead", ("/alpha/my-work", "See what is missing from you")),
        ("official", ("/alpha/readiness", "See what it takes to apply")),
    ],
)
def test_each_role_has_one_obvious_next_step(client_for: ClientFor, role: str, step: tuple[str, str]) -> None:
    page = client_for(role).get("/alpha/board").text
    assert re.findall(r'<a class="usa-button" href="([^"]+)">([^<]+)<', page) == [step]


def test_only_those_who_may_read_the_history_are_sent_there(client_for: ClientFor) -> None:
    assert 'href="/alpha/history">Read the history' in client_for("reviewer").get("/alpha/board").text
    assert "/alpha/history" not in client_for("lead").get("/alpha/board").text


def test_the_board_is_in_the_reader_s_language(client_for: ClientFor) -> None:
    client = client_for("reviewer")
    client.cookies.set("cityready_language", "es")
    page = client.get("/alpha/board").text
    assert '<html lang="es">' in page
    assert "Gestión de datos" in page


def test_an_unchanged_board_is_not_sent_again_and_a_changed_one_is(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    client = client_for("reviewer")
    mark = client.get("/alpha/board").headers["etag"]
    assert client.get("/alpha/board", headers={"if-none-match": mark}).status_code == 304
    with site.database.writing() as session:
        response = session.get_one(Response, seeded.alpha.responses["LC2"])
        response.state = "returned"
        session.add(response)
        events.record_event(session, seeded.alpha.id, None, Verb.VERDICT_GIVEN, "LC2", decision="changes_asked")
    again = client.get("/alpha/board", headers={"if-none-match": mark})
    assert again.status_code == 200
    assert "CityReady asked for changes in LC2 (Explain choices publicly with data)." in again.text


@contextmanager
def counting(site: Site) -> Iterator[list[str]]:
    """The statements that a site's engine runs meanwhile."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(site.database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(site.database.engine, "before_cursor_execute", note)


def _cost(client: TestClient, path: str) -> int:
    app: Any = client.app
    app.state.pages = type(app.state.pages)()
    with counting(app.state.site) as statements:
        assert client.get(path).status_code == 200
    return len(statements)


def _fill(site: Site, world: World) -> None:
    """A decided response with evidence, ticks and history for every criterion that has none."""
    city, run, lead = world.alpha.id, world.alpha.assessment_id, world.alpha.people["lead"]
    with site.database.writing() as session:
        for code in (f"{area}{n}" for area in ("RDC", "EVAL", "BF", "OD", "CI") for n in range(1, 4)):
            response = Response(city_id=city, assessment_id=run, criterion=code, state="decided", narrative="Done.")
            piece = Evidence(city_id=city, kind="note", title=f"Note on {code}")
            session.add_all((response, piece))
            session.flush()
            ids: dict[str, Any] = {"city_id": city, "response_id": response.id}
            session.add(EvidenceSupport(evidence_id=piece.id, **ids))
            session.add(ChecklistAnswer(item="any", ticked=True, **ids))
            session.add(Verdict(decision="met", reviewer_id=lead, **ids))
            events.record_event(session, city, lead, Verb.VERDICT_GIVEN, code, decision="met")


@pytest.mark.parametrize(("path", "most"), [("my-work", 15), ("board", 16), ("readiness", 19)])
def test_the_number_of_statements_is_small_and_does_not_grow_with_the_rows(
    client_for: ClientFor, site: Site, seeded: World, path: str, most: int
) -> None:
    client = client_for("lead")
    served: Any = client.app
    served.state.site.kept = KeptResults(site.database, most=0)
    few = _cost(client, f"/alpha/{path}")
    _fill(site, seeded)
    assert _cost(client, f"/alpha/{path}") == few <= most


@pytest.mark.parametrize("path", ["my-work", "board", "readiness"])
def test_on_a_phone_nothing_lies_outside_the_screen(browser_page: BrowserPage, path: str) -> None:
    page = browser_page("lead", width=320)
    page.goto(f"/alpha/{path}")
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_phone_sees_one_level_scale_and_its_hatching(browser_page: BrowserPage) -> None:
    page = browser_page("reviewer", width=320)
    page.goto("/alpha/board")
    assert page.locator(".chart-narrow svg").is_visible()
    assert not page.locator(".chart-wide svg").is_visible()
    page.set_viewport_size({"width": 1280, "height": 900})
    assert page.locator(".chart-wide svg").is_visible()
    assert not page.locator(".chart-narrow svg").is_visible()


def test_a_tile_says_when_a_met_criterion_is_blocked_or_at_risk(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    """The older edition blocks: one of its criteria is met while the one that it builds on is open."""
    edition = site.edition("wwc-2018", "en")
    code = next(code for code, criterion in edition.criteria.items() if criterion.prerequisites)
    with site.database.writing() as session:
        run = session.get_one(Assessment, seeded.alpha.assessment_id)
        run.edition = edition.id
        row = Response(city_id=seeded.alpha.id, assessment_id=run.id, criterion=code, state="decided")
        session.add_all([run, row])
        session.flush()
        reviewer = seeded.alpha.people["reviewer"]
        session.add(Verdict(city_id=seeded.alpha.id, response_id=row.id, decision="met", reviewer_id=reviewer))
    page = client_for("reviewer").get("/alpha/board?view=tiles").text
    tile = re.search(rf'criteria/{code}"[^>]*>(.*?)</a>', page, re.DOTALL)
    assert tile
    assert "blocked" in tile[1]
    assert "blocked by" in client_for("lead").get(f"/alpha/criteria/{code}").text
