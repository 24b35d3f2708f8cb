"""Invitations: a city offers an address to belong to it, and whoever reads that address accepts. An account belongs to its person.

An administrator learns of the address what was typed, and nothing of an account behind it. The link of an invitation sets the first
passphrase where there is no account; where there is one, it only joins the city after its owner has signed in.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from app.adapters import mail, passwords, tokens
from app.adapters.translations import tongue
from app.rules.account.invitation import InvitationState, OfferStep, Opener, step_for
from app.rules.account.passphrase import Chooser
from app.rules.account.security_record import SecurityKind
from app.rules.account.sign_up import check_email, typed_email
from app.rules.errors import Invalid, NotFound, Refused
from app.rules.history.verbs import Verb
from app.rules.job import JobKind
from app.rules.message import Said, say
from app.rules.people import check_name, check_role
from app.rules.permissions import Role
from app.services.account import passphrase, security_record
from app.services.account.passphrase import OPERATOR, check_chosen
from app.services.account.sessions import identified
from app.services.desk import Desk
from app.services.site import Site
from app.store import city, invitation, job, people
from app.store.city import City
from app.store.database.engine import now
from app.store.history import events
from app.store.invitation import Invitation
from app.store.people import Membership, Person

INVITATION_DAYS = 14
INVITATION = "invitation of a city"


@dataclass(frozen=True)
class InvitationLine:
    """An invitation that waits; `is_old` when its link opens no more."""

    id: int
    name: str
    email: str
    role: Role
    departments: tuple[str, ...]
    is_old: bool


def lines(desk: Desk, names: Mapping[int, str]) -> tuple[InvitationLine, ...]:
    """The city's invitations that nobody has answered; `names` are those of its departments, by id."""
    oldest = now() - timedelta(days=INVITATION_DAYS)
    return tuple(
        InvitationLine(
            id=row.id,
            name=row.name,
            email=row.email,
            role=Role(row.role),
            departments=tuple(sorted(names[one] for one in row.department_ids if one in names)),
            is_old=row.sent_at < oldest,
        )
        for row in invitation.waiting(desk.session, desk.city_id)
    )


@dataclass(frozen=True)
class LinkGiven:
    """A link that was sent by mail, or that the administrator hands over where there is no mail server."""

    name: str
    email: str
    link: str | None
    mailed: bool
    days: int = INVITATION_DAYS


def invite(
    session: Session, site: Site, of: City, by: int | None, *, name: str, email: str, role: str, departments: list[str]
) -> LinkGiven:
    """Offer an address to belong to the city; `by` is the person who does it, None for the command line.

    The answer is the same whether the address has an account or not. Raises Invalid, also for a member and for one who is invited.
    """
    city_id, name, email, wanted = of.id, check_name(name), check_email(email), check_role(role)
    chosen = chosen_departments(session, city_id, departments)
    people.one_at_a_time(session, city_id)
    _check_new(session, city_id, email)
    row = Invitation(
        city_id=city_id,
        email=email,
        name=name,
        role=wanted,
        departments=" ".join(map(str, sorted(chosen))),
        nonce=tokens.random_token(),
        invited_by=by,
    )
    session.add(row)
    session.flush()
    events.record(session, city_id, by, Verb.PERSON_INVITED, invitation=row.id, role=wanted, departments=sorted(chosen))
    return _hand_out(session, site, row, by)


def chosen_departments(session: Session, city_id: int, departments: Collection[str]) -> frozenset[int]:
    """The ids of these departments, given as text. Raises Invalid for one that is not the city's."""
    known = {str(row.id): row.id for row in city.departments(session, city_id)}
    if not known.keys() >= set(departments):
        raise Invalid({"departments": say("Choose departments of this city.")})
    return frozenset(known[one] for one in departments)


def _check_new(session: Session, city_id: int, email: str) -> None:
    """Looks at this city only, so that nothing of another is told."""
    membership = people.member_by_email(session, city_id, email)
    if membership and membership.ended_at:
        raise Invalid(
            {"email": say("This person was here before. Open the person’s page below and give access again.")}
        )
    if membership:
        raise Invalid(
            {"email": say("This person belongs to the city already. Open the person’s page to change the role.")}
        )
    if invitation.waiting_for(session, city_id, email):
        raise Invalid(
            {"email": say("This address is invited already. Send the invitation again, or withdraw it first.")}
        )


