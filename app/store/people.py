"""People and what they are in which city.

A person and a sign-in session stand above the cities: one account may belong to several. Everything that a person may see
comes through a membership, which belongs to one city.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, Executable, Select, Text, UniqueConstraint, bindparam, delete, literal
from sqlalchemy import select as select_rows
from sqlmodel import Field, Session, SQLModel, col, select, update

from app.store.city import City, Department
from app.store.database.engine import Utc, now
from app.store.database.rows import read_rows


class Person(SQLModel, table=True):
    """`email` is in lower case. `demo` accounts exist only in demo data. A person who leaves keeps the row.

    `link_shown_to` is the person who was shown the link with which the passphrase was chosen; None when it came by mail.
    `second_step_at` is since when signing in takes a second step.
    Once it is scrubbed (`scrubbed_at`), `name` and `email` name nobody and no mail gets there.
    `public_advice_read_at` is when it read what it means to make something public.
    `list_choices` is JSON: how the person last narrowed each list, by city and list.
    """

    id: int = Field(default=None, primary_key=True)
    email: str = Field(max_length=254, unique=True)
    name: str = Field(max_length=120)
    pass_phrase_hash: str | None = Field(default=None, max_length=200)
    language: str | None = Field(default=None, max_length=5)
    demo: bool = False
    invited_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    created_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))
    link_shown_to: int | None = None
    scrubbed_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    second_step_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    list_choices: str = Field(default="", sa_column=Column(Text, nullable=False, default=""))
    public_advice_read_at: datetime | None = Field(default=None, sa_column=Column(Utc))


class Membership(SQLModel, table=True):
    """What a person is in a city; `ended_at` closes it without losing who did what.

    `given_by` is the city's sign-in service whose groups gave the role, and may take it; None where the office gave it.
    `leaving_notes` are for whoever takes the work over one day.
    From `away_from` to `away_until`, both included, `stand_in_id` does the work of this person; `later_absences` are planned besides,
    as `rules.people.standing_in` writes them.
    Whoever signed in before `role_since` signs in again to enter this city: the role is another one since, or came back.
    """

    __table_args__ = (UniqueConstraint("city_id", "person_id"),)
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    role: str = Field(max_length=10)
    ended_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    role_since: datetime | None = Field(default=None, sa_column=Column(Utc))
    away_from: date | None = None
    away_until: date | None = None
    stand_in_id: int | None = Field(default=None, foreign_key="person.id")
    later_absences: str | None = Field(default=None, sa_column=Column(Text))
    leaving_notes: str = Field(default="", sa_column=Column(Text, nullable=False))
    given_by: int | None = None
    version: int = 1


class MembershipDepartment(SQLModel, table=True):
    __tablename__ = "membership_department"
    membership_id: int = Field(foreign_key="membership.id", primary_key=True)
    department_id: int = Field(foreign_key="department.id", primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)


def add_person(session: Session, person: Person) -> int:
    """Returns its id."""
    session.add(person)
    session.flush()
    return person.id


def add_membership(session: Session, membership: Membership) -> int:
    """Returns its id."""
    session.add(membership)
    session.flush()
    return membership.id


def find_person_by_email(session: Session, email: str) -> Person | None:
    return session.exec(select(Person).where(Person.email == email)).first()


def list_members(session: Session, city_id: int) -> list[tuple[Membership, Person]]:
    """Everyone of the city, also those who left, by name."""
    query = select(Membership, Person).join(Person, col(Person.id) == Membership.person_id)
    return list(session.exec(query.where(Membership.city_id == city_id).order_by(Person.name)))


def list_people_with_role(session: Session, city_id: int, roles: Collection[str]) -> Sequence[int]:
    """The ids of those who are in the city now in one of these roles."""
    given = {"city": city_id, "roles": sorted(roles)}
    return read_rows(session, _people_with_role(), given).scalars().all()


@cache
def _people_with_role() -> Executable:
    query = select_rows(col(Membership.person_id)).where(col(Membership.city_id) == bindparam("city"))
    in_role = col(Membership.role).in_(bindparam("roles", expanding=True))
    return query.where(in_role, col(Membership.ended_at).is_(None))


def find_member(session: Session, city_id: int, membership_id: int) -> tuple[Membership, Person] | None:
    query = select(Membership, Person).join(Person, col(Person.id) == Membership.person_id)
    return session.exec(query.where(Membership.city_id == city_id, Membership.id == membership_id)).first()


def load_department_ids(session: Session, city_id: int, membership_id: int) -> frozenset[int]:
    query = select(MembershipDepartment.department_id)
    query = query.where(MembershipDepartment.city_id == city_id, MembershipDepartment.membership_id == membership_id)
    return frozenset(session.exec(query))


def load_departments_by_member(session: Session, city_id: int) -> dict[int, set[int]]:
    """Department ids by membership id, for a whole city in one query."""
    query = select(MembershipDepartment.membership_id, MembershipDepartment.department_id)
    departments: dict[int, set[int]] = {}
    for membership_id, department_id in session.exec(query.where(MembershipDepartment.city_id == city_id)):
        departments.setdefault(membership_id, set()).add(department_id)
    return departments


def list_cities_of_person(session: Session, person_id: int) -> list[tuple[str, str, str]]:
    """Slug, name and role of every city that the person belongs to now."""
    query = select(City.slug, City.name, Membership.role).join(Membership, col(Membership.city_id) == City.id)
    query = query.where(Membership.person_id == person_id, col(Membership.ended_at).is_(None)).order_by(City.name)
    return list(session.exec(query))


def load_names(session: Session, city_id: int) -> dict[int, str]:
    """Names by person id of everyone who belongs or belonged to the city."""
    return {person_id: name for person_id, name in read_rows(session, _names(), {"city": city_id})}  # noqa: C416  (rows are no pairs)


@cache
def _names() -> Select[int, str]:
    query = select_rows(col(Person.id), col(Person.name)).join(Membership, col(Membership.person_id) == Person.id)
    return query.where(col(Membership.city_id) == bindparam("city"))


def names_and_departments(
    session: Session, city_id: int, *, closed: bool = False
) -> tuple[dict[int, str], dict[int, str]]:
    """As `load_names`, and the names of the city's departments by id, in the order of their names; with `closed` also of those that
    closed. One query.
    """
    rows = read_rows(session, _names_and_departments(closed), {"city": city_id}).all()
    names = {row_id: name for is_department, row_id, name in rows if not is_department}
    return names, {row_id: name for is_department, row_id, name in rows if is_department}


@cache
def _names_and_departments(closed: bool) -> Executable:
    mine = col(Membership.city_id) == bindparam("city")
    members: Any = (
        select_rows(literal(0).label("is_department"), col(Person.id).label("row_id"), col(Person.name).label("name"))
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(mine)
    )
    departments = select_rows(literal(1), col(Department.id), col(Department.name))
    departments = departments.where(col(Department.city_id) == bindparam("city"))
    if not closed:
        departments = departments.where(col(Department.closed_at).is_(None))
    both: Executable = members.union_all(departments).order_by("is_department", "name")
    return both


def load_all_names(session: Session) -> dict[int, str]:
    """Names by person id, of the whole installation."""
    return {person_id: name for person_id, name in session.exec(select(Person.id, Person.name)) if person_id}


def list_city_ids_of_person(session: Session, person_id: int) -> list[int]:
    query = select(Membership.city_id).where(Membership.person_id == person_id, col(Membership.ended_at).is_(None))
    return list(session.exec(query))


def list_all_city_ids_of_person(session: Session, person_id: int) -> list[int]:
    """Every city that the person belongs or belonged to."""
    return list(
        session.exec(select(Membership.city_id).where(Membership.person_id == person_id).order_by(col(Membership.id)))
    )


def lock_member(session: Session, city_id: int, membership_id: int) -> None:
    """Hold the member's own row, which belongs to no city, until the transaction ends."""
    query = select(Person.id).join(Membership, col(Membership.person_id) == Person.id)
    query = query.where(Membership.city_id == city_id, Membership.id == membership_id)
    session.exec(query.with_for_update(of=Person))


