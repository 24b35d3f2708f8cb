"""No page is forgotten: each is looked at for those who cannot see or use a mouse, counted in statements, and found in the menu.

Or it says here why not. A page is every GET route that answers with HTML of its own.
"""

import re

import pytest
from fastapi.routing import iter_route_contexts
from starlette.routing import compile_path

from app.main import create_app
from app.rules.criteria.edition import EvidenceKind
from app.rules.listing.query import ListName
from app.rules.menu import MENU
from app.rules.report.state import ReportState
from app.services.review.queue import TABS
from app.settings import Settings
from app.web.addresses import menu_section
from tests.every_state import STATES
from tests.web.test_accessibility import PAGES
from tests.web.test_statements import IN_A_LATER_CYCLE, MOST, SAME_EVERYWHERE

FILES = {
    "/health": "JSON for a monitor",
    "/metrics": "figures for a monitor",
    "/static/{mark}/{name:path}": "styles, scripts and pictures",
    "/manifest.webmanifest": "name and icons for a phone",
    "/app-icon/{size}.png": "a picture",
    "/service-worker.js": "a script",
    "/calendar/{token}": "a calendar for a program",
    "/{city}/criteria/{code}/due.ics": "one day for a calendar",
    "/{city}/board/days.ics": "the days of the city for a calendar",
    "/{city}/claims.txt": "text to copy",
    "/{city}/history.csv": "a table to keep",
    "/{city}/people/bulk/tables/{table}": "a table to fill in",
    "/{city}/settings/emblem": "the city's emblem as it is kept",
    "/{city}/letters/preview/{kind}": "a letter, as a mail program shows it",
    "/{city}/program/copy-sheet.xlsx": "a table to keep",
    "/{city}/scoring.json": "the result with all that it came from",
    "/{city}/evidence/{evidence_id}/copy": "the copy of a linked page",
    "/{city}/evidence/{evidence_id}/file": "the file itself",
    "/{city}/evidence/{evidence_id}/preview/{page}": "a picture of a page",
    "/{city}/evidence/{evidence_id}/versions/{number}/file": "a file of before",
    "/{city}/inbox/{contribution_id}/file": "the file that a partner sent",
    "/{city}/portal/readings/{reading_id}/file": "the catalog as it was read",
    "/{city}/reports/{number}/file": "the PDF",
    "/{city}/reports/{number}/document": "the Word file",
}
"""GET routes that answer with no page, and with what instead."""

ON_ANOTHER_PAGE = {
    "/": "goes on to the sign-in or to the cities",
    "/{city}": "goes on to the board or to one's own work",
    "/sign-on/answer": "goes on to the page that was asked for",
    "/sign-on/{provider_id}": "goes on to the sign-in service",
    "/{city}/evidence/change": "goes on to the first piece that was chosen",
    "/{city}/criteria/{code}/evidence": "goes back to the criterion",
}
"""GET routes that lead to another page."""

ONE_THING = "shows one thing, however much there is beside it"
UNCOUNTED = dict.fromkeys(
    [
        "/account",
        "/account/second-step",
        "/{city}/people/{membership_id}/second-step",
        "/account/email/{token}",
        "/confirm",
        "/contribute/{token}",
        "/letters/stop/{token}",
        "/offline",
        "/{city}/letters/preview",
        "/passphrase",
        "/passphrase/forgot",
        "/passphrase/{token}",
        "/sign-in",
        "/verify",
        "/verify/{code}",
        "/verify/{code}/report",
        "/welcome/{token}",
        "/{city}/criteria/{code}/verdicts/{verdict_id}",
        "/{city}/criteria/{code}/wording",
        "/{city}/criteria/{code}/submitted",
        "/{city}/criteria/{code}/evidence/{evidence_id}/questions",
        "/{city}/evidence/{evidence_id}/redact",
        "/{city}/people/bulk",
        "/{city}/people/bulk/{save_id}",
        "/{city}/settings",
        "/{city}/settings/wordings",
        "/{city}/people/{membership_id}",
        "/{city}/people/{membership_id}/scrub",
        "/{city}/people/{membership_id}/absence",
        "/{city}/people/{membership_id}/end",
        "/{city}/people/departments/{department_id}",
        "/{city}/my-work/leaving",
        "/{city}/my-work/pass-on",
        "/{city}/my-work/handovers/{handover_id}",
        "/{city}/my-work/absence",
        "/{city}/planning/scenarios/{scenario_id}",
        "/{city}/reports/monthly/{monthly_id}",
        "/{city}/reports/{number}",
        "/{city}/reports/{number}/page",
        "/{city}/requests/{request_id}",
        "/{city}/requests/{request_id}/change",
    ],
    ONE_THING,
) | {
    "/cities": "a person has few cities",
    "/devices": "a person has few devices",
    "/{city}/letters": "shows the newest hundred of one person, with what an overview takes",
    "/{city}/letters/waiting": "shows the first hundred, with what an overview takes",
    "/{city}/first-hour": "shows eight questions and what follows from their answers",
    "/{city}/history/verify": "reads the whole history on purpose, in portions",
    "/{city}/cycle/{assessment_id}": "counted in tests/web/test_closed.py, since nothing is added to it any more",
    "/{city}/cycle/{assessment_id}/criteria/{code}": "shows one thing of a closed assessment, as the other",
    "/{city}/planning/compare": "compares the few scenarios that were chosen",
    "/{city}/security": "one portion of the record at a time",
}
"""Pages whose statements are not counted, and why not."""

