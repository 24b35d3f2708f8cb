"""For whom someone does the work in a city."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, exists, literal, or_
from sqlalchemy import select as select_rows
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.rules.people.permissions import STAFF
from app.rules.people.standing_in import PlannedAbsence, StandIn, is_away, read_absences
from app.store.assessment import Assignment
from app.store.city import City, Department
from app.store.people import Membership, MembershipDepartment, Person

_ABSENT, _COLLEAGUE = aliased(Membership), aliased(Membership)


def stands_in() -> ColumnElement[bool]:
    """Whether the person of a query stands in for anyone in its city, or leads a department there."""
    named = or_(col(_ABSENT.stand_in_id) == Person.id, _names_later(_ABSENT, col(Person.id)))
    absent = exists().where(col(_ABSENT.city_id) == City.id, named)
    leads = or_(col(Department.head_id) == Person.id, col(Department.deputy_id) == Person.id)
    led = exists().where(col(Department.city_id) == City.id, leads)
    deputy = exists().where(col(Assignment.city_id) == City.id, col(Assignment.deputy_id) == Person.id)
    return or_(absent, led, deputy)


def _names_later(absent: Any, person_id: Any) -> ColumnElement[bool]:
    """Whether a planned absence names the person, see `rules.people.standing_in.write_absences`."""
    return col(absent.later_absences).contains(literal(" ") + cast(person_id, String) + ";")


def has_colleagues() -> ColumnElement[bool]:
    """Whether anyone besides the person of a query answers or reviews in its city now."""
    works = or_(
        *(col(_COLLEAGUE.role) == role for role in sorted(STAFF))
    )  # IN is written anew each time that it is asked
    now = col(_COLLEAGUE.ended_at).is_(None)
    return exists().where(col(_COLLEAGUE.city_id) == City.id, col(_COLLEAGUE.person_id) != Person.id, works, now)


def absences_of(member: Membership) -> list[PlannedAbsence]:
    """All that are noted, also one that is over."""
    noted = read_absences(member.later_absences)
    if member.away_from and member.away_until and member.stand_in_id:
        noted.append(PlannedAbsence(member.away_from, member.away_until, member.stand_in_id))
    return sorted(noted)


def load_stand_in(session: Session, city_id: int, person_id: int, today: date) -> StandIn:
    """What the person does for others on this day. Two queries."""
    away = {absent for absent, stand_in in load_stand_ins(session, city_id, today).items() if stand_in == person_id}
    departments = session.connection().execute(_departments_of(city_id, sorted(away))).all() if away else []
    led = session.connection().execute(_led(city_id, [person_id, *sorted(away)])).scalars()
    return StandIn(
        frozenset(away),
        frozenset((department, absent) for department, absent in departments),
        frozenset(led),
        is_deputy=True,
    )


def load_stand_ins(session: Session, city_id: int, today: date) -> dict[int, int]:
    """Who stands in today, by the id of who is away. One query."""
    columns = (
        col(Membership.person_id), col(Membership.away_from), col(Membership.away_until), col(Membership.stand_in_id),
        col(Membership.later_absences),
    )  # fmt: skip
    noted = or_(col(Membership.stand_in_id).is_not(None), col(Membership.later_absences).is_not(None))
    query = select_rows(*columns).where(col(Membership.city_id) == city_id, col(Membership.ended_at).is_(None), noted)
    stand_ins: dict[int, int] = {}
    for person_id, away_from, away_until, stand_in_id, later in session.connection().execute(query):
        if stand_in_id and is_away(away_from, away_until, today):
            stand_ins[person_id] = stand_in_id
        for absence in read_absences(later):
            if absence.lasts_on(today):
                stand_ins[person_id] = absence.stand_in_id
    return stand_ins


def _departments_of(city_id: int, people: list[int]) -> Select[int, int]:
    """Of these people: departments with whose they are."""
    query = select_rows(col(MembershipDepartment.department_id), col(Membership.person_id))
    query = query.join(Membership, col(Membership.id) == MembershipDepartment.membership_id)
    return query.where(col(Membership.city_id) == city_id, col(Membership.person_id).in_(people))


def _led(city_id: int, people: list[int]) -> Select[int]:
    leads = or_(col(Department.head_id).in_(people), col(Department.deputy_id).in_(people))
    return select_rows(col(Department.id)).where(
        col(Department.city_id) == city_id, col(Department.closed_at).is_(None), leads
    )