def _hand_out(session: Session, site: Site, row: Invitation, by: int | None) -> LinkGiven:
    """Mail the link where mail is set; where it is not, and at the command line, it is shown to whoever asked for it."""
    mailed = bool(site.settings.smtp_host)
    if mailed:
        job.enqueue(session, row.city_id, JobKind.SEND_INVITATION, invitation=row.id)
        security_record.note(session, SecurityKind.LINK_MAILED, None, city_id=row.city_id, by_id=by)
    link = None
    if not mailed or by is None:
        link = link_of(site, row, by or OPERATOR)
        events.record(session, row.city_id, by, Verb.INVITATION_SHOWN, invitation=row.id)
        security_record.note(session, SecurityKind.LINK_SHOWN, None, city_id=row.city_id, by_id=by)
    return LinkGiven(row.name, row.email, link, mailed)


def link_of(site: Site, row: Invitation, shown_to: int | None) -> str:
    """The signed address of the invitation, valid for INVITATION_DAYS; it says who was shown it, None for one that is mailed."""
    payload = {"invitation": row.id, "nonce": row.nonce, "shown_to": shown_to}
    token = tokens.make(tokens.secret_key(site.settings), INVITATION, payload)
    return f"{site.settings.public_url.rstrip('/')}/welcome/{token}"


def send_again(desk: Desk, invitation_id: int) -> LinkGiven:
    """A new link; the one before opens no more. Raises NotFound."""
    row = _waiting(desk, invitation_id)
    row.nonce, row.sent_at = tokens.random_token(), now()
    desk.session.add(row)
    desk.record(Verb.INVITATION_RENEWED, invitation=row.id)
    return _hand_out(desk.session, desk.site, row, desk.who.person_id)


def withdraw(desk: Desk, invitation_id: int) -> None:
    """Take the offer back. Raises NotFound."""
    row = _waiting(desk, invitation_id)
    _end(desk.session, row, InvitationState.WITHDRAWN)
    desk.record(Verb.INVITATION_WITHDRAWN, invitation=row.id)


def _waiting(desk: Desk, invitation_id: int) -> Invitation:
    people.one_at_a_time(desk.session, desk.city_id)
    row = invitation.by_id(desk.session, desk.city_id, invitation_id)
    if row is None or row.state != InvitationState.WAITING:
        raise NotFound(say("This invitation has been answered or withdrawn."))
    return row


def _end(session: Session, row: Invitation, state: InvitationState, person_id: int | None = None) -> None:
    """What was typed of the person goes: an account says it itself, and of somebody who did not come nothing is kept."""
    row.state, row.ended_at, row.person_id = state, now(), person_id
    row.name = row.email = ""
    session.add(row)
    session.flush()


@dataclass(frozen=True)
class OpenedInvitation:
    """An invitation by its link: `shown_to` is who was shown the link, None when it came by mail."""

    row: Invitation
    shown_to: int | None
    person: Person | None
    step: OfferStep


@dataclass(frozen=True)
class OfferPage:
    """What a city offers, to whom, and what comes next; `signed_in_as` is another address that is signed in here."""

    city: str
    role: Role
    name: str
    email: str
    step: OfferStep
    signed_in_as: str


def offer(session: Session, site: Site, token: str, session_token: str | None) -> OfferPage:
    """The page behind an invitation's link. Raises NotFound when it is forged, too old, or answered."""
    opened = _open(session, site, token, session_token)
    known = identified(session, session_token)
    return OfferPage(
        city=session.get_one(City, opened.row.city_id).name,
        role=Role(opened.row.role),
        name=opened.row.name,
        email=opened.row.email,
        step=opened.step,
        signed_in_as=known.email if known and known.email != opened.row.email else "",
    )


def _open(session: Session, site: Site, token: str, session_token: str | None) -> OpenedInvitation:
    payload = tokens.read(tokens.secret_key(site.settings), INVITATION, token, INVITATION_DAYS * 86_400)
    row = invitation.by_nonce(session, payload["invitation"], payload["nonce"]) if payload else None
    if row is None or not payload or row.state != InvitationState.WAITING:
        raise NotFound(say("This link has been used or is too old. Ask your data office for a new one."))
    person, known = people.by_email(session, row.email), identified(session, session_token)
    opener = Opener(
        is_signed_in=known is not None and known.email == row.email,
        has_account=person is not None and person.pass_phrase_hash is not None,
        is_shown=bool(payload["shown_to"]),
        is_elsewhere=person is not None and people.is_elsewhere(session, row.city_id, person.id),
    )
    return OpenedInvitation(row, payload["shown_to"], person, step_for(opener))


def accept(session: Session, site: Site, token: str, session_token: str | None) -> tuple[str, Role]:
    """Join the city as the person who is signed in; returns its slug and the role there. Raises NotFound, Refused."""
    opened = _open(session, site, token, session_token)
    if opened.step is not OfferStep.ACCEPT or opened.person is None:
        raise Refused(say("Sign in with the address that the invitation was sent to, then accept it."))
    _join(session, opened.row, opened.person.id)
    return session.get_one(City, opened.row.city_id).slug, Role(opened.row.role)