NOT_IN_MENU = dict.fromkeys(
    [
        "/passphrase/forgot",
        "/passphrase/{token}",
        "/account/email/{token}",
        "/sign-in",
        "/welcome/{token}",
        "/contribute/{token}",
        "/letters/stop/{token}",
        "/verify",
        "/verify/{code}",
        "/verify/{code}/report",
        "/offline",
    ],
    "for whoever is not signed in",
) | {
    "/cities": "by the name of the city at the top",
    "/confirm": "comes by itself before a sensitive step",
    "/account": "by one's own name at the top",
    "/devices": "from one's own account",
    "/account/second-step": "from one's own account",
    "/passphrase": "from one's own account",
    "/{city}/letters": "beside one's own name at the top",
    "/{city}/letters/preview": "from one's own letters",
    "/{city}/letters/waiting": "from one's own letters",
    "/{city}/cycle": "from the board",
    "/{city}/search": "from the box at the top",
    "/{city}/cycle/compare": "from all assessments",
    "/{city}/cycle/confirm": "from one's own work",
    "/{city}/cycle/new": "from all assessments",
    "/{city}/cycle/{assessment_id}": "from all assessments",
    "/{city}/cycle/{assessment_id}/criteria/{code}": "from the closed assessment",
    "/{city}/cycle/{assessment_id}/program": "from all assessments",
    "/{city}/reports": "from readiness",
    "/{city}/reports/monthly": "from all reports",
    "/{city}/reports/monthly/{monthly_id}": "from monthly reports",
    "/{city}/reports/{number}": "from readiness",
    "/{city}/reports/{number}/page": "from the report",
    "/{city}/scoring": "from the board and from readiness",
}
"""Pages under no entry of the menu, and how one gets there."""


@pytest.fixture
def pages(settings: Settings) -> set[str]:
    """The paths of all pages."""
    app = create_app(settings)
    app.state.site.close()
    paths = {route.path or "" for route in iter_route_contexts(app.routes) if "GET" in (route.methods or set())}
    assert len(paths) >= 60
    assert paths >= FILES.keys() | ON_ANOTHER_PAGE.keys(), "no such route"
    return paths - FILES.keys() - ON_ANOTHER_PAGE.keys()


def _routes_of(paths: set[str], addresses: list[str]) -> set[str]:
    """The routes that the addresses lead to; where several match, as `/requests/new` does, the one with the fewest parameters."""
    patterns = sorted(paths, key=lambda path: (path.count("{"), path))
    found = set()
    for address in addresses:
        plain = re.sub(r"\{\w+\}", "1", address.partition("?")[0])
        found |= {next((path for path in patterns if compile_path(path)[0].match(plain)), plain)}
    return found


def _menu() -> set[str]:
    """The entries of the menu, as the head of all pages lists them."""
    entries = {entry.path for group in MENU for entry in group.entries}
    assert len(entries) >= 10
    return entries


def test_axe_looks_at_every_page(pages: set[str]) -> None:
    seen = _routes_of(pages, [address for addresses in PAGES.values() for address in addresses])
    assert sorted(pages - seen) == []


def test_axe_looks_at_every_state_of_a_report_a_list_a_tab_a_form_and_an_error() -> None:
    """The states are those of the app's own enums and tables, so that a new one fails here until it is pictured and looked at."""
    seen = {address for addresses in PAGES.values() for address in addresses} | {
        state.address for state in STATES.values()
    }
    reports = {f"/newark/reports/{{{state}}}" for state in ReportState if state is not ReportState.READY}
    empty_lists = {f"/newark/{name}?q=zzqq" for name in ListName if name not in {ListName.BOARD, ListName.REVIEW}}
    tabs = {f"/newark/review?tab={tab}" for tab in TABS if tab != "waiting"}
    kinds = {f"/newark/criteria/DM9/evidence/new?kind={kind}" for kind in [*EvidenceKind, "library"]}
    assert sorted((reports | empty_lists | tabs | kinds) - seen) == []
    assert {200, 401, 403, 404, 409, 422, 429, 503} == {state.status for state in STATES.values()}


def test_the_statements_of_every_page_are_counted_or_it_is_said_why_not(pages: set[str]) -> None:
    counted = _routes_of(
        pages, [f"/newark/{page}" for page in [*MOST, *IN_A_LATER_CYCLE, *SAME_EVERYWHERE, "evidence/1"]]
    )
    assert sorted(pages - counted) == sorted(UNCOUNTED)


def test_every_page_stands_under_an_entry_of_the_menu_or_it_is_said_how_one_gets_there(pages: set[str]) -> None:
    menu = _menu()
    outside = {path for path in pages if not path.startswith("/{city}/") or menu_section(path) not in menu}
    assert sorted(outside) == sorted(NOT_IN_MENU)
