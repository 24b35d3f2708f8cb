"""From a figure to a sentence for the press, in a browser."""

import pytest
from playwright.sync_api import expect

from app.services.city import find_city
from app.services.site import Site
from tests.conftest import BrowserPage, ClientFor
from tests.world import World


@pytest.mark.parametrize("javascript", [True, False])
def test_a_figure_is_approved_and_everybody_reads_its_sentence(
    browser_page: BrowserPage, seeded: World, javascript: bool
) -> None:
    page = browser_page("reviewer", javascript=javascript, width=320)
    page.goto("/alpha/claims")
    expect(page.locator("main")).to_contain_text("Nothing is approved yet")
    page.get_by_role("link", name="Response time").click()
    page.get_by_role("button", name="Approve for public use").click()
    expect(page.locator("body")).to_contain_text("Approved.")

    official = browser_page("official", javascript=javascript)
    official.goto("/alpha/claims")
    expect(official.locator("main")).to_contain_text("Response time went down by 20% from 2024 to 2025.")
    expect(official.locator("#note-1")).to_contain_text("Source: Dispatch records.")
    assert official.get_by_role("button", name="Take the approval back").count() == 0
    with official.expect_download() as download:
        official.get_by_role("link", name="Download as text").click()
    lines = download.value.path().read_text().splitlines()
    assert lines[0] == "Response time went down by 20% from 2024 to 2025. [1]"
    assert lines[2].startswith("[1] Source: Dispatch records.")

    page.get_by_role("button", name="Take the approval back").click()
    expect(page.locator("body")).to_contain_text("The approval is withdrawn.")
    official.reload()
    expect(official.locator("main")).to_contain_text("Nothing is approved yet")


def test_what_is_not_public_is_not_approved_and_the_page_says_why(client_for: ClientFor, seeded: World) -> None:
    answer = client_for("reviewer").post(
        f"/alpha/evidence/{seeded.alpha.evidence['note']}/approval", data={"version": "1"}
    )
    assert answer.status_code == 409
    assert "Only figures are approved as claims." in answer.text


def test_the_sentences_are_in_the_readers_language(client_for: ClientFor, seeded: World) -> None:
    reviewer = client_for("reviewer")
    reviewer.post(f"/alpha/evidence/{seeded.alpha.evidence['figure']}/approval", data={"version": "1"})
    reviewer.cookies.set("cityready_language", "es")
    assert "Response time: 20\u00a0% menos, de 2024 a 2025. [1]" in reviewer.get("/alpha/claims.txt").text


def test_the_text_to_copy_carries_the_notice_and_a_demonstration_its_mark(
    client_for: ClientFor, seeded: World, site: Site
) -> None:
    reviewer = client_for("reviewer")
    plain = reviewer.get("/alpha/claims.txt").text
    assert "They do not show that any criterion is met." in plain
    assert "only the program grants certification" in plain
    assert "demonstration" not in plain
    with site.database.writing() as session:
        find_city(session, "alpha").illustrative = True
    assert "This is a demonstration with illustrative data." in reviewer.get("/alpha/claims.txt").text
