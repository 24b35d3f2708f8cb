"""What of the library is asked for, and what that comes to in the tables."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from app.rules.criteria.edition import Criterion, Window
from app.rules.days.freshness import DUE_SOON_DAYS, Freshness, window_begins
from app.rules.evidence.piece import Visibility
from app.rules.message import Message, say
from app.rules.text.search_words import LibraryState, words_of
from app.services.desk import Desk
from app.services.evidence.pieces import Reach
from app.store import assessment
from app.store.evidence.library import LibraryOrder, LibraryShelf, PeriodEnding, items_for_ending

REMOVED = "removed"
WORD_LIMIT = 100
NO_WORD = " "
"""What signs alone are looked for as: nothing has it, since no word has a space."""


@dataclass(frozen=True)
class LibrarySearch:
    """What the list shows: a kind, REMOVED or empty for all in use; words; and what else narrows it, each empty for no narrowing.

    `state` is one of STATES, `area` a practice area's id, `department` a department's id as text; pages count from 1.
    With `is_mine` only what supports a criterion that the person answers for by name or department.
    """

    kind: str = ""
    word: str = ""
    page: int = 1
    area: str = ""
    department: str = ""
    visibility: str = ""
    state: str = ""
    is_mine: bool = False
    order: LibraryOrder = LibraryOrder.NEWEST

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


def build_shelf(desk: Desk, reach: Reach, search: LibrarySearch, criteria: dict[str, Criterion]) -> LibraryShelf:
    """The shelf that a search asks for."""
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
        order=search.order,
    )


def _matching_codes(
    desk: Desk, reach: Reach, search: LibrarySearch, criteria: dict[str, Criterion]
) -> frozenset[str] | None:
    """The criteria of the area and the department asked for; None where neither is."""
    if not search.area and not search.department and not search.is_mine:
        return None
    tasks = assessment.load_assignments(desk.session, desk.city_id, reach.assessment_id)
    own = {code for code, assignment in tasks.items() if desk.who.is_assigned(assignment)} if search.is_mine else tasks
    owners = {code: str(assignment.department_id) for code, assignment in tasks.items()}
    return frozenset(
        code
        for code, criterion in criteria.items()
        if search.area in {"", criterion.area} and search.department in {"", owners.get(code)} and code in own
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
