"""The library as its page is asked for."""

from dataclasses import replace

from app.rules.criteria.edition import EVIDENCE_KIND_NAMES
from app.rules.evidence.piece import VISIBILITY_NAMES
from app.rules.listing.bar import ListBar, ListFilter, only_offered
from app.rules.listing.filters import MINE
from app.rules.listing.query import ListQuery
from app.rules.message import Message, say
from app.services.desk import Desk
from app.services.evidence.library import Library, search_library
from app.services.evidence.shelf import LIBRARY_STATES, REMOVED, LibrarySearch
from app.store.evidence.library import LibraryOrder

LIST_SIZE = 16
"""Pieces on a page, which a phone shows in five screens."""
SORTS: tuple[tuple[str, Message], ...] = (
    (LibraryOrder.NEWEST, say("Newest first")),
    (LibraryOrder.OLDEST, say("Oldest first")),
    (LibraryOrder.TITLE, say("By title")),
    (LibraryOrder.ENDING, say("What ends first")),
)
KIND = ListFilter("show", say("Kind"), (*EVIDENCE_KIND_NAMES.items(), (REMOVED, say("Removed"))))
VISIBILITY = ListFilter("visibility", say("Who may see it?"), tuple(VISIBILITY_NAMES.items()))
STATE = ListFilter("state", say("What needs care"), tuple(LIBRARY_STATES.items()))


def list_library(desk: Desk, query: ListQuery) -> Library:
    """The pieces that fit, in pages. An address that asks for what no filter offers is asked once more without it."""
    library = search_library(desk, _read_search(query), LIST_SIZE)
    filters = (
        MINE,
        KIND,
        ListFilter("area", say("Practice area"), library.areas),
        ListFilter("department", say("Department"), tuple((str(each), name) for each, name in library.departments)),
        VISIBILITY,
        STATE,
    )
    known = only_offered(query, filters, SORTS)
    if known != query:
        library = search_library(desk, _read_search(known), LIST_SIZE)
    total = library.total
    if known.chosen or known.typed:
        total = search_library(desk, LibrarySearch(), most=1).total
    return replace(library, bar=ListBar(known, filters, library.total, total, SORTS, page_size=LIST_SIZE))


def _read_search(query: ListQuery) -> LibrarySearch:
    return LibrarySearch(
        kind=query.value("show"),
        word=query.typed,
        page=query.page,
        area=query.value("area"),
        department=query.value("department"),
        visibility=query.value("visibility"),
        state=query.value("state"),
        is_mine=bool(query.value("mine")),
        order=LibraryOrder(query.sort) if query.sort in set(LibraryOrder) else LibraryOrder.NEWEST,
    )
