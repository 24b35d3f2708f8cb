"""Keeping and disposing in a browser: it takes two people, and nothing of the piece is left."""

import re

import pytest
from playwright.sync_api import expect

from tests.conftest import BrowserPage, ClientFor
from tests.world import World


@pytest.mark.parametrize("javascript", [True, False])
def test_one_person_proposes_and_another_disposes(browser_page: BrowserPage, seeded: World, javascript: bool) -> None:
    page = browser_page("reviewer", javascript=javascript, width=320)
    page.goto("/alpha/retention")
    page.get_by_role("button", name=re.compile("^Propose to dispose of it.*An old draft")).click()
    expect(page.locator("body")).to_contain_text("Somebody else has to approve it.")
    assert page.get_by_role("button", name=re.compile("^Approve.*An old draft")).count() == 0

    admin = browser_page("admin", javascript=javascript)
    admin.goto("/alpha/retention")
    admin.get_by_role("button", name=re.compile("^Approve.*An old draft")).click()
    expect(admin.locator("body")).to_contain_text("Disposed of.")
    admin.goto(f"/alpha/evidence/{seeded.alpha.evidence['removed']}")
    expect(admin.locator("h1")).to_have_text("Disposed evidence")
    assert "An old draft" not in admin.content()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_class_and_a_hold_are_given_to_a_piece(browser_page: BrowserPage, seeded: World, javascript: bool) -> None:
    page = browser_page("reviewer", javascript=javascript)
    page.goto("/alpha/retention")
    page.get_by_text("Add a class").click()
    page.fill("#name", "Minutes")
    page.fill("#years", "many")
    page.get_by_role("button", name="Add the class").click()
    expect(page.locator("main")).to_contain_text("This should be a whole number.")
    expect(page.locator("#name")).to_have_value("Minutes")
    page.fill("#years", "7")
    page.get_by_role("button", name="Add the class").click()
    expect(page.locator("main")).to_contain_text("Minutes: 7 years")

    page.goto(f"/alpha/evidence/{seeded.alpha.evidence['note']}")
    page.get_by_text("How long is it kept?").click()
    page.select_option("#retention", label="Minutes")
    page.fill("#hold_reason", "A lawsuit")
    page.locator("form[action$='/retention'] button").click()
    page.goto("/alpha/retention")
    expect(page.locator("section[aria-labelledby=held]")).to_contain_text("A lawsuit")


def test_a_second_person_is_asked_for_in_words(client_for: ClientFor, seeded: World) -> None:
    reviewer, number = client_for("reviewer"), seeded.alpha.evidence["removed"]
    reviewer.post(f"/alpha/evidence/{number}/disposal", data={"version": "1"})
    answer = reviewer.post(f"/alpha/evidence/{number}/disposal/approve", data={"version": "2"})
    assert answer.status_code == 409
    assert "Somebody else must approve this" in answer.text
