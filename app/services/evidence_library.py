"""The city's evidence as a list, and the page that adds to it."""

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from sqlalchemy import Select
from sqlmodel import Session

from app.rules.criteria import Criterion, EvidenceKind
from app.rules.evidence import Visibility
from app.rules.files import BY_EXTENSION, IMAGES
from app.rules.permissions import OFFICE
from app.services import response
from app.services.account import Who
from app.services.evidence_adding import Outcome
from app.services.evidence_pieces import Reach, reach
from app.services.site import Site
from app.store import evidence_library, evidence_support
from app.store.evidence_library import Listed, Shelf

PAGE = 50
LIBRARY = "library"
REMOVED = "removed"
WORD_LIMIT = 100


@dataclass(frozen=True)
class Search:
    """What the list shows: a kind, REMOVED or empty for all in use; a word of the title; pages from 1."""

    kind: str = ""
    word: str = ""
    page: int = 1

    def address(self, page: int, **more: str) -> str:
        """This search on another page, as the end of an address, with `more` in it."""
        return "?" + urlencode({**more, "show": self.kind, "q": self.word, "page": page})


@dataclass(frozen=True)
class Row:
    """A piece in the list; the title is empty where it is `hidden` from the reader."""

    id: int
    kind: EvidenceKind
    title: str
    hidden: bool
    visibility: Visibility
    period_from: date | None
    period_to: date | None
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Library:
    search: Search
    rows: tuple[Row, ...]
    has_more: bool


def library(session: Session, who: Who, search: Search) -> Library:
    """Up to PAGE pieces, newest first; a search finds no restricted title that the person may not see. Five queries at most."""
    mine = reach(session, who)
    search = replace(search, kind=search.kind if search.kind in {*EvidenceKind, REMOVED} else "")
    found = evidence_library.listed(
        session,
        who.city_id,
        _shelf(search),
        restricted_for=_restricted_for(who, mine),
        limit=PAGE + 1,
        offset=(search.page - 1) * PAGE,
    )
    ids = [row.id for row in found[:PAGE]]
    supported = evidence_support.supported(session, who.city_id, mine.assessment_id, ids)
    codes = {piece: tuple(had.criterion for had in hads) for piece, hads in supported.items()}
    rows = tuple(_row(row, codes.get(row.id, ()), mine) for row in found[:PAGE])
    return Library(search, rows, has_more=len(found) > PAGE)


def _shelf(search: Search) -> Shelf:
    removed = search.kind == REMOVED
    word = search.word.replace("\x00", "").strip()[:WORD_LIMIT]
    return Shelf(kind="" if removed else search.kind, word=word, withdrawn=removed)


def _restricted_for(who: Who, mine: Reach) -> Select[int] | None:
    if who.role in OFFICE:
        return None
    return evidence_library.ids_supporting(who.city_id, mine.assessment_id, mine.codes)


def _row(row: Listed, codes: tuple[str, ...], mine: Reach) -> Row:
    hidden = not mine.opens(row.visibility, codes)
    return Row(
        id=row.id,
        kind=EvidenceKind(row.kind),
        title="" if hidden else row.title,
        hidden=hidden,
        visibility=Visibility(row.visibility),
        period_from=row.period_from,
        period_to=row.period_to,
        codes=codes,
    )


@dataclass(frozen=True)
class AddPage:
    """The page that adds evidence: `kind` is a kind of evidence or LIBRARY, which has a `library` to choose from.

    `outcomes` say what became of files that were sent; `accept` names the file types for the browser.
    """

    criterion: Criterion
    kind: str
    library: Library | None
    outcomes: tuple[Outcome, ...]
    limit_mb: int
    accept: str


def begin(session: Session, site: Site, who: Who, code: str, kind: str, search: Search) -> AddPage:
    """The page for adding to this criterion. Raises NotFound, NotAllowed, and Refused while nothing can be added."""
    response.look_for_writing(session, site, who, code)
    return add_page(session, site, who, code, kind, search)


def add_page(
    session: Session,
    site: Site,
    who: Who,
    code: str,
    kind: str,
    search: Search | None = None,
    outcomes: tuple[Outcome, ...] = (),
) -> AddPage:
    """The same without asking whether anything can be added now, so that what was typed can always be shown again."""
    kind = kind if kind in {*EvidenceKind, LIBRARY} else EvidenceKind.FILE
    return AddPage(
        criterion=response.look(session, site, who, code).criterion,
        kind=kind,
        library=library(session, who, search or Search()) if kind == LIBRARY else None,
        outcomes=outcomes,
        limit_mb=site.settings.upload_mb,
        accept=ACCEPT,
    )


ACCEPT = ",".join([*(kind.media_type for kind in IMAGES), *(f".{ending}" for ending in BY_EXTENSION)])
"""With the media types of images among them, a phone offers its camera too."""
