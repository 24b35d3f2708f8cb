"""An invitation as the invited person sees it: opened, accepted or declined."""

import json
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app.adapters import passwords, tokens
from app.rules.account.invitation import InvitationState, LinkOpener, OfferStep, next_offer_step
from app.rules.account.passphrase import PassphraseChooser
from app.rules.account.security_record import SecurityKind
from app.rules.city.naming import CityValues
from app.rules.errors import LinkOver, NotFound, Refused
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.rules.people.permissions import Role
from app.rules.people.roles import check_display_name
from app.services.account import security_record
from app.services.account.passphrase import check_chosen_passphrase
from app.services.account.sessions import find_signed_in
from app.services.people.invitation import INVITATION_DAYS, INVITATION_PURPOSE, end_invitation
from app.services.site import Site
from app.store import assessment, people
from app.store.account import invitation
from app.store.account.invitation import Invitation
from app.store.city import City, load_city
from app.store.history import events
from app.store.people import Membership, Person


@dataclass(frozen=True)
class OpenedInvitation:
    """An invitation by its link: `shown_to` is who was shown the link, None when it came by mail."""

    row: Invitation
    shown_to: int | None
    person: Person | None
    step: OfferStep


@dataclass(frozen=True)
class OfferPage:
    """What a city offers, to whom, and what comes next; `signed_in_as` is another address that is signed in here.

    `office` says whom to ask.
    """

    city: str
    office: CityValues
    role: Role
    name: str
    email: str
    step: OfferStep
    signed_in_as: str


def load_offer(session: Session, site: Site, token: str, session_token: str | None) -> OfferPage:
    """The page behind an invitation's link. Raises NotFound when it is forged, too old, or answered."""
    opened = _open_link(session, site, token, session_token)
    known = find_signed_in(session, session_token)
    inviting_city = load_city(session, opened.row.city_id)
    return OfferPage(
        city=inviting_city.name,
        office=inviting_city,
        role=Role(opened.row.role),
        name=opened.row.name,
        email=opened.row.email,
        step=opened.step,
        signed_in_as=known.email if known and known.email != opened.row.email else "",
    )


def _open_link(session: Session, site: Site, token: str, session_token: str | None) -> OpenedInvitation:
    payload = tokens.read_token(
        tokens.load_secret_key(site.settings), INVITATION_PURPOSE, token, INVITATION_DAYS * 86_400
    )
    pending = invitation.find_invitation_by_nonce(session, payload["invitation"], payload["nonce"]) if payload else None
    if pending is None or not payload or pending.state != InvitationState.WAITING:
        raise LinkOver(say("This link has been used or is too old. Ask your data office for a new one."))
    person, known = people.find_person_by_email(session, pending.email), find_signed_in(session, session_token)
    opener = LinkOpener(
        is_signed_in=known is not None and known.email == pending.email,
        has_account=person is not None and person.pass_phrase_hash is not None,
        is_shown=bool(payload["shown_to"]),
        is_elsewhere=person is not None and people.belongs_elsewhere(session, pending.city_id, person.id),
    )
    return OpenedInvitation(pending, payload["shown_to"], person, next_offer_step(opener))


def accept_invitation(session: Session, site: Site, token: str, session_token: str | None) -> tuple[str, Role]:
    """Join the city as the person who is signed in; returns its slug and the role there. Raises NotFound, Refused."""
    opened = _open_link(session, site, token, session_token)
    if opened.step is not OfferStep.ACCEPT or opened.person is None:
        raise Refused(say("Sign in with the address that the invitation was sent to, then accept it."))
    _join_city(session, opened.row, opened.person.id)
    return session.get_one(City, opened.row.city_id).slug, Role(opened.row.role)


def decline_invitation(session: Session, site: Site, token: str, session_token: str | None) -> None:
    """Say no; whoever has the link may. Raises NotFound."""
    pending = _open_link(session, site, token, session_token).row
    people.lock_memberships(session, pending.city_id)
    session.refresh(pending)
    if pending.state == InvitationState.WAITING:
        end_invitation(session, pending, InvitationState.DECLINED)
        events.record_event(session, pending.city_id, None, Verb.INVITATION_DECLINED, invitation=pending.id)


def create_account(site: Site, token: str, *, name: str, pass_phrase: str, again: str) -> str:
    """Begin an account with a passphrase, under the name that its person gives, and join the city. Gives the account's address.

    The slow hash runs between two short transactions. Raises Invalid, NotFound, Refused where there is an account by now.
    """
    with site.database.reading() as session:
        opened = _open_link(session, site, token, None)
        _check_no_account(opened)
        name = check_display_name(name)
        inviting_city = session.get_one(City, opened.row.city_id)
        check_chosen_passphrase(
            PassphraseChooser(opened.row.email, (name, opened.row.name, inviting_city.name)), pass_phrase, again
        )
    hashed = passwords.hash_passphrase(pass_phrase)
    with site.database.writing() as session:
        opened = _open_link(session, site, token, None)  # it may have been answered meanwhile
        _check_no_account(opened)
        person = opened.person or Person(email=opened.row.email, name=name, invited_at=opened.row.sent_at)
        person.language = person.language or opened.row.language
        person.name, person.pass_phrase_hash, person.link_shown_to = name, hashed, opened.shown_to or None
        _join_city(session, opened.row, people.add_person(session, person))
        security_record.note_event(session, SecurityKind.LINK_USED, person.id)
        security_record.note_event(session, SecurityKind.PASSPHRASE_SET, person.id)
        return person.email


def _check_no_account(opened: OpenedInvitation) -> None:
    if opened.step is not OfferStep.CHOOSE:
        raise Refused(say("This address has an account now. Sign in with its passphrase, then accept the invitation."))


def _take_tasks(session: Session, pending: Invitation, person_id: int) -> None:
    """The criteria that waited for the person are the person's now, where nobody else answers for them meanwhile."""
    for code, part in json.loads(pending.tasks).items():
        task = assessment.find_open_assignment(session, pending.city_id, code)
        if task is None or task.department_id is None:
            continue
        if part == "person" and task.person_id is None:
            task.person_id, task.version = person_id, task.version + 1
        elif part == "deputy" and task.deputy_id is None and task.person_id not in {None, person_id}:
            task.deputy_id, task.version = person_id, task.version + 1


def _join_city(session: Session, pending: Invitation, person_id: int) -> None:
    """Raises NotFound when it was answered in the same moment."""
    people.lock_memberships(session, pending.city_id)
    session.refresh(pending)
    if pending.state != InvitationState.WAITING:
        raise NotFound(say("This invitation has been answered or withdrawn."))
    membership = people.find_membership(session, pending.city_id, person_id) or Membership(
        city_id=pending.city_id, person_id=person_id, role=pending.role
    )
    membership.role, membership.ended_at = pending.role, None
    people.add_membership(session, membership)
    people.set_departments(session, pending.city_id, membership.id, pending.department_ids)
    _take_tasks(session, pending, person_id)
    end_invitation(session, pending, InvitationState.ACCEPTED, person_id)
    details: dict[str, Any] = {
        "person": person_id,
        "invitation": pending.id,
        "role": pending.role,
        "departments": sorted(pending.department_ids),
    }
    events.record_event(session, pending.city_id, person_id, Verb.INVITATION_ACCEPTED, **details)
    if pending.role == Role.ADMIN:
        security_record.note_event(
            session, SecurityKind.ADMINISTRATOR_ADDED, person_id, city_id=pending.city_id, by_id=pending.invited_by
        )
