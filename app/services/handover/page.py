"""The page that a successor gets: what is open, what expires, whom to talk to, which links are out, and notes of who left."""

from dataclasses import dataclass
from datetime import date, datetime

from app.rules.errors import Conflict, NotAllowed, NotFound
from app.rules.evidence.piece import Visibility
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.rules.my_work import WITH_THE_DEPARTMENT
from app.rules.people.handover import HeldWork, may_see_handover, read_held
from app.rules.people.permissions import OFFICE, STAFF
from app.services.assessment.overview import Overview, load_overview
from app.services.assessment.stand import Stand
from app.services.desk import Desk
from app.services.people.members import CHANGED_MEANWHILE
from app.store import city, handover, people, request
from app.store.evidence import pieces
from app.store.handover import Handover
from app.store.request import EvidenceRequest


@dataclass(frozen=True)
class HandedCriterion:
    """A criterion that was handed over, as it stands now. `expires_on` is when its evidence no longer suffices."""

    stand: Stand
    due_on: date | None
    expires_on: date | None
    is_open: bool


@dataclass(frozen=True)
class HandedRequest:
    """A request that was handed over: to whom, whom to write to there, and how long its link opens where one is out.

    `title` is its criterion's, empty where that is of an earlier edition.
    """

    id: int
    criterion: str
    title: str
    what: str
    to: str
    contact: str
    email: str
    due_on: date | None
    link_until: datetime | None


@dataclass(frozen=True)
class HandedPiece:
    """A piece of evidence; an empty title for a restricted one."""

    id: int
    title: str
    period_to: date | None


@dataclass(frozen=True)
class Contact:
    """A colleague of the departments concerned."""

    name: str
    email: str
    is_head: bool


@dataclass(frozen=True)
class HandoverPage:
    """What someone took over from `name` on a day, as it stands now; `is_mine` for the successor."""

    id: int
    name: str
    successor: str
    at: datetime
    notes: str
    criteria: tuple[HandedCriterion, ...]
    requests: tuple[HandedRequest, ...]
    pieces: tuple[HandedPiece, ...]
    contacts: tuple[Contact, ...]
    departments: tuple[str, ...]
    read_at: datetime | None
    is_mine: bool
    version: int

    @property
    def expiring(self) -> tuple[HandedCriterion, ...]:
        """Those whose evidence ends, the first to end first."""
        ending = [each for each in self.criteria if each.expires_on]
        return tuple(sorted(ending, key=lambda each: each.expires_on or date.max))

    @property
    def links(self) -> tuple[HandedRequest, ...]:
        """Those with a link given out."""
        return tuple(each for each in self.requests if each.link_until)


def load_handover(desk: Desk, handover_id: int) -> HandoverPage:
    """For the successor and the data office. Raises NotFound, NotAllowed for others."""
    row = _find_handover(desk, handover_id)
    held, names = read_held(row.content), people.load_names(desk.session, desk.city_id)
    seen = load_overview(desk.session, desk.site, desk.who.city, desk.who.language)
    criteria = tuple(_handed_criterion(seen, stand) for stand in seen.stands if stand.code in held.criteria)
    led = [each for each in city.list_departments(desk.session, desk.city_id) if each.id in held.departments]
    concerned = {each.stand.department_id for each in criteria} | {each.id for each in led}
    return HandoverPage(
        id=row.id,
        name=names.get(row.person_id, ""),
        successor=names.get(row.successor_id, ""),
        at=row.at,
        notes=row.notes,
        criteria=criteria,
        requests=_handed_requests(desk, held, seen),
        pieces=_handed_pieces(desk, held),
        contacts=_list_contacts(desk, {each for each in concerned if each}, row.person_id),
        departments=tuple(each.name for each in led),
        read_at=row.read_at,
        is_mine=row.successor_id == desk.who.person_id,
        version=row.version,
    )


