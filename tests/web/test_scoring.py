"""The result on any day, as a person reads it and as data; and the confidence behind a department's own rating."""

import re
from datetime import date

import pytest
from sqlmodel import select

from app.services.site import Site
from app.store.evidence.pieces import Evidence, EvidenceSupport
from app.store.response import ChecklistAnswer, Response
from tests.conftest import BrowserPage, ClientFor
from tests.world import World

MARCH = "2031-03-01"


@pytest.fixture
def lapsing(site: Site, seeded: World) -> None:
    """DM1, which is met, has its three needed items in place; the notes of its meetings are of the first quarter of 2030."""
    with site.database.writing() as session:
        response = seeded.alpha.responses["DM1"]
        for item in ("roles", "meetings", "purpose"):
            session.add(ChecklistAnswer(city_id=seeded.alpha.id, response_id=response, item=item, ticked=True))
            piece = Evidence(
                city_id=seeded.alpha.id, kind="note", title=f"Secret {item}" if item == "meetings" else item,
                note="x", visibility="restricted" if item == "meetings" else "public", period_to=date(2030, 2, 1),
            )  # fmt: skip
            session.add(piece)
            session.flush()
            session.add(EvidenceSupport(city_id=seeded.alpha.id, evidence_id=piece.id, response_id=response, item=item))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_day_before_the_lapse_counts_what_the_day_itself_does_not(client_for: ClientFor, lapsing: None) -> None:
    before = words(client_for("official").get("/alpha/scoring?as_of=2030-06-30").text)
    on_it = words(client_for("official").get("/alpha/scoring?as_of=2030-07-01").text)
    assert "Our own review found 2 of 43 criteria met." in before
    assert "out of date" not in before
    assert "Still fresh on July 1, 2030: 1 of 43; out of date: DM1 (Run data strategy and governance)." in on_it
    assert "By our reviews 2 of 43 , below the Silver range Still fresh on July 1, 2030" in on_it
    assert "DM1 Run data strategy and governance since July 1, 2030" in on_it


def test_the_timeline_names_the_day(client_for: ClientFor, lapsing: None) -> None:
    page = words(client_for("reviewer").get("/alpha/scoring").text)
    assert "July 1, 2030 DM1 Run data strategy and governance Core" in page
    assert "Then 1 of 43 count." in page


def test_page_and_data_show_the_same_trace(client_for: ClientFor, lapsing: None) -> None:
    client = client_for("lead")
    data = client.get("/alpha/scoring.json?as_of=2030-07-01").json()
    assert data["edition"] == "wwc-2022"
    assert data["lapses"] == {"DM1": "2030-07-01"}
    assert data["steps"][0]["rule"] == "verdicts"
    assert data["edition_version"] in client.get("/alpha/scoring?as_of=2030-07-01").text


def test_a_day_in_the_past_has_the_verdicts_of_that_evening(client_for: ClientFor) -> None:
    assert "Our own review found 0 of 43 criteria met" in client_for("lead").get("/alpha/scoring?as_of=2026-01-01").text


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("soon", "is not a date"),
        ("1890-01-01", "This year cannot be right"),
        ("9999-01-01", "This year cannot be right"),
    ],
)
def test_a_date_that_cannot_be_meant_is_said_at_the_field_and_kept(
    client_for: ClientFor, asked: str, says: str
) -> None:
    client = client_for("official")
    answer = client.get(f"/alpha/scoring?as_of={asked}")
    assert answer.status_code == 422
    assert says in answer.text
    assert f'value="{asked}"' in answer.text
    assert says in client.get(f"/alpha/scoring.json?as_of={asked}").json()["error"]


def test_how_sure_a_department_is_is_kept_with_its_rating_and_goes_with_it(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    lead = client_for("lead")
    page = "/alpha/criteria/LC1/self-rating"

    def confidence() -> str | None:
        with site.database.reading() as session:
            query = select(Response.confidence).where(Response.id == seeded.alpha.responses["LC1"])
            return session.exec(query).one()

    assert lead.post(page, data={"self_rating": "met", "confidence": "unsure", "version": "1"}).status_code == 303
    assert confidence() == "unsure"
    board = words(client_for("reviewer").get("/alpha/board").text)
    assert "If the departments are right:" in board
    assert lead.post(page, data={"self_rating": "met", "confidence": "very", "version": "2"}).status_code == 422
    assert lead.post(page, data={"self_rating": "not_met", "confidence": "sure", "version": "2"}).status_code == 303
    assert confidence() is None


def test_the_result_on_a_day_is_asked_for_on_a_phone_without_javascript(browser_page: BrowserPage) -> None:
    page = browser_page("official", width=320, javascript=False)
    page.goto("/alpha/scoring")
    page.fill("#as_of", "2027-07-01")
    page.get_by_role("button", name="Show").click()
    assert "July 1, 2027" in page.locator("h1").inner_text()
    page.get_by_text("steps").click()
    assert page.locator(".trace__step").count() == 8
    assert page.evaluate("document.documentElement.scrollWidth") == 320
