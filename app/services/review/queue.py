"""The review queue: what waits, was returned or is decided."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from app.rules.listing.bar import ListBar, ListFilter, only_offered
from app.rules.listing.filters import CORE, area_filter, department_filter, is_of_department
from app.rules.listing.query import SORT, WORDS, ListQuery, count_without, narrow_entries, page_of
from app.rules.message import Message, say
from app.rules.review.moves import RenewalState, ResponseState
from app.rules.site_search import asked_words, begins_words, criterion_words, has_words
from app.services.assessment.overview import Overview, load_overview
from app.services.assessment.stand import Stand
from app.services.desk import Desk, Who
from app.services.review.asking import OpenQuestion, list_questions
from app.services.review.undoing import GivenMark, JustDecided, name_just_decided

RENEWALS = "renewals"
"""The tab of what came after a verdict of met and waits to be looked at; the verdict stands meanwhile."""
QUESTIONS = "questions"
"""The tab of what the data office is asked, requests to reopen among it; they are no responses, and not filtered."""
TABS: dict[str, ResponseState | None] = {
    "waiting": ResponseState.SUBMITTED,
    "returned": ResponseState.RETURNED,
    "decided": ResponseState.DECIDED,
    RENEWALS: ResponseState.DECIDED,
    QUESTIONS: None,
}


CLAIMED = ListFilter("claimed", say("Assigned to"), (("me", say("Me")), ("nobody", say("Nobody"))))
PAGE_SIZE = 20
SORTS: tuple[tuple[str, Message], ...] = (
    ("", say("Oldest first")),
    ("new", say("Newest first")),
    ("code", say("In the order of the standard")),
)


@dataclass(frozen=True)
class ReviewFilters:
    """What narrows the queue: a tab of TABS, an area's id, a department's id as text, and `me`, `nobody` or empty.

    `words` are looked for, `sort` is one of SORTS, and `is_again` says that the last filters were put on by themselves.
    """

    tab: str = "waiting"
    area: str = ""
    department: str = ""
    claimed: str = ""
    core: str = ""
    words: str = ""
    sort: str = ""
    is_again: bool = False
    page: int = 1

    @property
    def asked(self) -> ListQuery:
        """The same as the bar above the list has it."""
        chosen = {"core": self.core, "area": self.area, "department": self.department, "claimed": self.claimed}
        kept = () if self.tab == "waiting" else (("tab", self.tab),)
        pairs = tuple((name, value) for name, value in chosen.items() if value)
        return ListQuery(self.words, pairs, self.sort, self.page, is_again=self.is_again, kept=kept)

    def query(self, tab: str = "") -> str:
        """The filters as the end of an address, from `?` on, under another tab if one is given."""
        pairs = {"tab": tab or self.tab, "area": self.area, "department": self.department, "claimed": self.claimed}
        pairs |= {"core": self.core, WORDS: self.words, SORT: self.sort}
        wanted = {name: value for name, value in pairs.items() if value and (name, value) != ("tab", "waiting")}
        return f"?{urlencode(wanted)}" if wanted else ""


@dataclass(frozen=True)
class ReviewQueueRow:
    """One response in the queue; names are empty where nobody is. `sent_by` is who submitted it, or brought the renewal."""

    stand: Stand
    area: str
    sent_by: str
    claimed_by: str


@dataclass(frozen=True)
class ReviewQueue:
    """The rows of one page of a tab, how many each tab has under the same filters, and the bar that narrows them."""

    filters: ReviewFilters
    rows: tuple[ReviewQueueRow, ...]
    counts: dict[str, int]
    bar: ListBar
    questions: tuple[OpenQuestion, ...] = ()
    decided: JustDecided | None = None


def list_review_queue(desk: Desk, filters: ReviewFilters, mark: GivenMark | None = None) -> ReviewQueue:
    """Responses to review, the oldest submission first. Raises NotFound without an open assessment."""
    seen = load_overview(desk.session, desk.site, desk.who.city, desk.who.language)
    names = seen.names
    questions = list_questions(desk, seen, "review")

    def queue_row(stand: Stand) -> ReviewQueueRow:
        sender = stand.renewed_by if filters.tab == RENEWALS else stand.submitted_by
        title = seen.edition.area_of(stand.code).title
        return ReviewQueueRow(stand, title, names.get(sender or 0, ""), names.get(stand.claimed_by or 0, ""))

    passing = {tab: filter_stands(seen, desk.who, replace(filters, tab=tab)) for tab in TABS}
    stands = passing.get(filters.tab, [])
    return ReviewQueue(
        filters=filters,
        rows=tuple(map(queue_row, page_of(stands, filters.asked, PAGE_SIZE))),
        counts={tab: len(stands) for tab, stands in passing.items()} | {QUESTIONS: len(questions)},
        bar=_build_bar(seen, desk.who, filters, len(stands)),
        questions=questions,
        decided=name_just_decided(seen, mark),
    )


def _build_bar(seen: Overview, who: Who, filters: ReviewFilters, fitting: int) -> ListBar:
    offered = [CORE, area_filter(seen.edition.areas), department_filter(seen.departments.items())]
    if filters.tab != RENEWALS and not who.in_small_office:
        offered.append(CLAIMED)
    stands = _stands_of(seen, filters.tab)
    without = {} if fitting else count_without(stands, _stand_tests(seen, who, filters))
    query = only_offered(filters.asked, offered, SORTS)
    return ListBar(query, tuple(offered), fitting, len(stands), SORTS, without, page_size=PAGE_SIZE)


def _stands_of(seen: Overview, tab: str) -> list[Stand]:
    """All of a tab, whatever narrows it."""
    return [
        stand
        for stand in seen.stands
        if stand.state is TABS.get(tab) and (tab != RENEWALS or stand.renewal is RenewalState.WAITING)
    ]


def _stand_tests(seen: Overview, who: Who, filters: ReviewFilters) -> dict[str, Callable[[Stand], bool]]:
    """By the name of each filter that is on, what passes it. Nobody takes a renewal on: it takes one key."""
    holders: dict[str, int | None] = {"me": who.person_id, "nobody": None}
    claimed = filters.claimed if filters.claimed in holders and filters.tab != RENEWALS else ""
    areas, asked = {area.id: area.title for area in seen.edition.areas}, asked_words(filters.words)

    def has_them(stand: Stand) -> bool:
        people = (seen.names.get(one or 0, "") for one in (stand.submitted_by, stand.renewed_by, stand.claimed_by))
        around = (stand.criterion.title, areas[stand.criterion.area], stand.department, *people)
        return begins_words(criterion_words(stand.criterion), asked) or has_words(around, asked)

    tests: dict[str, tuple[object, Callable[[Stand], bool]]] = {
        "core": (filters.core, lambda stand: stand.criterion.core),
        "area": (filters.area, lambda stand: stand.criterion.area == filters.area),
        "department": (filters.department, lambda stand: is_of_department(stand.department_id, filters.department)),
        "claimed": (claimed, lambda stand: stand.claimed_by == holders[claimed]),
        WORDS: (asked, has_them),
    }
    return {name: test for name, (is_on, test) in tests.items() if is_on}


def filter_stands(seen: Overview, who: Who, filters: ReviewFilters) -> list[Stand]:
    """The stands that pass the filters, the oldest submission or renewal first unless another order is asked for."""
    passing = narrow_entries(_stands_of(seen, filters.tab), _stand_tests(seen, who, filters))
    if filters.sort == "code":
        return list(passing)

    def sent_at(stand: Stand) -> tuple[bool, datetime | None]:
        at = stand.updated_at if filters.tab == RENEWALS else stand.submitted_at
        return at is None, at

    return sorted(passing, key=sent_at, reverse=filters.sort == "new")
