"""Invitations: a city offers an address to belong to it, and whoever reads that address accepts. An account belongs to its person.

An administrator learns of the address what was typed, and nothing of an account behind it. The link of an invitation sets the first
passphrase where there is no account; where there is one, it only joins the city after its owner has signed in.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from app.adapters import tokens
from app.rules.account.invitation import InvitationState
from app.rules.account.security_record import SecurityKind
from app.rules.account.sign_up import check_email, normalize_email
from app.rules.city.naming import CityValues
from app.rules.errors import Invalid, NotFound
from app.rules.history.verbs import Verb
from app.rules.installation.job import JobKind
from app.rules.message import Message, say
from app.rules.people.permissions import Role
from app.rules.people.roles import check_display_name, check_role
from app.services.account import passphrase, security_record
from app.services.account.passphrase import OPERATOR
from app.services.desk import Desk
from app.services.letters import mail_letter
from app.services.site import Site
from app.store import city, job, people
from app.store.account import invitation
from app.store.account.invitation import Invitation
from app.store.city import load_city
from app.store.database.engine import now
from app.store.history import events

INVITATION_DAYS = 14


INVITATION_PURPOSE = "invitation of a city"


@dataclass(frozen=True)
class InvitationLine:
    """An invitation that waits; `is_old` when its link opens no more."""

    id: int
    name: str
    email: str
    role: Role
    departments: tuple[str, ...]
    is_old: bool


def list_invitations(desk: Desk, department_names: Mapping[int, str]) -> tuple[InvitationLine, ...]:
    """The city's invitations that nobody has answered; `department_names` are those of its departments, by id."""
    oldest = now() - timedelta(days=INVITATION_DAYS)
    return tuple(
        InvitationLine(
            id=pending.id,
            name=pending.name,
            email=pending.email,
            role=Role(pending.role),
            departments=tuple(
                sorted(
                    department_names[department_id]
                    for department_id in pending.department_ids
                    if department_id in department_names
                )
            ),
            is_old=pending.sent_at < oldest,
        )
        for pending in invitation.list_waiting_invitations(desk.session, desk.city_id)
    )


@dataclass(frozen=True)
class PersonalLink:
    """A link that was sent by mail, or that the administrator hands over where there is no mail server."""

    name: str
    email: str
    link: str | None
    mailed: bool
    days: int = INVITATION_DAYS


def invite_person(
    session: Session,
    site: Site,
    inviting_city: CityValues,
    by: int | None,
    *,
    name: str,
    email: str,
    role: str,
    departments: list[str],
) -> PersonalLink:
    """Offer an address to belong to the city; `by` is the person who does it, None for the command line.

    The answer is the same whether the address has an account or not. Raises Invalid, also for a member and for one who is invited.
    """
    city_id, name, email, wanted = inviting_city.id, check_display_name(name), check_email(email), check_role(role)
    chosen = chosen_departments(session, city_id, departments)
    people.lock_memberships(session, city_id)
    _check_new_address(session, city_id, email)
    return deliver_link(session, site, add_invitation(session, city_id, by, Invited(name, email, wanted, chosen)), by)


@dataclass(frozen=True)
class Invited:
    """Who is invited, to which role and departments; `language` is that of the letter, empty for the city's."""

    name: str
    email: str
    role: Role
    departments: frozenset[int]
    language: str = ""


def add_invitation(session: Session, city_id: int, by: int | None, invited: Invited) -> Invitation:
    """An invitation that nobody has heard of yet. The caller holds the city's people and has checked what is written."""
    chosen = sorted(invited.departments)
    new_invitation = Invitation(
        city_id=city_id,
        email=invited.email,
        name=invited.name,
        role=invited.role,
        departments=" ".join(map(str, chosen)),
        language=invited.language or None,
        nonce=tokens.random_token(),
        invited_by=by,
    )
    invitation.add_invitation(session, new_invitation)
    events.record_event(
        session, city_id, by, Verb.PERSON_INVITED, invitation=new_invitation.id, role=invited.role, departments=chosen
    )
    return new_invitation


def chosen_departments(session: Session, city_id: int, departments: Collection[str]) -> frozenset[int]:
    """The ids of these departments, given as text. Raises Invalid for one that is not the city's."""
    known = {str(department.id): department.id for department in city.list_departments(session, city_id)}
    if not known.keys() >= set(departments):
        raise Invalid({"departments": say("Choose departments of this city.")})
    return frozenset(known[department_id] for department_id in departments)


def _check_new_address(session: Session, city_id: int, email: str) -> None:
    """Looks at this city only, so that nothing of another is told."""
    membership = people.find_membership_by_email(session, city_id, email)
    if membership and membership.ended_at:
        raise Invalid(
            {"email": say("This person was here before. Open the person’s page below and give access again.")}
        )
    if membership:
        raise Invalid(
            {"email": say("This person belongs to the city already. Open the person’s page to change the role.")}
        )
    if invitation.find_waiting_invitation(session, city_id, email):
        raise Invalid(
            {"email": say("This address is invited already. Send the invitation again, or withdraw it first.")}
        )


