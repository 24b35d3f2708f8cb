"""How long pages are on a phone: whoever makes one longer folds it, groups it or shortens it."""

from math import ceil

from tests.conftest import BrowserPage, Live, sign_in_to_demo

PHONE = 320
SCREEN = 900
"""Pixels of height that count as one screen."""
LIMITS = {
    "official@newark.example": {"/newark/board": 6, "/newark/readiness": 7, "/newark/board?view=tiles": 6},
    "lead@newark.example": {
        "/newark/my-work": 5,
        "/newark/criteria": 5,
        "/newark/criteria/DM7": 7,
        "/newark/evidence": 5,
        "/newark/program/copy-sheet": 2,
    },
    "admin@newark.example": {
        "/newark/portal": 3,
        "/newark/history": 5,
        "/newark/people": 6,
        "/newark/people/assignments": 3,
        "/newark/people/assignments/table": 3,
        "/newark/planning?by=2028-06-30": 6,
        "/newark/review?tab=decided": 6,
        "/newark/settings": 2,
        "/newark/cycle/new": 5,
        "/newark/cycle/new?edition=wwc-2018": 5,
    },
    "admin@riverton.example": {"/riverton/my-work": 4, "/riverton/board": 6},
}


def test_no_list_is_longer_on_a_phone_than_it_may_be(newark: Live, visitor_page: BrowserPage) -> None:
    longer = {}
    for who, pages in LIMITS.items():
        page = visitor_page(width=PHONE)
        sign_in_to_demo(page, who)
        for address, most in pages.items():
            page.goto(address)
            screens = ceil(page.evaluate("document.documentElement.scrollHeight") / SCREEN)
            if screens > most:
                longer[address] = screens
    assert longer == {}


def test_what_is_folded_opens_without_a_script(newark: Live, visitor_page: BrowserPage) -> None:
    page = visitor_page(width=PHONE, javascript=False)
    sign_in_to_demo(page, "official@newark.example")
    page.goto("/newark/board")
    line = page.locator(".board-line", has_text="Adopt an open data policy")
    assert not line.is_visible()
    page.locator("summary", has_text="Open Data").click()
    assert line.is_visible()


def test_what_is_decided_comes_in_pages_of_twenty(newark: Live, visitor_page: BrowserPage) -> None:
    page = visitor_page(width=PHONE)
    sign_in_to_demo(page, "reviewer@newark.example")
    page.goto("/newark/review?tab=decided")
    total = int(page.locator(".tabs [aria-current] .tabs__count").inner_text())
    shown = [page.locator(".queue > li").count()]
    page.get_by_role("link", name="Next page").click()
    page.wait_for_url("**/review?*tab=decided*page=2*")
    shown.append(page.locator(".queue > li").count())
    assert shown == [20, total - 20]
