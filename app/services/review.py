"""The reviewer's side of a response: the queue, the panel, and the verdict. Nothing here touches the department's own answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from sqlmodel import Session

from app.rules.checklist.stand import Checklist
from app.rules.criteria import ChecklistItem, Criterion
from app.rules.errors import CityReadyError, Conflict, Invalid, Refused
from app.rules.freshness import is_outside_window
from app.rules.history.verbs import Verb
from app.rules.message import Message, say
from app.rules.permissions import OFFICE
from app.rules.review import (
    ResponseState,
    ReviewAction,
    allows_action,
    check_comment,
    check_independence,
    check_reopening,
    check_verdict_reason,
    next_response_state,
)
from app.rules.scoring.score import VerdictKind
from app.services.account import hands
from app.services.assessment import Overview, Stand, load_overview
from app.services.desk import Desk, Who
from app.services.evidence.pieces import ShownPiece, shown_pieces
from app.services.response import RESPONSE_CHANGED, OpenedResponse, examine_response, load_response, load_within
from app.store import people, response, review
from app.store.database.engine import now
from app.store.evidence.pieces import list_supporting_pieces
from app.store.review import ReviewComment, Verdict

TABS = {
    "waiting": ResponseState.SUBMITTED,
    "returned": ResponseState.RETURNED,
    "decided": ResponseState.DECIDED,
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
        return bool(self.area or self.department or self.claimed)

    def query(self, tab: str = "") -> str:
        """The filters as the end of an address, from `?` on, under another tab if one is given."""
        pairs = {"tab": tab or self.tab, "area": self.area, "department": self.department, "claimed": self.claimed}
        wanted = {name: value for name, value in pairs.items() if value and (name, value) != ("tab", "waiting")}
        return f"?{urlencode(wanted)}" if wanted else ""


@dataclass(frozen=True)
class ReviewQueueRow:
    """One response in the queue; names are empty where nobody is."""

    stand: Stand
    area: str
    submitted_by: str
    claimed_by: str


@dataclass(frozen=True)
class ReviewQueue:
    """The rows of one tab, how many each tab has under the same filters, and what can be chosen: (id, name)."""

    filters: ReviewFilters
    rows: tuple[ReviewQueueRow, ...]
    counts: dict[str, int]
    areas: tuple[tuple[str, str], ...]
    departments: tuple[tuple[int, str], ...]


def list_review_queue(desk: Desk, filters: ReviewFilters) -> ReviewQueue:
    """Responses to review, the oldest submission first. Raises NotFound without an open assessment."""
    seen = load_overview(desk.session, desk.site, desk.who.city, desk.who.language)
    names = seen.names

    def queue_row(stand: Stand) -> ReviewQueueRow:
        sender, reviewer = stand.submitted_by or 0, stand.claimed_by or 0
        title = seen.edition.area_of(stand.code).title
        return ReviewQueueRow(stand, title, names.get(sender, ""), names.get(reviewer, ""))

    return ReviewQueue(
        filters=filters,
        rows=tuple(queue_row(stand) for stand in filter_stands(seen, desk.who, filters)),
        counts={tab: len(filter_stands(seen, desk.who, replace(filters, tab=tab))) for tab in TABS},
        areas=tuple((area.id, area.title) for area in seen.edition.areas),
        departments=tuple(seen.departments.items()),
    )


def filter_stands(seen: Overview, who: Who, filters: ReviewFilters) -> list[Stand]:
    """The stands that pass the filters, the oldest submission first."""
    holders: dict[str, int | None] = {"me": who.person_id, "nobody": None}
    passing = [
        stand
        for stand in seen.stands
        if stand.state is TABS.get(filters.tab)
        and filters.area in {"", stand.criterion.area}
        and filters.department in {"", str(stand.department_id)}
        and (filters.claimed not in holders or stand.claimed_by == holders[filters.claimed])
    ]
    return sorted(passing, key=lambda stand: (stand.submitted_at is None, stand.submitted_at))


@dataclass(frozen=True)
class ReviewSupport:
    """A piece of evidence beside a checklist item; `outside_window` when it ended before the time that the item asks about."""

    piece: ShownPiece
    outside_window: bool


@dataclass(frozen=True)
class ReviewItem:
    """A checklist item: its number from 1, whether the department ticked it, and what supports it."""

    number: int
    item: ChecklistItem
    ticked: bool
    supports: tuple[ReviewSupport, ...]


@dataclass(frozen=True)
class GivenVerdict:
    """A verdict with its reviewer's name; `withdrawn_at` when the response was opened again."""

    decision: VerdictKind
    reason: str
    by: str
    at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class ReviewCommentLine:
    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class ReviewPanel:
    """One response before its reviewer. `why_not` is the sentence that keeps this person from deciding, if any."""

    opened: OpenedResponse
    stand: Stand
    checklist: Checklist
    items: tuple[ReviewItem, ...]
    pieces: tuple[ShownPiece, ...]
    verdicts: tuple[GivenVerdict, ...]
    remarks: tuple[ReviewCommentLine, ...]
    submitted_by: str
    claimed_by: str
    why_not: Message | None
    filters: ReviewFilters
    previous: str | None
    next: str | None
    place: int
    length: int

    @property
    def criterion(self) -> Criterion:
        return self.opened.criterion

    @property
    def moves(self) -> bool:
        """Whether the page changes by itself."""
        return any(piece.moves for piece in self.pieces)

    @property
    def verdict(self) -> GivenVerdict | None:
        """The verdict that counts."""
        return next((given for given in self.verdicts if given.withdrawn_at is None), None)

    @property
    def may_reopen(self) -> bool:
        return allows_action(self.opened.state, ReviewAction.REOPEN)