def deliver_link(session: Session, site: Site, pending: Invitation, by: int | None) -> PersonalLink:
    """Mail the link where mail is set; where it is not, and at the command line, it is shown to whoever asked for it."""
    mailed = bool(site.settings.smtp_host)
    if mailed:
        job.enqueue_job(session, pending.city_id, JobKind.SEND_INVITATION, invitation=pending.id)
        security_record.note_event(session, SecurityKind.LINK_MAILED, None, city_id=pending.city_id, by_id=by)
    link = None
    if not mailed or by is None:
        link = invitation_link(site, pending, by or OPERATOR)
        events.record_event(session, pending.city_id, by, Verb.INVITATION_SHOWN, invitation=pending.id)
        security_record.note_event(session, SecurityKind.LINK_SHOWN, None, city_id=pending.city_id, by_id=by)
    return PersonalLink(pending.name, pending.email, link, mailed)


def invitation_link(site: Site, pending: Invitation, shown_to: int | None) -> str:
    """The signed address of the invitation, valid for INVITATION_DAYS; it says who was shown it, None for one that is mailed."""
    payload = {"invitation": pending.id, "nonce": pending.nonce, "shown_to": shown_to}
    token = tokens.sign_token(tokens.load_secret_key(site.settings), INVITATION_PURPOSE, payload)
    return f"{site.settings.public_url}/welcome/{token}"


def renew_invitation(desk: Desk, invitation_id: int) -> PersonalLink:
    """A new link; the one before opens no more. Raises NotFound."""
    pending = _load_pending(desk, invitation_id)
    pending.nonce, pending.sent_at = tokens.random_token(), now()
    desk.record(Verb.INVITATION_RENEWED, invitation=pending.id)
    return deliver_link(desk.session, desk.site, pending, desk.who.person_id)


def withdraw_invitation(desk: Desk, invitation_id: int) -> None:
    """Take the offer back. Raises NotFound."""
    pending = _load_pending(desk, invitation_id)
    end_invitation(desk.session, pending, InvitationState.WITHDRAWN)
    desk.record(Verb.INVITATION_WITHDRAWN, invitation=pending.id)


def _load_pending(desk: Desk, invitation_id: int) -> Invitation:
    people.lock_memberships(desk.session, desk.city_id)
    pending = invitation.find_invitation(desk.session, desk.city_id, invitation_id)
    if pending is None or pending.state != InvitationState.WAITING:
        raise NotFound(say("This invitation has been answered or withdrawn."))
    return pending


def end_invitation(session: Session, pending: Invitation, state: InvitationState, person_id: int | None = None) -> None:
    """What was typed of the person goes: an account says it itself, and of someone who did not come nothing is kept."""
    pending.state, pending.ended_at, pending.person_id = state, now(), person_id
    pending.name = pending.email = ""
    pending.tasks = "{}"
    session.flush()


def print_link(session: Session, site: Site, email: str) -> str:
    """A link for an account, or for the newest invitation of an address without one, for whoever runs the installation to hand over.

    Raises NotFound.
    """
    email = normalize_email(email)
    person, newest_invitation = (
        people.find_person_by_email(session, email),
        invitation.find_newest_invitation(session, email),
    )
    if person and (person.pass_phrase_hash or newest_invitation is None):
        return passphrase.print_passphrase_link(session, site, person)
    if newest_invitation is None:
        raise NotFound(say("No account and no invitation has this address."))
    return invitation_link(site, newest_invitation, OPERATOR)


def send_invitation(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job SEND_INVITATION: the same letter whether the address has an account or not.

    The link is made here and not before, so that no table ever holds it. Nothing is sent for an invitation that has been answered since.
    Raises OutsideUnavailable when the mail server does not take it.
    """
    with site.database.reading() as session:
        pending = invitation.find_invitation(session, city_id, payload["invitation"])
        inviting_city = load_city(session, city_id)
    if pending is None or pending.state != InvitationState.WAITING:
        return
    subject = say("An invitation from %(city)s to CityReady", city=inviting_city.name)
    mail_letter(
        site,
        pending.email,
        pending.language or inviting_city.language,
        subject,
        _write_letter(site, inviting_city, pending),
    )


def _write_letter(site: Site, inviting_city: CityValues, pending: Invitation) -> Message:
    return say(
        "Hello %(name)s,\n\n%(city)s prepares for What Works Cities Certification in CityReady, and invites you to take part. "
        "Open this link within %(days)s days:\n\n%(link)s\n\n"
        "If you use CityReady already, sign in there with your passphrase. If not, you choose one.\n\n"
        "If you do not know what this is about, ask the data office of %(city)s before you open the link.\n",
        name=pending.name,
        city=inviting_city.name,
        days=INVITATION_DAYS,
        link=invitation_link(site, pending, None),
    )
