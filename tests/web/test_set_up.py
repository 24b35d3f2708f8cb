"""A city is set up in a browser: twelve departments, forty people and all criteria from one workbook, or by hand in the table."""

from playwright.sync_api import Page, expect
from sqlmodel import col, select

from app.store.account.invitation import Invitation
from app.store.assessment import Assignment
from app.store.city import Department
from tests.conftest import BrowserPage, Live
from tests.small_files import city_workbook
from tests.web.test_accessibility import AXE, RULES
from tests.world import World

MOST_KEYSTROKES = 60


def test_one_workbook_sets_a_city_up_in_three_pages(live: Live, seeded: World, browser_page: BrowserPage) -> None:
    page = browser_page("admin", width=320)
    page.add_init_script(AXE)
    pages: list[str] = []
    page.on("framenavigated", lambda frame: pages.append(frame.url))
    page.goto("/alpha/people/bulk")
    page.set_input_files("[name=file]", {"name": "set-up.xlsx", "mimeType": "", "buffer": city_workbook()})
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_role("button", name="Save all 95")).to_be_visible()
    assert (
        page.evaluate(
            "rules => axe.run(document, {runOnly: rules}).then(found => found.violations.map(v => v.id))", RULES
        )
        == []
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_text("Show me the links").click()
    page.get_by_role("button", name="Save all 95").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("95 lines are saved")
    assert len(pages) == 3
    with live.site.database.reading() as session:
        counts = [
            len(session.exec(select(Department).where(Department.city_id == seeded.alpha.id)).all()),
            len(session.exec(select(Invitation).where(Invitation.city_id == seeded.alpha.id)).all()),
            len(session.exec(select(Assignment).where(Assignment.city_id == seeded.alpha.id)).all()),
        ]
    assert counts == [3 + 12, 40, 43]


def test_a_department_is_assigned_by_hand_in_sixty_keystrokes(
    live: Live, seeded: World, browser_page: BrowserPage
) -> None:
    page = browser_page("admin")
    page.goto("/alpha/people/assignments/table?area=open-data")
    keys = Keyboard(page)
    keys.press("Tab", "Enter")  # to the content
    keys.tab_to("where")
    keys.press(*"all")
    keys.tab_to("department")
    keys.press(*"fin")
    keys.tab_to("due_on")
    keys.press(*"06302027")
    while page.evaluate("document.activeElement.value") != "fill":
        keys.press("Tab")
    keys.press("Enter")
    page.get_by_text("not saved yet").wait_for()
    keys.press("Tab", "Enter")
    keys.tab_to("where")
    keys.press("Control+Enter")
    page.get_by_text("All changes are saved.").wait_for()
    with live.site.database.reading() as session:
        rows = session.exec(
            select(Assignment).where(col(Assignment.city_id) == seeded.alpha.id, col(Assignment.criterion).like("OD%"))
        ).all()
    assert {row.department_id for row in rows} == {seeded.alpha.departments["finance"]}
    assert {str(row.due_on) for row in rows} == {"2027-06-30"}
    assert keys.count <= MOST_KEYSTROKES


class Keyboard:
    """Presses keys and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def tab_to(self, name: str) -> None:
        """On to the field of the form that changes rows."""
        for _ in range(MOST_KEYSTROKES):
            self.press("Tab")
            if self.page.evaluate(
                "name => document.activeElement.form?.method === 'post' && document.activeElement.name === name", name
            ):
                return
        raise AssertionError(f"the keyboard does not get to {name}")
