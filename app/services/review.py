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
from app.rules.message import Said, say
from app.rules.permissions import OFFICE
from app.rules.review import (
    Move,
    ResponseState,
    after,
    allows,
    check_comment,
    check_independence,
    check_reason,
    check_reopening,
)
from app.rules.scoring.score import Decision
from app.services.account import hands
from app.services.assessment import Overview, Stand, overview
from app.services.desk import Desk, Who
from app.services.evidence.pieces import Piece, of_response
from app.services.response import CHANGED_MEANWHILE, Opened, examine, look
from app.store import people, response, review
from app.store.database.engine import now
from app.store.review import ReviewComment, Verdict

TABS = {
    "waiting": ResponseState.SUBMITTED,
    "returned": ResponseState.RETURNED,
    "decided": ResponseState.DECIDED,
}


@dataclass(frozen=True)
class Filters:
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
class Row:
    """One response in the queue; names are empty where nobody is."""

    stand: Stand
    area: str
    submitted_by: str
    claimed_by: str


@dataclass(frozen=True)
class Queue:
    """The rows of one tab, how many each tab has under the same filters, and what can be chosen: (id, name)."""

    filters: Filters
    rows: tuple[Row, ...]
    counts: dict[str, int]
    areas: tuple[tuple[str, str], ...]
    departments: tuple[tuple[int, str], ...]


def queue(desk: Desk, filters: Filters) -> Queue:
    """Responses to review, the oldest submission first. Raises NotFound without an open assessment."""
    found = overview(desk.session, desk.site, desk.who.city, desk.who.language)
    names = found.names
    senders = review.submitters(desk.session, desk.city_id, found.assessment.id)

    def row(stand: Stand) -> Row:
        sender, claimer = senders.get(stand.code, 0), stand.claimed_by or 0
        title = found.edition.area_of(stand.code).title
        return Row(stand, title, names.get(sender, ""), names.get(claimer, ""))

    return Queue(
        filters=filters,
        rows=tuple(row(stand) for stand in in_line(found, desk.who, filters)),
        counts={tab: len(in_line(found, desk.who, replace(filters, tab=tab))) for tab in TABS},
        areas=tuple((area.id, area.title) for area in found.edition.areas),
        departments=tuple(found.departments.items()),
    )


def in_line(found: Overview, who: Who, filters: Filters) -> list[Stand]:
    """The stands that pass the filters, the oldest submission first."""
    holders: dict[str, int | None] = {"me": who.person_id, "nobody": None}
    passing = [
        stand
        for stand in found.stands
        if stand.state is TABS.get(filters.tab)
        and filters.area in {"", stand.criterion.area}
        and filters.department in {"", str(stand.department_id)}
        and (filters.claimed not in holders or stand.claimed_by == holders[filters.claimed])
    ]
    return sorted(passing, key=lambda stand: (stand.submitted_at is None, stand.submitted_at))


@dataclass(frozen=True)
class Support:
    """A piece of evidence beside a checklist item; `outside_window` when it ended before the time that the item asks about."""

    piece: Piece
    outside_window: bool


@dataclass(frozen=True)
class Item:
    """A checklist item: its number from 1, whether the department ticked it, and what supports it."""

    number: int
    item: ChecklistItem
    ticked: bool
    supports: tuple[Support, ...]


@dataclass(frozen=True)
class Given:
    """A verdict with its reviewer's name; `withdrawn_at` when the response was opened again."""

    decision: Decision
    reason: str
    by: str
    at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class Remark:
    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Panel:
    """One response before its reviewer. `why_not` is the sentence that keeps this person from deciding, if any."""

    opened: Opened
    stand: Stand
    checklist: Checklist
    items: tuple[Item, ...]
    pieces: tuple[Piece, ...]
    verdicts: tuple[Given, ...]
    remarks: tuple[Remark, ...]
    submitted_by: str
    claimed_by: str
    why_not: Said | None
    filters: Filters
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
    def verdict(self) -> Given | None:
        """The verdict that counts."""
        return next((given for given in self.verdicts if given.withdrawn_at is None), None)

    @property
    def may_reopen(self) -> bool:
        return allows(self.opened.state, Move.REOPEN)