def load_panel(desk: Desk, code: str, filters: ReviewFilters) -> ReviewPanel:
    """Everything that a reviewer needs to decide on one response. Raises NotFound."""
    seen = load_overview(desk.session, desk.site, desk.who.city, desk.who.language)
    opened = load_within(desk, seen, code)
    names, stand = seen.names, seen.stand_of(code)
    ticked = frozenset(item.item.id for item in stand.checklist.items if item.ticked)
    rows = list_supporting_pieces(desk.session, desk.city_id, opened.id) if opened.id else []
    pieces = shown_pieces(desk, rows)
    filters = replace(filters, tab=next((tab for tab, state in TABS.items() if state is opened.state), ""))
    queue_codes = [stand.code for stand in filter_stands(seen, desk.who, filters)]
    place = queue_codes.index(code) if code in queue_codes else -1
    return ReviewPanel(
        opened=opened,
        stand=stand,
        checklist=examine_response(desk, opened, ticked, rows).checklist,
        items=_review_items(opened, ticked, pieces, desk.who),
        pieces=pieces,
        verdicts=list_verdicts(desk.session, desk.city_id, opened.id, names),
        remarks=list_comments(desk.session, desk.city_id, opened.id, names),
        submitted_by=names.get(opened.response.submitted_by or 0, ""),
        claimed_by=names.get(opened.response.claimed_by or 0, ""),
        why_not=_why_not_decide(desk, opened),
        filters=filters,
        previous=queue_codes[place - 1] if place > 0 else None,
        next=queue_codes[place + 1] if 0 <= place < len(queue_codes) - 1 else None,
        place=place + 1,
        length=len(queue_codes),
    )


def _review_items(
    opened: OpenedResponse, ticked: frozenset[str], pieces: Sequence[ShownPiece], who: Who
) -> tuple[ReviewItem, ...]:
    def item_supports(item: ChecklistItem) -> tuple[ReviewSupport, ...]:
        return tuple(
            ReviewSupport(piece, is_outside_window(piece.period_to, item.window, who.today))
            for piece in pieces
            if item.id in piece.items
        )

    return tuple(
        ReviewItem(number, item, item.id in ticked, item_supports(item))
        for number, item in enumerate(opened.criterion.checklist, start=1)
    )


def list_verdicts(session: Session, city_id: int, response_id: int, names: dict[int, str]) -> tuple[GivenVerdict, ...]:
    """All verdicts on a response, newest first, with names from `people.load_names`."""
    return tuple(
        GivenVerdict(
            VerdictKind(verdict.decision),
            verdict.reason,
            names.get(verdict.reviewer_id, ""),
            verdict.at,
            verdict.withdrawn_at,
        )
        for verdict in review.list_verdicts(session, city_id, response_id)
    )


def list_comments(
    session: Session, city_id: int, response_id: int, names: dict[int, str]
) -> tuple[ReviewCommentLine, ...]:
    """All comments on a response, oldest first, with names from `people.load_names`."""
    return tuple(
        ReviewCommentLine(comment_row.text, names.get(comment_row.person_id, ""), comment_row.at)
        for comment_row in review.list_comments(session, city_id, response_id)
    )


def _check_may_decide(desk: Desk, opened: OpenedResponse, action: ReviewAction) -> ResponseState:
    state = next_response_state(opened.state, action)
    submitted_by, hands_here = opened.response.submitted_by, hands.load_hands(desk.session, desk.city_id)
    others = sum(
        membership.role in OFFICE
        and membership.ended_at is None
        and membership.person_id != desk.who.person_id
        and not hands_here.are_one(membership.person_id, submitted_by)
        for membership, _ in people.list_members(desk.session, desk.city_id)
    )
    is_one = hands_here.are_one(submitted_by, desk.who.person_id)
    check_independence(submitted_it=submitted_by == desk.who.person_id, other_reviewers=others, is_one=is_one)
    return state


