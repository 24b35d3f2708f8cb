"""The way of a lead stays as short as it is, and asks for no mouse: what `./run journeys` counts, held for what leads do most."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import BrowserPage
from tests.journeys import HEIGHTS, count_journey, exceeded, write_document

WHERE = {"lead: first evidence": "LC6", "lead: changes requested, submitted": "LC3", "lead: renewal": "LC4"}
"""A criterion of the lead that has nothing, one that was returned, and one with a verdict."""


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_journey_of_a_lead_takes_more_than_it_may(language: str, browser_page: BrowserPage) -> None:
    page = browser_page("lead", width=320, language=language)
    page.set_viewport_size({"width": 320, "height": HEIGHTS[320]})
    counted = {name: count_journey(page, name, f"/alpha/criteria/{code}") for name, code in WHERE.items()}
    assert {name: over for name, counts in counted.items() if (over := exceeded(name, counts))} == {}
    assert all(counts.taps >= 3 for counts in counted.values()), "what is counted was really done"


def test_from_the_own_work_to_the_reviewer_a_lead_needs_no_mouse(browser_page: BrowserPage, tmp_path: Path) -> None:
    page, document = browser_page("lead"), write_document(tmp_path, "plan")
    # the browser is told beforehand who chooses: told with the key, it may open its own window first
    page.on("filechooser", lambda chooser: chooser.set_files(document))
    page.goto("/alpha/my-work")
    tab_to(page, "a[href='/alpha/criteria/LC3']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/alpha/criteria/LC3")
    tab_to(page, "#file")
    page.keyboard.press("Enter")
    questions = page.locator("#question form input[name=at]")
    questions.wait_for(state="attached")
    while questions.count():
        asked = questions.get_attribute("value")
        tab_to(page, "#question form button")
        page.keyboard.press("Enter")
        page.wait_for_function(
            "asked => document.querySelector('#question input[name=at]')?.value !== asked", arg=asked
        )
    tab_to(page, "form[action$='/submit'] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/alpha/criteria/LC3/submitted**")
    expect(page.get_by_role("status").first).to_contain_text("Submitted for review")


def tab_to(page: Page, wanted: str) -> None:
    """On with the Tab key to an element that a selector tells."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"the keyboard does not get to {wanted}")
