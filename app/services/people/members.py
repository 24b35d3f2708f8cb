"""People and departments of a city: who they are, what they may do, how they get in and how they leave."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.rules.account.security_record import SecurityKind
from app.rules.errors import Conflict, NotFound, Refused
from app.rules.files.quota import Room
from app.rules.history.verbs import Verb
from app.rules.listing.bar import ListBar
from app.rules.message import say
from app.rules.people.permissions import STAFF, Role
from app.rules.people.roles import DepartmentValues, check_last_admin, check_role
from app.services import quota
from app.services.account import passphrase, security_record
from app.services.desk import Desk
from app.services.people import invitation, scrubbing
from app.services.people.invitation import InvitationLine, PersonalLink, chosen_departments
from app.services.people.stopped_letters import StoppedAddress, find_stopped_address
from app.store import assessment, city, people
from app.store.account import sign_on
from app.store.city import Department
from app.store.database.engine import now
from app.store.people import Membership, Person
from app.store.standing_in import absences_of
from app.store.values import frozen_values

CHANGED_MEANWHILE = say("Someone changed this while your page was open. Load the page again, then repeat the step.")


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
    has_second_step: bool
    ended: bool
    scrubbed: bool
    version: int
    given_by: int | None = None


@dataclass(frozen=True)
class DepartmentLine:
    id: int
    name: str
    criteria: int
    version: int
    head_id: int | None = None
    head: str = ""
    deputy_id: int | None = None
    deputy: str = ""


@dataclass(frozen=True)
class PeoplePage:
    """Those with access by name, those who are invited, those without, and the departments with how many criteria each answers for."""

    members: tuple[Member, ...]
    invited: tuple[InvitationLine, ...]
    left: tuple[Member, ...]
    departments: tuple[DepartmentLine, ...]
    room: Room
    writers: tuple[tuple[int, str], ...]
    bar: ListBar | None = None

    @property
    def shared_names(self) -> tuple[str, ...]:
        """Names that two or more with access have, as each is written. An address is one account's only, but one person may have two addresses."""
        names = [member.name.casefold() for member in self.members]
        return tuple(dict.fromkeys(member.name for member in self.members if names.count(member.name.casefold()) > 1))


def list_people(desk: Desk) -> PeoplePage:
    """Everyone in the city."""
    departments = city.list_departments(desk.session, desk.city_id)
    names = {row.id: row.name for row in departments}
    chosen = people.load_departments_by_member(desk.session, desk.city_id)
    all_members = [
        _build_member(
            membership,
            person,
            [names[department_id] for department_id in chosen.get(membership.id, ()) if department_id in names],
        )
        for membership, person in people.list_members(desk.session, desk.city_id)
    ]
    return PeoplePage(
        members=tuple(member for member in all_members if not member.ended),
        invited=invitation.list_invitations(desk, names),
        left=tuple(member for member in all_members if member.ended),
        departments=_department_lines(desk, departments, {member.person_id: member.name for member in all_members}),
        writers=tuple(
            (member.person_id, member.name) for member in all_members if not member.ended and member.role in STAFF
        ),
        room=quota.city_room(desk.session, desk.site, desk.city_id),
    )


def _build_member(membership: Membership, person: Person, departments: Collection[str]) -> Member:
    return Member(
        membership_id=membership.id,
        person_id=person.id,
        name=person.name,
        email=person.email if person.scrubbed_at is None else "",
        role=Role(membership.role),
        departments=tuple(sorted(departments)),
        signed_up=person.pass_phrase_hash is not None,
        has_second_step=person.second_step_at is not None,
        ended=membership.ended_at is not None,
        scrubbed=person.scrubbed_at is not None,
        version=membership.version,
        given_by=membership.given_by,
    )


def _department_lines(
    desk: Desk, departments: Sequence[Department], names: Mapping[int, str]
) -> tuple[DepartmentLine, ...]:
    open_assessment = assessment.find_current_assessment(desk.session, desk.city_id)
    tasks = (
        assessment.load_assignments(desk.session, desk.city_id, open_assessment.id).values() if open_assessment else ()
    )
    owners = [task.department_id for task in tasks]
    return tuple(
        DepartmentLine(
            department.id,
            department.name,
            owners.count(department.id),
            department.version,
            department.head_id,
            names.get(department.head_id or 0, ""),
            department.deputy_id,
            names.get(department.deputy_id or 0, ""),
        )
        for department in departments
    )


@dataclass(frozen=True)
class PersonPage:
    """One member, the departments of the city, and which of them are the member's."""

    member: Member
    departments: tuple[DepartmentValues, ...]
    chosen: frozenset[int]
    is_me: bool
    may_be_scrubbed: bool
    may_be_renamed: bool
    language: str
    mails_link: bool
    absences: tuple[tuple[date, date], ...]
    stopped: StoppedAddress | None = None
    service: str = ""


