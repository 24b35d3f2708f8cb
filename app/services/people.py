"""People and departments of a city: who they are, what they may do, how they get in and how they leave."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app.adapters import mail
from app.adapters.words import tongue
from app.rules.account import check_email
from app.rules.errors import Conflict, Invalid, NotFound, Refused
from app.rules.job import JobKind
from app.rules.people import check_last_admin, check_name, check_role
from app.rules.permissions import Role
from app.rules.quota import Room
from app.rules.wording import Said, say
from app.services import quota, scrubbing
from app.services.account import Who
from app.services.invitation import INVITATION_DAYS, invitation_link
from app.services.site import Site
from app.store import account, assessment, city, history, job, people
from app.store.city import City, Department
from app.store.database import now
from app.store.people import Membership, Person

CHANGED_MEANWHILE = say("Somebody changed this while your page was open. Load the page again, then repeat the step.")


@dataclass(frozen=True)
class Member:
    """One person in the city. `signed_up` once a pass phrase is set; `ended` when the access is taken away."""

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
    """Those with access by name, those without, and the departments with how many criteria each answers for."""

    members: tuple[Member, ...]
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
    may_have_link: bool
    may_be_scrubbed: bool


def one(session: Session, who: Who, membership_id: int) -> PersonPage:
    """The page of one member. Raises NotFound."""
    membership, person = _find(session, who, membership_id)
    departments = city.departments(session, who.city_id)
    chosen = people.department_ids(session, who.city_id, membership_id)
    return PersonPage(
        member=_member(membership, person, [row.name for row in departments if row.id in chosen]),
        departments=tuple(departments),
        chosen=chosen,
        is_me=person.id == who.person_id,
        may_have_link=person.id not in people.elsewhere(session, who.city_id),
        may_be_scrubbed=scrubbing.is_due(session, person),
    )


def _find(session: Session, who: Who, membership_id: int) -> tuple[Membership, Person]:
    found = people.member(session, who.city_id, membership_id)
    if found is None:
        raise NotFound(say("There is no such person in this city."))
    return found


@dataclass(frozen=True)
class Invited:
    """Somebody who was added or gets a new link. `link` is for the administrator to hand over, where it may be seen at all."""

    name: str
    email: str
    link: str | None
    mailed: bool
    has_account: bool
    days: int = INVITATION_DAYS


def add(
    session: Session, site: Site, of: City, by: int | None, *, name: str, email: str, role: str, departments: list[str]
) -> Invited:
    """Make somebody a member of the city; `by` is the person who does it, None for the command line.

    A new e-mail address becomes a new person, a known one keeps its name and account. Raises Invalid, also for a member.
    """
    city_id, email, wanted = of.id or 0, check_email(email), check_role(role)
    chosen = _chosen(session, city_id, departments)
    people.one_at_a_time(session, city_id)
    person = people.by_email(session, email) or _new_person(session, check_name(name), email)
    person_id = person.id or 0
    _check_no_member(people.membership_of(session, city_id, person_id))
    membership = Membership(city_id=city_id, person_id=person_id, role=wanted)
    session.add(membership)
    session.flush()
    people.set_departments(session, city_id, membership.id or 0, chosen)
    history.record(session, city_id, by, "person_added", person=person_id, role=wanted, departments=sorted(chosen))
    return _invite(session, site, city_id, person, with_link=person.pass_phrase_hash is None)


def _check_no_member(membership: Membership | None) -> None:
    if membership and membership.ended_at:
        raise Invalid(
            {"email": say("This person was here before. Open the person’s page below and give access again.")}
        )
    if membership:
        raise Invalid(
            {"email": say("This person belongs to the city already. Open the person’s page to change the role.")}
        )


def _new_person(session: Session, name: str, email: str) -> Person:
    person = Person(name=name, email=email, invited_at=now())
    session.add(person)
    session.flush()
    return person


def _chosen(session: Session, city_id: int, departments: Collection[str]) -> frozenset[int]:
    """The ids of these departments, given as text. Raises Invalid for one that is not the city's."""
    known = {str(row.id): row.id or 0 for row in city.departments(session, city_id)}
    if not known.keys() >= set(departments):
        raise Invalid({"departments": say("Choose departments of this city.")})
    return frozenset(known[one] for one in departments)


def _invite(session: Session, site: Site, city_id: int, person: Person, *, with_link: bool) -> Invited:
    """Mail the way in where mail is set, and show the link to the administrator.

    Whoever has the link can become that person in every city, so for somebody who belongs to another city too it goes by mail only.
    """
    person_id = person.id or 0
    mailed = bool(site.settings.smtp_host)
    if mailed:
        job.enqueue(session, city_id, JobKind.SEND_INVITATION, person=person_id, link=with_link)
    visible = with_link and person_id not in people.elsewhere(session, city_id)
    link = invitation_link(site, person_id, person.pass_phrase_hash) if visible else None
    return Invited(person.name, person.email, link, mailed, person.pass_phrase_hash is not None)


