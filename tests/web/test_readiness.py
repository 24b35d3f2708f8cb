"""The readiness page as a browser receives it."""

import re

from sqlmodel import select

from app.services.site import Site
from app.store.database.engine import now
from app.store.report.reports import Report
from app.store.response import Response
from app.store.review import Verdict
from tests.conftest import ClientFor
from tests.world import World


def test_the_first_sentence_says_whether_the_city_can_apply(client_for: ClientFor) -> None:
    page = client_for("official").get("/alpha/readiness").text
    assert page.index("Not certifiable yet") < page.index("4.65%")
    assert (
        "Our own review found 2 of 43 criteria met. Not certifiable yet: core criteria LC1 (Executive commitment to using data) "
        "and PA1 (Set goals with measures) are still open. "
        "20 more criteria for the Silver range." in page
    )


def test_the_three_figures_are_named_and_apart(client_for: ClientFor) -> None:
    page = client_for("official").get("/alpha/readiness").text
    figures = re.findall(r'figure__number">(\d+)<.*?</span> ([^<]+)</span>', page, re.DOTALL)
    assert figures == [("2", "Met (our own review)"), ("8", "Claimed by departments"), ("42", "Still possible")]
    assert "One cell is one criterion." in page


def test_a_city_in_the_silver_range_is_never_called_certified(client_for: ClientFor, site: Site, seeded: World) -> None:
    city, run = seeded.alpha.id, seeded.alpha.assessment_id
    with site.database.writing() as session:
        for code in (
            "LC1",
            "PA1",
            *(f"RDC{n}" for n in range(1, 9)),
            *(f"DM{n}" for n in range(3, 10)),
            "OD1",
            "OD2",
            "OD3",
        ):
            known = seeded.alpha.responses.get(code)
            response = session.get_one(Response, known) if known else None
            response = response or Response(city_id=city, assessment_id=run, criterion=code)
            response.state = "decided"
            session.add(response)
            session.flush()
            reviewer = seeded.alpha.people["reviewer"]
            session.add(Verdict(city_id=city, response_id=response.id, decision="met", reviewer_id=reviewer))
    page = client_for("official").get("/alpha/readiness").text
    assert "Estimated: Silver range" in page
    assert "Self-assessment" in page
    main = page[page.index("<main") : page.index("</main>")]
    assert "certified" not in main.lower()


def test_no_areas_are_drawn_where_nothing_in_them_is_met_or_claimed(
    client_for: ClientFor, site: Site, seeded: World
) -> None:
    with site.database.writing() as session:
        for response in session.exec(select(Response).where(Response.city_id == seeded.alpha.id)):
            response.self_rating, response.state = None, "in_progress"
        for verdict in session.exec(select(Verdict).where(Verdict.city_id == seeded.alpha.id)):
            verdict.withdrawn_at = now()
    page = client_for("official").get("/alpha/readiness").text
    assert "The first verdict will show here." in page
    assert "One cell is one criterion." not in page


def test_what_leaders_should_decide_is_marked_as_our_suggestion(client_for: ClientFor) -> None:
    page = client_for("official").get("/alpha/readiness").text
    asked = page[page.index("What is needed from leadership?") : page.index("Download")]
    assert "This is our suggestion, not the program’s." in asked
    assert "Adopt an open data policy that anyone can read." in asked


def test_the_form_asks_for_a_report_in_the_language_and_length_chosen(client_for: ClientFor) -> None:
    client = client_for("official")
    page = client.get("/alpha/readiness").text
    form = page[page.index('action="/alpha/reports"') :].partition("</form>")[0]
    assert re.findall(r'name="language" value="(\w+)"', form) == ["en", "es"]
    assert re.findall(r'name="length" value="([\w-]+)"', page) == ["one-page", "summary", "full"]
    asked = client.post("/alpha/reports", data={"language": "es", "length": "one-page"})
    assert asked.headers["location"] == "/alpha/reports/2"
    listed = client.get("/alpha/readiness").text
    assert "Being created" in listed
    assert listed.index("Report no. 2") < listed.index("Report no. 1")


def test_a_length_that_does_not_exist_is_refused_on_the_page_and_the_language_stays(client_for: ClientFor) -> None:
    answer = client_for("official").post("/alpha/reports", data={"language": "es", "length": "endless"})
    assert answer.status_code == 422
    assert "Choose how long the report should be." in answer.text
    assert re.search(r'value="es" checked', answer.text)


def test_past_reports_stand_there_with_their_sentence(client_for: ClientFor) -> None:
    page = client_for("official").get("/alpha/readiness").text
    assert 'href="/alpha/reports/1"' in page
    assert "Estimated below Silver." in page


def test_without_a_report_the_page_says_how_to_make_the_first(client_for: ClientFor, site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        for row in (session.get_one(Report, 1), session.get_one(Report, 2)):
            session.delete(row)
    assert "then make the first one" in client_for("official").get("/alpha/readiness").text


def test_a_lead_is_offered_the_annex_of_the_own_department_and_an_official_none(
    client_for: ClientFor, seeded: World
) -> None:
    page = client_for("official").get("/alpha/readiness").text
    assert 'value="annex"' not in page
    assert 'name="department"' not in page
    lead = client_for("lead")
    page = lead.get("/alpha/readiness").text
    assert 'value="annex"' in page
    chosen = page[page.index('id="department"') :].split("</select>")[0]
    assert re.findall(r'<option value="\d+">([^<]+)</option>', chosen) == ["Finance"]
    wrong = lead.post("/alpha/reports", data={"language": "en", "length": "annex", "department": ""})
    assert (wrong.status_code, "Choose the department." in wrong.text) == (422, True)
    finance, works = seeded.alpha.departments["finance"], seeded.alpha.departments["works"]
    sent = lead.post("/alpha/reports", data={"language": "en", "length": "annex", "department": str(finance)})
    assert sent.headers["location"] == "/alpha/reports/2"
    other = lead.post("/alpha/reports", data={"language": "en", "length": "annex", "department": str(works)})
    assert other.status_code == 403
