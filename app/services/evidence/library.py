"""The city's evidence as a list, and the page that adds to it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from sqlalchemy import Select

from app.rules.criteria import Criterion, EvidenceKind, Window
from app.rules.evidence.piece import Visibility
from app.rules.files.kinds import dialog_types
from app.rules.files.upload import Sender
from app.rules.freshness import DUE_SOON_DAYS, Freshness, piece_freshness, window_begins
from app.rules.links import DEAD
from app.rules.message import Message, say
from app.rules.permissions import OFFICE
from app.rules.review import ResponseState
from app.rules.search import LibraryState, words_of
from app.services import quota, response
from app.services.desk import Desk, Who
from app.services.evidence.adding import FileOutcome
from app.services.evidence.pieces import Reach, ShownPiece, list_response_pieces, reach_within
from app.services.ground import AssessmentGround, open_ground
from app.services.response import OpenedResponse
from app.store import assessment, city
from app.store.evidence import library as evidence_library
from app.store.evidence import support
from app.store.evidence.library import LibraryShelf, ListedPiece, PeriodEnding, items_for_ending
from app.store.evidence.support import SupportedResponse

PAGE_SIZE = 50
CHOICES_PER_PAGE = 10
"""Pieces on a page that one is chosen from, each with the items that it may support."""
LIBRARY = "library"
REMOVED = "removed"
WORD_LIMIT = 100
NO_WORD = " "
"""What signs alone are looked for as: nothing has it, since no word has a space."""


@dataclass(frozen=True)
class LibrarySearch:
    """What the list shows: a kind, REMOVED or empty for all in use; words; and what else narrows it, each empty for no narrowing.

    `state` is one of STATES, `area` a practice area's id, `department` a department's id as text; pages count from 1.
    """

    kind: str = ""
    word: str = ""
    page: int = 1
    area: str = ""
    department: str = ""
    visibility: str = ""
    state: str = ""

    @property
    def narrowed(self) -> bool:
        return any((self.kind, self.word, self.area, self.department, self.visibility, self.state))

    def address(self, page: int, **more: str) -> str:
        """This search on another page, as the end of an address, with `more` in it."""
        filters = {"area": self.area, "department": self.department, "visibility": self.visibility, "state": self.state}
        chosen_filters = {name: value for name, value in filters.items() if value}
        return "?" + urlencode({**more, "show": self.kind, "q": self.word, **chosen_filters, "page": page})


LIBRARY_STATES: dict[LibraryState, Message] = {
    LibraryState.DUE_SOON: say("Lapses soon"),
    LibraryState.LAPSED: say("Lapsed"),
    LibraryState.UNKNOWN: say("Period missing"),
    LibraryState.UNUSED: say("Not linked to a criterion"),
    LibraryState.DEAD: say("Link does not open"),
}


@dataclass(frozen=True)
class LibraryRow:
    """A piece in the list; the title is empty where it is `hidden` from the reader."""

    id: int
    kind: EvidenceKind
    title: str
    hidden: bool
    visibility: Visibility
    period_from: date | None
    period_to: date | None
    codes: tuple[str, ...]
    link_dead: bool
    freshness: Freshness | None


@dataclass(frozen=True)
class Library:
    """A page of the list, and what it can be narrowed to: (id, name) of areas and departments.

    `total` is how many pieces there are on all pages, `titles` are those of the criteria by code.
    """

    search: LibrarySearch
    rows: tuple[LibraryRow, ...]
    has_more: bool
    total: int
    titles: dict[str, str]
    areas: tuple[tuple[str, str], ...]
    departments: tuple[tuple[int, str], ...]


def search_library(desk: Desk, search: LibrarySearch, most: int = PAGE_SIZE, chosen_for: str = "") -> Library:
    """Up to `most` pieces, newest first; a search finds no restricted piece that the person may not see. Nine queries at most.

    Those that support the criterion `chosen_for` already come last.
    """
    ground = open_ground(desk.session, desk.site, desk.who.city)
    reach = reach_within(desk.who, ground)
    edition = desk.site.edition(ground.assessment.edition, desk.who.language) if ground else None
    criteria = ground.criteria(edition) if ground and edition else {}
    departments = departments_of(desk, ground)
    search = replace(search, kind=search.kind if search.kind in {*EvidenceKind, REMOVED} else "")
    shelf = _build_shelf(desk, reach, search, criteria)
    listed, total = _list_pieces(desk, reach, shelf, search.page, most, chosen_for)
    supported = support.load_supported_responses(
        desk.session, desk.city_id, reach.assessment_id, [entry.id for entry in listed[:most]]
    )
    library_rows = tuple(
        _library_row(entry, supported.get(entry.id, []), reach, criteria, desk.who.today) for entry in listed[:most]
    )
    area_titles = tuple((area.id, area.title) for area in edition.areas) if edition else ()
    titles = {code: criterion.title for code, criterion in criteria.items()}
    return Library(search, library_rows, len(listed) > most, total, titles, area_titles, tuple(departments.items()))


def _list_pieces(
    desk: Desk, reach: Reach, shelf: LibraryShelf, page: int, most: int, chosen_for: str
) -> tuple[list[ListedPiece], int]:
    """The pieces of a page, one more where another page follows, and how many there are in all.

    The pages of the whole library depend on nothing but the pieces in it, so they are asked for once after one has changed.
    """

    def ask() -> tuple[list[ListedPiece], int]:
        given = (desk.session, desk.city_id, reach.assessment_id, shelf)
        restricted = _restricted_for(desk.who, reach) if shelf.words else None
        offset = (page - 1) * most
        listed = evidence_library.list_pieces(
            *given, restricted_for=restricted, limit=most + 1, offset=offset, last_criterion=chosen_for
        )
        return listed, evidence_library.count_pieces(*given, restricted)

    if shelf != LibraryShelf() or chosen_for:
        return ask()
    seen = desk.site.kept.seen_by(desk.session, desk.who.city)
    return seen.find(("library", page, most), ask, frozenset({"evidence"}))


def departments_of(desk: Desk, ground: AssessmentGround | None) -> dict[int, str]:
    if ground:
        return ground.departments
    return {row.id: row.name for row in city.list_departments(desk.session, desk.city_id)}


def _build_shelf(desk: Desk, reach: Reach, search: LibrarySearch, criteria: dict[str, Criterion]) -> LibraryShelf:
    removed, word = search.kind == REMOVED, search.word[:WORD_LIMIT].strip()
    return LibraryShelf(
        kind="" if removed else search.kind,
        words=words_of([word]) or ((NO_WORD,) if word else ()),
        withdrawn=removed,
        visibility=search.visibility if search.visibility in set(Visibility) else "",
        dead_links=search.state == LibraryState.DEAD,
        unused=search.state == LibraryState.UNUSED,
        codes=_matching_codes(desk, reach, search, criteria),
        endings=_period_endings(search.state, criteria, desk.who.today),
    )


def _matching_codes(
    desk: Desk, reach: Reach, search: LibrarySearch, criteria: dict[str, Criterion]
) -> frozenset[str] | None:
    """The criteria of the area and the department asked for; None where neither is."""
    if not search.area and not search.department:
        return None
    tasks = assessment.load_assignments(desk.session, desk.city_id, reach.assessment_id)
    owners = {code: str(assignment.department_id) for code, assignment in tasks.items()}
    return frozenset(
        code
        for code, criterion in criteria.items()
        if search.area in {"", criterion.area} and search.department in {"", owners.get(code)}
    )


def _period_endings(state: str, criteria: dict[str, Criterion], today: date) -> tuple[PeriodEnding, ...] | None:
    """Which ends of a period make a piece lapsed, due soon or unknown, window by window; None where that is not asked."""
    if state not in {Freshness.DUE_SOON, Freshness.LAPSED, Freshness.UNKNOWN}:
        return None
    return tuple(_period_ending(state, window, criteria, today) for window in Window if window is not Window.NONE)


def _period_ending(state: str, window: Window, criteria: dict[str, Criterion], today: date) -> PeriodEnding:
    items = [
        (code, item.id) for code, criterion in criteria.items() for item in criterion.checklist if item.window is window
    ]
    begins, soon = window_begins(today, window), window_begins(today + timedelta(days=DUE_SOON_DAYS), window)
    if state == Freshness.UNKNOWN:
        return PeriodEnding(items_for_ending(items), unknown=True)
    return (
        PeriodEnding(items_for_ending(items), before=begins)
        if state == Freshness.LAPSED
        else PeriodEnding(items_for_ending(items), first=begins, before=soon)
    )


def _restricted_for(who: Who, reach: Reach) -> Select[int] | None:
    if who.role in OFFICE:
        return None
    return evidence_library.ids_owned(who.city_id, reach.assessment_id, reach.codes)


def _library_row(
    entry: ListedPiece, supports: Sequence[SupportedResponse], reach: Reach, criteria: dict[str, Criterion], today: date
) -> LibraryRow:
    hidden = not reach.opens(entry.visibility, supports)
    return LibraryRow(
        id=entry.id,
        kind=EvidenceKind(entry.kind),
        title="" if hidden else entry.title,
        hidden=hidden,
        visibility=Visibility(entry.visibility),
        period_from=entry.period_from,
        period_to=entry.period_to,
        codes=tuple(support.criterion for support in supports),
        link_dead=entry.link_state in DEAD,
        freshness=_worst_freshness(entry, supports, criteria, today),
    )


def _worst_freshness(
    entry: ListedPiece, supports: Sequence[SupportedResponse], criteria: dict[str, Criterion], today: date
) -> Freshness | None:
    """How fresh the piece is where it matters: for the item that asks most of it. None where no item has a window."""
    windows = {
        item.window
        for support in supports
        if support.criterion in criteria
        for item in criteria[support.criterion].checklist
        if item.id in support.items and item.window is not Window.NONE
    }
    candidates = [piece_freshness(entry.period_to, window, today) for window in windows]
    return max(candidates, key=list(Freshness).index, default=None)


@dataclass(frozen=True)
class AddEvidencePage:
    """The page that adds evidence: `kind` is a kind of evidence or LIBRARY, which has a `search_library` to choose from.

    `earlier` is what a criterion with a verdict has had until now, which newer evidence comes beside.
    `outcomes` say what became of files that were sent; `accept` names the file types for the browser.
    """

    criterion: Criterion
    kind: str
    library: Library | None
    earlier: tuple[ShownPiece, ...]
    outcomes: tuple[FileOutcome, ...]
    limit_mb: int
    room: Message
    accept: str


def load_add_page(desk: Desk, code: str, kind: str, search: LibrarySearch) -> AddEvidencePage:
    """The page for adding to this criterion. Raises NotFound, NotAllowed, and Refused while nothing can be added."""
    opened = response.load_for_evidence(desk, code)
    return build_add_page(desk, code, kind, search, opened=opened)


def build_add_page(
    desk: Desk,
    code: str,
    kind: str,
    search: LibrarySearch | None = None,
    outcomes: tuple[FileOutcome, ...] = (),
    opened: OpenedResponse | None = None,
) -> AddEvidencePage:
    """The same without asking whether anything can be added now, so that what was typed can always be shown again."""
    kind = kind if kind in {*EvidenceKind, LIBRARY} else EvidenceKind.FILE
    opened = opened or response.load_response(desk, code)
    return AddEvidencePage(
        criterion=opened.criterion,
        earlier=list_response_pieces(desk, opened.id) if opened.state is ResponseState.DECIDED else (),
        kind=kind,
        library=search_library(desk, search or LibrarySearch(), CHOICES_PER_PAGE, code) if kind == LIBRARY else None,
        outcomes=outcomes,
        limit_mb=desk.site.settings.upload_mb,
        room=quota.room_left(desk.session, desk.site, Sender(desk.city_id, desk.who.person_id)),
        accept=dialog_types(desk.site.kinds),
    )
