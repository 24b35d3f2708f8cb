"""Every form of the app, sent in a browser on a small phone: what it acted on stays in view, and what was done is read and spoken.

The routes and what is sent to them come from `DOORS`; here stands where each form is, and where it leads. The address that a form is sent to
tells its place on the page, which a browser keeps through the redirect, with JavaScript or without.
"""

from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, Page, ViewportSize, expect
from starlette.testclient import TestClient

from app.web.addresses import page_of
from tests.conftest import BrowserPage, ClientFor
from tests.form_scripts import FILL, FIND, IN_VIEW
from tests.web.test_access import DOORS, IN_TURN, Door, House
from tests.world import World

STAYS = ""
"""The form is on the page that the form before it led to."""
STANDS_ON = {
    "POST /{city}/criteria/{code}/evidence": "/{city}/criteria/{code}/evidence/new?kind=note",
    "POST /{city}/criteria/{code}/evidence/{evidence_id}": "/{city}/criteria/{code}/evidence/new?kind=library",
    "POST /{city}/reports/{number}/disposal/refuse": "/{city}/retention",
    "POST /{city}/reports/{number}/disposal/approve": "/{city}/retention",
    "POST /{city}/evidence/{evidence_id}/disposal": "/{city}/retention",
    "POST /{city}/evidence/{evidence_id}/disposal/refuse": "/{city}/retention",
    "POST /{city}/evidence/{evidence_id}/disposal/approve": "/{city}/retention",
    "POST /{city}/evidence/{evidence_id}/file": "/{city}/evidence/{evidence_id}",
    "POST /{city}/review/{code}/undo": STAYS,
    "POST /{city}/planning/scenarios/{scenario_id}": "/{city}/planning/tiles?scenario={scenario_id}&level=silver",
    "POST /{city}/planning/estimates/{code}": "/{city}/planning/estimates?edit={code}",
    "POST /{city}/requests": "/{city}/requests/new",
    "POST /{city}/requests/{request_id}": "/{city}/requests/{request_id}/change",
    "POST /{city}/requests/{request_id}/done": "/{city}/my-work",
    "POST /{city}/reports": "/{city}/readiness",
    "POST /{city}/people/assignments/{code}": "/{city}/people/assignments?edit={code}",
    "POST /{city}/people/departments": "/{city}/people",
    "POST /{city}/people/departments/{department_id}": "/{city}/people",
    "POST /{city}/people/departments/{department_id}/heads": "/{city}/people",
    "POST /{city}/people/invitations/{invitation_id}/link": "/{city}/people",
    "POST /{city}/people/invitations/{invitation_id}/withdraw": "/{city}/people",
    "POST /{city}/cycle/{assessment_id}/program/questions/{question_id}": "/{city}/cycle/{assessment_id}/program?edit={question_id}",
    "POST /{city}/people/bulk/save": STAYS,
    "POST /{city}/settings/emblem": "/{city}/settings",
    "POST /{city}/settings/emblem/remove": "/{city}/settings",
    "POST /{city}/settings/wordings/save": STAYS,
    "POST /{city}/awards/{award_id}": "/{city}/awards?edit={award_id}",
    "POST /{city}/cycle": "/{city}/cycle/new",
    "POST /{city}/cycle/undo": "/{city}/cycle",
}
"""The page of a form, where that is not the one above its own address."""

LEADS_ON = {
    "POST /{city}/criteria/{code}/evidence": "to the criterion",
    "POST /{city}/criteria/{code}/evidence/{evidence_id}": "to the criterion",
    "POST /{city}/criteria/{code}/submit": "to what happens next",
    "POST /{city}/criteria/{code}/wording": "to the criterion",
    "POST /{city}/evidence/{evidence_id}/redacted": "to the copy",
    "POST /{city}/evidence/{evidence_id}/disposal/approve": "to the list without it",
    "POST /{city}/review/{code}/verdict": "to the next response, or the queue",
    "POST /{city}/review/{code}/undo": "from the queue to the response",
    "POST /{city}/review/{code}/renewal": "to the next renewal, or the queue",
    "POST /{city}/planning/scenarios": "to the scenario",
    "POST /{city}/planning/scenarios/{scenario_id}": "to the scenario",
    "POST /{city}/requests": "to the request",
    "POST /{city}/requests/{request_id}": "to the request",
    "POST /{city}/reports": "to the report in the making",
    "POST /{city}/reports/monthly": "to the monthly report",
    "POST /{city}/reports/monthly/{monthly_id}/end": "to the list of them",
    "POST /{city}/reports/{number}/again": "to the report in the making",
    "POST /{city}/people": "to the link of the invitation",
    "POST /{city}/people/invitations/{invitation_id}/link": "to the link of the invitation",
    "POST /{city}/people/{membership_id}/link": "to the link",
    "POST /{city}/people/{membership_id}/end": "to the list of people",
    "POST /{city}/people/{membership_id}/scrub": "to the list of people",
    "POST /{city}/people/{membership_id}/second-step": "to the person",
    "POST /{city}/people/bulk": "to what would be saved",
    "POST /{city}/people/bulk/save": "to what was saved",
    "POST /{city}/settings/wordings": "to what would be saved",
    "POST /{city}/settings/wordings/save": "to what was saved",
    "POST /{city}/cycle": "to the new cycle",
    "POST /{city}/my-work/handovers/{handover_id}/read": "to the work",
}
"""Forms after which another page comes."""