def _why_not_decide(desk: Desk, opened: OpenedResponse) -> Message | None:
    try:
        _check_may_decide(desk, opened, ReviewAction.DECIDE_MET)
    except CityReadyError as problem:
        return problem.said
    return None


def give_verdict(desk: Desk, code: str, decision: str, reason: str, version: int, filters: ReviewFilters) -> str | None:
    """Give the verdict; returns the code of the next response that waits under the filters, if any.

    Raises Invalid (no verdict chosen, reason missing), Refused (not submitted, decided already, one's own), Conflict, NotFound.
    """
    if decision not in set(VerdictKind):
        raise Invalid({"decision": say("Choose one of the three verdicts.")})
    opened = load_response(desk, code)
    state = _check_may_decide(desk, opened, ReviewAction(decision))
    ticked = response.load_ticked_items(desk.session, desk.city_id, opened.id)
    holds = examine_response(desk, opened, ticked).checklist.holds
    reason = check_verdict_reason(VerdictKind(decision), reason, checklist_holds=holds)
    upcoming = _next_after(
        code, filter_stands(load_overview(desk.session, desk.site, desk.who.city, desk.who.language), desk.who, filters)
    )
    _save_response(desk, opened, version, state=state.value)
    desk.session.add(
        Verdict(
            city_id=desk.city_id,
            response_id=opened.id,
            decision=decision,
            reason=reason,
            reviewer_id=desk.who.person_id,
        )
    )
    desk.record(Verb.VERDICT_GIVEN, code, decision=decision, reason=reason)
    return upcoming


def _next_after(code: str, stands: Sequence[Stand]) -> str | None:
    codes = [stand.code for stand in stands]
    at = codes.index(code) if code in codes else -1
    return next((other for other in codes[at + 1 :] + codes[: max(at, 0)]), None)


def _save_response(desk: Desk, opened: OpenedResponse, version: int, **values: object) -> None:
    if not response.save_response(desk.session, desk.city_id, opened.id, version, **values):
        raise Conflict(RESPONSE_CHANGED)


def assign_to_me(desk: Desk, code: str, version: int) -> None:
    """Take a waiting response on. Raises Refused when somebody else has it or it does not wait, Conflict, NotFound."""
    opened = _load_waiting(desk, code)
    holder = opened.response.claimed_by
    if holder not in {None, desk.who.person_id}:
        name = people.load_names(desk.session, desk.city_id).get(holder or 0, "?")
        raise Refused(say("%(name)s has taken this response already.", name=name))
    if holder is None:
        _save_response(desk, opened, version, claimed_by=desk.who.person_id)
        desk.record(Verb.CLAIMED, code)


def unassign_reviewer(desk: Desk, code: str, version: int) -> None:
    """Give a claimed response back to the queue, one's own or that of somebody who is away. Raises Refused, Conflict, NotFound."""
    opened = _load_waiting(desk, code)
    if opened.response.claimed_by is not None:
        _save_response(desk, opened, version, claimed_by=None)
        desk.record(Verb.RELEASED, code)


def _load_waiting(desk: Desk, code: str) -> OpenedResponse:
    opened = load_response(desk, code)
    if opened.state is not ResponseState.SUBMITTED:
        raise Refused(say("Only a response that waits for review can be taken or given back."))
    return opened


def reopen_response(desk: Desk, code: str, reason: str, version: int) -> None:
    """Withdraw the verdict, which stays readable, and put the response back in line; the reason becomes a comment.

    Raises Invalid, Refused for a response without a verdict, Conflict, NotFound.
    """
    opened = load_response(desk, code)
    state = next_response_state(opened.state, ReviewAction.REOPEN)
    reason = check_reopening(reason)
    _save_response(desk, opened, version, state=state.value, claimed_by=desk.who.person_id)
    verdict = review.find_newest_verdict(desk.session, desk.city_id, opened.id)
    if verdict:
        verdict.withdrawn_at = now()
        desk.session.add(verdict)
    _save_comment(desk, opened, reason)
    desk.record(Verb.REOPENED, code, reason=reason)


def add_comment(desk: Desk, code: str, text: str) -> None:
    """Add a comment for department and reviewer; the same one sent twice is kept once. Raises Invalid, NotFound."""
    text = check_comment(text)
    opened = load_response(desk, code)
    if opened.response.id is None:
        desk.session.add(opened.response)
        desk.session.flush()
    earlier = review.list_comments(desk.session, desk.city_id, opened.id)
    if earlier and (earlier[-1].text, earlier[-1].person_id) == (text, desk.who.person_id):
        return
    _save_comment(desk, opened, text)
    desk.record(Verb.COMMENTED, code)


def _save_comment(desk: Desk, opened: OpenedResponse, text: str) -> None:
    desk.session.add(
        ReviewComment(city_id=desk.city_id, response_id=opened.id, text=text, person_id=desk.who.person_id)
    )
