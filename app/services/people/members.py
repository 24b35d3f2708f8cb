"""People and departments of a city: who they are, what they may do, how they get in and how they leave."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.rules.account.security_record import SecurityKind
from app.rules.errors import Conflict, Invalid, NotFound, Refused
from app.rules.files.quota import Room
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.rules.people import check_last_admin, check_name, check_role
from app.rules.permissions import Role
from app.services import quota
from app.services.account import passphrase, security_record
from app.services.desk import Who
from app.services.people import invitation, scrubbing
from app.services.people.invitation import InvitationLine, LinkGiven, chosen_departments
from app.services.site import Site
from app.store import assessment, city, people
from app.store.city import Department
from app.store.database.engine import now
from app.store.history import events
from app.store.people import Membership, Person

CHANGED_MEANWHILE = say("Somebody changed this while your page was open. Load the page again, then repeat the step.")


@dataclass(frozen=True)
class Member:
    """One person in the city. `signed_up` once a passphrase is set; `ended` when the access is taken away."""

    membership_id: int
    person_id: int
    name: str
    email: str
    role: Role
    departments: tuple[str, ...]
    signed_up: bool
    ended: bool
    scrubbed: bool
    version: int


@dataclass(frozen=True)
class DepartmentLine:
    id: int
    name: str
    criteria: int
    version: int


@dataclass(frozen=True)
class PeoplePage:
    """Those with access by name, those who are invited, those without, and the departments with how many criteria each answers for."""

    members: tuple[Member, ...]
    invited: tuple[InvitationLine, ...]
    left: tuple[Member, ...]
    departments: tuple[DepartmentLine, ...]
    room: Room


def index(session: Session, site: Site, who: Who) -> PeoplePage:
    """Everybody in the city."""
    departments = city.departments(session, who.city_id)
    names = {row.id or 0: row.name for row in departments}
    chosen = people.departments_by_member(session, who.city_id)
    found = [
        _member(membership, person, [names[one] for one in chosen.get(membership.id or 0, ()) if one in names])
        for membership, person in people.members(session, who.city_id)
    ]
    return PeoplePage(
        members=tuple(member for member in found if not member.ended),
        invited=invitation.lines(session, who, names),
        left=tuple(member for member in found if member.ended),
        departments=_department_lines(session, who, departments),
        room=quota.of_city(session, site, who.city_id),
    )


def _member(membership: Membership, person: Person, departments: Collection[str]) -> Member:
    return Member(
        membership_id=membership.id or 0,
        person_id=person.id or 0,
        name=person.name,
        email=person.email if person.scrubbed_at is None else "",
        role=Role(membership.role),
        departments=tuple(sorted(departments)),
        signed_up=person.pass_phrase_hash is not None,
        ended=membership.ended_at is not None,
        scrubbed=person.scrubbed_at is not None,
        version=membership.version,
    )


def _department_lines(session: Session, who: Who, departments: Sequence[Department]) -> tuple[DepartmentLine, ...]:
    run = assessment.current(session, who.city_id)
    tasks = assessment.assignments(session, who.city_id, run.id or 0).values() if run else ()
    owners = [task.department_id for task in tasks]
    return tuple(DepartmentLine(row.id or 0, row.name, owners.count(row.id or 0), row.version) for row in departments)


@dataclass(frozen=True)
class PersonPage:
    """One member, the departments of the city, and which of them are the member's."""

    member: Member
    departments: tuple[Department, ...]
    chosen: frozenset[int]
    is_me: bool
    may_be_scrubbed: bool
    mails_link: bool


def one(session: Session, site: Site, who: Who, membership_id: int) -> PersonPage:
    """The page of one member. Raises NotFound."""
    membership, person = _find(session, who, membership_id)
    departments = city.departments(session, who.city_id)
    chosen = people.department_ids(session, who.city_id, membership_id)
    return PersonPage(
        member=_member(membership, person, [row.name for row in departments if row.id in chosen]),
        departments=tuple(departments),
        chosen=chosen,
        is_me=person.id == who.person_id,
        may_be_scrubbed=scrubbing.is_due(session, person),
        mails_link=bool(site.settings.smtp_host),
    )


def _find(session: Session, who: Who, membership_id: int) -> tuple[Membership, Person]:
    found = people.member(session, who.city_id, membership_id)
    if found is None:
        raise NotFound(say("There is no such person in this city."))
    return found


