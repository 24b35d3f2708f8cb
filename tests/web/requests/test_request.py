"""Asking a partner and being answered, in a real browser: on a phone, in both languages, with and without scripts."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect
from sqlmodel import select
from starlette.testclient import TestClient

from app.services.requests import page as request
from app.services.site import Site
from app.store.city import City
from app.store.request import EvidenceRequest
from app.store.upload import Upload
from tests.conftest import BrowserPage, ClientFor, Live
from tests.world import World

SENT = {"en": "Received, thank you", "es": "Recibido, gracias"}
NOTHING = {"en": "Add something first", "es": "Agregue algo primero"}


def link_of(live: Live, seeded: World, language: str) -> str:
    with live.site.database.writing() as session:
        row = session.get_one(EvidenceRequest, seeded.alpha.requests["partner"])
        row.language = language
        session.add(row)
        return request.request_link(live.site, row)


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_partner_finishes_on_a_phone_and_sees_nothing_else(
    live: Live, seeded: World, visitor_page: BrowserPage, language: str, javascript: bool, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.txt"
    plan.write_text("The plan of our work together.")
    other = "es" if language == "en" else "en"
    page = visitor_page(width=320, javascript=javascript, language=other)
    page.context.clear_cookies()  # the browser asks for the other language; nobody chose one on the page
    page.goto(link_of(live, seeded, language))
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("h1")).to_contain_text("The Collaborative")
    assert page.locator("header a[href*='/alpha'], nav a[href*='/alpha']").count() == 0

    page.fill("[name=name]", "Ana Souza")
    page.click(".evidence-send button")
    expect(page.locator("body")).to_contain_text(NOTHING[language])
    expect(page.locator("[name=name]")).to_have_value("Ana Souza")

    page.set_input_files("[name=file]", plan)
    page.fill("[name=note]", "We meet every month.")
    page.click(".evidence-send button")
    expect(page.locator("body")).to_contain_text(SENT[language])
    expect(page.locator("#sent")).to_be_visible()
    assert page.locator("section[aria-labelledby=sent]").inner_text().count("plan") == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.locator(f".site-languages button[value={other}]").first.click()
    expect(page.locator("html")).to_have_attribute("lang", other)
    expect(page.locator("#sent")).to_be_visible()
    for path in (
        "/alpha/requests",
        "/alpha/board",
        "/alpha/evidence",
        f"/alpha/requests/{seeded.alpha.requests['partner']}",
    ):
        answer = page.goto(path)
        assert answer
        assert "/sign-in" in page.url or answer.status in {401, 403, 404}, path


def _ask(page: Page, code: str, press: str = "Send the request") -> None:
    page.goto(f"/alpha/requests/new?code={code}")
    page.locator("label", has_text="The Collaborative").click()
    page.fill("[name=what]", "Your agreement with the city.")
    page.fill("[name=why]", "It shows who works with us.")
    page.get_by_role("button", name=press).click()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_data_office_asks_gets_an_answer_and_accepts_it(
    live: Live, seeded: World, browser_page: BrowserPage, visitor_page: BrowserPage, javascript: bool
) -> None:
    office = browser_page("reviewer", javascript=javascript)
    _ask(office, "BF2")
    expect(office.locator("body")).to_contain_text("Sent.")
    link = office.locator(".link-shown").inner_text()

    partner = visitor_page(width=320, javascript=javascript)
    partner.goto(link)
    partner.fill("[name=note]", "Our agreement runs until 2028.")
    partner.fill("[name=name]", "Ana Souza")
    partner.click(".evidence-send button")
    expect(partner.locator("body")).to_contain_text(SENT["en"])

    office.goto("/alpha/inbox")
    card = office.locator("li", has_text="Our agreement runs until 2028.").first
    card.get_by_role("button", name="Send back with a question").click()
    expect(office.locator("body")).to_contain_text("Say in a sentence why")
    office.locator("li", has_text="Our agreement runs until 2028.").first.get_by_role(
        "button", name="Accept as evidence"
    ).click()
    expect(office.locator("body")).to_contain_text("Accepted. It is evidence")

    office.goto("/alpha/criteria/BF2")
    office.get_by_role("link", name=re.compile("^Our agreement runs")).first.click()
    expect(office.locator("main")).to_contain_text("The Collaborative, through a request")
    partner.reload()
    expect(partner.locator("section[aria-labelledby=sent]")).to_contain_text("Accepted")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_request_is_kept_changed_sent_ended_and_asked_again(
    seeded: World, browser_page: BrowserPage, javascript: bool
) -> None:
    office = browser_page("reviewer", javascript=javascript, width=320)
    _ask(office, "BF2", press="Keep it, send it later")
    expect(office.locator("main")).to_contain_text("Nobody sees this request yet.")
    office.get_by_role("link", name="Change it").click()
    expect(office.locator("[name=what]")).to_have_value("Your agreement with the city.")
    office.fill("[name=what]", "The newest agreement.")
    office.get_by_role("button", name="Save the request").click()
    expect(office.locator("main")).to_contain_text("The newest agreement.")
    office.get_by_role("button", name="Send the request").click()
    expect(office.locator(".link-shown")).to_contain_text("/contribute/")
    office.get_by_role("button", name="End the request").click()
    expect(office.locator("main")).to_contain_text("its link opens no more")
    office.locator("summary", has_text="Ask again").click()
    office.get_by_role("button", name="Ask again").click()
    expect(office.locator(".link-shown")).to_contain_text("/contribute/")
    assert office.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_lead_answers_a_request_from_the_top_of_my_work(client_for: ClientFor, seeded: World) -> None:
    lead = client_for("lead")
    page = lead.get("/alpha/my-work").text
    assert page.index("The minutes.") < page.index("Needs you now")
    number = seeded.alpha.requests["department"]
    answer = lead.post(f"/alpha/requests/{number}/done", data={"version": "1"})
    assert answer.headers["location"].startswith("/alpha/my-work")
    assert "The minutes." not in lead.get("/alpha/my-work").text


def test_a_good_file_is_kept_when_another_is_not(live: Live, seeded: World, visitor_page: BrowserPage) -> None:
    page = visitor_page(width=320, javascript=False)
    page.goto(link_of(live, seeded, "en"))
    page.fill("[name=name]", "Ana Souza")
    page.fill("[name=note]", "We meet every month.")
    page.set_input_files(
        "[name=file]",
        [
            FilePayload(name="visits.csv", mimeType="text/csv", buffer=b"month,visits\n1,40\n"),
            FilePayload(name="evil.exe", mimeType="application/octet-stream", buffer=b"MZ\x90\x00"),
        ],
    )
    page.click(".evidence-send button")
    expect(page.locator("#file-error")).to_contain_text("evil.exe")
    expect(page.locator("section[aria-labelledby=sent]")).to_contain_text("visits")
    expect(page.locator("[name=note]")).to_have_value("")
    expect(page.locator("[name=name]")).to_have_value("Ana Souza")


def test_a_partner_s_files_come_in_parts_and_wait_while_the_form_is_mended(
    live: Live, seeded: World, visitor_page: BrowserPage, tmp_path: Path
) -> None:
    """Two files, one of several parts; the address of a page is wrong first, and nothing has to be sent twice."""
    large, small = tmp_path / "minutes.txt", tmp_path / "visits.csv"
    large.write_bytes(b"A line of the minutes.\n" * 200_000)
    small.write_bytes(b"month,visits\n1,40\n")
    page = visitor_page(width=320)
    parts: list[str] = []
    page.on("request", lambda sent: parts.append(sent.url) if sent.method == "PATCH" else None)
    page.goto(link_of(live, seeded, "en"))
    page.set_input_files("[name=file]", [large, small])
    page.fill("[name=name]", "Ana Souza")
    page.fill("[name=url]", "javascript:alert(1)")
    page.click(".evidence-send button")
    expect(page.locator("#url-error")).to_be_visible()
    expect(page.locator("main")).to_contain_text("has come and goes with the form")
    assert len(parts) == 4, "three parts of the large file, one of the small"
    page.fill("[name=url]", "https://partner.example/plan")
    page.click(".evidence-send button")
    expect(page.locator("body")).to_contain_text(SENT["en"])
    sent = page.locator("section[aria-labelledby=sent]")
    for title in ("minutes", "visits", "partner.example/plan"):
        expect(sent).to_contain_text(title)
    assert len(parts) == 4
    with live.site.database.reading() as session:
        assert session.exec(select(Upload)).all() == []


def test_parts_go_only_where_files_are_asked_for_and_only_to_one_s_own_upload(
    site: Site, seeded: World, client: TestClient, client_for: ClientFor
) -> None:
    asked = seeded.alpha.requests["partner"]
    with site.database.reading() as session:
        link = request.request_link(site, session.get_one(EvidenceRequest, asked))
    place = f"/contribute/{link.rpartition('/')[2]}/uploads"
    begins = {"Upload-Length": "5", "Upload-Metadata": "filename cGxhbi50eHQ="}
    lead = client_for("lead")
    mine = client.post(place, headers=begins)
    assert mine.status_code == 201
    theirs = lead.post("/alpha/uploads", headers=begins).headers["location"].rsplit("/", 1)[1]
    assert client.head(f"{place}/{theirs}").status_code == 404
    assert lead.head(f"/alpha/uploads/{mine.headers['location'].rsplit('/', 1)[1]}").status_code == 404
    with site.database.writing() as session:
        row = session.get_one(EvidenceRequest, asked)
        row.forms = "note"
        session.add(row)
    assert client.post(place, headers=begins).status_code == 409


def test_who_has_no_account_reads_whom_to_ask_while_the_link_works_and_after(
    client: TestClient, site: Site, seeded: World
) -> None:
    with site.database.writing() as session:
        alpha, row = session.get_one(City, seeded.alpha.id), session.get_one(EvidenceRequest, partner_request(seeded))
        row.language = "en"
        alpha.contact_name, alpha.contact_phone = "Rosa <Data>", "+1 973 555 0100"
        link = request.request_link(site, row).rpartition("/")[2]
    for ended in (False, True):
        html = client.get(f"/contribute/{link}").text
        assert ("This link no longer works" in html) == ended
        assert "Questions? Data office of Alpha City:</b> Rosa &lt;Data&gt;" in html
        assert 'href="tel:+19735550100"' in html
        with site.database.writing() as session:
            session.get_one(EvidenceRequest, partner_request(seeded)).state = "closed"
    assert "Data office of" not in client.get("/contribute/nothing").text


def partner_request(seeded: World) -> int:
    return seeded.alpha.requests["partner"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_ended_link_says_who_to_ask_in_the_language_of_the_request(
    live: Live, seeded: World, visitor_page: BrowserPage, language: str
) -> None:
    link = link_of(live, seeded, language)
    with live.site.database.writing() as session:
        row = session.get_one(EvidenceRequest, seeded.alpha.requests["partner"])
        row.state = "closed"
        session.add(row)
    page = visitor_page(language="es" if language == "en" else "en")
    page.context.clear_cookies()
    page.goto(link)
    expect(page.locator("h1")).to_have_text(
        {"en": "This link no longer works", "es": "Este enlace ya no funciona"}[language]
    )
    expect(page.locator("main")).to_contain_text("Alpha City")
    assert page.locator("main a").count() == 0


def test_the_form_takes_another_criterion_and_opening_words_and_keeps_what_was_typed(
    seeded: World, browser_page: BrowserPage
) -> None:
    office = browser_page("reviewer", javascript=False, width=320)
    office.goto("/alpha/requests/new?code=BF2")
    office.select_option("[name=code]", "BF3")
    office.select_option("[name=template]", "document")
    office.select_option("select[name=language]", "es")
    office.fill("[name=why]", "Lo pide el concejo.")
    office.get_by_role("button", name="Fill in").click()
    expect(office.locator("[name=code]")).to_have_value("BF3")
    expect(office.locator("[name=what]")).to_have_value(re.compile("documento"))
    expect(office.locator("[name=why]")).to_have_value("Lo pide el concejo.")
    assert office.evaluate("document.documentElement.scrollWidth") <= 320
    office.select_option("[name=code]", "LC2")
    office.locator("label", has_text="The Collaborative").click()
    office.get_by_role("button", name="Send the request").click()
    expect(office.locator("dl.facts")).to_contain_text("LC2")


def test_a_form_that_cannot_be_taken_comes_back_with_what_was_typed(client_for: ClientFor, seeded: World) -> None:
    answer = client_for("reviewer").post(
        "/alpha/requests",
        data={"code": "BF2", "to": "", "what": "A <b>figure</b>", "why": "", "language": "en", "due_on": "soon"},
    )
    assert answer.status_code == 422
    assert "A &lt;b&gt;figure&lt;/b&gt;" in answer.text


def test_the_ones_who_were_chosen_stay_chosen(client_for: ClientFor, seeded: World) -> None:
    partner, works = f"partner-{seeded.alpha.partner_id}", f"department-{seeded.alpha.departments['works']}"
    given = {"code": "BF2", "to": [partner, works], "what": "", "why": "Because.", "forms": "figure", "language": "en"}
    page = client_for("reviewer").post("/alpha/requests", data=given).text
    assert re.findall(r'name="to" value="([^"]+)" checked', page) == [works, partner]
