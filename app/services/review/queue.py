"""The review queue: what waits, was returned or is decided."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from app.rules.review import (
    RenewalState,
    ResponseState,
)
from app.services.assessment import Overview, load_overview
from app.services.desk import Desk, Who
from app.services.review.asking import OpenQuestion, list_questions
from app.services.review.undoing import GivenMark, JustDecided, name_just_decided
from app.services.stand import Stand

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


@dataclass(frozen=True)
class ReviewFilters:
    """What narrows the queue: a tab of TABS, an area's id, a department's id as text, and `me`, `nobody` or empty."""

    tab: str = "waiting"
    area: str = ""
    department: str = ""
    claimed: str = ""

    @property
    def narrowed(self) -> bool:
        return bool(self.area or self.department or (self.claimed and self.tab != RENEWALS))

    def query(self, tab: str = "") -> str:
        """The filters as the end of an address, from `?` on, under another tab if one is given."""
        pairs = {"tab": tab or self.tab, "area": self.area, "department": self.department, "claimed": self.claimed}
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
    """The rows of one tab, how many each tab has under the same filters, and what can be chosen: (id, name)."""

    filters: ReviewFilters
    rows: tuple[ReviewQueueRow, ...]
    counts: dict[str, int]
    areas: tuple[tuple[str, str], ...]
    departments: tuple[tuple[int, str], ...]
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

    return ReviewQueue(
        filters=filters,
        rows=tuple(queue_row(stand) for stand in filter_stands(seen, desk.who, filters)),
        counts={tab: len(filter_stands(seen, desk.who, replace(filters, tab=tab))) for tab in TABS}
        | {QUESTIONS: len(questions)},
        questions=questions,
        areas=tuple((area.id, area.title) for area in seen.edition.areas),
        departments=tuple(seen.departments.items()),
        decided=name_just_decided(seen, mark),
    )


def filter_stands(seen: Overview, who: Who, filters: ReviewFilters) -> list[Stand]:
    """The stands that pass the filters, the oldest submission or renewal first. Nobody takes a renewal on: it takes one key."""
    holders: dict[str, int | None] = {"me": who.person_id, "nobody": None}
    passing = [
        stand
        for stand in seen.stands
        if stand.state is TABS.get(filters.tab)
        and (filters.tab != RENEWALS or stand.renewal is RenewalState.WAITING)
        and filters.area in {"", stand.criterion.area}
        and filters.department in {"", str(stand.department_id)}
        and (filters.tab == RENEWALS or filters.claimed not in holders or stand.claimed_by == holders[filters.claimed])
    ]
    if filters.tab == RENEWALS:
        return sorted(passing, key=lambda stand: (stand.updated_at is None, stand.updated_at))
    return sorted(passing, key=lambda stand: (stand.submitted_at is None, stand.submitted_at))
