"""Cycles as a browser receives them: with a form alone, and with everything on a phone."""

import re

from playwright.sync_api import Page, expect
from sqlmodel import select
from starlette.testclient import TestClient

from app.services.site import Site
from app.settings import ROOT
from app.store.assessment import Assessment
from app.store.response import Response
from tests.conftest import BrowserPage, ClientFor, Live
from tests.world import World

NEXT = {"name": "2027 cycle", "edition": "wwc-2022", "shown": "wwc-2022", "due_on": "", "version": "1"}
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"]}


def begin(client: TestClient, **changes: str) -> None:
    answer = client.post("/alpha/cycle", data={**NEXT, **changes})
    assert (answer.status_code, answer.headers["location"]) == (303, "/alpha/cycle?done=cycle-begun")


def main(text: str) -> str:
    """What a person reads of the page's own part."""
    inside = text[text.index("<main") : text.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", inside).split())


def test_the_board_leads_to_all_assessments(client_for: ClientFor) -> None:
    assert 'href="/alpha/cycle"' in client_for("official").get("/alpha/board").text
    page = main(client_for("official").get("/alpha/cycle").text)
    assert "2026 cycle" in page
    assert "2 of 43 criteria met (our own review)" in page
    assert "Prepare the next assessment" not in page


def test_the_preview_says_what_happens_and_another_edition_keeps_what_was_typed(client_for: ClientFor) -> None:
    admin = client_for("admin")
    page = admin.get("/alpha/cycle/new").text
    same = main(page)
    assert "8 answers to confirm" in same
    assert "Retired" not in same
    assert page.count('<details class="criteria-area"') == 8
    assert not re.search('class="criteria-area"[^>]* open', page), "where all stays as it is nothing has to be read"
    other = admin.get("/alpha/cycle/new?edition=wwc-2018&name=The+next&due_on=2027-05-31&version=1&shown=wwc-2022").text
    assert 'value="The next"' in other
    assert 'value="2027-05-31"' in other
    assert "Their evidence stays in the library, and their answers stay in the closed assessment." in main(other)
    assert "This edition is incomplete" in main(other)
    assert re.search(
        r"Merged DG2 [^.]*? from DM1 \(Run data strategy and governance\) and LC5 \(Name a data lead\)", main(other)
    )
    assert re.search('class="criteria-area"[^>]* open', other)


def test_an_edition_that_was_not_looked_at_is_shown_first(client_for: ClientFor) -> None:
    admin = client_for("admin")
    answer = admin.post("/alpha/cycle", data={**NEXT, "edition": "wwc-2018", "name": "Mine"})
    assert answer.status_code == 422
    assert "Check the preview below before you start" in answer.text
    assert 'value="Mine"' in answer.text
    assert 'name="shown" value="wwc-2018"' in answer.text
    begin(admin, edition="wwc-2018", shown="wwc-2018")


def test_a_form_from_before_somebody_else_began_changes_nothing(client_for: ClientFor) -> None:
    admin = client_for("admin")
    begin(admin)
    answer = admin.post("/alpha/cycle", data=NEXT)
    assert answer.status_code == 409
    assert "Someone changed this while your page was open." in answer.text


def test_until_the_first_verdict_the_last_result_is_what_everyone_reads(client_for: ClientFor) -> None:
    admin, official = client_for("admin"), client_for("official")
    assert "2 of 43 met, below the Silver range. 2027 cycle has begun: 0 of 8 answers confirmed" in main(
        admin.get("/alpha/cycle/new").text
    )
    begin(admin)
    for address in ("/alpha/board", "/alpha/readiness"):
        page = main(official.get(address).text)
        assert "2 of 43 met, below the Silver range. 2027 cycle has begun: 0 of 8 answers confirmed" in page
        assert "No criterion is met yet" not in page
        assert "Not certifiable" not in page


def test_all_that_is_still_true_is_confirmed_in_one_press_but_for_what_was_answered_otherwise(
    client_for: ClientFor,
) -> None:
    admin = client_for("admin")
    begin(admin)
    page = admin.get("/alpha/cycle/confirm").text
    versions = dict(re.findall(r'name="(version\.\w+)" value="(\d+)"', page))
    first = next(iter(versions)).removeprefix("version.")
    answer = admin.post("/alpha/cycle/confirm", data={**versions, f"answer.{first}": "no_longer", "rest": "yes"})
    assert answer.status_code == 303
    assert f"{len(versions) - 1} of 8 answers carried over" in main(admin.get("/alpha/cycle").text)
    assert "and answer all others" not in admin.get("/alpha/cycle/confirm").text


def test_a_lead_answers_on_the_criterion_page_and_only_then_submits(client_for: ClientFor) -> None:
    begin(client_for("admin"))
    lead = client_for("lead")
    assert "Say first whether this answer from 2026 cycle is still true." in main(lead.get("/alpha/my-work").text)
    page = lead.get("/alpha/criteria/LC1").text
    assert "From 2026 cycle: still true?" in main(page)
    version = re.search(r'confirmation(?:#[\w-]+)?".*?name="version" value="(\d+)"', page, re.DOTALL)
    assert version
    refused = lead.post("/alpha/criteria/LC1/submit", data={"version": version[1]})
    assert refused.status_code == 409
    assert "Say first whether this answer from 2026 cycle is still true." in refused.text
    unclear = lead.post("/alpha/criteria/LC1/confirmation", data={"version": version[1], "answer": ""})
    assert unclear.status_code == 422
    assert "Choose one of the three answers." in unclear.text
    said = lead.post("/alpha/criteria/LC1/confirmation", data={"version": version[1], "answer": "yes"})
    assert said.headers["location"] == "/alpha/criteria/LC1?done=confirmed"
    page = main(lead.get("/alpha/criteria/LC1").text)
    assert "Confirmed: it is still true." in page
    assert "Say first" not in page
    assert lead.post("/alpha/criteria/LC1/submit", data={"version": int(version[1]) + 1}).status_code == 303


def test_somebody_who_only_reads_sees_the_question_and_no_buttons(client_for: ClientFor) -> None:
    begin(client_for("admin"))
    page = client_for("official").get("/alpha/criteria/LC1").text
    assert "From 2026 cycle: still true?" in main(page)
    assert "Nothing of it counts before someone has answered." in main(page)
    assert "/confirmation" not in page


def test_several_are_answered_with_one_button_and_a_conflict_keeps_what_was_chosen(client_for: ClientFor) -> None:
    begin(client_for("admin"))
    lead = client_for("lead")
    page = lead.get("/alpha/cycle/confirm").text
    versions = dict(re.findall(r'name="(version\.\w+)" value="(\d+)"', page))
    assert list(versions) == [f"version.LC{number}" for number in range(1, 6)]
    sent = {**versions, "answer.LC1": "yes", "answer.LC2": "no_longer", "version.LC2": "1"}
    conflict = lead.post("/alpha/cycle/confirm", data=sent)
    assert conflict.status_code == 409
    assert re.search(r'id="LC1-yes"[^>]* value="yes" checked', conflict.text)
    assert "0 of 5 answers" in conflict.text
    answer = lead.post("/alpha/cycle/confirm", data={**sent, **versions})
    assert answer.headers["location"] == "/alpha/cycle/confirm?done=confirmed"
    again = lead.get("/alpha/cycle/confirm").text
    assert "1 of 5 answers carried over from 2026 cycle are confirmed." in again
    assert re.search(r'id="LC2-no_longer"[^>]* value="no_longer" checked', again)


def test_readiness_says_how_many_are_confirmed(client_for: ClientFor) -> None:
    assert "carried over" not in client_for("official").get("/alpha/readiness").text
    begin(client_for("admin"))
    page = main(client_for("official").get("/alpha/readiness").text)
    assert "0 of 8 answers carried over from 2026 cycle are confirmed." in page


def test_the_beginning_is_taken_back_or_the_reason_is_said(client_for: ClientFor) -> None:
    admin = client_for("admin")
    begin(admin)
    assert "its start can be undone" in main(admin.get("/alpha/cycle").text)
    assert admin.post("/alpha/cycle/undo", data={"version": "2"}).status_code == 303
    assert "2027 cycle" not in main(admin.get("/alpha/cycle").text)
    begin(admin, version="3")
    client_for("lead").post("/alpha/criteria/LC1/comments", data={"text": "I am on it."})
    page = main(admin.get("/alpha/cycle").text)
    reason = "Work on 2027 cycle has begun, so it stays: Lead of Alpha City commented on LC1."
    assert reason in page
    refused = admin.post("/alpha/cycle/undo", data={"version": "4"})
    assert refused.status_code == 409
    assert reason in main(refused.text)


def test_an_official_compares_two_cycles_and_no_other_city_s(client_for: ClientFor, seeded: World) -> None:
    official = client_for("official")
    assert "There is only one assessment so far." in main(official.get("/alpha/cycle/compare").text)
    begin(client_for("admin"))
    page = main(official.get("/alpha/cycle/compare").text)
    assert "2 Not re-checked yet" in page
    assert "41 Still open" in page
    theirs = seeded.beta.assessment_id
    for query in (f"from={theirs}", f"to={theirs}", "from=abc&to=0"):
        assert official.get(f"/alpha/cycle/compare?{query}").status_code == 404


def test_a_new_assessment_tells_last_times_verdict_with_its_reason_and_as_last_times(client_for: ClientFor) -> None:
    begin(client_for("admin"))
    page = client_for("official").get("/alpha/criteria/LC5").text
    assert "The plan does not name who is responsible." in page
    assert "Verdict: not met" not in page


def test_a_city_without_an_assessment_is_led_to_its_first(client_for: ClientFor, site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        run = session.get_one(Assessment, seeded.alpha.assessment_id)
        run.state = "undone"
        session.add(run)
    admin, lead = client_for("admin"), client_for("lead")
    assert 'href="/alpha/cycle/new"' in admin.get("/alpha/board").text
    assert 'href="/alpha/cycle/new"' not in lead.get("/alpha/board").text
    assert "An administrator can begin one." in main(lead.get("/alpha/cycle").text)
    assert "It begins empty." in main(admin.get("/alpha/cycle/new").text)
    begin(admin, version="0")
    assert "2027 cycle" in main(lead.get("/alpha/board").text)


def _fits(page: Page, width: int) -> None:
    found = page.evaluate("options => axe.run(document, options)", OPTIONS)
    assert [one["id"] for one in found["violations"]] == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def test_a_cycle_on_a_phone_from_the_preview_to_the_comparison(
    browser_page: BrowserPage, live: Live, seeded: World
) -> None:
    admin = browser_page("admin", width=320)
    admin.add_init_script(AXE)
    admin.goto("/alpha/cycle/new")
    admin.fill("#name", "A cycle with a name as long as names of cycles are in a city that likes long names")
    admin.get_by_role("button", name="Begin", exact=True).click()
    expect(admin.get_by_role("status").first).to_contain_text("The assessment is open.")
    _fits(admin, 320)
    admin.goto("/alpha/cycle/compare")
    _fits(admin, 320)

    lead = browser_page("lead", width=320)
    lead.add_init_script(AXE)
    for path in ("my-work", "cycle/confirm", "criteria/LC1"):
        lead.goto(f"/alpha/{path}")
        _fits(lead, 320)
    lead.get_by_role("button", name="No longer true").click()
    expect(lead.locator("#carried")).to_contain_text("It is no longer true.")
    expect(lead.locator("#narrative")).to_have_value("")
    lead.get_by_role("button", name="Yes, still true").click()
    expect(lead.locator("#narrative")).to_have_value("How the city does LC1.")
    _fits(lead, 320)


def test_several_are_confirmed_without_javascript(browser_page: BrowserPage, live: Live, seeded: World) -> None:
    admin = browser_page("admin", javascript=False)
    admin.goto("/alpha/cycle/new")
    admin.get_by_role("button", name="Begin", exact=True).click()
    admin.wait_for_url("**done=*")
    lead = browser_page("lead", javascript=False)
    lead.goto("/alpha/cycle/confirm")
    for code, answer in (("LC1", "yes"), ("LC3", "changed")):
        lead.locator(f"label[for={code}-{answer}]").click()
    lead.get_by_role("button", name="Save these answers").click()
    expect(lead.get_by_role("status").first).to_contain_text("Your answers are recorded.")
    with live.site.database.reading() as session:
        said = session.exec(select(Response.criterion, Response.confirmation).where(Response.confirmation != "asked"))
        assert dict(said.all()) == {"LC1": "yes", "LC3": "changed"}
