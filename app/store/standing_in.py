"""For whom someone does the work in a city."""

from datetime import date

from sqlalchemy import ColumnElement, Select, exists, or_
from sqlalchemy import select as select_rows
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.rules.permissions import STAFF
from app.rules.standing_in import StandIn, is_away
from app.store.assessment import Assignment
from app.store.city import City, Department
from app.store.people import Membership, MembershipDepartment, Person

_ABSENT, _COLLEAGUE = aliased(Membership), aliased(Membership)


def stands_in() -> ColumnElement[bool]:
    """Whether the person of a query stands in for anyone in its city, or leads a department there."""
    absent = exists().where(col(_ABSENT.city_id) == City.id, col(_ABSENT.stand_in_id) == Person.id)
    leads = or_(col(Department.head_id) == Person.id, col(Department.deputy_id) == Person.id)
    led = exists().where(col(Department.city_id) == City.id, leads)
    deputy = exists().where(col(Assignment.city_id) == City.id, col(Assignment.deputy_id) == Person.id)
    return or_(absent, led, deputy)


def has_colleagues() -> ColumnElement[bool]:
    """Whether anyone besides the person of a query answers or reviews in its city now."""
    works = col(_COLLEAGUE.role).in_(sorted(STAFF)) & col(_COLLEAGUE.ended_at).is_(None)
    return exists().where(col(_COLLEAGUE.city_id) == City.id, col(_COLLEAGUE.person_id) != Person.id, works)


def load_stand_in(session: Session, city_id: int, person_id: int, today: date) -> StandIn:
    """What the person does for others on this day. Two queries."""
    rows = session.connection().execute(_absences(city_id, person_id)).all()
    departments = frozenset(
        (department, away) for away, since, until, department in rows if department and is_away(since, until, today)
    )
    away = frozenset(absent for absent, since, until, _ in rows if is_away(since, until, today))
    led = session.connection().execute(_led(city_id, [person_id, *sorted(away)])).scalars()
    return StandIn(away, departments, frozenset(led), is_deputy=True)


def load_stand_ins(session: Session, city_id: int, today: date) -> dict[int, int]:
    """Who stands in today, by the id of who is away. One query."""
    query = select_rows(col(Membership.person_id), col(Membership.stand_in_id))
    is_away_today = (col(Membership.away_from) <= today, col(Membership.away_until) >= today)
    query = query.where(col(Membership.city_id) == city_id, col(Membership.ended_at).is_(None), *is_away_today)
    rows = session.connection().execute(query.where(col(Membership.stand_in_id).is_not(None)))
    return {away: stand_in for away, stand_in in rows if stand_in}


def _absences(city_id: int, person_id: int) -> Select[int, date | None, date | None, int]:
    query = select_rows(
        col(Membership.person_id), col(Membership.away_from), col(Membership.away_until), col(MembershipDepartment.department_id)
    )  # fmt: skip
    query = query.join(MembershipDepartment, col(MembershipDepartment.membership_id) == Membership.id, isouter=True)
    in_city = (col(Membership.city_id) == city_id, col(Membership.ended_at).is_(None))
    return query.where(*in_city, col(Membership.stand_in_id) == person_id)


def _led(city_id: int, people: list[int]) -> Select[int]:
    leads = or_(col(Department.head_id).in_(people), col(Department.deputy_id).in_(people))
    return select_rows(col(Department.id)).where(
        col(Department.city_id) == city_id, col(Department.closed_at).is_(None), leads
    )
