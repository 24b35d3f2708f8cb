"""The city's pieces of evidence as a list."""

from functools import partial

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.listing.query import ListName
from app.services.evidence import library_list
from app.services.evidence.shelf import LibrarySearch
from app.web.access import Ask, reads
from app.web.lists import show_list

router = APIRouter()


def read_search(ask: Ask) -> LibrarySearch:
    """What a piece is chosen from, while evidence is added to a criterion."""
    query_params = ask.request.query_params
    page = query_params.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    return LibrarySearch(query_params.get("show", ""), query_params.get("q", ""), max(1, number))


@router.get("/{city}/evidence")
async def show_library(ask: Ask = reads("evidence.read")) -> Response:
    return show_list(ask, ListName.EVIDENCE, "evidence/index.html", partial(library_list.list_library, ask.desk))