def panel(desk: Desk, code: str, filters: Filters) -> Panel:
    """Everything that a reviewer needs to decide on one response. Raises NotFound."""
    opened = look(desk, code)
    found = overview(desk.session, desk.site, desk.who.city, desk.who.language)
    names = people.names(desk.session, desk.city_id)
    ticked = response.ticked(desk.session, desk.city_id, opened.id) if opened.id else frozenset()
    pieces = of_response(desk, opened.id)
    filters = replace(filters, tab=next((tab for tab, state in TABS.items() if state is opened.state), ""))
    line = [stand.code for stand in in_line(found, desk.who, filters)]
    place = line.index(code) if code in line else -1
    return Panel(
        opened=opened,
        stand=next(stand for stand in found.stands if stand.code == code),
        checklist=examine(desk, opened, ticked).checklist,
        items=_items(opened, ticked, pieces, desk.who),
        pieces=pieces,
        verdicts=given(desk.session, desk.city_id, opened.id, names),
        remarks=remarks(desk.session, desk.city_id, opened.id, names),
        submitted_by=names.get(opened.response.submitted_by or 0, ""),
        claimed_by=names.get(opened.response.claimed_by or 0, ""),
        why_not=_why_not(desk, opened),
        filters=filters,
        previous=line[place - 1] if place > 0 else None,
        next=line[place + 1] if 0 <= place < len(line) - 1 else None,
        place=place + 1,
        length=len(line),
    )


def _items(opened: Opened, ticked: frozenset[str], pieces: Sequence[Piece], who: Who) -> tuple[Item, ...]:
    def supports(item: ChecklistItem) -> tuple[Support, ...]:
        return tuple(
            Support(piece, is_outside_window(piece.period_to, item.window, who.today))
            for piece in pieces
            if item.id in piece.items
        )

    return tuple(
        Item(number, item, item.id in ticked, supports(item))
        for number, item in enumerate(opened.criterion.checklist, start=1)
    )


def given(session: Session, city_id: int, response_id: int, names: dict[int, str]) -> tuple[Given, ...]:
    """All verdicts on a response, newest first, with names from `people.names`."""
    return tuple(
        Given(Decision(row.decision), row.reason, names.get(row.reviewer_id, ""), row.at, row.withdrawn_at)
        for row in review.of_response(session, city_id, response_id)
    )


def remarks(session: Session, city_id: int, response_id: int, names: dict[int, str]) -> tuple[Remark, ...]:
    """All comments on a response, oldest first, with names from `people.names`."""
    return tuple(
        Remark(row.text, names.get(row.person_id, ""), row.at) for row in review.comments(session, city_id, response_id)
    )


def _check_may_decide(desk: Desk, opened: Opened, move: Move) -> ResponseState:
    state = after(opened.state, move)
    submitted_by, hands_here = opened.response.submitted_by, hands.of_city(desk.session, desk.city_id)
    others = sum(
        membership.role in OFFICE
        and membership.ended_at is None
        and membership.person_id != desk.who.person_id
        and not hands_here.are_one(membership.person_id, submitted_by)
        for membership, _ in people.members(desk.session, desk.city_id)
    )
    is_one = hands_here.are_one(submitted_by, desk.who.person_id)
    check_independence(submitted_it=submitted_by == desk.who.person_id, other_reviewers=others, is_one=is_one)
    return state


def _why_not(desk: Desk, opened: Opened) -> Said | None:
    try:
        _check_may_decide(desk, opened, Move.DECIDE_MET)
    except CityReadyError as problem:
        return problem.said
    return None


