"""The record over HTTP."""

import csv
import io
import re

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.rules.history.verbs import Verb
from app.services.site import Site
from app.store.history import events
from tests.conftest import ClientFor
from tests.world import World

pytestmark = pytest.mark.on_both


@pytest.fixture
def reviewer(client_for: ClientFor) -> TestClient:
    return client_for("reviewer")


def test_what_happened_can_be_read_and_narrowed(reviewer: TestClient, seeded: World) -> None:
    html = reviewer.get("/alpha/history").text
    assert "Reviewer of Alpha City decided that LC4 is met." in html
    narrowed = reviewer.get(f"/alpha/history?person={seeded.alpha.people['lead']}&kind=writing&criterion=LC1").text
    assert "wrote the narrative of LC1" in narrowed
    assert "decided that" not in narrowed


@pytest.mark.parametrize(
    "query", ["person=x", "person=-1", "person=99999999999999999999", "before=%F0%9F%A6%8A", "before=٣", "kind=none",
              "criterion=%25", "criterion=_M1", "before=999999999"],
)  # fmt: skip
def test_a_strange_address_still_shows_a_page(reviewer: TestClient, query: str) -> None:
    assert reviewer.get(f"/alpha/history?{query}").status_code == 200


@pytest.mark.parametrize("path", ["/alpha/history?criterion=%00", "/alp%00ha/history", "/alpha/review/LC2%00"])
def test_an_address_with_nul_does_not_exist(reviewer: TestClient, path: str) -> None:
    assert reviewer.get(path).status_code == 404


def test_a_wildcard_is_no_criterion(reviewer: TestClient) -> None:
    assert "Nothing fits these filters" in reviewer.get("/alpha/history?criterion=%25").text


def test_the_check_of_the_record_says_in_one_sentence_that_it_is_whole(reviewer: TestClient) -> None:
    html = reviewer.get("/alpha/history/verify").text
    assert "Nothing is missing or altered." in html


def test_the_table_can_be_opened_in_a_spreadsheet_without_running_anything(
    reviewer: TestClient, site: Site, seeded: World
) -> None:
    with site.database.writing() as session:
        for subject in ("=HYPERLINK(1)", "@SUM(A1)", "+1", "-1", "\t=1", "\r=1", "Parks, “Trees” & 🌳"):
            events.record_event(session, seeded.alpha.id, seeded.alpha.people["lead"], Verb.DEPARTMENT_ADDED, subject)
    answer = reviewer.get("/alpha/history.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="cityready-alpha-history-')
    heading, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert (heading[0], len(rows)) == ("Number", 30)
    assert rows[-1][5] == "Parks, “Trees” & 🌳"
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert "'=HYPERLINK(1)" in [row[5] for row in rows]


@pytest.mark.parametrize("role", ["lead", "official"])
@pytest.mark.parametrize("path", ["history", "history/verify", "history.csv"])
def test_the_record_is_for_the_data_office(client_for: ClientFor, role: str, path: str) -> None:
    assert client_for(role).get(f"/alpha/{path}").status_code == 403


def test_nobody_reads_another_citys_record(reviewer: TestClient) -> None:
    for path in ("history", "history/verify", "history.csv"):
        assert reviewer.get(f"/beta/{path}").status_code == 404


def test_the_check_says_what_differs_and_what_to_do(reviewer: TestClient, site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        session.connection().execute(
            text("UPDATE verdict SET decision = 'met' WHERE city_id = 1 AND decision = 'not_met'")
        )
    html = reviewer.get("/alpha/history/verify").text
    assert "Nothing is missing or altered." not in html
    assert "is not as event" in html
    assert re.search(r"The verdict on [A-Z0-9]+ [A-Z]\w+ ", html), "the code has its title beside it"
    assert "Tell whoever runs this installation." in html


def test_anchors_from_outside_can_be_compared_on_the_page(reviewer: TestClient, site: Site, seeded: World) -> None:
    with site.database.reading() as session:
        event = events.list_events(session, seeded.alpha.id, limit=1)[0]
    good = f"{event.number}:{event.hash}"
    html = reviewer.get("/alpha/history/verify").text
    assert good in html
    html = reviewer.get("/alpha/history/verify", params={"anchor": good}).text
    assert "1 anchor of yours" in html
    assert "Nothing is missing or altered." in html
    other = f"{event.number}:{'0' * 64}"
    assert "is not the one of your anchor" in reviewer.get("/alpha/history/verify", params={"anchor": other}).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [("<b>hello", "“&lt;b&gt;hello” is not an anchor"), ("beta 1:" + "0" * 64, "None of these anchors is of the city"), ("1" * 20_001, "too long")],
)  # fmt: skip
def test_what_is_no_anchor_is_told_at_the_field_and_kept(reviewer: TestClient, typed: str, said: str) -> None:
    answer = reviewer.get("/alpha/history/verify", params={"anchor": typed})
    assert answer.status_code == 200
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "Nothing is missing or altered." in answer.text


def test_what_the_app_did_by_itself_is_folded_by_day_and_narrowed_by_dates(
    reviewer: TestClient, site: Site, seeded: World
) -> None:
    with site.database.writing() as session:
        for _ in range(30):
            events.record_event(session, seeded.alpha.id, None, Verb.LINK_CHECKED, "LC1")
    html = reviewer.get("/alpha/history").text
    told = re.search(r"The app did (\d+) things by itself", html)
    assert told
    assert int(told[1]) >= 30
    fold = html[told.start() :]
    assert "Reviewer of Alpha City decided" in html[: html.index("The app did")]
    assert fold[: fold.index("</details>")].count("events__row") == 20
    (all_of_it,) = re.findall(r'href="([^"]*)">Show all of this day', html)
    whole_day = reviewer.get(all_of_it.replace("&amp;", "&")).text
    assert (whole_day.count("events__row"), "The app did" in whole_day) == (20, False)
    assert "events__row" not in reviewer.get("/alpha/history?until=2001-01-01").text
    assert reviewer.get("/alpha/history?q=decided+LC4&by=people").text.count("events__row") == 1
