"""Where a person is: the page before them, the page to come back to, and which entry of the menu that is.

A form is sent from a page, and the browser says which in the Referer header; but anything may stand there, such as the sign-in page after a
session has ended. So it counts only where it names a page of the same city, and otherwise the page is found from the form's own address.
"""

from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi.routing import iter_route_contexts
from starlette.requests import Request
from starlette.routing import compile_path

from app.rules.city.naming import CityValues
from app.rules.menu import PAGE_NAMES
from app.rules.message import Message

MENU_SECTIONS = {
    "awards": "readiness",
    "claims": "evidence",
    "first-hour": "board",
    "glossary": "criteria",
    "program": "criteria",
    "portal": "evidence",
    "retention": "evidence",
    "inbox": "requests",
    "partners": "requests",
    "security": "history",
    "settings": "people",
}
"""Pages that stand under the menu's entry of another."""
MOST_PARTS = 8
"""More parts than the address of any page has."""
SAID_ONCE = {"done", "undo", "ticked"}
"""What an address says only once, after a step."""


def local_path(path: str) -> str:
    """The path if it stays on this site, else `/`. Refuses `//host`, `/\\host`, `https:host` and the like."""
    is_local = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if is_local else "/"


def menu_section(path: str) -> str:
    """The menu's entry for a page of a city, such as `evidence`; empty where the path names none."""
    _, _, name = local_path(path).strip("/").partition("/")
    first = name.partition("/")[0]
    return MENU_SECTIONS.get(first, first)


def trail_of(path: str, city: CityValues) -> list[tuple[str, str | Message]]:
    """The breadcrumbs of a page that says none itself: the city, the menu's entry, and the page, from the table of pages."""
    steps: list[tuple[str, str | Message]] = [(f"/{city.slug}", city.name)]
    first = (
        local_path(path).strip("/").partition("/")[2].partition("/")[0] or local_path(path).strip("/").partition("/")[0]
    )
    section = MENU_SECTIONS.get(first, first)
    if section != first and section in PAGE_NAMES:
        steps.append((f"/{city.slug}/{section}", PAGE_NAMES[section]))
    if first in PAGE_NAMES:
        steps.append(("", PAGE_NAMES[first]))
    return steps


def current_path(request: Request) -> str:
    """The path of the page before the person: of a form that is shown again, the page that it stood on."""
    return return_address(request).partition("?")[0]


def return_address(request: Request) -> str:
    """The same page with what its address asks for, to come back to; without what was said after a step, which is over."""
    path, query = request.url.path, request.url.query
    if request.method not in {"GET", "HEAD"}:
        path, query = _referring_page(request) or (page_of(request), "")
    kept_query = urlencode(
        [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name not in SAID_ONCE]
    )
    return local_path(path) + (f"?{kept_query}" if kept_query else "")


def page_of(request: Request, path: str = "") -> str:
    """The page that a form's address belongs to: itself, or the nearest above it that can be looked at; `/` where there is none."""
    parts = local_path(path or request.url.path).partition("?")[0].rstrip("/").split("/")[:MOST_PARTS]
    above = ("/".join(parts[:length]) for length in range(len(parts), 1, -1))
    return next((address for address in above if _is_viewable(request, address)), "/")


def _referring_page(request: Request) -> tuple[str, str] | None:
    """Path and query of the page that the form stood on, where the browser says it and it belongs to the same city."""
    try:
        referer = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return None
    city = request.url.path.split("/")[1]
    is_same_city = local_path(referer.path) == referer.path and referer.path.split("/")[1] == city
    return (referer.path, referer.query) if is_same_city and _is_viewable(request, referer.path) else None


def _is_viewable(request: Request, path: str) -> bool:
    state = request.app.state
    if not hasattr(state, "page_patterns"):
        routes = [route for route in iter_route_contexts(request.app.routes) if "GET" in (route.methods or set())]
        state.page_patterns = [compile_path(route.path or "")[0] for route in routes]
    return any(pattern.match(path) for pattern in state.page_patterns)
