"""Being away: from when, until when, and who does the work meanwhile."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.rules.errors import Conflict, Invalid, NotFound
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.rules.permissions import STAFF
from app.rules.standing_in import check_absence, is_away
from app.services.desk import Desk
from app.services.people.members import CHANGED_MEANWHILE
from app.store import people
from app.store.people import Membership, Person


@dataclass(frozen=True)
class AbsencePage:
    """One member's absence, None where none is noted, and who may stand in, as (id, name). `is_now` while it lasts."""

    membership_id: int
    name: str
    away_from: date | None
    away_until: date | None
    stand_in_id: int | None
    stand_in: str
    is_now: bool
    is_me: bool
    colleagues: tuple[tuple[int, str], ...]
    version: int


def load_absence(desk: Desk, membership_id: int | None = None) -> AbsencePage:
    """That of a member, by default of the person who asks. Raises NotFound."""
    membership, person = _find_absent(desk, membership_id)
    colleagues = _list_colleagues(desk, person.id)
    return AbsencePage(
        membership_id=membership.id,
        name=person.name,
        away_from=membership.away_from,
        away_until=membership.away_until,
        stand_in_id=membership.stand_in_id,
        stand_in=colleagues.get(membership.stand_in_id or 0, ""),
        is_now=is_away(membership.away_from, membership.away_until, desk.who.today),
        is_me=person.id == desk.who.person_id,
        colleagues=tuple(colleagues.items()),
        version=membership.version,
    )


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
    """Note an absence in place of the one before. Raises Invalid, Conflict, NotFound."""
    first, last = check_absence(away_from, away_until, desk.who.today)
    people.lock_memberships(desk.session, desk.city_id)
    membership, person = _find_absent(desk, membership_id)
    if stand_in is None or stand_in not in _list_colleagues(desk, person.id):
        raise Invalid({"stand_in": say("Choose who stands in: someone else who works in this city.")})
    other = people.find_membership(desk.session, desk.city_id, stand_in)
    if other and other.away_from and other.away_until and other.away_from <= last and first <= other.away_until:
        raise Invalid({"stand_in": say("This person is away then too. Choose someone else.")})
    values = {"away_from": first, "away_until": last, "stand_in_id": stand_in}
    _save_absence(desk, membership, version, values)
    details: dict[str, Any] = {"from": first, "until": last, "stand_in": stand_in}
    desk.record(Verb.ABSENCE_SET, person=person.id, **details)


def end_absence(desk: Desk, membership_id: int | None, version: int) -> None:
    """Take the absence away; nothing happens where none is noted. Raises Conflict, NotFound."""
    people.lock_memberships(desk.session, desk.city_id)
    membership, person = _find_absent(desk, membership_id)
    if membership.away_from is not None:
        _save_absence(desk, membership, version, {"away_from": None, "away_until": None, "stand_in_id": None})
        desk.record(Verb.ABSENCE_ENDED, person=person.id)


def _save_absence(desk: Desk, membership: Membership, version: int, values: dict[str, object]) -> None:
    if not people.save_membership(desk.session, desk.city_id, membership.id, version, **values):
        raise Conflict(CHANGED_MEANWHILE)