def decide(desk: Desk, code: str, decision: str, reason: str, version: int, filters: Filters) -> str | None:
    """Give the verdict; returns the code of the next response that waits under the filters, if any.

    Raises Invalid (no verdict chosen, reason missing), Refused (not submitted, decided already, one's own), Conflict, NotFound.
    """
    if decision not in set(Decision):
        raise Invalid({"decision": say("Choose one of the three verdicts.")})
    opened = look(desk, code)
    state = _check_may_decide(desk, opened, Move(decision))
    ticked = response.ticked(desk.session, desk.city_id, opened.id)
    holds = examine(desk, opened, ticked).checklist.holds
    reason = check_reason(Decision(decision), reason, checklist_holds=holds)
    upcoming = _next_after(
        code, in_line(overview(desk.session, desk.site, desk.who.city, desk.who.language), desk.who, filters)
    )
    _save(desk, opened, version, state=state.value)
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


def _next_after(code: str, line: Sequence[Stand]) -> str | None:
    codes = [stand.code for stand in line]
    at = codes.index(code) if code in codes else -1
    return next((other for other in codes[at + 1 :] + codes[: max(at, 0)]), None)


def _save(desk: Desk, opened: Opened, version: int, **values: object) -> None:
    if not response.save(desk.session, desk.city_id, opened.id, version, **values):
        raise Conflict(CHANGED_MEANWHILE)


def claim(desk: Desk, code: str, version: int) -> None:
    """Take a waiting response on. Raises Refused when somebody else has it or it does not wait, Conflict, NotFound."""
    opened = _waiting(desk, code)
    holder = opened.response.claimed_by
    if holder not in {None, desk.who.person_id}:
        name = people.names(desk.session, desk.city_id).get(holder or 0, "?")
        raise Refused(say("%(name)s has taken this response already.", name=name))
    if holder is None:
        _save(desk, opened, version, claimed_by=desk.who.person_id)
        desk.record(Verb.CLAIMED, code)


def release(desk: Desk, code: str, version: int) -> None:
    """Give a claimed response back to the queue, one's own or that of somebody who is away. Raises Refused, Conflict, NotFound."""
    opened = _waiting(desk, code)
    if opened.response.claimed_by is not None:
        _save(desk, opened, version, claimed_by=None)
        desk.record(Verb.RELEASED, code)


def _waiting(desk: Desk, code: str) -> Opened:
    opened = look(desk, code)
    if opened.state is not ResponseState.SUBMITTED:
        raise Refused(say("Only a response that waits for review can be taken or given back."))
    return opened


def reopen(desk: Desk, code: str, reason: str, version: int) -> None:
    """Withdraw the verdict, which stays readable, and put the response back in line; the reason becomes a comment.

    Raises Invalid, Refused for a response without a verdict, Conflict, NotFound.
    """
    opened = look(desk, code)
    state = after(opened.state, Move.REOPEN)
    reason = check_reopening(reason)
    _save(desk, opened, version, state=state.value, claimed_by=desk.who.person_id)
    verdict = review.newest(desk.session, desk.city_id, opened.id)
    if verdict:
        verdict.withdrawn_at = now()
        desk.session.add(verdict)
    _add_comment(desk, opened, reason)
    desk.record(Verb.REOPENED, code, reason=reason)


def comment(desk: Desk, code: str, text: str) -> None:
    """Add a comment for department and reviewer; the same one sent twice is kept once. Raises Invalid, NotFound."""
    text = check_comment(text)
    opened = look(desk, code)
    if opened.response.id is None:
        desk.session.add(opened.response)
        desk.session.flush()
    earlier = review.comments(desk.session, desk.city_id, opened.id)
    if earlier and (earlier[-1].text, earlier[-1].person_id) == (text, desk.who.person_id):
        return
    _add_comment(desk, opened, text)
    desk.record(Verb.COMMENTED, code)


def _add_comment(desk: Desk, opened: Opened, text: str) -> None:
    desk.session.add(
        ReviewComment(city_id=desk.city_id, response_id=opened.id, text=text, person_id=desk.who.person_id)
    )