ALL_NEW = {
    "POST /{city}/evidence/{evidence_id}/withdraw": "the page says that the piece is removed",
    "POST /{city}/evidence/{evidence_id}/restore": "the page shows the piece again",
    "POST /{city}/criteria/{code}/again": "the page is one to fill in",
    "POST /{city}/criteria/{code}/reopening": "its head says that this was asked for",
    "POST /{city}/requests/{request_id}/send": "its head says what becomes of the request",
    "POST /{city}/requests/{request_id}/close": "its head says that the request has ended",
    "POST /{city}/portal/reading": "its head says that the catalog is read",
    "POST /{city}/portal": "its head says that the catalog is read",
    "POST /{city}/portal/file": "its head says that the catalog is read",
    "POST /{city}/reports/monthly/{monthly_id}/pause": "its head says so",
    "POST /{city}/reports/monthly/{monthly_id}/resume": "its head says so",
    "POST /{city}/people/assignments/table": "the table is saved as a whole",
    "POST /{city}/people/bulk/{save_id}/undo": "the page says what is back",
    "POST /{city}/cycle/undo": "the assessment before is open again",
    "POST /{city}/cycle/confirm": "the rows that were answered are gone",
    "POST /{city}/letters/waiting/{letter_id}": "the last letter is gone",
}
"""Forms after which the same page begins anew, at its top."""

SELDOM = {
    "POST /{city}/reports/{number}/disposal",
    "POST /{city}/evidence/{evidence_id}/day",
    "POST /{city}/evidence/{evidence_id}/redact",
    "POST /{city}/requests/{request_id}/reminder",
    "POST /{city}/portal/facts/{fact_id}",
    "POST /{city}/reports/monthly/{monthly_id}/again",
    "POST /{city}/board/first-steps",
    "POST /{city}/reports/{number}/mail",
    "POST /{city}/criteria/{code}/own-decision",
    "POST /{city}/criteria/{code}/own-decision/undo",
}
"""Forms that this world has in no state of things: see test_forms_seldom.py."""

UNSEEN = {
    "POST /{city}/uploads": "sent by a script, for the form that follows",
    "POST /{city}/criteria/{code}/checklist": "sent by a press on an item: see below",
    "POST /{city}/criteria/{code}/self-rating": "sent by a press on a rating: see below",
    "POST /{city}/criteria/{code}/evidence/{evidence_id}/questions": "the next question takes its place: see the journeys",
    "POST /{city}/settings/passphrases": "refused to whoever has not signed in through a service: see test_sign_on.py",
    "POST /{city}/criteria/{code}/own-decision/newer": "asked after evidence that is newer than a decision of one's own",
}
"""Forms that are sent another way, or that nobody could send here, and why."""


@pytest.fixture
def house(client: TestClient, client_for: ClientFor, seeded: World) -> House:
    return House(client, client_for, seeded)


DESK: ViewportSize = {"width": 1280, "height": 640}
"""As low as the phone: on a laptop with a large letter there is no more."""


def on_a_small_phone(page: Page) -> Page:
    page.set_viewport_size({"width": 320, "height": 640})
    return page


def come_to_form(house: House, page: Page, route: str, door: Door) -> Locator | None:
    """Open the page on which the form stands and all its folds; none where it has no such form."""
    path = house.address(route.partition(" ")[2], door, house.alpha)
    where = STANDS_ON.get(route)
    if where is None:
        at_path: Any = type("AtPath", (), {"app": house.app})
        page.goto(page_of(at_path, path))
    elif where != STAYS:
        page.goto(house.address(where, door, house.alpha))
    has_form = page.evaluate(FIND, {"path": path, "names": list(door.form(house.alpha))})
    return page.locator("form[data-tried]") if has_form else None


def send(house: House, form: Locator, route: str, door: Door) -> None:
    """Fill in what the door's form holds, and press its button; what the page itself put into the form stays."""
    given = door.form(house.alpha)
    fields = [
        [name, str(one)] for name, value in given.items() for one in (value if isinstance(value, list) else [value])
    ]
    form.evaluate(FILL, {"path": house.address(route.partition(" ")[2], door, house.alpha), "fields": fields})
    if door.file:
        name, content = door.file
        form.locator("input[type=file]").set_input_files(FilePayload(name=name, mimeType="", buffer=content))
    with form.page.expect_navigation():
        form.page.locator("[data-pressed]").click()


def faults_on_a_desk(page: Page, desk: Page, route: str) -> list[str]:
    """What came, opened once more where there is room for two columns; a page that fits there has nothing out of view."""
    page.set_viewport_size(DESK)
    is_long = page.evaluate("document.documentElement.scrollHeight > innerHeight")
    on_a_small_phone(page)
    if not is_long or not page.evaluate("location.hash"):
        return []
    desk.goto(page.url)
    row, told = (
        desk.locator(f"[id='{desk.evaluate('location.hash.slice(1)')}']"),
        desk.locator("main [data-done]").first,
    )
    out_of_view = [part for part in (row, told) if part.count() and not part.evaluate(IN_VIEW)]
    return [f"{route} leaves {part} out of view on a desk" for part in out_of_view]