def decline(session: Session, site: Site, token: str, session_token: str | None) -> None:
    """Say no; whoever has the link may. Raises NotFound."""
    row = _open(session, site, token, session_token).row
    people.one_at_a_time(session, row.city_id)
    session.refresh(row)
    if row.state == InvitationState.WAITING:
        _end(session, row, InvitationState.DECLINED)
        events.record(session, row.city_id, None, Verb.INVITATION_DECLINED, invitation=row.id)


def choose(site: Site, token: str, *, name: str, pass_phrase: str, again: str) -> None:
    """Begin an account with a passphrase, under the name that its person gives, and join the city.

    The slow hash runs between two short transactions. Raises Invalid, NotFound, Refused where there is an account by now.
    """
    with site.database.reading() as session:
        opened = _open(session, site, token, None)
        _check_step(opened)
        name = check_name(name)
        of = session.get_one(City, opened.row.city_id)
        check_chosen(Chooser(opened.row.email, (name, opened.row.name, of.name)), pass_phrase, again)
    hashed = passwords.hash(pass_phrase)
    with site.database.writing() as session:
        opened = _open(session, site, token, None)  # it may have been answered meanwhile
        _check_step(opened)
        person = opened.person or Person(email=opened.row.email, name=name, invited_at=opened.row.sent_at)
        person.name, person.pass_phrase_hash, person.link_shown_to = name, hashed, opened.shown_to or None
        session.add(person)
        session.flush()
        _join(session, opened.row, person.id)
        security_record.note(session, SecurityKind.LINK_USED, person.id)
        security_record.note(session, SecurityKind.PASSPHRASE_SET, person.id)


def _check_step(opened: OpenedInvitation) -> None:
    if opened.step is not OfferStep.CHOOSE:
        raise Refused(say("This address has an account now. Sign in with its passphrase, then accept the invitation."))


def _join(session: Session, row: Invitation, person_id: int) -> None:
    """Raises NotFound when it was answered in the same moment."""
    people.one_at_a_time(session, row.city_id)
    session.refresh(row)
    if row.state != InvitationState.WAITING:
        raise NotFound(say("This invitation has been answered or withdrawn."))
    membership = people.membership_of(session, row.city_id, person_id) or Membership(
        city_id=row.city_id, person_id=person_id, role=row.role
    )
    membership.role, membership.ended_at = row.role, None
    session.add(membership)
    session.flush()
    people.set_departments(session, row.city_id, membership.id, row.department_ids)
    _end(session, row, InvitationState.ACCEPTED, person_id)
    details: dict[str, Any] = {
        "person": person_id,
        "invitation": row.id,
        "role": row.role,
        "departments": sorted(row.department_ids),
    }
    events.record(session, row.city_id, person_id, Verb.INVITATION_ACCEPTED, **details)
    if row.role == Role.ADMIN:
        security_record.note(
            session, SecurityKind.ADMINISTRATOR_ADDED, person_id, city_id=row.city_id, by_id=row.invited_by
        )


def print_link(session: Session, site: Site, email: str) -> str:
    """A link for an account, or for the newest invitation of an address without one, for whoever runs the installation to hand over.

    Raises NotFound.
    """
    email = typed_email(email)
    person, row = people.by_email(session, email), invitation.newest_for(session, email)
    if person and (person.pass_phrase_hash or row is None):
        return passphrase.print_link(session, site, person)
    if row is None:
        raise NotFound(say("No account and no invitation has this address."))
    return link_of(site, row, OPERATOR)


def send_mail(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job SEND_INVITATION: the same letter whether the address has an account or not.

    The link is made here and not before, so that no table ever holds it. Nothing is sent for an invitation that has been answered since.
    Raises OutsideUnavailable when the mail server does not take it.
    """
    with site.database.reading() as session:
        row = invitation.by_id(session, city_id, payload["invitation"])
        of = session.get_one(City, city_id)
    if row is None or row.state != InvitationState.WAITING:
        return
    words = tongue(of.language)
    subject = say("An invitation from %(city)s to CityReady", city=of.name)
    mail.send(site.settings, row.email, words.say(subject), words.say(_letter(site, of, row)))


def _letter(site: Site, of: City, row: Invitation) -> Said:
    return say(
        "Hello %(name)s,\n\n%(city)s prepares for What Works Cities Certification in CityReady, and invites you to take part. "
        "Open this link within %(days)s days:\n\n%(link)s\n\n"
        "If you use CityReady already, sign in there with your passphrase. If not, you choose one.\n\n"
        "If you do not know what this is about, ask the data office of %(city)s before you open the link.\n",
        name=row.name,
        city=of.name,
        days=INVITATION_DAYS,
        link=link_of(site, row, None),
    )