def edit(session: Session, who: Who, membership_id: int, role: str, departments: list[str], version: int) -> bool:
    """Change role and departments; with a new role the person signs in again to enter this city, and the answer is True.

    Raises Invalid, Refused for the last administrator, Conflict, NotFound.
    """
    wanted, chosen = check_role(role), chosen_departments(session, who.city_id, departments)
    membership, person = _for_change(session, who, membership_id, becomes=wanted)
    was = membership.role
    since = {"role_since": now()} if wanted != was else {}
    _save(session, who, membership_id, version, role=wanted, **since)
    people.set_departments(session, who.city_id, membership_id, chosen)
    events.record(
        session,
        who.city_id,
        who.person_id,
        Verb.PERSON_CHANGED,
        person=person.id,
        role=wanted,
        was=was,
        departments=sorted(chosen),
    )
    if wanted != was:
        note = SecurityKind.ADMINISTRATOR_ADDED if wanted is Role.ADMIN else SecurityKind.ROLE_CHANGED
        _note(session, who, note, person, wanted)
    return wanted != was


def _note(session: Session, who: Who, kind: SecurityKind, person: Person, detail: str = "") -> None:
    security_record.note(session, kind, person.id, city_id=who.city_id, by_id=who.person_id, detail=detail)


def _for_change(session: Session, who: Who, membership_id: int, *, becomes: Role | None) -> tuple[Membership, Person]:
    people.one_at_a_time(session, who.city_id)
    membership, person = _find(session, who, membership_id)
    if membership.ended_at is None:
        check_last_admin(
            was=Role(membership.role), becomes=becomes, other_admins=_other_admins(session, who, membership_id)
        )
    return membership, person


def _other_admins(session: Session, who: Who, membership_id: int) -> int:
    return sum(
        other.role == Role.ADMIN and other.ended_at is None and other.id != membership_id
        for other, _ in people.members(session, who.city_id)
    )


def _save(session: Session, who: Who, membership_id: int, version: int, **values: object) -> None:
    if not people.save_membership(session, who.city_id, membership_id, version, **values):
        raise Conflict(CHANGED_MEANWHILE)


def end(session: Session, who: Who, membership_id: int, version: int) -> None:
    """Take the access away, at once also where the person is signed in. Raises Refused for the last administrator, Conflict, NotFound."""
    membership, person = _for_change(session, who, membership_id, becomes=None)
    if membership.ended_at is None:
        _save(session, who, membership_id, version, ended_at=now())
        events.record(session, who.city_id, who.person_id, Verb.PERSON_ENDED, person=person.id)
        _note(session, who, SecurityKind.ACCESS_ENDED, person)


def restore(session: Session, who: Who, membership_id: int, version: int) -> None:
    """Give the access back, with the role and departments of before. Raises Refused for whose data were taken out, Conflict, NotFound."""
    membership, person = _find(session, who, membership_id)
    if person.scrubbed_at is not None:
        raise Refused(say("The personal data of this account are removed. Add the person again instead."))
    if membership.ended_at is not None:
        _save(session, who, membership_id, version, ended_at=None, role_since=now())
        events.record(session, who.city_id, who.person_id, Verb.PERSON_RESTORED, person=person.id)
        _note(session, who, SecurityKind.ACCESS_RESTORED, person)


def new_link(session: Session, site: Site, who: Who, membership_id: int) -> LinkGiven:
    """A link with which the person chooses another passphrase: mailed to the person, or shown where there is no mail server.

    Raises Refused, and NotFound, also for somebody without access.
    """
    membership, person = _find(session, who, membership_id)
    if membership.ended_at is not None:
        raise NotFound(say("This person has no access now. Give it again first."))
    if not site.settings.smtp_host:
        link = passphrase.show_link(session, site, person, who.city_id, who.person_id)
        return LinkGiven(person.name, person.email, link, mailed=False, days=passphrase.SHOWN_DAYS)
    passphrase.mail_link(session, person, who.person_id)
    events.record(session, who.city_id, who.person_id, Verb.LINK_MADE, person=person.id)
    return LinkGiven(person.name, person.email, None, mailed=True)


def add_department(session: Session, who: Who, name: str) -> None:
    """Raises Invalid for an empty name or one that is in use, whatever the case of its letters."""
    name = _free_name(session, who, name, but=None)
    session.add(Department(city_id=who.city_id, name=name))
    events.record(session, who.city_id, who.person_id, Verb.DEPARTMENT_ADDED, name)


def rename_department(session: Session, who: Who, department_id: int, name: str, version: int) -> None:
    """Raises Invalid, Conflict, NotFound."""
    department = city.department(session, who.city_id, department_id)
    if department is None:
        raise NotFound(say("There is no such department in this city."))
    was, name = department.name, _free_name(session, who, name, but=department_id)
    if not city.rename_department(session, who.city_id, department_id, version, name):
        raise Conflict(CHANGED_MEANWHILE)
    events.record(session, who.city_id, who.person_id, Verb.DEPARTMENT_RENAMED, name, was=was)


def _free_name(session: Session, who: Who, name: str, *, but: int | None) -> str:
    name = check_name(name)
    people.one_at_a_time(session, who.city_id)
    taken = {row.name.casefold() for row in city.departments(session, who.city_id) if row.id != but}
    if name.casefold() in taken:
        raise Invalid({"name": say("There is a department “%(name)s” already.", name=name)})
    return name
