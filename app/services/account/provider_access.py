"""The access that a city's sign-in service gives by groups, settled with each sign-in.

Whoever is in a group of the table has its role; whoever is in none keeps what the office gave by hand, and loses what the table had given.
An administrator by hand stays one, and so does the last one whatever the groups say. What the office has ended, no group opens.
"""

from dataclasses import dataclass

from sqlmodel import Session

from app.rules.account.group_roles import GivenAccess, give_access, read_table
from app.rules.account.security_record import SecurityKind
from app.rules.account.sign_on import SignOnIdentity, SignOnRefused, SignOnTrouble
from app.rules.history.verbs import Verb
from app.rules.people.permissions import Role
from app.rules.people.roles import check_display_name
from app.services.account import security_letter, security_record
from app.services.site import Site
from app.store import city, people
from app.store.account.sign_on import SignInProvider
from app.store.database.engine import now
from app.store.history import events
from app.store.people import Membership, Person


@dataclass(frozen=True)
class ProviderDesk:
    """What settling an access needs: the transaction, the installation and the service that vouches."""

    session: Session
    site: Site
    provider: SignInProvider

    @property
    def city_id(self) -> int:
        return self.provider.city_id

    def find_given(self, identity: SignOnIdentity) -> GivenAccess | None:
        """By the table; departments that closed are left out. Raises SignOnRefused where the service names no groups at all."""
        table = read_table(self.provider.group_roles)
        if table and identity.groups is None:
            raise SignOnRefused(SignOnTrouble.NO_GROUPS)
        given = give_access(table, identity.groups or ())
        still_open = {row.id for row in city.list_departments(self.session, self.city_id)}
        return GivenAccess(given.role, given.departments & still_open) if given else None

    def record(self, verb: Verb, person_id: int, **details: object) -> None:
        """Done by nobody but the service, which the event names."""
        details |= {"person": person_id, "service": self.provider.name}
        events.record_event(self.session, self.city_id, None, verb, "", **details)

    def note(self, kind: SecurityKind, person_id: int, detail: str = "") -> None:
        security_record.note_event(self.session, kind, person_id, city_id=self.city_id, detail=detail)


def make_account(desk: ProviderDesk, identity: SignOnIdentity) -> int | None:
    """An account for someone whom nobody invited, where the city lets its service make them; None where it does not, or no group opens."""
    given = desk.find_given(identity) if desk.provider.creates_accounts else None
    if given is None:
        return None
    person = people.find_person_by_email(desk.session, identity.email)
    if person is None:
        name = check_display_name(identity.name.strip()[:120] or identity.email.partition("@")[0])
        person = Person(email=identity.email, name=name)
        people.add_person(desk.session, person)
    membership = Membership(
        city_id=desk.city_id, person_id=person.id, role=given.role, given_by=desk.provider.id, role_since=now()
    )
    people.add_membership(desk.session, membership)
    people.set_departments(desk.session, desk.city_id, membership.id, given.departments)
    desk.record(Verb.PERSON_ADDED, person.id, role=given.role, departments=sorted(given.departments))
    if given.role is Role.ADMIN:
        desk.note(SecurityKind.ADMINISTRATOR_ADDED, person.id)
    return person.id


def settle_access(desk: ProviderDesk, person_id: int, identity: SignOnIdentity) -> SignOnTrouble | None:
    """Bring the membership to what the groups give; returns why the person cannot enter, None where nothing is in the way.

    Raises SignOnRefused, having changed nothing, where the service does not say which groups someone is in.
    """
    people.lock_memberships(desk.session, desk.city_id)
    membership = people.find_membership(desk.session, desk.city_id, person_id)
    if membership is None:
        return SignOnTrouble.NO_ACCOUNT
    given, is_theirs = desk.find_given(identity), membership.given_by == desk.provider.id
    if given is None:
        if is_theirs and membership.ended_at is None and not _is_last_admin(desk, membership):
            _end(desk, membership)
        if membership.ended_at is None:
            return None
        return SignOnTrouble.NO_GROUP if is_theirs else SignOnTrouble.NO_ACCOUNT
    if membership.ended_at and not is_theirs:
        return SignOnTrouble.NO_ACCOUNT
    is_kept = _is_last_admin(desk, membership) or (not is_theirs and membership.role == Role.ADMIN)
    if not (is_kept and given.role is not Role.ADMIN):
        _give(desk, membership, given)
    return None


def _is_last_admin(desk: ProviderDesk, membership: Membership) -> bool:
    if membership.role != Role.ADMIN or membership.ended_at:
        return False
    return list(people.list_people_with_role(desk.session, desk.city_id, {Role.ADMIN})) == [membership.person_id]


def _give(desk: ProviderDesk, membership: Membership, given: GivenAccess) -> None:
    was, has_ended = membership.role, membership.ended_at is not None
    before = people.load_department_ids(desk.session, desk.city_id, membership.id)
    departments = given.departments or before
    is_same = (was, membership.given_by, before) == (given.role, desk.provider.id, departments)
    if is_same and not has_ended:
        return
    is_new_role = has_ended or was != given.role
    membership.role, membership.given_by, membership.ended_at = given.role, desk.provider.id, None
    membership.role_since = now() if is_new_role else membership.role_since
    membership.version += 1
    people.set_departments(desk.session, desk.city_id, membership.id, departments)
    desk.session.flush()
    if has_ended:
        desk.record(Verb.PERSON_RESTORED, membership.person_id)
        desk.note(SecurityKind.ACCESS_RESTORED, membership.person_id)
    details = {"role": given.role, "was": was, "departments": sorted(departments)}
    desk.record(Verb.PERSON_CHANGED, membership.person_id, **details)
    if was != given.role:
        kind = SecurityKind.ADMINISTRATOR_ADDED if given.role is Role.ADMIN else SecurityKind.ROLE_CHANGED
        desk.note(kind, membership.person_id, given.role)


def _end(desk: ProviderDesk, membership: Membership) -> None:
    """The access that the service gave ends, and the administrators are told, since work may be left behind."""
    membership.ended_at, membership.version = now(), membership.version + 1
    desk.session.flush()
    desk.record(Verb.PERSON_ENDED, membership.person_id)
    desk.note(SecurityKind.ACCESS_ENDED, membership.person_id)
    name = desk.session.get_one(Person, membership.person_id).name
    for admin_id in people.list_people_with_role(desk.session, desk.city_id, {Role.ADMIN}):
        security_letter.send_letter(desk.session, desk.site, SecurityKind.ACCESS_ENDED, admin_id, about=name)