def scrub_person(session: Session, person: Person, name: str) -> None:
    """Leave nothing of the person in the row but that there was one, under this name. The e-mail address is free again."""
    person.name, person.email = name, f"scrubbed:{person.id}"
    person.pass_phrase_hash = person.language = person.invited_at = person.second_step_at = None
    person.scrubbed_at, person.list_choices = now(), ""
    session.add(person)
    session.flush()


def keep_list_choices(session: Session, person_id: int, choices: str) -> None:
    """Keep how the person narrows lists. Nobody else sees it, and it changes nothing of any city."""
    session.exec(update(Person).where(col(Person.id) == person_id).values(list_choices=choices))


def load_demo_emails(session: Session) -> set[str]:
    """E-mail addresses of the demo accounts; empty in an installation without demo data."""
    return set(session.exec(select(Person.email).where(col(Person.demo).is_(True))))


def lock_memberships(session: Session, city_id: int) -> None:
    """Hold the city's row until the transaction ends, so that two changes of its people cannot both believe to be first."""
    session.exec(select(City.id).where(City.id == city_id).with_for_update())


def find_membership(session: Session, city_id: int, person_id: int) -> Membership | None:
    """The person's membership in the city, also an ended one."""
    return session.exec(
        select(Membership).where(Membership.city_id == city_id, Membership.person_id == person_id)
    ).first()