def _find_handover(desk: Desk, handover_id: int) -> Handover:
    row = handover.find_handover(desk.session, desk.city_id, handover_id)
    if row is None:
        raise NotFound(say("We could not find that handover."))
    _need_seen(desk, row, in_office=desk.who.role in OFFICE)
    return row


def _need_seen(desk: Desk, row: Handover, *, in_office: bool) -> None:
    if not may_see_handover(row.successor_id, desk.who.person_id, in_office=in_office):
        raise NotAllowed(say("This was handed over to someone else."))


def _handed_criterion(seen: Overview, stand: Stand) -> HandedCriterion:
    is_open = stand.state in WITH_THE_DEPARTMENT
    return HandedCriterion(stand, seen.find_due_day(stand) if is_open else None, stand.at_risk_from, is_open)


def _handed_requests(desk: Desk, held: HeldWork, seen: Overview) -> tuple[HandedRequest, ...]:
    partners = {row.id: row for row in request.list_partners(desk.session, desk.city_id)}
    departments = {row.id: row.name for row in city.list_departments(desk.session, desk.city_id, closed=True)}

    def describe(asked: EvidenceRequest) -> HandedRequest:
        partner = partners.get(asked.partner_id or 0)
        criterion = seen.edition.criteria.get(asked.criterion)
        return HandedRequest(
            id=asked.id,
            criterion=asked.criterion,
            title=criterion.title if criterion else "",
            what=asked.what,
            to=partner.name if partner else departments.get(asked.department_id or 0, ""),
            contact=partner.contact if partner else "",
            email=partner.email if partner else "",
            due_on=asked.due_on,
            link_until=asked.expires_at if asked.nonce else None,
        )

    unfinished = request.list_requests(desk.session, desk.city_id, 0)
    return tuple(describe(asked) for asked in unfinished if asked.id in held.requests)


def _handed_pieces(desk: Desk, held: HeldWork) -> tuple[HandedPiece, ...]:
    kept = pieces.load_pieces(desk.session, desk.city_id, held.pieces).values()
    in_use = [piece for piece in kept if piece.withdrawn_at is None and piece.disposed_at is None]
    return tuple(
        HandedPiece(piece.id, "" if piece.visibility == Visibility.RESTRICTED else piece.title, piece.period_to)
        for piece in sorted(in_use, key=lambda piece: (piece.period_to or date.max, piece.id))
    )


def _list_contacts(desk: Desk, departments: set[int], leaver_id: int) -> tuple[Contact, ...]:
    heads = {row.head_id for row in city.list_departments(desk.session, desk.city_id) if row.id in departments}
    of_member = people.load_departments_by_member(desk.session, desk.city_id)
    return tuple(
        Contact(person.name, person.email, person.id in heads)
        for membership, person in people.list_members(desk.session, desk.city_id)
        if membership.ended_at is None
        and membership.role in STAFF
        and person.id not in {leaver_id, desk.who.person_id}
        and (person.id in heads or departments & of_member.get(membership.id, set()))
    )


def mark_read(desk: Desk, handover_id: int, version: int) -> None:
    """The successor has read it: it leaves My work, and stays where it is. Raises NotFound, NotAllowed, Conflict."""
    row = _find_handover(desk, handover_id)
    _need_seen(desk, row, in_office=False)
    if row.version != version:
        raise Conflict(CHANGED_MEANWHILE)
    if row.read_at is None:
        handover.save_read(desk.session, row)
        desk.record(Verb.HANDOVER_READ, person=row.person_id, handover=row.id)


@dataclass(frozen=True)
class HandoverLine:
    """A handover in a list."""

    id: int
    name: str
    at: datetime
    is_read: bool


def list_own_handovers(desk: Desk, names: dict[int, str]) -> tuple[HandoverLine, ...]:
    """What others handed over to the person who asks, the newest first."""
    rows = handover.list_handovers(desk.session, desk.city_id, desk.who.person_id)
    return tuple(HandoverLine(row.id, names.get(row.person_id, ""), row.at, row.read_at is not None) for row in rows)
