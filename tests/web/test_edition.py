"""The web edition of a report: what was kept when it was made, for whoever may read the report."""

import re
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.adapters.pdf.report_html import render_report_html
from app.services.report import making
from app.services.report.document import read_kept_page
from app.services.site import Site
from app.store.report import openings, reports
from app.store.report.reports import Report
from tests.conftest import BrowserPage, ClientFor
from tests.world import World


def make(site: Site, seeded: World, **options: Any) -> Report:
    """A report of Alpha that is ready."""
    length = options.pop("length", "full")
    making.make_report_file(site, "alpha", options.pop("language", "en"), length, **options)
    with site.database.reading() as session:
        number = reports.find_last_number(session, seeded.alpha.id)
        made = reports.find_report(session, seeded.alpha.id, number)
    assert made
    return made


def test_whoever_has_the_code_reads_a_public_report_as_it_was(
    client: TestClient, client_for: ClientFor, site: Site, seeded: World
) -> None:
    made = make(site, seeded)
    before = client.get(f"/verify/{made.code}/report")
    assert before.status_code == 200
    text = " ".join(before.text.split())
    for said in ("found 2 of 43 criteria met", "<b>2 of 43</b>", 'name="robots" content="noindex"'):
        assert said in text
    assert text.count('class="criterion"') == 43
    assert "Names of informants" not in text
    assert f'href="/verify/{made.code}/report"' in client.get(f"/verify/{made.code}").text
    lead = client_for("lead")
    lead.post("/alpha/criteria/LC6/narrative", data={"narrative": "Later words.", "narrative_version": "0"})
    lead.cookies.clear()
    assert lead.get(f"/verify/{made.code}/report").text == before.text, "frozen"


def drop_paper(html: str) -> str:
    """The words of the body, without what a sheet has and a screen has not: picture of the code, page numbers, name at the head."""
    body = re.sub(r"<(style|script|head|svg|header|footer|nav)\b.*?</\1>", " ", html, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.mark.parametrize("length", ["one-page", "summary", "full", "annex"])
def test_it_says_what_the_paper_of_its_length_says(client: TestClient, site: Site, seeded: World, length: str) -> None:
    options: dict[str, Any] = {"department_id": seeded.alpha.departments["finance"]} if length == "annex" else {}
    made = make(site, seeded, length=length, forecast=True, **options)
    page = read_kept_page(made.content)
    assert page
    on_web = client.get(f"/verify/{made.code}/report").text
    words = drop_paper(on_web)
    said = re.findall(r"[^.·:|/]{12,}", drop_paper(render_report_html(page)))
    apart = ("Readiness for What Works", "Contents", "Page", "in the full report", "more decision", "Report no")
    missing = [part for part in said if part.strip() not in words and not any(name in part for name in apart)]
    assert missing == []
    assert len(said) > 10
    anchors = re.findall(r'href="#([\w-]+)"', on_web)
    assert [name for name in anchors if f'id="{name}"' not in on_web] == []


def test_it_is_in_the_language_of_the_report(client: TestClient, site: Site, seeded: World) -> None:
    made = make(site, seeded, language="es", length="one-page")
    text = client.get(f"/verify/{made.code}/report", headers={"Accept-Language": "en"}).text
    assert '<html lang="es">' in text
    assert "2 de 43" in text


@pytest.mark.parametrize("audience", ["council", "internal"])
def test_a_report_for_others_is_read_by_the_city_s_people_alone(
    client_for: ClientFor, site: Site, seeded: World, audience: str
) -> None:
    made = make(site, seeded, audience=audience, length="one-page")
    official = client_for("official")
    page = f"/alpha/reports/{made.number}/page"
    assert official.get(page).status_code == 200
    assert page in official.get(f"/alpha/reports/{made.number}").text
    assert client_for("admin", city="beta").get(page).status_code == 404
    official.cookies.clear()
    assert official.get(f"/verify/{made.code}/report").status_code == 404
    assert official.get(page, follow_redirects=False).status_code == 303


def test_a_report_made_before_says_that_it_has_none(client: TestClient, seeded: World) -> None:
    answer = client.get(f"/verify/{seeded.alpha.report_code}/report")
    assert answer.status_code == 404
    assert "There is no web edition of this report" in answer.text


def test_the_office_sees_who_took_which_file_and_how_often(
    client: TestClient, client_for: ClientFor, site: Site, seeded: World
) -> None:
    made = make(site, seeded, length="summary")
    page = f"/alpha/reports/{made.number}"
    office, lead = client_for("reviewer"), client_for("lead")
    assert "Who opened it" not in office.get(page).text
    for address in (f"{page}/file", f"{page}/file", f"{page}/document", f"{page}/page"):
        assert lead.get(address).status_code == 200
    lead.cookies.clear()
    assert client.get(f"/verify/{made.code}/report").status_code == 200
    text = " ".join(unescape(client_for("reviewer").get(page).text).split())
    for told in (
        ": web page </li>",
        ": Word file </li>",
        ": PDF (2 times) </li>",
        "<li> Someone with the report’s code, ",
    ):
        assert told in text
    assert "Who opened it" not in client_for("lead").get(page).text
    with site.database.reading() as session:
        rows = openings.list_openings(session, seeded.alpha.id, made.id, 9)
    assert [(row.file, row.times, bool(row.person_id)) for row in rows] == [
        ("web", 1, False), ("web", 1, True), ("word", 1, True), ("pdf", 2, True),
    ]  # fmt: skip


def test_what_is_refused_counts_as_no_opening(client: TestClient, site: Site, seeded: World) -> None:
    made = make(site, seeded, length="one-page", audience="council")
    assert client.get(f"/verify/{made.code}/report").status_code == 404
    with site.database.reading() as session:
        assert openings.list_openings(session, seeded.alpha.id, made.id, 9) == []


def test_the_signs_of_all_states_have_one_size(browser_page: BrowserPage, site: Site, seeded: World) -> None:
    made = make(site, seeded, length="summary")
    page = browser_page("official")
    page.goto(f"/verify/{made.code}/report")
    signs = page.locator(".states .sign")
    sizes = {(box["width"], box["height"]) for sign in signs.all() if (box := sign.bounding_box())}
    assert signs.count() == 6
    assert len(sizes) == 1, sizes