def load_active_people(session: Session, city_id: int) -> dict[int, Person]:
    """Everyone who has access to the city now, by membership id."""
    query = select(Membership.id, Person).join(Person, col(Person.id) == Membership.person_id)
    query = query.where(Membership.city_id == city_id, col(Membership.ended_at).is_(None))
    return {membership_id or 0: person for membership_id, person in session.exec(query)}


def belongs_elsewhere(session: Session, city_id: int, person_id: int) -> bool:
    """Whether the person belongs or belonged to another city."""
    query = select(Membership.id).where(Membership.city_id != city_id, Membership.person_id == person_id)
    return session.exec(query.limit(1)).first() is not None


def list_people_elsewhere(session: Session, city_id: int) -> set[int]:
    """Those of the city's people who belong or belonged to another city too, by id."""
    of_city = select(Membership.person_id).where(Membership.city_id == city_id)
    query = select(Membership.person_id).where(Membership.city_id != city_id)
    return set(session.exec(query.where(col(Membership.person_id).in_(of_city))))


def find_membership_by_email(session: Session, city_id: int, email: str) -> Membership | None:
    """The membership in this city, also an ended one, of the person with this address."""
    query = select(Membership).join(Person, col(Person.id) == Membership.person_id)
    return session.exec(query.where(Membership.city_id == city_id, Person.email == email)).first()


def load_links_shown(session: Session, city_id: int) -> dict[int, int]:
    """For each of the city's people whose passphrase was chosen through a link that someone was shown: who that was."""
    rows = read_rows(session, _links_shown(), {"city": city_id})
    return {person_id: shown_to for person_id, shown_to in rows}  # noqa: C416  (rows are no pairs)


@cache
def _links_shown() -> Select[int, int | None]:
    query = select_rows(col(Person.id), col(Person.link_shown_to))
    query = query.join(Membership, col(Membership.person_id) == Person.id)
    return query.where(col(Membership.city_id) == bindparam("city"), col(Person.link_shown_to).is_not(None))


def save_membership(session: Session, city_id: int, membership_id: int, version: int, **values: object) -> bool:
    """Write the columns if nobody changed the row since `version`; False when someone did."""
    changed = (
        update(Membership)
        .where(
            col(Membership.city_id) == city_id,
            col(Membership.id) == membership_id,
            col(Membership.version) == version,
        )
        .values(**values, version=version + 1)
    )
    return session.exec(changed).rowcount == 1


def set_departments(session: Session, city_id: int, membership_id: int, department_ids: frozenset[int]) -> None:
    """Make these, which must be the city's own, the member's departments."""
    session.exec(
        delete(MembershipDepartment).where(
            col(MembershipDepartment.city_id) == city_id, col(MembershipDepartment.membership_id) == membership_id
        )
    )
    session.add_all(
        MembershipDepartment(membership_id=membership_id, department_id=department_id, city_id=city_id)
        for department_id in sorted(department_ids)
    )
    session.flush()
