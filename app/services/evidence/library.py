"""The city's evidence as a list, and the page that adds to it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Select

from app.rules.criteria.edition import Criterion, EvidenceKind, Window
from app.rules.days.freshness import Freshness, piece_freshness
from app.rules.evidence.links import DEAD
from app.rules.evidence.piece import Visibility
from app.rules.files.offered import dialog_types, name_kinds
from app.rules.files.upload import Sender
from app.rules.listing.bar import ListBar
from app.rules.message import Message
from app.rules.people.permissions import OFFICE
from app.rules.review.moves import ResponseState
from app.services import quota
from app.services.assessment.ground import AssessmentGround, open_ground
from app.services.desk import Desk, Who
from app.services.evidence.adding import FileOutcome
from app.services.evidence.pieces import Reach, ShownPiece, list_response_pieces, reach_within
from app.services.evidence.shelf import REMOVED, LibrarySearch, build_shelf
from app.services.response import answering
from app.services.response.answering import OpenedResponse
from app.store import city
from app.store.evidence import library as evidence_library
from app.store.evidence import support
from app.store.evidence.library import LibraryShelf, ListedPiece
from app.store.evidence.support import SupportedResponse

PAGE_SIZE = 50
CHOICES_PER_PAGE = 10
"""Pieces on a page that one is chosen from, each with the items that it may support."""
LIBRARY = "library"


@dataclass(frozen=True)
class LibraryRow:
    """A piece in the list; the title is empty where it is `hidden` from the reader. `named_codes` are its criteria as (code, title)."""

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
    added_by: str = ""
    added_at: datetime | None = None
    departments: tuple[str, ...] = ()
    named_codes: tuple[tuple[str, str], ...] = ()


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
    bar: ListBar | None = None


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
    shelf = build_shelf(desk, reach, search, criteria)
    listed, total = _list_pieces(desk, reach, shelf, search.page, most, chosen_for)
    supported = support.load_supported_responses(
        desk.session, desk.city_id, reach.assessment_id, [entry.id for entry in listed[:most]]
    )
    library_rows = tuple(
        _with_names(
            _library_row(entry, supported.get(entry.id, []), reach, criteria, desk.who.today), entry, ground, criteria
        )
        for entry in listed[:most]
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


def _with_names(
    line: LibraryRow, entry: ListedPiece, ground: AssessmentGround | None, criteria: dict[str, Criterion]
) -> LibraryRow:
    """The same with who added it and when, and with the names of its criteria and their departments."""
    tasks = [ground.tasks[code] for code in line.codes if code in ground.tasks] if ground else []
    departments = dict.fromkeys(ground.departments.get(task.department_id, "") for task in tasks) if ground else {}
    return replace(
        line,
        added_by=ground.names.get(entry.created_by or 0, "") if ground else "",
        added_at=entry.created_at,
        departments=tuple(name for name in departments if name),
        named_codes=tuple((code, criteria[code].title if code in criteria else "") for code in line.codes),
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
    `outcomes` say what became of files that were sent; `accept` names the file types for the browser,
    `kinds` for people.
    """

    criterion: Criterion
    kind: str
    library: Library | None
    earlier: tuple[ShownPiece, ...]
    outcomes: tuple[FileOutcome, ...]
    limit_mb: int
    room: Message
    accept: str
    kinds: tuple[Message, ...]


def load_add_page(desk: Desk, code: str, kind: str, search: LibrarySearch) -> AddEvidencePage:
    """The page for adding to this criterion. Raises NotFound, NotAllowed, and Refused while nothing can be added."""
    opened = answering.load_for_evidence(desk, code)
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
    opened = opened or answering.load_response(desk, code)
    return AddEvidencePage(
        criterion=opened.criterion,
        earlier=list_response_pieces(desk, opened.id) if opened.state is ResponseState.DECIDED else (),
        kind=kind,
        library=search_library(desk, search or LibrarySearch(), CHOICES_PER_PAGE, code) if kind == LIBRARY else None,
        outcomes=outcomes,
        limit_mb=desk.site.settings.upload_mb,
        room=quota.room_left(desk.session, desk.site, Sender(desk.city_id, desk.who.person_id)),
        accept=dialog_types(desk.site.kinds),
        kinds=name_kinds(desk.site.kinds),
    )
