"""Being away: from when, until when, and who does the work meanwhile."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.rules.errors import Conflict, Invalid, NotFound, Refused
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.rules.people.permissions import STAFF
from app.rules.people.standing_in import MOST_ABSENCES, PlannedAbsence, check_absence, check_no_overlap, write_absences
from app.services.desk import Desk
from app.services.people.members import CHANGED_MEANWHILE
from app.store import people
from app.store.people import Membership, Person
from app.store.standing_in import absences_of


@dataclass(frozen=True)
class AbsenceLine:
    """One absence that is not over; `is_now` while it lasts. `key` names it in a form."""

    first: date
    last: date
    stand_in: str
    is_now: bool

    @property
    def key(self) -> str:
        return self.first.isoformat()


@dataclass(frozen=True)
class AbsencePage:
    """One member's absences in their order, and who may stand in, as (id, name)."""

    membership_id: int
    name: str
    absences: tuple[AbsenceLine, ...]
    is_me: bool
    colleagues: tuple[tuple[int, str], ...]
    version: int


def load_absence(desk: Desk, membership_id: int | None = None) -> AbsencePage:
    """Those of a member, by default of the person who asks. Raises NotFound."""
    membership, person = _find_absent(desk, membership_id)
    colleagues = _list_colleagues(desk, person.id)
    today = desk.who.today
    return AbsencePage(
        membership_id=membership.id,
        name=person.name,
        absences=tuple(
            AbsenceLine(absence.first, absence.last, colleagues.get(absence.stand_in_id, ""), absence.lasts_on(today))
            for absence in list_coming(membership, today)
        ),
        is_me=person.id == desk.who.person_id,
        colleagues=tuple(colleagues.items()),
        version=membership.version,
    )


def list_coming(membership: Membership, today: date) -> list[PlannedAbsence]:
    """Those that are not over, in their order."""
    return [absence for absence in absences_of(membership) if absence.last >= today]


def _find_absent(desk: Desk, membership_id: int | None) -> tuple[Membership, Person]:
    member = people.find_member(desk.session, desk.city_id, membership_id or desk.who.membership_id)
    if member is None or member[0].ended_at is not None:
        raise NotFound(say("We could not find that person."))
    return member


def _list_colleagues(desk: Desk, person_id: int) -> dict[int, str]:
    """Those who can do someone's work: names by id."""
    members = people.list_members(desk.session, desk.city_id)
    return {
        person.id: person.name
        for membership, person in members
        if membership.ended_at is None and membership.role in STAFF and person.id != person_id
    }


def set_absence(
    desk: Desk,
    membership_id: int | None,
    away_from: date | None,
    away_until: date | None,
    stand_in: int | None,
    version: int,
) -> None:
    """Note one more absence, which no other of the person's may meet. Raises Invalid, Conflict, NotFound."""
    first, last = check_absence(away_from, away_until, desk.who.today)
    people.lock_memberships(desk.session, desk.city_id)
    membership, person = _find_absent(desk, membership_id)
    if membership.version != version:
        raise Conflict(CHANGED_MEANWHILE)
    coming = list_coming(membership, desk.who.today)
    check_no_overlap(coming, first, last)
    if len(coming) >= MOST_ABSENCES:
        raise Refused(say("Up to %(most)s absences can be planned. Cancel one first.", most=MOST_ABSENCES))
    if stand_in is None or stand_in not in _list_colleagues(desk, person.id):
        raise Invalid({"stand_in": say("Choose who stands in: someone else who works in this city.")})
    other = people.find_membership(desk.session, desk.city_id, stand_in)
    if other and any(absence.meets(first, last) for absence in absences_of(other)):
        raise Invalid({"stand_in": say("This person is away then too. Choose someone else.")})
    _save_absences(desk, membership, version, [*coming, PlannedAbsence(first, last, stand_in)])
    details: dict[str, Any] = {"from": first, "until": last, "stand_in": stand_in}
    desk.record(Verb.ABSENCE_SET, person=person.id, **details)


def end_absence(desk: Desk, membership_id: int | None, version: int, key: str = "") -> None:
    """Take away the absence that begins on the day `key`, else the first; nothing happens where there is none. Raises Conflict, NotFound."""
    people.lock_memberships(desk.session, desk.city_id)
    membership, person = _find_absent(desk, membership_id)
    coming = list_coming(membership, desk.who.today)
    ended = next((absence for absence in coming if key in {"", absence.first.isoformat()}), None)
    if ended:
        _save_absences(desk, membership, version, [absence for absence in coming if absence != ended])
        desk.record(Verb.ABSENCE_ENDED, person=person.id)


def _save_absences(desk: Desk, membership: Membership, version: int, absences: list[PlannedAbsence]) -> None:
    """The first in the row's own columns, where it always stood, and the others besides."""
    in_order = sorted(absences)
    first = in_order[0] if in_order else None
    values: dict[str, object] = {
        "away_from": first.first if first else None,
        "away_until": first.last if first else None,
        "stand_in_id": first.stand_in_id if first else None,
        "later_absences": write_absences(in_order[1:]) or None,
    }
    if not people.save_membership(desk.session, desk.city_id, membership.id, version, **values):
        raise Conflict(CHANGED_MEANWHILE)
