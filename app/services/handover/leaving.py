"""Someone leaves: who takes over what the person has in hand, and the page that each of them gets."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.rules.errors import Conflict, NotFound
from app.rules.history.verbs import Verb
from app.rules.message import Message, say
from app.rules.people.handover import HeldWork, WorkKind, check_notes, read_successors, write_held
from app.rules.people.permissions import STAFF
from app.services.assigning import assignment
from app.services.desk import Desk
from app.services.people import members
from app.services.people.members import CHANGED_MEANWHILE
from app.store import assessment, city, handover, people, request
from app.store.assessment import Assignment
from app.store.database.engine import now
from app.store.evidence import pieces
from app.store.handover import Handover
from app.store.people import Membership, Person


@dataclass(frozen=True)
class LeavingPage:
    """Whose access ends, what the person has in hand, and who may take it over, as (id, name and departments).

    `has_left` where the access has ended already, so that only the work is passed on. `criteria` are (code, title).
    """

    membership_id: int
    name: str
    held: HeldWork
    in_words: tuple[Message, ...]
    criteria: tuple[tuple[str, str], ...]
    writers: tuple[tuple[int, str], ...]
    notes: str
    is_me: bool
    has_left: bool
    version: int


def load_leaving(desk: Desk, membership_id: int) -> LeavingPage:
    """Raises NotFound."""
    membership, person = _find_leaver(desk, membership_id)
    held = find_held_work(desk, person.id)
    run = assessment.find_current_assessment(desk.session, desk.city_id)
    criteria = desk.site.edition(run.edition, desk.who.language).criteria if run else {}
    return LeavingPage(
        membership_id=membership.id,
        name=person.name,
        held=held,
        in_words=held.in_words,
        criteria=tuple((code, criteria[code].title) for code in held.criteria if code in criteria),
        writers=tuple(list_successors(desk, person.id).items()),
        notes=membership.leaving_notes,
        is_me=person.id == desk.who.person_id,
        has_left=membership.ended_at is not None,
        version=membership.version,
    )


def _find_leaver(desk: Desk, membership_id: int) -> tuple[Membership, Person]:
    member = people.find_member(desk.session, desk.city_id, membership_id)
    if member is None:
        raise NotFound(say("We could not find that person."))
    return member


def find_held_work(desk: Desk, person_id: int) -> HeldWork:
    """What the person has in hand in the open assessment and beyond."""
    run = assessment.find_current_assessment(desk.session, desk.city_id)
    tasks = assessment.load_assignments(desk.session, desk.city_id, run.id) if run else {}
    order = list(desk.site.edition(run.edition, "en").criteria) if run else []
    return HeldWork(
        criteria=tuple(code for code in order if code in tasks and tasks[code].person_id == person_id),
        requests=tuple(row.id for row in handover.list_kept_requests(desk.session, desk.city_id, person_id)),
        pieces=tuple(row.id for row in handover.list_kept_pieces(desk.session, desk.city_id, person_id)),
        departments=tuple(
            row.id for row in city.list_departments(desk.session, desk.city_id) if row.head_id == person_id
        ),
    )


def list_successors(desk: Desk, leaver_id: int) -> dict[int, str]:
    """Those who can take work over: names by id, with the departments, so that nobody of another department is chosen unseen."""
    names = {row.id: row.name for row in city.list_departments(desk.session, desk.city_id)}
    of_member = people.load_departments_by_member(desk.session, desk.city_id)
    found: dict[int, str] = {}
    for membership, person in people.list_members(desk.session, desk.city_id):
        if membership.ended_at is None and membership.role in STAFF and person.id != leaver_id:
            departments = sorted(names[each] for each in of_member.get(membership.id, ()) if each in names)
            found[person.id] = f"{person.name} ({', '.join(departments)})" if departments else person.name
    return found


def end_and_hand_over(
    desk: Desk, membership_id: int, version: int, typed: Mapping[str, str], notes: str
) -> tuple[int, ...]:
    """End an access and pass the work on, in one transaction; of someone who has left already, pass the work on.

    Returns the ids of the handovers. Raises Invalid, Refused for the last administrator, Conflict, NotFound.
    """
    people.lock_memberships(desk.session, desk.city_id)
    membership, person = _find_leaver(desk, membership_id)
    held, notes = find_held_work(desk, person.id), check_notes(notes)
    shares = read_successors(typed, held, list_successors(desk, person.id)).share_out(held)
    if membership.ended_at is None:
        members.end_access(desk, membership_id, version)
    elif membership.version != version:
        raise Conflict(CHANGED_MEANWHILE)
    return tuple(_hand_over(desk, person.id, successor, share, notes) for successor, share in shares.items())


def _hand_over(desk: Desk, leaver_id: int, successor_id: int, share: HeldWork, notes: str) -> int:
    for code in share.criteria:
        _pass_criterion(desk, code, successor_id)
    for asked in request.list_requests(desk.session, desk.city_id, 0):
        if asked.id in share.requests:
            kept = {"keeper_id": successor_id}
            need_saved(request.save_request(desk.session, desk.city_id, asked.id, asked.version, **kept))
    for piece in pieces.load_pieces(desk.session, desk.city_id, share.pieces).values():
        need_saved(pieces.save_piece(desk.session, desk.city_id, piece.id, piece.version, keeper_id=successor_id))
    for department in city.list_departments(desk.session, desk.city_id):
        if department.id in share.departments:
            heads = {"head_id": successor_id, "deputy_id": _other_than(department.deputy_id, successor_id)}
            need_saved(city.save_department(desk.session, desk.city_id, department.id, department.version, **heads))
    row = Handover(
        city_id=desk.city_id,
        person_id=leaver_id,
        successor_id=successor_id,
        by_id=desk.who.person_id,
        at=now(),
        content=write_held(share),
        notes=notes,
    )
    handover.add_handover(desk.session, row)
    counts: dict[str, Any] = {kind.value: len(share.of_kind(kind)) for kind in WorkKind}
    desk.record(Verb.HANDED_OVER, person=leaver_id, stand_in=successor_id, handover=row.id, **counts)
    return row.id


def need_saved(is_saved: bool) -> None:
    """Raises Conflict where someone else was quicker."""
    if not is_saved:
        raise Conflict(CHANGED_MEANWHILE)


def _other_than(person_id: int | None, successor_id: int) -> int | None:
    return None if person_id == successor_id else person_id


def _pass_criterion(desk: Desk, code: str, successor_id: int) -> None:
    stored = assessment.find_open_assignment(desk.session, desk.city_id, code)
    if stored is not None:
        wanted = Assignment(
            city_id=desk.city_id,
            assessment_id=stored.assessment_id,
            criterion=code,
            department_id=stored.department_id,
            person_id=successor_id,
            deputy_id=_other_than(stored.deputy_id, successor_id),
            due_on=stored.due_on,
        )
        assignment.save_and_record(desk, wanted, stored.version)


def save_leaving_notes(desk: Desk, text: str, version: int) -> None:
    """The own notes for whoever takes over one day. Raises Invalid, Conflict."""
    notes = check_notes(text)
    mine = desk.who.membership_id
    need_saved(people.save_membership(desk.session, desk.city_id, mine, version, leaving_notes=notes))
    desk.record(Verb.LEAVING_NOTES_WRITTEN)
