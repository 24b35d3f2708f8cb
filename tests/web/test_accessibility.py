"""Every page in every language and every state, on a phone and on a desk: no violation that axe knows, nothing that scrolls sideways."""

import re
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Page, Response
from sqlmodel import select

from app.rules.city.first_hour import QUESTIONS
from app.services.site import open_site
from app.settings import LANGUAGES, ROOT
from app.store.people import Person
from app.web.assets import STYLES, load_asset
from tests import world
from tests.bare_codes import find_bare_codes
from tests.conftest import BrowserPage, Live, Template, _settings
from tests.every_state import STATES, PageState
from tests.furnished_demo import furnish_demo
from tests.page_faults import find_faults, find_wide_element

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"]}
"""Of what a page does well, axe writes down one example a rule: to describe every element costs twice as much as to look at it."""
LOOK = "options => axe.run(document, options).then((found) => found.violations)"
WIDTHS = (320, 1280)

PAGES = {
    None: [
        "/sign-in",
        "/nowhere/board",
        "/verify",
        "/offline",
        "/verify?code=12",
        "/verify/{code}",
        "/verify/{code}/report",
        "/verify/{summary}/report",
        "/welcome/{invitation}",
        "/passphrase/forgot",
        "/passphrase/{forgotten}",
        "/account/email/{new_email}",
        "/account/email/{new_email}",
        "/contribute/{link}",
        "/letters/stop/{letter}",
    ],
    "lead@newark.example": [
        "/cities",
        "/account",
        "/account/second-step",
        "/devices",
        "/passphrase",
        "/confirm",
        "/newark/my-work",
        "/newark/board/month",
        "/newark/letters",
        "/newark/criteria",
        "/newark/criteria?q=zzqq",
        "/newark/criteria/DM1",
        "/newark/criteria/DM1/verdicts/{verdict}",
        "/newark/criteria/DM7",
        "/newark/criteria/DM9",
        "/newark/criteria/DM4/submitted",
        "/newark/criteria/DM9/evidence/{personal}/questions",
        "/newark/criteria/DM9/evidence/{personal}/questions?at=period",
        "/newark/criteria/DM9/evidence/{personal}/questions?at=items",
        "/newark/criteria/DM9/evidence/{personal}/questions?at=done",
        "/newark/criteria/DM9/evidence/new?kind=file",
        "/newark/criteria/DM9/evidence/new?kind=link",
        "/newark/criteria/DM9/evidence/new?kind=figure",
        "/newark/criteria/DM9/evidence/new?kind=note",
        "/newark/criteria/DM9/evidence/new?kind=library",
        "/newark/evidence",
        "/newark/evidence/{evidence}",
        "/newark/claims",
        "/newark/glossary",
        "/newark/search?q=data",
        "/newark/first-hour?" + "&".join(f"{area}=partly" for area in QUESTIONS),
        "/newark/program",
        "/newark/program/copy-sheet",
        "/newark/evidence/{document}",
        "/newark/evidence/{paper}/redact",
        "/newark/evidence/{workbook}",
        "/newark/evidence/{personal}",
    ],
    "official@newark.example": [
        "/newark/board",
        "/newark/readiness",
        "/newark/scoring",
        "/newark/scoring?as_of=2028-01-01",
        "/newark/reports",
        "/newark/reports/1",
        "/newark/reports/1/page",
        "/newark/board?view=tiles",
    ],
    "admin@newark.example": [
        "/newark/review",
        "/newark/review?tab=returned",
        "/newark/review?tab=decided",
        "/newark/review?tab=renewals",
        "/newark/review?tab=questions",
        "/newark/review/PA3",
        "/newark/review/DM1",
        "/newark/planning?by=2028-06-30",
        "/newark/planning?level=platinum&by=2026-11-30",
        "/newark/planning/tiles?pick=DM4&pick=LC7",
        "/newark/planning/estimates?edit=DM4",
        "/newark/planning/scenarios/1",
        "/newark/planning/compare?scenario=1&scenario=2",
        "/newark/history?by=people",
        "/newark/people/assignments?core=1",
        "/newark/requests",
        "/newark/requests/new?code=CI3",
        "/newark/requests/{request}",
        "/newark/requests/{unanswered}/change",
        "/newark/inbox",
        "/newark/partners",
        "/newark/retention",
        "/newark/portal",
        "/newark/people",
        "/newark/people/assignments",
        "/newark/people/bulk",
        "/newark/people/assignments/table",
        "/newark/people/bulk/{saved}",
        "/newark/people/{member}",
        "/newark/people/{former}",
        "/newark/people/{member}/absence",
        "/newark/people/{member}/end",
        "/newark/people/{former}/end",
        "/newark/people/unowned",
        "/newark/people/departments/{department}",
        "/newark/my-work/leaving",
        "/newark/my-work/pass-on",
        "/newark/my-work/handovers/{handover}",
        "/newark/my-work/absence",
        "/newark/people/{former}/scrub",
        "/newark/people/{member}/second-step",
        "/newark/security",
        "/newark/letters/waiting",
        "/newark/letters/preview",
        "/newark/history",
        "/newark/history/verify",
        "/newark/criteria/DM1/wording",
        "/newark/reports/monthly",
        "/newark/reports/monthly/{monthly}",
        "/newark/awards",
        "/newark/awards?edit=1",
        "/newark/settings",
        "/newark/settings/wordings",
        "/newark/cycle",
        "/newark/cycle/new",
        "/newark/cycle/new?edition=wwc-2018",
        "/newark/cycle/compare",
        "/newark/cycle/confirm",
        "/newark/cycle/{closed}",
        "/newark/cycle/{closed}/criteria/DM1",
        "/newark/cycle/{closed}/program",
    ],
    "admin@riverton.example": [
        "/riverton/my-work",
        "/riverton/board",
        "/riverton/readiness",
        "/riverton/evidence",
        "/riverton/portal",
        "/riverton/review",
        "/riverton/people",
        "/riverton/criteria/DM1",
    ],
}


