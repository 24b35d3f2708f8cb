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
    expect(page.locator("body")).to_contain_text("Someone else has to approve it.")
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
    page.fill("#name-new", "Minutes")
    page.fill("#years-new", "many")
    page.get_by_role("button", name="Add the class").click()
    expect(page.locator("main")).to_contain_text("This should be a whole number.")
    expect(page.locator("#name-new")).to_have_value("Minutes")
    page.fill("#years-new", "7")
    page.get_by_role("button", name="Add the class").click()
    expect(page.locator("main")).to_contain_text("Minutes: 7 years")

    page.goto(f"/alpha/evidence/{seeded.alpha.evidence['note']}")
    page.get_by_text("How long is it kept?").click()
    page.select_option("#retention", label="Minutes")
    page.fill("#hold_reason", "A lawsuit")
    page.locator("form[action*='/retention#'] button").click()
    page.wait_for_url("**done=*")
    page.goto("/alpha/retention")
    expect(page.locator("section[aria-labelledby=held]")).to_contain_text("A lawsuit")


def test_a_second_person_is_asked_for_in_words(client_for: ClientFor, seeded: World) -> None:
    reviewer, number = client_for("reviewer"), seeded.alpha.evidence["removed"]
    reviewer.post(f"/alpha/evidence/{number}/disposal", data={"version": "1"})
    answer = reviewer.post(f"/alpha/evidence/{number}/disposal/approve", data={"version": "2"})
    assert answer.status_code == 409
    assert "Someone else must approve this" in answer.text


@pytest.mark.parametrize("javascript", [True, False])
def test_a_class_is_changed_in_its_own_form_and_removed_when_no_piece_has_it(
    browser_page: BrowserPage, seeded: World, javascript: bool
) -> None:
    unused = seeded.alpha.classes["unused"]
    page = browser_page("reviewer", javascript=javascript, width=320)
    page.goto("/alpha/retention")
    expect(page.locator("li", has_text="drafts: 1 year")).to_contain_text("2 pieces")
    assert page.get_by_role("button", name=re.compile("^Remove the class.*drafts"), include_hidden=True).count() == 0
    page.get_by_text("Change or remove: unused").click()
    page.fill(f"#name-{unused}", "Drafts")
    page.fill(f"#years-{unused}", "30")
    page.get_by_role("button", name=re.compile("^Save changes.*unused")).click()
    expect(page.locator("#name-error")).to_contain_text("There is a class “Drafts” already.")
    expect(page.locator(f"#years-{unused}")).to_have_value("30")
    expect(page.locator(f"#name-{seeded.alpha.classes['drafts']}")).to_have_value("drafts")
    assert page.locator(".usa-error-message").count() == 1
    page.fill(f"#name-{unused}", "Contracts")
    page.get_by_role("button", name=re.compile("^Save changes.*unused")).click()
    expect(page.locator("main")).to_contain_text("Contracts: 30 years")
    page.get_by_text("Change or remove: Contracts").click()
    page.get_by_role("button", name=re.compile("^Remove the class.*Contracts")).click()
    expect(page.locator("body")).to_contain_text("The class is removed.")
    assert page.get_by_text("Contracts").count() == 0


def test_another_persons_change_of_a_class_is_not_overwritten(client_for: ClientFor, seeded: World) -> None:
    reviewer, address = client_for("reviewer"), f"/alpha/retention/classes/{seeded.alpha.classes['unused']}"
    reviewer.post(address, data={"version": "1", "name": "Contracts", "years": "7"})
    late = reviewer.post(address, data={"version": "1", "name": "Permits", "years": "3"})
    assert late.status_code == 409
    assert 'value="Permits"' in late.text, "what was typed stays"
    assert reviewer.post(f"{address}/remove", data={"version": "1"}).status_code == 409
    assert "Contracts</bdi>: 7 years" in reviewer.get("/alpha/retention").text


def test_a_removed_piece_without_a_class_is_kept_and_the_page_says_so(client_for: ClientFor, seeded: World) -> None:
    reviewer, number = client_for("reviewer"), seeded.alpha.evidence["removed"]
    reviewer.post(f"/alpha/evidence/{number}/retention", data={"version": "1", "retention": "", "hold_reason": ""})
    page = reviewer.get("/alpha/retention").text
    assert "An old draft" in page.partition("Removed, and without a class")[2]
    answer = reviewer.post(f"/alpha/evidence/{number}/disposal", data={"version": "2"})
    assert answer.status_code == 409
    assert "No retention class says how long it is kept." in answer.text
