"""Another e-mail address for the own account: asked for while signed in, confirmed at the new address, and told to the old one."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.adapters import tokens
from app.rules.account.security_record import SecurityKind
from app.rules.account.sign_up import check_email
from app.rules.account.tries import TryLimit, hash_subject
from app.rules.errors import Invalid, LinkOver, Refused
from app.rules.history.verbs import Verb
from app.rules.installation.job import JobKind
from app.rules.message import say
from app.services.account import security_letter, security_record, sessions, tries
from app.services.account.own import record_everywhere
from app.services.letters import mail_letter
from app.services.site import Site
from app.store import job, people
from app.store.city import City
from app.store.people import Person

EMAIL_PURPOSE = "a new e-mail address"
LINK_HOURS = 24
MOST_MAILS = 5
MAILS_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class EmailChange:
    """What the link in the mail would change."""

    person_id: int
    old: str
    new: str


def ask_for_change(site: Site, token: str | None, email: str) -> None:
    """Have a link mailed to the new address, whether another account has it or not, so that nobody learns who has one.

    Raises SignInRequired, ConfirmationRequired, Invalid, Refused without a mail server, TooManyAttempts.
    """
    with site.database.reading() as session:
        signed_in = sessions.need_signed_in(session, token)
    sessions.need_confirmed(site, signed_in.confirmed_at)
    new_email = check_email(email)
    if not site.settings.smtp_host:
        raise Refused(say("This installation sends no mail. Ask an administrator of your city to change the address."))
    if new_email == signed_in.email:
        raise Invalid({"email": say("This is the address that you have.")})
    tries.count_try(site, [TryLimit(hash_subject("address of", str(signed_in.person_id)), MOST_MAILS, MAILS_WITHIN)])
    with site.database.writing() as session:
        cities = people.list_all_city_ids_of_person(session, signed_in.person_id)
        if cities:
            person_id = signed_in.person_id
            job.enqueue_job(session, cities[0], JobKind.SEND_EMAIL_LINK, person=person_id, email=new_email)
        security_record.note_event(session, SecurityKind.EMAIL_CHANGE_ASKED, signed_in.person_id)
        security_letter.send_letter(session, site, SecurityKind.EMAIL_CHANGE_ASKED, signed_in.person_id)


def send_email_link(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job SEND_EMAIL_LINK. Raises OutsideUnavailable when the mail server does not take it."""
    with site.database.reading() as session:
        person = session.get(Person, payload["person"])
        language = session.get_one(City, city_id).language
    if person is None or person.scrubbed_at:
        return
    letter = say(
        "Hello %(name)s,\n\nthis is to be the new e-mail address of your account in CityReady. Confirm it here within "
        "%(hours)s hours:\n\n%(link)s\n\nIf you did not ask for this, you need not do anything.\n",
        name=person.name,
        hours=LINK_HOURS,
        link=confirmation_link(site, EmailChange(person.id, person.email, payload["email"])),
    )
    mail_letter(site, payload["email"], person.language or language, say("Confirm your new e-mail address"), letter)


def confirmation_link(site: Site, change: EmailChange) -> str:
    """A signed address that opens the page where the change is confirmed; it works once, since the old address is in it."""
    payload = {"person": change.person_id, "old": change.old, "new": change.new}
    token = tokens.sign_token(tokens.load_secret_key(site.settings), EMAIL_PURPOSE, payload)
    return f"{site.settings.public_url}/account/email/{token}"


def read_change(session: Session, site: Site, token: str) -> EmailChange:
    """What the link changes; looking at it changes nothing. Raises NotFound where it is forged, too old or used."""
    payload = tokens.read_token(tokens.load_secret_key(site.settings), EMAIL_PURPOSE, token, LINK_HOURS * 3_600)
    person = session.get(Person, payload["person"]) if payload else None
    if payload is None or person is None or person.email != payload["old"]:
        raise LinkOver(say("This link has been used or is too old. Ask for a new one on the page “My account”."))
    return EmailChange(person.id, person.email, payload["new"])


def confirm_change(site: Site, token: str) -> None:
    """Take the new address, and tell the old one. Raises NotFound, and Refused where another account has the address."""
    try:
        with site.database.writing() as session:
            change = read_change(session, site, token)
            if people.find_person_by_email(session, change.new):
                raise Refused(EMAIL_TAKEN)
            session.get_one(Person, change.person_id).email = change.new
            session.flush()
            record_everywhere(session, change.person_id, Verb.OWN_EMAIL_CHANGED)
            security_record.note_event(session, SecurityKind.EMAIL_CHANGED, change.person_id)
            security_letter.send_letter(session, site, SecurityKind.EMAIL_CHANGED, change.person_id, to=change.old)
    except IntegrityError:
        raise Refused(EMAIL_TAKEN) from None


EMAIL_TAKEN = say(
    "Another account has this address. Sign in with that one, or ask your data office which of the two to keep."
)
