"""The planner as people use it: found, picked by hand, saved, adopted; with and without JavaScript."""

import re

from playwright.sync_api import expect

from tests.conftest import BrowserPage, ClientFor
from tests.world import World


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_planner_answers_with_the_cheapest_sets_and_why(client_for: ClientFor) -> None:
    page = words(client_for("reviewer").get("/alpha/planning?level=silver").text)
    assert "20 criteria are enough for the Silver range." in page
    assert page.count("Option") >= 5
    assert "Leave any one out and" in page
    assert "LC1" in page


def test_what_is_out_of_reach_says_why(client_for: ClientFor) -> None:
    page = words(client_for("reviewer").get("/alpha/planning?level=platinum&by=2026-12-31").text)
    assert "You cannot reach the Platinum range like this." in page


def test_a_wrong_date_is_said_at_the_field_and_kept(client_for: ClientFor) -> None:
    answer = client_for("official").get("/alpha/planning?by=soon")
    assert answer.status_code == 422
    assert 'value="soon"' in answer.text
    assert "is not a date" in answer.text


def test_a_set_is_kept_in_its_address_and_changes_with_it(client_for: ClientFor) -> None:
    client = client_for("lead")
    one = words(client.get("/alpha/planning/tiles?level=silver&pick=LC2").text)
    two = words(client.get("/alpha/planning/tiles?level=silver&pick=LC2&pick=LC3").text)
    assert "3 of 43 criteria would count." in one
    assert "4 of 43 criteria would count." in two
    assert "Keep this set" not in two, "a lead plans along, but saves nothing"


def test_what_was_picked_and_typed_stays_when_the_name_is_missing(client_for: ClientFor) -> None:
    form = {"level": "gold", "by": "2028-01-31", "pick": ["LC2", "LC3"], "name": " "}
    answer = client_for("reviewer").post("/alpha/planning/scenarios", data=form)
    assert answer.status_code == 422
    assert "Give the scenario a name" in answer.text
    assert re.findall(r'value="(LC\d)" id="pick-LC\d" checked', answer.text) == ["LC2", "LC3"]
    assert 'value="2028-01-31"' in answer.text


def test_scenarios_stand_side_by_side(client_for: ClientFor, seeded: World) -> None:
    reviewer = client_for("reviewer")
    saved = reviewer.post("/alpha/planning/scenarios", data={"level": "gold", "pick": "LC2", "name": "<b>Gold</b>"})
    other = int(saved.headers["location"].split("/")[-1].split("?")[0])
    page = reviewer.get(f"/alpha/planning/compare?scenario={seeded.alpha.scenario_id}&scenario={other}").text
    assert "&lt;b&gt;Gold&lt;/b&gt;" in page
    assert "Silver by summer" in words(page)
    assert reviewer.get("/alpha/planning/compare?scenario=1").status_code == 422


def test_a_scenario_without_a_date_is_given_one_where_it_is_asked_for(client_for: ClientFor) -> None:
    reviewer = client_for("reviewer")
    saved = reviewer.post("/alpha/planning/scenarios", data={"level": "silver", "pick": "LC2", "name": "Some day"})
    address = saved.headers["location"].split("?")[0]
    page = reviewer.get(address).text
    form = page[page.index("<form", page.index('id="acts"')) : page.index("Save the date")]
    fields = dict(
        re.findall(r'name="(version|name|level|pick)" value="([^"]*)"', form[form.index('name="name"') - 99 :])
    )
    assert "Adopt: give departments these dates" not in page
    assert reviewer.post(address, data=fields | {"by": "2028-06-30"}).status_code == 303
    assert "Adopt: give departments these dates" in reviewer.get(address).text


def test_officials_read_the_plan_from_the_readiness_page(client_for: ClientFor, seeded: World) -> None:
    page = client_for("official").get("/alpha/readiness").text
    assert f'href="/alpha/planning/scenarios/{seeded.alpha.scenario_id}"' in page


def test_tiles_are_switched_on_a_phone_and_the_level_follows(browser_page: BrowserPage) -> None:
    page = browser_page("reviewer", width=320)
    page.goto("/alpha/planning/tiles?level=silver")
    outcome = page.locator("#outcome")
    expect(outcome).to_contain_text("0 picked")
    page.locator("label[for=pick-LC2]").click()
    expect(outcome).to_contain_text("1 picked")
    page.locator("#pick-LC3").focus()
    page.keyboard.press("Space")
    expect(outcome).to_contain_text("2 picked")
    page.fill("#name", "Two of leadership")
    page.get_by_role("button", name="Save as a scenario").click()
    expect(page.locator("h1")).to_have_text("Two of leadership")
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_without_javascript_a_plan_is_found_saved_adopted_and_taken_back(browser_page: BrowserPage) -> None:
    page = browser_page("reviewer", javascript=False)
    page.goto("/alpha/planning")
    page.select_option("#level", "silver")
    page.fill("#by", "2028-06-30")
    page.get_by_role("button", name="Find the least work").click()
    page.get_by_role("button", name="Save as a scenario").first.click()
    page.get_by_role("button", name="Adopt").click()
    expect(page.locator("main")).to_contain_text("The departments have their dates")
    page.get_by_role("button", name="Take the adoption back").click()
    expect(page.locator("main")).to_contain_text("Dates that nobody has changed since are as they were.")
