"""The review pages over HTTP and in a browser."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlmodel import select
from starlette.testclient import TestClient

from app.services.site import Site
from app.store.database.engine import now
from app.store.evidence.pieces import EvidenceSupport
from app.store.response import ChecklistAnswer, Response
from app.store.review import Verdict
from tests.conftest import BrowserPage, ClientFor, Live
from tests.world import EDITION, World


@pytest.fixture
def reviewer(client_for: ClientFor) -> TestClient:
    return client_for("reviewer")


def verdicts(site: Site, seeded: World, code: str) -> list[Verdict]:
    with site.database.reading() as session:
        query = select(Verdict).where(Verdict.response_id == seeded.alpha.responses[code])
        return list(session.exec(query))


def verdict(client: TestClient, code: str, decision: str, reason: str = "", version: str = "1", **more: str):  # type: ignore[no-untyped-def]
    data = {"decision": decision, "reason": reason, "version": version, **more}
    return client.post(f"/alpha/review/{code}/verdict", data=data)


def test_the_queue_shows_what_waits_and_leads_to_the_panel(reviewer: TestClient) -> None:
    html = reviewer.get("/alpha/review").text
    assert "Lead of Alpha City" in html
    assert 'href="/alpha/review/LC2"' in html
    assert 'href="/alpha/review/LC4"' not in html


def test_filters_travel_from_the_queue_to_the_panel_and_on(reviewer: TestClient, seeded: World) -> None:
    department = seeded.alpha.departments["finance"]
    html = reviewer.get(f"/alpha/review?department={department}&claimed=nobody").text
    assert f'href="/alpha/review/LC2?department={department}&amp;claimed=nobody"' in html
    answer = reviewer.post(
        f"/alpha/review/LC2/verdict?department={department}",
        data={"decision": "met", "reason": "Seen.", "version": "1"},
    )
    assert answer.headers["location"] == f"/alpha/review?department={department}&undo=LC2-2&done=decided"
    done = reviewer.get(answer.headers["location"]).text
    assert "LC2 " in done
    assert ": met, recorded." in done


def test_an_empty_tab_says_what_will_be_there(reviewer: TestClient) -> None:
    assert "Nothing fits these filters" in reviewer.get("/alpha/review?area=nowhere").text
    verdict(reviewer, "LC2", "met", "Seen.")
    verdict(reviewer, "DM2", "met", "Seen.")
    assert "You are up to date" in reviewer.get("/alpha/review?all=1").text


def test_the_queue_is_searched_narrowed_and_put_in_order_within_its_tab(reviewer: TestClient) -> None:
    def codes(query: str) -> list[str]:
        return re.findall(r'href="/alpha/review/([A-Z]+\d)[?"]', reviewer.get(f"/alpha/review?{query}").text)

    assert codes("all=1") == ["LC2", "DM2"]
    assert codes("sort=new") == ["DM2", "LC2"]
    assert codes("q=explic+choices") == []
    assert codes("q=EXPLÁIN+choices") == ["LC2"]
    assert codes("tab=decided&core=1") == ["DM1"]
    html = reviewer.get("/alpha/review?tab=decided&core=1&q=data").text
    assert "1 of 3" in html
    assert 'href="/alpha/review?tab=decided&amp;q=data"' in html, "a filter is taken off without leaving the tab"
    assert 'href="/alpha/review?tab=decided&amp;all=1"' in html
    again = reviewer.get("/alpha/review?tab=returned")
    assert again.headers["location"] == "/alpha/review?core=1&again=1&tab=returned"


@pytest.mark.parametrize("query", ["?tab=nothing", "?department=-1", "?area='--", "?claimed=%F0%9F%98%80", "?tab="])
def test_a_strange_address_still_shows_a_queue(reviewer: TestClient, query: str) -> None:
    assert reviewer.get(f"/alpha/review{query}").status_code == 200


def test_the_panel_keeps_self_rating_and_verdict_apart(reviewer: TestClient) -> None:
    html = reviewer.get("/alpha/review/LC5").text
    pair = html[html.index('class="pair"') :]
    assert "Department says: met" in pair
    assert "Not met" in pair
    assert "The plan does not name who is responsible." in html
    assert "Seen on paper too." in html


def test_after_a_verdict_the_next_waiting_response_opens(reviewer: TestClient) -> None:
    answer = verdict(reviewer, "LC2", "met", "Seen on site.")
    assert (answer.status_code, answer.headers["location"]) == (303, "/alpha/review/DM2?undo=LC2-2&done=decided")
    html = reviewer.get(answer.headers["location"]).text
    assert re.search(r"LC2 [^<:]+: met, recorded\.", html)
    assert 'action="/alpha/review/LC2/undo"' in html
    undone = reviewer.post("/alpha/review/LC2/undo", data={"version": "2"})
    assert undone.headers["location"] == "/alpha/review/LC2?done=verdict-undone"
    assert ": met, recorded." not in reviewer.get(answer.headers["location"]).text


@pytest.mark.parametrize("mark", ["LC2", "LC2-x", "XX9-1", "-", "LC2-" + "9" * 40, "LC7-1"])
def test_a_mark_that_names_no_verdict_names_none(reviewer: TestClient, mark: str) -> None:
    html = reviewer.get(f"/alpha/review/DM2?undo={mark}&done=decided").text
    assert "Verdict recorded." in html
    assert "/undo" not in html


def test_the_piece_that_the_address_names_is_open_and_each_piece_is_listed_once(
    reviewer: TestClient, seeded: World
) -> None:
    ids = seeded.alpha.evidence
    html = reviewer.get(f"/alpha/review/LC1?piece={ids['figure']}").text
    assert 'id="seen-title"><bdi>Response time</bdi>' in html
    assert html.count("<bdi>Adopted plan</bdi>") == 1
    part = reviewer.get(f"/alpha/review/LC1?piece={ids['file']}&page=1", headers={"HX-Request": "true"}).text
    assert f'/alpha/evidence/{ids["file"]}/preview/1"' in part
    assert "<html" not in part


@pytest.mark.parametrize("query", ["piece=x", "piece=-1", "piece=99999999999", "piece=1&page=%D9%A3", "page=0"])
def test_a_strange_piece_in_the_address_still_shows_the_panel(reviewer: TestClient, query: str) -> None:
    assert reviewer.get(f"/alpha/review/LC1?{query}").status_code == 200


def test_from_a_piece_one_gets_back_to_where_one_came_from(
    reviewer: TestClient, client_for: ClientFor, seeded: World
) -> None:
    piece = seeded.alpha.evidence["file"]
    assert f'href="/alpha/evidence/{piece}?from=review-LC1"' in reviewer.get(f"/alpha/review/LC1?piece={piece}").text
    back = f'href="/alpha/review/LC1?piece={piece}"'
    assert back in reviewer.get(f"/alpha/evidence/{piece}?from=review-LC1").text
    assert back not in client_for("lead").get(f"/alpha/evidence/{piece}?from=review-LC1").text
    for strange in ("review-", "elsewhere-LC1", "review-..%2F..", "criteria-%22%3E"):
        html = reviewer.get(f"/alpha/evidence/{piece}?from={strange}").text
        assert "Evidence library" in html or 'href="/alpha/criteria/LC1"' in html
        assert 'criteria/"' not in html


def test_a_refused_verdict_keeps_the_reason_and_says_why(reviewer: TestClient, site: Site, seeded: World) -> None:
    answer = verdict(reviewer, "LC1", "not_met", "Two owners & <no> plan.")
    assert answer.status_code == 409
    assert "has not submitted this response" in answer.text
    assert verdicts(site, seeded, "LC1") == []
    changed = verdict(reviewer, "LC2", "not_met", "Two owners & <no> plan.", version="9")
    assert changed.status_code == 409
    assert "Two owners &amp; &lt;no&gt; plan." in changed.text
    assert re.search(r'value="not_met"[^>]* checked', changed.text)


def test_a_missing_reason_is_said_at_the_field(reviewer: TestClient) -> None:
    answer = verdict(reviewer, "LC2", "changes_asked")
    assert answer.status_code == 422
    assert 'id="reason-error"' in answer.text


@pytest.mark.parametrize("version", ["", "x", "1.5", "99999999999999999999"])
def test_a_verdict_without_a_usable_version_is_not_taken(
    reviewer: TestClient, site: Site, seeded: World, version: str
) -> None:
    assert verdict(reviewer, "LC2", "met", "Seen.", version=version).status_code == 422
    assert verdicts(site, seeded, "LC2") == []


def test_without_javascript_an_opening_is_put_before_the_reason(
    reviewer: TestClient, site: Site, seeded: World
) -> None:
    verdict(reviewer, "LC2", "changes_asked", "the plan of 2026.", opening="further_evidence")
    assert verdicts(site, seeded, "LC2")[0].reason == "Further evidence is needed: the plan of 2026."


def test_a_double_click_is_told_that_the_verdict_stands(reviewer: TestClient, site: Site, seeded: World) -> None:
    verdict(reviewer, "LC2", "met", "Seen.")
    answer = verdict(reviewer, "LC2", "met", "Seen, and typed.")
    assert answer.status_code == 409
    assert "decided already" in answer.text
    assert "Seen, and typed." in answer.text
    assert len(verdicts(site, seeded, "LC2")) == 1


def test_claiming_releasing_and_opening_again_answer_with_what_happened(reviewer: TestClient) -> None:
    claimed = reviewer.post("/alpha/review/LC2/claim", data={"version": "1"})
    assert claimed.headers["location"] == "/alpha/review/LC2?done=claimed"
    assert "This response is assigned to you." in reviewer.get("/alpha/review/LC2").text
    released = reviewer.post("/alpha/review/LC2/release", data={"version": "2"})
    assert released.headers["location"] == "/alpha/review/LC2?done=released"
    opened = reviewer.post("/alpha/review/LC4/reopen", data={"version": "1", "why": "New facts."})
    assert opened.headers["location"] == "/alpha/review/LC4?done=reopened"
    assert "New facts." in reviewer.get("/alpha/review/LC4").text


def test_a_comment_goes_back_to_the_page_that_it_was_written_on(reviewer: TestClient, client_for: ClientFor) -> None:
    answer = reviewer.post("/alpha/criteria/LC2/comments", data={"text": "Which year?", "back": "review"})
    assert answer.headers["location"] == "/alpha/review/LC2?done=commented"
    lead = client_for("lead").post("/alpha/criteria/LC2/comments", data={"text": "2026.", "back": "review"})
    assert lead.headers["location"] == "/alpha/criteria/LC2?done=commented"
    html = reviewer.get("/alpha/review/LC2").text
    assert html.index("Which year?") < html.index("2026.")


def test_a_comment_that_is_too_long_is_kept_for_shortening(client_for: ClientFor) -> None:
    text = "Too much. " * 500
    for role, back in (("lead", ""), ("reviewer", "review")):
        answer = client_for(role).post("/alpha/criteria/LC2/comments", data={"text": text, "back": back})
        assert answer.status_code == 422
        assert text.strip() in answer.text


@pytest.mark.parametrize("role", ["lead", "official"])
def test_only_the_data_office_reviews(client_for: ClientFor, site: Site, seeded: World, role: str) -> None:
    client = client_for(role)
    assert client.get("/alpha/review").status_code == 403
    assert client.get("/alpha/review/LC2").status_code == 403
    assert verdict(client, "LC2", "met", "Mine.").status_code == 403
    assert verdicts(site, seeded, "LC2") == []


def test_a_nul_in_a_text_is_left_out(reviewer: TestClient, site: Site, seeded: World) -> None:
    assert verdict(reviewer, "LC2", "met", "Se\x00en.").status_code == 303
    assert verdicts(site, seeded, "LC2")[0].reason == "Seen."


def test_hostile_text_is_only_text(reviewer: TestClient) -> None:
    reviewer.post("/alpha/criteria/LC2/comments", data={"text": "<script>alert(1)</script> 🦊 שלום", "back": "review"})
    html = reviewer.get("/alpha/review/LC2").text
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 🦊 שלום" in html


def test_one_key_chooses_a_verdict_and_goes_on(browser_page: BrowserPage) -> None:
    page = browser_page("reviewer")
    page.goto("/alpha/review/LC2")
    page.keyboard.press("n")
    expect(page.get_by_label("Not met")).to_be_checked()
    page.keyboard.press("c")
    expect(page.get_by_label("Changes requested")).to_be_checked()
    page.keyboard.press("j")
    expect(page).to_have_url(re.compile("/alpha/review/DM2$"))
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("/alpha/review/LC2$"))


def test_letters_typed_into_the_reason_are_only_letters(browser_page: BrowserPage) -> None:
    page = browser_page("reviewer")
    page.goto("/alpha/review/LC2")
    page.get_by_label("Reason", exact=True).press_sequentially("mnjck")
    expect(page.get_by_label("Reason", exact=True)).to_have_value("mnjck")
    expect(page.locator("input[name=decision]:checked")).to_have_count(0)
    expect(page).to_have_url(re.compile("/alpha/review/LC2$"))


def test_the_keys_can_be_switched_off_for_good(browser_page: BrowserPage) -> None:
    page = browser_page("reviewer")
    page.goto("/alpha/review/LC2")
    page.keyboard.press("?")
    page.get_by_text("Use these keys").click()
    page.reload()
    page.keyboard.press("?")
    expect(page.get_by_label("Use these keys")).not_to_be_visible()
    page.get_by_role("button", name="Keyboard").click()
    expect(page.get_by_label("Use these keys")).not_to_be_checked()
    page.get_by_role("button", name="Close", exact=True).click()
    page.keyboard.press("m")
    expect(page.locator("input[name=decision]:checked")).to_have_count(0)


def test_a_button_begins_the_reason_once(browser_page: BrowserPage) -> None:
    page = browser_page("reviewer")
    page.goto("/alpha/review/LC2")
    for _ in range(2):
        page.get_by_role("button", name="Wrong period").click()
    expect(page.get_by_label("Reason", exact=True)).to_have_value("The evidence does not cover the period asked for: ")
    page.keyboard.type("2019 only.")
    page.locator("label[for=decision-changes_asked]").click()
    page.get_by_role("button", name="Record the verdict").click()
    expect(page.get_by_role("status").first).to_contain_text(": changes requested, recorded.")
    expect(page.locator("#said")).to_contain_text(": changes requested, recorded.")
    page.goto("/alpha/review/LC2")
    expect(page.get_by_text("The evidence does not cover the period asked for: 2019 only.")).to_be_visible()


TEN = ("LC1", "LC2", "LC4", "LC5", "LC6", "DM1", "DM2", "DM3", "PA1", "PA2")


def submit_ten(site: Site, seeded: World) -> None:
    """Ten responses that wait, each with all items ticked and supported."""
    city = seeded.alpha
    common: dict[str, Any] = {"city_id": city.id}
    with site.database.writing() as session:
        for verdict in session.exec(select(Verdict).where(Verdict.city_id == city.id)):
            verdict.withdrawn_at = now()
        for code in TEN:
            row = session.exec(select(Response).where(Response.city_id == city.id, Response.criterion == code)).first()
            row = row or Response(**common, assessment_id=city.assessment_id, criterion=code)
            row.state, row.submitted_at, row.submitted_by = "submitted", now(), city.people["lead"]
            session.add(row)
            session.flush()
            for item in site.edition(EDITION, "en").criteria[code].checklist:
                session.add(ChecklistAnswer(**common, response_id=row.id, item=item.id, ticked=True))
                support: dict[str, Any] = {"evidence_id": city.evidence["note"], "response_id": row.id, "item": item.id}
                session.add(EvidenceSupport(**common, **support))


def test_ten_verdicts_take_ten_times_two_keys_in_one_tab(browser_page: BrowserPage, live: Live, seeded: World) -> None:
    submit_ten(live.site, seeded)
    page = browser_page("reviewer")
    page.goto("/alpha/review/LC1")
    for left in range(9, -1, -1):
        page.keyboard.press("m")
        page.keyboard.press("Enter")
        expect(page.locator("[data-done]")).to_contain_text(": met, recorded.")
        expect(
            page.get_by_text(f"1 of {left}", exact=True).first if left else page.get_by_text("You are up to date")
        ).to_be_visible()
    assert len(page.context.pages) == 1
    page.keyboard.press("z")
    expect(page.locator("#said")).to_have_text("Undone. The response waits for review again.")


def test_another_piece_is_seen_by_one_key_and_keeps_what_is_typed(
    browser_page: BrowserPage, seeded: World, live: Live
) -> None:
    with live.site.database.writing() as session:
        session.get_one(Response, seeded.alpha.responses["LC1"]).state = "submitted"
    page = browser_page("reviewer")
    page.goto("/alpha/review/LC1")
    page.get_by_label("Reason", exact=True).fill("So far, so good.")
    page.get_by_label("Not met").focus()
    page.keyboard.press("e")
    expect(page.locator("#seen-title")).to_have_text("Open data page")
    expect(page).to_have_url(re.compile(rf"piece={seeded.alpha.evidence['link']}&"))
    page.keyboard.press("w")
    expect(page.locator("#seen-title")).to_have_text("Adopted plan")
    page.keyboard.press("d")
    expect(page.get_by_text("Page 2 of 12")).to_be_visible()
    expect(page.get_by_label("Reason", exact=True)).to_have_value("So far, so good.")


def test_a_key_pressed_the_moment_a_piece_is_seen_keeps_what_is_typed(
    browser_page: BrowserPage, seeded: World, live: Live
) -> None:
    with live.site.database.writing() as session:
        session.get_one(Response, seeded.alpha.responses["LC1"]).state = "submitted"
    page = browser_page("reviewer")
    page.goto("/alpha/review/LC1")
    page.get_by_label("Reason", exact=True).fill("So far, so good.")
    page.evaluate(
        """new MutationObserver((changes, watch) => {
            const back = document.querySelector("[data-step=piece-back]");
            if (back) { watch.disconnect(); back.click(); }
        }).observe(document.querySelector(".review-sides"), { childList: true })"""
    )
    page.get_by_label("Not met").focus()
    page.keyboard.press("e")
    expect(page).to_have_url(re.compile(rf"piece={seeded.alpha.evidence['file']}&"))
    expect(page.get_by_label("Reason", exact=True)).to_have_value("So far, so good.")


def test_a_question_waits_at_the_menu_and_in_its_tab_until_it_is_answered(
    reviewer: TestClient, client_for: ClientFor, site: Site, seeded: World
) -> None:
    lead = client_for("lead")
    asked = lead.post("/alpha/criteria/LC1/comments", data={"text": "Does a draft <count>?", "to": "office"})
    assert asked.headers["location"] == "/alpha/criteria/LC1?done=asked"
    tab = reviewer.get("/alpha/review?tab=questions").text
    assert "Does a draft &lt;count&gt;?" in tab
    assert re.search(r'Review\s*<span class="site-count">3<', tab)
    comment = re.search(r'/alpha/review/LC1#comment-(\d+)"', tab)
    assert comment
    reply = {"text": "It does not.", "back": "review", "reply_to": comment[1]}
    answer = reviewer.post("/alpha/criteria/LC1/comments", data=reply)
    assert answer.headers["location"] == "/alpha/review/LC1?done=commented"
    assert "No one waits for an answer" in reviewer.get("/alpha/review?tab=questions").text
    html = lead.get("/alpha/criteria/LC1").text
    assert html.index("Does a draft") < html.index("Asked the data office: answered") < html.index("It does not.")


def test_what_the_department_is_asked_stands_under_its_work(reviewer: TestClient, client_for: ClientFor) -> None:
    reviewer.post("/alpha/criteria/LC1/comments", data={"text": "Which year?", "to": "department", "back": "review"})
    lead = client_for("lead")
    html = lead.get("/alpha/my-work").text
    assert "Questions to you" in html
    assert "Which year?" in html
    assert "Which year?" not in client_for("colleague").get("/alpha/my-work").text


def test_a_request_to_reopen_lands_on_the_panel_and_is_declined_with_a_reason(
    reviewer: TestClient, client_for: ClientFor
) -> None:
    lead = client_for("lead")
    assert "Ask to reopen" in lead.get("/alpha/criteria/LC4").text
    empty = lead.post("/alpha/criteria/LC4/reopening", data={"reopen_reason": " "})
    assert empty.status_code == 422
    assert 'id="reopen_reason-error"' in empty.text
    asked = lead.post("/alpha/criteria/LC4/reopening", data={"reopen_reason": "The year is wrong."})
    assert asked.headers["location"] == "/alpha/criteria/LC4?done=reopening-asked"
    assert "Ask to reopen" not in lead.get("/alpha/criteria/LC4").text
    assert "Asks to reopen" in reviewer.get("/alpha/review?tab=questions").text
    assert "The year is wrong." in reviewer.get("/alpha/review/LC4").text
    bare = reviewer.post("/alpha/review/LC4/reopening", data={"step": "decline", "version": "1"})
    assert bare.status_code == 422
    assert 'id="decline_reason-error"' in bare.text
    declined = {"step": "decline", "decline_reason": "It is right.", "version": "1"}
    answer = reviewer.post("/alpha/review/LC4/reopening", data=declined)
    assert answer.headers["location"] == "/alpha/review/LC4?done=reopening-declined"
    assert "It is right." in lead.get("/alpha/criteria/LC4").text


def test_an_answer_to_a_comment_that_is_not_there_is_not_found(reviewer: TestClient) -> None:
    reply = {"text": "To whom?", "reply_to": "99999"}
    assert reviewer.post("/alpha/criteria/LC1/comments", data=reply).status_code == 404
    assert reviewer.post("/alpha/criteria/LC1/comments/99999/answered").status_code == 404


def test_the_whole_journey_of_a_reviewer_takes_no_mouse(browser_page: BrowserPage, live: Live, seeded: World) -> None:
    submit_ten(live.site, seeded)
    page = browser_page("reviewer")
    page.goto("/alpha/review")
    focused = "document.activeElement.getAttribute('href') ?? ''"
    for _ in range(60):
        page.keyboard.press("Tab")
        if "/review/" in page.evaluate(focused):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#decide")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("m")
    page.keyboard.press("Escape")
    expect(page.locator("input[name=decision]:checked")).to_have_count(0)
    page.keyboard.press("c")
    page.keyboard.press("Tab")
    for _ in range(8):
        if page.evaluate("document.activeElement.id") == "reason":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("Name the owner?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-done]")).to_contain_text(": changes requested, recorded.")
    page.keyboard.press("j")
    expect(page.get_by_text("2 of 9", exact=True).first).to_be_visible()