def edit(session: Session, who: Who, membership_id: int, role: str, departments: list[str], version: int) -> bool:
    """Change role and departments; with a new role all sessions end, and the answer is True.

    Raises Invalid, Refused for the last administrator, Conflict, NotFound.
    """
    wanted, chosen = check_role(role), _chosen(session, who.city_id, departments)
    membership, person = _for_change(session, who, membership_id, becomes=wanted)
    was = membership.role
    _save(session, who, membership_id, version, role=wanted)
    people.set_departments(session, who.city_id, membership_id, chosen)
    history.record(
        session,
        who.city_id,
        who.person_id,
        "person_changed",
        person=person.id,
        role=wanted,
        was=was,
        departments=sorted(chosen),
    )
    if wanted != was:
        account.end_all(session, person.id or 0)
    return wanted != was


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
        account.end_all(session, person.id or 0)
        history.record(session, who.city_id, who.person_id, "person_ended", person=person.id)


def restore(session: Session, who: Who, membership_id: int, version: int) -> None:
    """Give the access back, with the role and departments of before. Raises Refused for whose data were taken out, Conflict, NotFound."""
    membership, person = _find(session, who, membership_id)
    if person.scrubbed_at is not None:
        raise Refused(say("The personal data of this account are removed. Add the person again instead."))
    if membership.ended_at is not None:
        _save(session, who, membership_id, version, ended_at=None)
        history.record(session, who.city_id, who.person_id, "person_restored", person=person.id)


def new_link(session: Session, site: Site, who: Who, membership_id: int) -> Invited:
    """A fresh link for setting a pass phrase; older ones stay valid until one is used. Raises NotFound, also for somebody without access."""
    membership, person = _find(session, who, membership_id)
    if membership.ended_at is not None:
        raise NotFound(say("This person has no access now. Give it again first."))
    history.record(session, who.city_id, who.person_id, "link_made", person=person.id)
    return _invite(session, site, who.city_id, person, with_link=True)


def add_department(session: Session, who: Who, name: str) -> None:
    """Raises Invalid for an empty name or one that is in use, whatever the case of its letters."""
    name = _free_name(session, who, name, but=None)
    session.add(Department(city_id=who.city_id, name=name))
    history.record(session, who.city_id, who.person_id, "department_added", name)


def rename_department(session: Session, who: Who, department_id: int, name: str, version: int) -> None:
    """Raises Invalid, Conflict, NotFound."""
    department = city.department(session, who.city_id, department_id)
    if department is None:
        raise NotFound(say("There is no such department in this city."))
    was, name = department.name, _free_name(session, who, name, but=department_id)
    if not city.rename_department(session, who.city_id, department_id, version, name):
        raise Conflict(CHANGED_MEANWHILE)
    history.record(session, who.city_id, who.person_id, "department_renamed", name, was=was)


def _free_name(session: Session, who: Who, name: str, *, but: int | None) -> str:
    name = check_name(name)
    people.one_at_a_time(session, who.city_id)
    taken = {row.name.casefold() for row in city.departments(session, who.city_id) if row.id != but}
    if name.casefold() in taken:
        raise Invalid({"name": say("There is a department “%(name)s” already.", name=name)})
    return name


def send_mail(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job `mail.send`: tell `person` the way in, with a link to set a pass phrase if `link`.

    The link is made here and not before, so that no table ever holds it. Nothing is sent to somebody whose access has ended since.
    Raises OutsideUnavailable when the mail server does not take it.
    """
    with site.database.reading() as session:
        of = session.get_one(City, city_id)
        person = session.get_one(Person, payload["person"])
        membership = people.membership_of(session, city_id, payload["person"])
    if membership is None or membership.ended_at is not None:
        return
    words = tongue(person.language or of.language)
    link = invitation_link(site, payload["person"], person.pass_phrase_hash) if payload["link"] else None
    mail.send(site.settings, person.email, words.say(_subject(of)), words.say(_letter(site, of, person, link)))


def _subject(of: City) -> Said:
    return say("Your access to CityReady for %(city)s", city=of.name)


def _letter(site: Site, of: City, person: Person, link: str | None) -> Said:
    if link is None:
        return say(
            "Hello %(name)s,\n\n%(city)s has added you in CityReady. Sign in with the pass phrase that you have:\n\n%(link)s\n",
            name=person.name,
            city=of.name,
            link=f"{site.settings.public_url.rstrip('/')}/sign-in",
        )
    return say(
        "Hello %(name)s,\n\n%(city)s prepares for What Works Cities Certification in CityReady, and you are part of it. "
        "Choose your pass phrase here within %(days)s days:\n\n%(link)s\n\n"
        "If you do not know what this is about, ask the data office of %(city)s before you open the link.\n",
        name=person.name,
        city=of.name,
        days=INVITATION_DAYS,
        link=link,
    )