class Furnished(NamedTuple):
    """A demo with something in every state, and what stands in its addresses."""

    template: Template
    ids: dict[str, Any]


@pytest.fixture(scope="module")
def furnished(templates: Callable[[str, str], Template], tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """Made once for every language, on SQLite."""
    folder = tmp_path_factory.mktemp("furnished") / "data"
    shutil.copytree(templates("sqlite", "demo_loaded").folder, folder)
    with closing(open_site(_settings(folder, ""))) as site:
        return Furnished(Template(str(folder / "cityready.db"), folder, None), furnish_demo(site))


@pytest.fixture
def template(furnished: Furnished) -> Template:
    return furnished.template


@pytest.fixture
def ids(furnished: Furnished, newark: Live) -> dict[str, Any]:
    """What stands in the addresses of the demo that is served."""
    return furnished.ids


REFUSED = "/newark/history as official@newark.example"
"""Says that it is not for this person, and belongs to no part of the menu."""
STATUSES = {REFUSED: 403, "/verify?code=12 as a visitor": 422}
"""Pages that are errors, and are looked at as such; every other one opens."""
NOT_WHILE_COVERED = {"landmark-one-main", "page-has-heading-one"}
"""What axe asks of a page as a whole, and not of a menu that lies over it."""
LARGE_LETTERS, LARGE_LETTERS_WIDTH = 32, 390
"""Pixels of a letter where a reader's browser doubles them, and of a phone on which no page may scroll sideways for it."""


def _list_states(language: str) -> Iterator[tuple[str, PageState]]:
    """The pages, and in one language what else becomes of them, each with what it is called; a menu has colours of its own by night."""
    for who, addresses in PAGES.items():
        for address in addresses:
            name = f"{address} as {who or 'a visitor'}"
            yield name, PageState(who, address, status=STATUSES.get(name, 200))
    yield from ((name, state) for name, state in STATES.items() if state.is_covered or language == "en")


def _open_as(open_page: BrowserPage, live: Live, who: str | None, **options: Any) -> Page:
    page = open_page(**options)
    page.add_init_script(AXE)
    if who:
        with live.site.database.reading() as session:
            person = session.exec(select(Person).where(Person.email == who)).one()
        token = world.sign_in(live.site, person.id)
        page.context.add_cookies([{"name": "cityready_session", "value": token, "url": live.url}])
    return page


OTHERS_TITLES = ("/verify/", "/newark/reports/1/page", "/newark/cycle/new?edition=wwc-2018")
"""Reports as web pages, which are in their own language, and an edition with other titles for the same codes."""


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_page_and_state_can_be_used_by_everybody_and_fits_its_screen(
    language: str, live: Live, ids: dict[str, Any], visitor_page: BrowserPage
) -> None:
    """Words of one length or another have the same colours and places, so one language is looked at by day and on a phone, the other by night and
    on a desk; what only the eye finds is looked for on both screens in both.
    """
    problems = []
    titles = {code: criterion.title for code, criterion in live.site.edition("wwc-2022", language).criteria.items()}
    pages: dict[str | None, Page] = {}
    answers: list[int] = []
    unserved = _styled_classes((ROOT / "static" / STYLES).read_text()) - _styled_classes(
        load_asset(STYLES).body.decode()
    )
    for name, state in _list_states(language):
        if state.who not in pages:
            look: dict[str, Any] = {"language": language, "width": WIDTHS[0], "dark": language != "en"}
            pages[state.who] = _open_as(visitor_page, live, state.who, **look)
            pages[state.who].on("response", lambda answer: _note_status(answers, answer))
        page = pages[state.who]
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        page.goto(state.address.format(**ids))
        state.come_to(page)
        page.evaluate("document.querySelectorAll('main details').forEach(fold => fold.open = true)")
        if answers[-1] != state.status or page.locator("h1").all_inner_texts() in ([], [""]):
            problems.append(f"{name}: answers {answers[-1]}, and not with its heading")
        for width in WIDTHS if name not in STATES else WIDTHS[:1]:
            page.set_viewport_size({"width": width, "height": 900})
            found = find_faults(page)
            if name in STATES or (width == WIDTHS[0]) == (language == "en"):
                found += _find_violations(page, NOT_WHILE_COVERED if state.is_covered else set())
            problems += [f"{name}, {width} px: {problem}" for problem in found]
        problems += [f"{name}: {problem}" for problem in _problems_in_large_letters(page) if language != "en"]
        problems += [f"{name}: nothing is served for the class {each}" for each in _list_classes(page) & unserved]
        if not name.startswith(OTHERS_TITLES):
            problems += [f"{name}: {bare}, and not its title" for bare in find_bare_codes(page.content(), titles)]
        if name.startswith("/newark/") and name != REFUSED and page.locator(".usa-breadcrumb").count() != 1:
            problems.append(f"{name}: does not say where one is")
    assert not problems, "\n".join(problems)


def _note_status(answers: list[int], answer: Response) -> None:
    if answer.request.is_navigation_request() and answer.frame.parent_frame is None:
        answers.append(answer.status)


def _styled_classes(sheet: str) -> set[str]:
    return {name.replace("\\", "") for name in re.findall(r"\.((?:[\w-]|\\.)+)", sheet)}


def _list_classes(page: Page) -> set[str]:
    return set(page.evaluate("[...document.querySelectorAll('[class]')].flatMap(each => [...each.classList])"))


def _find_violations(page: Page, excused: Collection[str]) -> list[str]:
    violations = page.evaluate(LOOK, OPTIONS)
    return [
        f"{each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]}"
        for each in violations
        if each["id"] not in excused
    ]


def _problems_in_large_letters(page: Page) -> list[str]:
    """Whether the page scrolls sideways on a phone whose browser doubles all letters."""
    page.set_viewport_size({"width": LARGE_LETTERS_WIDTH, "height": 900})
    browser = page.context.new_cdp_session(page)
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": LARGE_LETTERS, "fixed": LARGE_LETTERS}})
    wide = find_wide_element(page)
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    browser.detach()
    return [f"in large letters {fault}" for fault in wide]
