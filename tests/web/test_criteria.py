"""What a department lead meets on the page of a criterion: saving, colliding, ticking, submitting, in a browser and without one."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Page, Route, expect

from app.rules.review.response import NARRATIVE_LIMIT
from app.services.site import Site
from app.store import response as responses
from app.store.history import events as history
from tests.conftest import BrowserPage, ClientFor
from tests.world import World

HARD_TEXTS = {
    "emoji": "We met 👩🏽‍💻 twice 🎉",
    "right to left": "اجتمع الفريق مرتين ‏(2026)",
    "markup": '<script>alert(1)</script><b>bold</b> & "quotes"',
    "many lines": "\n".join(["one line"] * 300),
}


def value(html: str, name: str, after: str = "") -> str:
    """The value of the first hidden field of that name, behind the text `after`."""
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', html[html.index(after) :])
    assert found, name
    return found[1]


def narrative(site: Site, world: World, code: str) -> str:
    with site.database.reading() as session:
        found = responses.find_response(session, world.alpha.id, world.alpha.assessment_id, code)
    return found.narrative if found else ""


def events(site: Site, world: World, verb: str) -> int:
    with site.database.reading() as session:
        return sum(event.verb == verb for event in history.list_chain(session, world.alpha.id))


@pytest.mark.parametrize("kind", list(HARD_TEXTS))
def test_any_text_is_kept_as_typed_and_shown_as_text(
    kind: str, client_for: ClientFor, seeded: World, site: Site
) -> None:
    lead, text = client_for("lead"), HARD_TEXTS[kind]
    answer = lead.post("/alpha/criteria/LC6/narrative", data={"narrative": text, "narrative_version": "0"})
    assert answer.status_code == 303
    assert narrative(site, seeded, "LC6") == text
    page = lead.get("/alpha/criteria/LC6").text
    assert "<script>alert" not in page


def test_a_text_that_is_too_long_is_refused_with_its_length_and_stays_in_the_field(
    client_for: ClientFor, seeded: World, site: Site
) -> None:
    before = narrative(site, seeded, "LC1")
    lead = client_for("lead")
    version = value(lead.get("/alpha/criteria/LC1").text, "narrative_version")
    answer = lead.post("/alpha/criteria/LC1/narrative", data={"narrative": "a" * 100_000, "narrative_version": version})
    assert answer.status_code == 422
    assert "at most 20,000 characters; this one has 100,000" in answer.text
    assert "a" * 100_000 in answer.text
    assert narrative(site, seeded, "LC1") == before
    assert NARRATIVE_LIMIT == 20_000


def test_two_people_on_one_text_without_javascript_both_see_both(
    client_for: ClientFor, seeded: World, site: Site
) -> None:
    lead, admin = client_for("lead"), client_for("admin")
    version = value(lead.get("/alpha/criteria/LC1").text, "narrative_version")
    assert (
        lead.post(
            "/alpha/criteria/LC1/narrative", data={"narrative": "From the lead", "narrative_version": version}
        ).status_code
        == 303
    )
    late = admin.post(
        "/alpha/criteria/LC1/narrative", data={"narrative": "From the office", "narrative_version": version}
    )
    assert late.status_code == 409
    assert "Lead of Alpha City saved this text while you were writing" in late.text
    assert "From the lead" in late.text
    assert "From the office" in late.text
    assert narrative(site, seeded, "LC1") == "From the lead"

    kept = admin.post(
        "/alpha/criteria/LC1/narrative",
        data={"narrative": "From the office", "overwrite": str(int(version) + 1), "narrative_version": version},
    )
    assert kept.status_code == 303
    page = admin.get("/alpha/criteria/LC1").text
    assert narrative(site, seeded, "LC1") == "From the office"
    assert "From the lead" in page[page.index("earlier text") :]


def test_an_old_page_does_not_undo_what_somebody_else_ticked(client_for: ClientFor, seeded: World, site: Site) -> None:
    lead, admin = client_for("lead"), client_for("admin")
    old = lead.get("/alpha/criteria/LC6").text
    items = re.findall(r'name="was\.([^"]+)"', old)
    sent = {f"was.{item}": "0" for item in items} | {f"version.{item}": "0" for item in items}
    assert admin.post("/alpha/criteria/LC6/checklist", data=sent | {f"item.{items[0]}": "on"}).status_code == 303
    assert lead.post("/alpha/criteria/LC6/checklist", data=sent | {f"item.{items[1]}": "on"}).status_code == 303
    with site.database.reading() as session:
        assert responses.load_ticked_items(session, seeded.alpha.id, seeded.alpha.responses["LC6"]) == {
            items[0],
            items[1],
        }


def test_more_items_in_place_than_are_needed_are_counted_among_all(client_for: ClientFor) -> None:
    lead = client_for("lead")
    items = re.findall(r'name="was\.([^"]+)"', lead.get("/alpha/criteria/LC6").text)
    note = {"kind": "note", "title": "Who attends", "note": "Eleven people.", "visibility": "internal", "item": items}
    assert lead.post("/alpha/criteria/LC6/evidence", data=note).status_code == 303
    shown = " ".join(lead.get("/alpha/criteria").text.split())
    line = re.search(r"(\d+) of (\d+) items, (\d+) needed", shown[shown.index("/criteria/LC6") :])
    assert line
    ticked, total, needed = map(int, line.groups())
    assert (ticked, total) == (len(items), len(items))
    assert needed < total
    assert all(int(part) <= int(whole) for part, whole in re.findall(r"(\d+) of (\d+)\b", shown))


def test_submitting_without_evidence_says_what_is_missing_and_keeps_the_text(
    client_for: ClientFor, seeded: World
) -> None:
    lead = client_for("lead")
    page = lead.get("/alpha/criteria/LC6").text
    answer = lead.post(
        "/alpha/criteria/LC6/submit",
        data={"version": value(page, "version"), "narrative": "Only words", "narrative_version": "0"},
    )
    assert answer.status_code == 409
    assert "Add at least one piece of evidence: a claim alone is not enough." in answer.text
    assert "Only words" in answer.text


def test_a_double_click_on_submit_submits_once(client_for: ClientFor, seeded: World, site: Site) -> None:
    lead = client_for("lead")
    page = lead.get("/alpha/criteria/LC1").text
    sent = {"version": value(page, "version", "panel--next")}
    first, second = (lead.post("/alpha/criteria/LC1/submit", data=sent) for _ in range(2))
    assert [first.status_code, second.status_code] == [303, 303]
    assert events(site, seeded, "submitted") == 1


def test_what_is_with_the_reviewer_cannot_be_changed_until_it_is_taken_back(
    client_for: ClientFor, seeded: World, site: Site
) -> None:
    lead, before = client_for("lead"), narrative(site, seeded, "LC2")
    page = lead.get("/alpha/criteria/LC2").text
    refused = lead.post("/alpha/criteria/LC2/narrative", data={"narrative": "Late words", "narrative_version": "1"})
    assert refused.status_code == 409
    assert "Withdraw it from review first" in refused.text
    assert narrative(site, seeded, "LC2") == before
    assert (
        lead.post("/alpha/criteria/LC2/take-back", data={"version": value(page, "version", "take-back")}).status_code
        == 303
    )
    assert "Submit for review" in lead.get("/alpha/criteria/LC2").text


def test_another_department_s_criterion_can_be_read_and_not_written(
    client_for: ClientFor, seeded: World, site: Site
) -> None:
    colleague = client_for("colleague@alpha.example")
    assert colleague.get("/alpha/criteria/LC1").status_code == 200
    answer = colleague.post("/alpha/criteria/LC1/narrative", data={"narrative": "Mine", "narrative_version": "1"})
    assert answer.status_code == 403
    assert "belongs to another department" in answer.text
    assert narrative(site, seeded, "LC1") != "Mine"


def test_a_city_s_own_wording_and_checklist_stand_in_place_of_ours_there_only(client_for: ClientFor) -> None:
    admin, other = client_for("admin"), client_for("admin", "beta")
    version = value(admin.get("/alpha/criteria/LC1/wording").text, "version")
    words = {
        "official_wording": "As the portal has it.",
        "checklist": "* Our first item\nOur second item",
        "needed": "1",
    }
    assert admin.post("/alpha/criteria/LC1/wording", data=words | {"version": version}).status_code == 303
    page = admin.get("/alpha/criteria/LC1").text
    assert "As the portal has it." in page
    assert "Our first item" in page
    assert "Our first item" not in other.get("/beta/criteria/LC1").text
    wrong = admin.post("/alpha/criteria/LC1/wording", data=words | {"needed": "3", "version": "1"})
    assert wrong.status_code == 422
    assert "from 1 to 2" in wrong.text
    assert "Our second item" in wrong.text


def open_page(browser_page: BrowserPage, role: str, **options: object) -> Page:
    page = browser_page(role, **options)
    page.goto("/alpha/criteria/LC1")
    return page


def test_two_browsers_on_one_narrative_lose_no_word(browser_page: BrowserPage, seeded: World, site: Site) -> None:
    lead, admin = open_page(browser_page, "lead"), open_page(browser_page, "admin")
    lead.locator("#narrative").fill("What the lead found out.")
    expect(lead.locator("#narrative-status")).to_contain_text("Lead of Alpha City")
    admin.locator("#narrative").fill("What the office found out.")
    expect(admin.locator("#their-text")).to_have_text("What the lead found out.")
    expect(admin.locator("#my-text")).to_have_text("What the office found out.")
    expect(admin.locator("#narrative")).to_have_value("What the office found out.")
    admin.get_by_role("button", name="Keep both, one after the other").click()
    expect(admin.locator("#narrative")).to_have_value("What the lead found out.\n\nWhat the office found out.")


def test_quick_typing_collides_with_nobody(browser_page: BrowserPage, seeded: World, site: Site) -> None:
    lead = open_page(browser_page, "lead")
    lead.locator("#narrative").fill("")
    text = "The mayor opened four meetings with data from the service center. " * 3
    lead.locator("#narrative").press_sequentially(text, delay=15)
    lead.locator("#narrative").blur()
    expect(lead.locator("#narrative-status")).to_contain_text("Saved")
    expect(lead.locator("#their-text")).to_have_count(0)
    lead.reload()
    expect(lead.locator("#narrative")).to_have_value(text)


def test_what_is_typed_while_the_script_is_still_on_its_way_is_saved(browser_page: BrowserPage, seeded: World) -> None:
    lead = browser_page("lead", width=320)

    def type_before_it_comes(script: Route) -> None:
        lead.locator("#narrative").fill("Typed on a slow telephone.")
        script.continue_()

    lead.route("**/criteria.js*", type_before_it_comes)
    with lead.expect_response(lambda answer: answer.request.method == "POST" and answer.ok):
        lead.goto("/alpha/criteria/LC1")
    lead.unroute_all()
    lead.reload()
    expect(lead.locator("#narrative")).to_have_value("Typed on a slow telephone.")


def test_a_lost_connection_keeps_the_text_and_saves_it_when_the_line_is_back(
    browser_page: BrowserPage, seeded: World
) -> None:
    lead = open_page(browser_page, "lead")
    lead.context.set_offline(True)
    lead.locator("#narrative").fill("Typed on the train.")
    lead.locator("#narrative").blur()
    expect(lead.locator("#narrative-status")).to_contain_text("the connection is lost")
    expect(lead.locator("#narrative")).to_have_value("Typed on the train.")
    lead.context.set_offline(False)
    expect(lead.locator("#narrative-status")).to_contain_text("Saved")


def test_a_session_that_ends_while_typing_loses_nothing(browser_page: BrowserPage, seeded: World, site: Site) -> None:
    lead = open_page(browser_page, "lead")
    cookies = lead.context.cookies()
    lead.context.clear_cookies(name="cityready_session")
    lead.locator("#narrative").fill("Typed after the session had ended.")
    expect(lead.locator("#narrative-status")).to_contain_text("Your text is still on this page")
    lead.context.add_cookies([cookie for cookie in cookies if cookie["name"] == "cityready_session"])  # type: ignore[misc]
    lead.locator("#narrative").press("End")
    lead.locator("#narrative").press_sequentially(" And more.")
    expect(lead.locator("#narrative-status")).to_contain_text("Saved")


def test_ticking_rating_and_submitting_work_with_the_keyboard_alone(browser_page: BrowserPage, seeded: World) -> None:
    lead = open_page(browser_page, "lead")
    box = lead.locator("#checklist input[type=checkbox]").first
    was = box.is_checked()
    box.focus()
    lead.keyboard.press("Space")
    expect(lead.locator("#checklist input[name^='version.']").first).not_to_have_value("0" if not was else "1")
    expect(box).to_be_focused()
    expect(lead.locator("#said")).to_contain_text("in place")
    lead.locator("#rating-not_met").focus()
    lead.keyboard.press("Space")
    expect(lead.locator("#rating input[name=version]")).not_to_have_value("1")
    expect(lead.locator("#said")).to_contain_text("Rating saved. Department says: not met")
    lead.get_by_role("button", name="Submit for review").focus()
    lead.keyboard.press("Enter")
    expect(lead.get_by_role("status").first).to_contain_text("Submitted for review")


def test_without_javascript_a_lead_ticks_writes_and_submits(browser_page: BrowserPage, seeded: World) -> None:
    lead = open_page(browser_page, "lead", javascript=False, width=320)
    lead.locator("#checklist label.usa-checkbox__label").last.click()
    lead.get_by_role("button", name="Save checklist").click()
    lead.locator("#narrative").fill("Written without scripts.")
    lead.get_by_role("button", name="Submit for review").click()
    expect(lead.locator("main")).to_contain_text("Submitted for review")
    lead.get_by_role("link", name="Look at LC1").click()
    expect(lead.locator("main")).to_contain_text("Written without scripts.")


def test_two_people_who_begin_the_same_response_in_one_moment_are_told_and_lose_nothing(
    client_for: ClientFor, seeded: World, site: Site
) -> None:
    """Only one first row can be written; whoever comes second gets a sentence, not a failure."""
    lead, admin = client_for("lead"), client_for("admin")
    with ThreadPoolExecutor(2) as both:
        sent = [
            both.submit(one.post, "/alpha/criteria/LC7/narrative", data={"narrative": text, "narrative_version": "0"})
            for one, text in ((lead, "From the lead"), (admin, "From the office"))
        ]
    statuses = sorted(answer.result().status_code for answer in sent)
    assert statuses == [303, 409]
    assert narrative(site, seeded, "LC7") in {"From the lead", "From the office"}


@pytest.mark.parametrize("version", [["0", "1"], ["9" * 5000], ["²"], [""]])
def test_a_tick_with_an_impossible_version_changes_nothing(
    client_for: ClientFor, seeded: World, site: Site, version: list[str]
) -> None:
    lead, before = client_for("lead"), events(site, seeded, "item_ticked")
    page = lead.get("/alpha/criteria/LC6").text
    found = re.search(r'name="was\.([^"]+)" value="0"', page)
    assert found
    form = {f"was.{found[1]}": "0", f"item.{found[1]}": "1", f"version.{found[1]}": version}
    assert lead.post("/alpha/criteria/LC6/checklist", data=form).status_code == 409
    assert events(site, seeded, "item_ticked") == before


def test_signs_that_a_report_prints_by_name_are_told_beside_the_text_before(
    client_for: ClientFor, seeded: World
) -> None:
    lead = client_for("lead")
    told = "In a report these signs are printed by their names: 🚀 [emoji: rocket]."
    sent = {"narrative": "Київ и 北京 🚀", "narrative_version": "0"}
    saved = lead.post("/alpha/criteria/LC6/narrative", data=sent, headers={"HX-Request": "true"})
    assert told in saved.text
    assert told in lead.get("/alpha/criteria/LC6").text
    lead.post("/alpha/criteria/LC6/narrative", data={"narrative": "Київ и 北京", "narrative_version": "1"})
    assert "printed by their names" not in lead.get("/alpha/criteria/LC6").text


def test_a_pasted_table_and_list_are_read_as_such(client_for: ClientFor, seeded: World) -> None:
    lead = client_for("lead")
    sent = {"narrative": "So:\n- one\n- two\nName\tYear\nParks\t2025", "narrative_version": "0"}
    lead.post("/alpha/criteria/LC6/narrative", data=sent)
    told = client_for("official").get("/alpha/criteria/LC6").text
    assert '<th scope="col">Name</th><th scope="col">Year</th>' in told
    assert "<td>Parks</td><td>2025</td>" in told
    assert "<li>one</li><li>two</li>" in told
    assert "- one\n- two\nName\tYear" in lead.get("/alpha/criteria/LC6").text, "the field has it as it was typed"
