"""The quarterly renewal of a core criterion: a lead's one page and one form, a reviewer's one key, and no alarm meanwhile."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.adapters.translations import load_translations
from app.services.account.sessions import today_in
from app.settings import LANGUAGES
from app.store.city import city_values, find_city
from tests.conftest import BrowserPage, Live, sign_in_to_demo
from tests.small_files import pdf_of


def expect_no_alarm(page: Page, uncertifiable: str) -> None:
    for path in ("/newark/board", "/newark/readiness"):
        page.goto(path)
        expect(page.locator(".estimate__head")).not_to_contain_text(uncertifiable)
        expect(page.locator(".two-results")).not_to_contain_text(uncertifiable)


@pytest.mark.parametrize(("language", "scripts"), [*((code, True) for code in LANGUAGES), ("en", False)])
def test_a_core_criterion_is_renewed_beside_its_verdict(
    language: str, scripts: bool, newark: Live, visitor_page: BrowserPage
) -> None:
    say = load_translations(language).ugettext
    options = {"language": language, "javascript": scripts}
    official = visitor_page(**options)
    sign_in_to_demo(official, "official@newark.example")
    expect_no_alarm(official, say("not certifiable"))

    lead = visitor_page(width=320, **options)
    sign_in_to_demo(lead, "lead@newark.example")
    lead.goto("/newark/criteria/DM1/evidence/new?kind=file&item=meetings")
    expect(lead.locator("main")).to_contain_text(say("What you handed in last time"))
    lead.set_input_files("#file", {"name": "minutes.pdf", "mimeType": "application/pdf", "buffer": pdf_of("Minutes")})
    with newark.site.database.reading() as session:
        city = find_city(session, "newark")
        assert city
        today = today_in(city_values(city))
    lead.fill("#period_from", (today - timedelta(days=80)).isoformat())
    lead.fill("#period_to", today.isoformat())
    lead.locator("main form button", has_text=say("Add evidence")).last.click()
    lead.wait_for_url("**/criteria/DM1**")
    expect(lead.locator("main")).to_contain_text(say("Verdict: met"))
    expect(lead.locator("main")).to_contain_text(
        say("Renewed, not looked at yet: the data office confirms the newer evidence. The verdict stands meanwhile.")
    )
    expect_no_alarm(official, say("not certifiable"))

    reviewer = visitor_page(**options)
    sign_in_to_demo(reviewer, "reviewer@newark.example")
    reviewer.goto("/newark/review/DM1")
    if scripts:
        reviewer.locator("main").press("y")
    else:
        reviewer.locator("button[name=step][value=confirm]").click()
    expect(reviewer.get_by_role("status").first).to_contain_text(
        say("Still met. The newer evidence counts from now on.")
    )
    expect_no_alarm(official, say("not certifiable"))
