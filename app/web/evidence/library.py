"""The city's pieces of evidence as a list."""

from fastapi import APIRouter
from starlette.responses import Response

from app.services.evidence import library
from app.services.evidence.library import LIBRARY_STATES, LibrarySearch
from app.web.access import Ask, reads
from app.web.page_cache import show_kept_page

router = APIRouter()


def read_search(ask: Ask) -> LibrarySearch:
    query_params = ask.request.query_params
    page = query_params.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    filters = {name: query_params.get(name, "")[:40] for name in ("area", "department", "visibility", "state")}
    return LibrarySearch(query_params.get("show", ""), query_params.get("q", ""), max(1, number), **filters)


@router.get("/{city}/evidence")
async def show_library(ask: Ask = reads("evidence.read")) -> Response:
    build = lambda: library.search_library(ask.desk, read_search(ask))  # noqa: E731
    return show_kept_page(ask, "evidence/index.html", build, states=LIBRARY_STATES)
