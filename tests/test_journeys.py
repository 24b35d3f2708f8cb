"""The product in one test: a lead records evidence, the reviewer decides, an official downloads the PDF; in every language."""

from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from sqlmodel import col, select

from app.adapters.translations import load_translations
from app.services.history.verifying import verify_city
from app.settings import LANGUAGES
from app.store.city import list_cities
from app.store.report.reports import Report
from tests.conftest import BrowserPage, Live, sign_in_to_demo
from tests.printed_words import words_by_sheet

RANGE = {"en": "Silver range", "es": "rango Plata"}
"""What the estimate must be called, written down here so that a wrong translation is noticed."""


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_from_a_department_s_first_word_to_the_pdf_on_the_mayor_s_table(
    language: str, newark: Live, visitor_page: BrowserPage, tmp_path: Path
) -> None:
    say = load_translations(language).ugettext

    lead = visitor_page(language=language, width=320)
    sign_in_to_demo(lead, "lead@newark.example")
    expect(lead.locator("html")).to_have_attribute("lang", language)
    lead.locator("a[href='/newark/criteria/DM9']").first.click()
    expect(lead.locator("#checks")).to_contain_text(
        say("There is nothing to review yet: add at least one piece of evidence, and say how your city meets it.")
    )
    for item in lead.locator("#checklist label.usa-checkbox__label").all():
        item.click()
    lead.locator("label[for=rating-met]").click()
    lead.locator("#narrative").fill(
        "The standard was published in May and every new product is checked against it. ✓ العربية"
    )
    lead.locator("#narrative").blur()
    expect(lead.locator("#narrative-status")).to_contain_text("Maya Lindenfield")

    add_files(lead, tmp_path, say("Add evidence"))
    add_link(lead)
    add_figure(lead)
    expect(lead.locator("main")).to_contain_text("service-standard")
    lead.get_by_role("button", name=say("Submit for review")).click()
    expect(lead.get_by_role("status").first).to_contain_text(
        say("Submitted for review. It is now in the data office’s queue.")
    )

    reviewer = visitor_page(language=language)
    sign_in_to_demo(reviewer, "reviewer@newark.example")
    reviewer.goto("/newark/review")
    reviewer.locator("a[href^='/newark/review/DM9']").click()
    expect(reviewer.locator("main")).to_contain_text("The standard was published in May")
    reviewer.locator("label[for=decision-met]").click()
    reviewer.fill("#reason", "The standard is public and is used.")
    reviewer.get_by_role("button", name=say("Record the verdict")).click()
    recorded = say("%(code)s %(title)s: %(verdict)s, recorded.").rpartition("%(verdict)s")[2]
    expect(reviewer.locator("[role=status]").first).to_contain_text(recorded)

    official = visitor_page(language=language)
    sign_in_to_demo(official, "official@newark.example")
    expect(official.locator("main")).to_contain_text(RANGE[language])
    expect(official.locator("main")).to_contain_text("25")
    official.locator("form[action$='/reports'] label", has_text=LANGUAGES[language]).click()
    official.locator("form[action$='/reports'] label[for=audience-council]").click()
    official.locator("form[action$='/reports'] label[for*=full]").click()
    official.locator("form[action$='/reports'] button").click()
    official.wait_for_url("**/reports/**")
    until_made(newark, official)
    with official.expect_download() as download:
        official.get_by_role("link", name=say("Download the PDF")).click()
    file = Path(download.value.path()).read_bytes()
    text = " ".join(words_by_sheet(file))
    assert RANGE[language] in text
    assert say("Our own review found %(met)s of %(total)s criteria met.") % {"met": 25, "total": 43} in text
    assert "The standard is public and is used." in text
    assert str((PdfReader(BytesIO(file)).trailer["/Root"])["/Lang"]).startswith(language)  # type: ignore[index]

    with newark.site.database.snapshot() as session:
        checks = [verify_city(session, city.id) for city in list_cities(session)]
    assert [str(problem) for check in checks for problem in check.problems] == []


def until_made(live: Live, page: Page) -> None:
    """Wait for the report as long as the worker has it to do: it ends made or failed, however many files are read before it."""
    newest = select(Report.state).order_by(col(Report.id).desc())
    state = "waiting"
    while state in {"waiting", "making"}:
        page.wait_for_timeout(200)
        with live.site.database.reading() as session:
            state = session.exec(newest).first() or "none was asked for"
    assert state == "ready"


def add_files(page: Page, folder: Path, add: str) -> None:
    files = [folder / "service-standard.txt", folder / "check-of-one-product.csv"]
    files[0].write_text("Every product is tested with its users before it opens.\n")
    files[1].write_text("product,checked on\nrequests map,2026-05-04\n")
    page.get_by_role("link", name=add).click()
    page.set_input_files("#file", files)
    page.locator(".evidence-send button").click()
    page.wait_for_url("**/criteria/DM9?done=*")


def add_link(page: Page) -> None:
    page.goto("/newark/criteria/DM9/evidence/new?kind=link")
    page.fill("#url", "www.newark.example/service-standard")
    page.locator(".evidence-send button").click()
    page.wait_for_url("**/criteria/DM9?done=*")


def add_figure(page: Page) -> None:
    page.goto("/newark/criteria/DM9/evidence/new?kind=figure")
    page.fill("#title", "Products checked against the standard")
    page.fill("#baseline_value", "4")
    page.fill("#baseline_period", "2024")
    page.fill("#current_value", "9")
    page.fill("#current_period", "2025")
    page.fill("#source", "Data office")
    page.locator(".evidence-send button").click()
    page.wait_for_url("**/criteria/DM9?done=*")
    expect(page.locator("main")).to_contain_text("125")