def load_person(desk: Desk, membership_id: int) -> PersonPage:
    """The page of one member. Raises NotFound."""
    membership, person = _find_member(desk, membership_id)
    departments = city.list_departments(desk.session, desk.city_id)
    chosen = people.load_department_ids(desk.session, desk.city_id, membership_id)
    return PersonPage(
        member=_build_member(membership, person, [row.name for row in departments if row.id in chosen]),
        departments=tuple(frozen_values(DepartmentValues, department) for department in departments),
        chosen=chosen,
        is_me=person.id == desk.who.person_id,
        may_be_scrubbed=scrubbing.is_due(desk.session, person),
        may_be_renamed=not (
            person.id == desk.who.person_id or people.belongs_elsewhere(desk.session, desk.city_id, person.id)
        ),
        language=person.language or "",
        mails_link=bool(desk.site.settings.smtp_host),
        absences=tuple(
            (absence.first, absence.last) for absence in absences_of(membership) if absence.last >= desk.who.today
        ),
        stopped=find_stopped_address(desk.session, desk.city_id, person.id, person.email),
        service=sign_on.find_provider_name(desk.session, desk.city_id, membership.given_by),
    )


def _find_member(desk: Desk, membership_id: int) -> tuple[Membership, Person]:
    member = people.find_member(desk.session, desk.city_id, membership_id)
    if member is None:
        raise NotFound(say("We could not find that person."))
    return member


def change_member(desk: Desk, membership_id: int, role: str, departments: list[str], version: int) -> bool:
    """Change role and departments; with a new role the person signs in again to enter this city, and the answer is True.

    Raises Invalid, Refused for the last administrator, Conflict, NotFound.
    """
    wanted, chosen = check_role(role), chosen_departments(desk.session, desk.city_id, departments)
    membership, person = _find_for_change(desk, membership_id, becomes=wanted)
    was = membership.role
    since = {"role_since": now()} if wanted != was else {}
    _save_membership(desk, membership_id, version, role=wanted, **since)
    people.set_departments(desk.session, desk.city_id, membership_id, chosen)
    desk.record(
        Verb.PERSON_CHANGED,
        person=person.id,
        role=wanted,
        was=was,
        departments=sorted(chosen),
    )
    if wanted != was:
        note = SecurityKind.ADMINISTRATOR_ADDED if wanted is Role.ADMIN else SecurityKind.ROLE_CHANGED
        _note_change(desk, note, person, wanted)
    return wanted != was


def _note_change(desk: Desk, kind: SecurityKind, person: Person, detail: str = "") -> None:
    security_record.note_event(
        desk.session, kind, person.id, city_id=desk.city_id, by_id=desk.who.person_id, detail=detail
    )


def _find_for_change(desk: Desk, membership_id: int, *, becomes: Role | None) -> tuple[Membership, Person]:
    people.lock_memberships(desk.session, desk.city_id)
    membership, person = _find_member(desk, membership_id)
    if membership.ended_at is None:
        check_last_admin(was=Role(membership.role), becomes=becomes, other_admins=_other_admins(desk, membership_id))
    return membership, person


def _other_admins(desk: Desk, membership_id: int) -> int:
    return sum(
        other.role == Role.ADMIN and other.ended_at is None and other.id != membership_id
        for other, _ in people.list_members(desk.session, desk.city_id)
    )


def _save_membership(desk: Desk, membership_id: int, version: int, **values: object) -> None:
    if not people.save_membership(desk.session, desk.city_id, membership_id, version, **values):
        raise Conflict(CHANGED_MEANWHILE)


def end_access(desk: Desk, membership_id: int, version: int) -> None:
    """Take the access away, at once also where the person is signed in. Raises Refused for the last administrator, Conflict, NotFound."""
    membership, person = _find_for_change(desk, membership_id, becomes=None)
    if membership.ended_at is None:
        _save_membership(desk, membership_id, version, ended_at=now(), given_by=None)
        desk.record(Verb.PERSON_ENDED, person=person.id)
        _note_change(desk, SecurityKind.ACCESS_ENDED, person)


def restore_access(desk: Desk, membership_id: int, version: int) -> None:
    """Give the access back, with the role and departments of before. Raises Refused for whose data were taken out, Conflict, NotFound."""
    membership, person = _find_member(desk, membership_id)
    if person.scrubbed_at is not None:
        raise Refused(say("The personal data of this account are removed. Add the person again instead."))
    if membership.ended_at is not None:
        _save_membership(desk, membership_id, version, ended_at=None, role_since=now())
        desk.record(Verb.PERSON_RESTORED, person=person.id)
        _note_change(desk, SecurityKind.ACCESS_RESTORED, person)


def issue_link(desk: Desk, membership_id: int) -> PersonalLink:
    """A link with which the person chooses another passphrase: mailed to the person, or shown where there is no mail server.

    Raises Refused, and NotFound, also for someone without access.
    """
    membership, person = _find_member(desk, membership_id)
    if membership.ended_at is not None:
        raise NotFound(say("This person has no access now. Give it again first."))
    if not desk.site.settings.smtp_host:
        link = passphrase.show_link(desk.session, desk.site, person, desk.city_id, desk.who.person_id)
        return PersonalLink(person.name, person.email, link, mailed=False, days=passphrase.SHOWN_DAYS)
    passphrase.mail_link(desk.session, person, desk.who.person_id)
    desk.record(Verb.LINK_MADE, person=person.id)
    return PersonalLink(person.name, person.email, None, mailed=True)
