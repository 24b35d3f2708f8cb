"""What people print: the whole of a list, though areas are folded on the screen, no word of a table's head in two, nothing to press."""

from pathlib import Path

from playwright.sync_api import expect
from pypdf import PdfReader

from tests.conftest import BrowserPage
from tests.page_faults import find_faults

PAPER_WIDTH = 703
"""Pixels between the margins of a letter sheet, of 15 mm each."""
PRINTED = [
    "board",
    "board?view=tiles",
    "criteria",
    "criteria/LC1",
    "readiness",
    "scoring",
    "evidence",
    "requests",
    "people/assignments",
    "history",
]


def test_lists_and_tables_are_whole_on_paper(browser_page: BrowserPage) -> None:
    page = browser_page("admin", width=PAPER_WIDTH)
    page.emulate_media(media="print")
    faults = []
    for name in PRINTED:
        page.goto(f"/alpha/{name}")
        expect(page.locator("h1")).to_be_visible()
        faults += [f"{name} {fault}" for fault in find_faults(page) if fault.startswith(("is ", "breaks", "cuts"))]
        shown = page.locator(".site-header, .usa-breadcrumb, .list-bar, main .usa-button, main .act").filter(
            visible=True
        )
        faults += [f"{name} prints {text}" for text in shown.all_inner_texts()]
    assert faults == []


def test_no_sheet_ends_with_the_heading_of_what_stands_on_the_next(browser_page: BrowserPage, tmp_path: Path) -> None:
    page = browser_page("admin")
    ends = []
    for name in ("criteria", "people/assignments", "board?view=list", "readiness"):
        page.goto(f"/alpha/{name}")
        heads = {" ".join(head.split()) for head in page.locator("main :is(h2, h3)").all_inner_texts()}
        page.pdf(path=tmp_path / "list.pdf", format="Letter")
        sheets = [sheet.extract_text().strip().splitlines() for sheet in PdfReader(tmp_path / "list.pdf").pages]
        ends += [f"{name}: {lines[-1]}" for lines in sheets if lines and " ".join(lines[-1].split()) in heads]
    assert ends == []


def test_what_is_folded_on_the_screen_is_on_paper(browser_page: BrowserPage) -> None:
    page = browser_page("admin")
    for name in ("criteria", "people/assignments"):
        page.goto(f"/alpha/{name}")
        page.evaluate("document.querySelectorAll('.criteria-area').forEach((area) => { area.open = false; })")
        row = page.locator("main .criteria-area").get_by_text("Build staff data skills").first
        expect(row).to_be_hidden()
        page.emulate_media(media="print")
        expect(row).to_be_visible()
        page.emulate_media(media="screen")


def test_what_is_folded_to_be_quick_to_read_is_on_paper_without_its_handle(browser_page: BrowserPage) -> None:
    page = browser_page("admin")
    for name, what in (("readiness", "details.more .gap"), ("criteria/LC1", "details.side-fold p")):
        page.goto(f"/alpha/{name}")
        folded = page.locator(what).last
        expect(folded).to_be_hidden()
        page.emulate_media(media="print")
        expect(folded).to_be_visible()
        expect(page.locator("details.more > summary").filter(visible=True)).to_have_count(0)
        page.emulate_media(media="screen")