def faults_after(page: Page, route: str) -> list[str]:
    """What a person would miss on the page that came."""
    if page.locator("#problems").count():
        return [f"{route} was not taken: {page.locator('#problems').inner_text()}"]
    is_new = route in LEADS_ON or route in ALL_NEW
    return faults_in_saying(page, route) + ([] if is_new else faults_in_place(page, route))


def faults_in_saying(page: Page, route: str) -> list[str]:
    told = page.locator("main [data-done]").first
    if not told.count():
        return [] if route in LEADS_ON else [f"{route} says nothing of what was done"]
    expect(page.locator("#said"), f"{route} is not spoken").to_have_text(told.inner_text())
    return [] if told.evaluate(IN_VIEW) else [f"{route} says what was done out of view"]


def faults_in_place(page: Page, route: str) -> list[str]:
    """The row may be gone with what was done; then the page begins at its top."""
    place = page.evaluate("location.hash")
    row = page.locator(f"[id='{place[1:]}']")
    if not place:
        return [f"{route} jumps to the top: end the action of its form with # and the id of what it acts on"]
    if row.count() and not row.evaluate(IN_VIEW):
        return [f"{route} leaves {place} out of view"]
    if row.count() and not row.evaluate("row => row.contains(document.activeElement)"):
        return [f"{route} does not bring the keyboard to {place}"]
    return []


def test_after_each_form_its_row_is_in_view_and_what_was_done_is_read_and_spoken(
    house: House, browser_page: BrowserPage
) -> None:
    pages: dict[str, Page] = {}
    desks: dict[str, Page] = {}
    faults, places = [], set()
    for route, door in DOORS.items():
        if not route.startswith("POST"):
            continue
        person = next(person for person in IN_TURN if person in door.opens)
        page = pages.setdefault(person, on_a_small_phone(pages.get(person) or browser_page(person, width=320)))
        is_elsewhere = route in UNSEEN or route in SELDOM
        form = come_to_form(house, page, route, door) if not is_elsewhere else None
        if form is None:
            faults += [] if is_elsewhere else [f"{route} has no form on {page.url}: say in STANDS_ON where it is"]
            house.ask(person, route, door)
            continue
        send(house, form, route, door)
        faults += faults_after(page, route)
        if person not in desks:
            desks[person] = page.context.new_page()
            desks[person].set_viewport_size(DESK)
        faults += faults_on_a_desk(page, desks[person], route)
        places.add(page.evaluate("location.hash"))
    assert not faults, "\n".join(faults)
    assert len(places) > 30, "nothing of this was really looked at"


def test_the_tables_name_only_forms_of_the_app() -> None:
    assert {*STANDS_ON, *LEADS_ON, *ALL_NEW, *UNSEEN, *SELDOM} <= DOORS.keys()
    assert not {*UNSEEN, *SELDOM} & STANDS_ON.keys()


def test_without_javascript_too_the_row_and_what_was_done_are_in_view(browser_page: BrowserPage) -> None:
    page = on_a_small_phone(browser_page("admin", width=320, javascript=False))
    page.goto("/alpha/settings")
    page.locator("#contact summary").click()
    page.fill("#contact-contact_name", "Ana Soto")
    page.fill("#contact-contact_phone", "973 555 0100")
    page.locator("form[action*='/contact'] button").click()
    for seen in (page.locator("#contact"), page.locator("main [data-done]")):
        expect(seen).to_be_in_viewport()
    expect(page.locator("#contact-contact_name")).to_have_value("Ana Soto")


def test_what_is_wrong_has_the_keyboard_and_stands_beside_the_field_with_what_was_typed(
    browser_page: BrowserPage,
) -> None:
    page = on_a_small_phone(browser_page("admin", width=320))
    page.goto("/alpha/people")
    page.locator("#department-name").fill("Public Works")
    page.get_by_role("button", name="Add department").click()
    expect(page.locator("#problems")).to_be_focused()
    expect(page.locator("#problems")).to_be_in_viewport()
    expect(page.locator("#department-error")).to_be_in_viewport()
    expect(page.locator("#department-name")).to_have_value("Public Works")


@pytest.mark.parametrize("choice", ["item-messages", "rating-not_met"])
def test_a_choice_that_saves_itself_is_spoken_and_moves_nothing(choice: str, browser_page: BrowserPage) -> None:
    page = on_a_small_phone(browser_page("lead", width=320))
    page.goto("/alpha/criteria/LC1")
    label = page.locator(f"label[for={choice}]")
    label.scroll_into_view_if_needed()
    before = label.bounding_box()
    label.click()
    expect(page.locator("#said")).to_contain_text("aved.")
    assert label.bounding_box() == before
    expect(page.locator(f"#{choice}")).to_be_focused()
