"""Setting a passphrase: through a link to one's own mailbox, through one that had to be shown, or while signed in."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from app.adapters import passwords, tokens
from app.rules.account.passphrase import PassphraseChooser, check_passphrase, normalize_passphrase
from app.rules.account.security_record import SecurityKind
from app.rules.account.sign_up import normalize_email
from app.rules.account.tries import MANY_BEHIND_ONE, TryLimit, hash_subject
from app.rules.errors import Invalid, LinkOver, Refused
from app.rules.history.verbs import Verb
from app.rules.installation.job import JobKind
from app.rules.message import Message, say
from app.services.account import hands, security_letter, security_record, tries
from app.services.account.tries import TooManyAttempts
from app.services.letters import mail_letter
from app.services.site import Site
from app.store import job, people
from app.store.account import sign_in
from app.store.city import City
from app.store.history import events
from app.store.people import Person

RESET_PURPOSE = "a new passphrase"
OPERATOR = 0
"""Stands in a link for whoever runs the installation, who was shown it at the command line."""
RESET_HOURS = 1
SHOWN_DAYS = 2
MOST_MAILS = 3
MAILS_WITHIN = timedelta(hours=1)


def check_chosen_passphrase(chooser: PassphraseChooser, pass_phrase: str, again: str) -> None:
    """Raises Invalid for a passphrase that cannot be taken, or that was not typed the same way twice."""
    problem = check_passphrase(pass_phrase, chooser, passwords.estimate_guesses)
    if problem:
        raise Invalid({"pass_phrase": problem})
    if normalize_passphrase(pass_phrase) != normalize_passphrase(again):
        raise Invalid({"again": say("The two passphrases differ. Type the same one twice.")})


def chooser_of(session: Session, person: Person) -> PassphraseChooser:
    """Who chooses, with the names of the person's cities, which others would try first."""
    cities = (name for _, name, _ in people.list_cities_of_person(session, person.id))
    return PassphraseChooser(person.email, (person.name, *cities))


def ask_for_link(site: Site, email: str) -> None:
    """Have a link mailed to the address if it has an account; whoever asks is told the same in any case.

    Of too many mails to one address no more are sent, in silence. Raises TooManyAttempts for a network that asks too often.
    """
    email, network = normalize_email(email), security_record.current_caller().network
    tries.count_try(
        site, [TryLimit(hash_subject("passphrase from", network), MOST_MAILS * MANY_BEHIND_ONE, MAILS_WITHIN)]
    )
    try:
        tries.count_try(site, [TryLimit(hash_subject("passphrase of", email), MOST_MAILS, MAILS_WITHIN)])
    except TooManyAttempts:
        return
    with site.database.writing() as session:
        person = people.find_person_by_email(session, email)
        if person and person.scrubbed_at is None:
            mail_link(session, person, None)


def mail_link(session: Session, person: Person, by_id: int | None) -> None:
    """Mail a link to the person's own mailbox; it is made with the letter, so that no table ever holds it."""
    cities = people.list_all_city_ids_of_person(session, person.id)
    if cities:
        job.enqueue_job(session, cities[0], JobKind.SEND_PASSPHRASE_LINK, person=person.id)
        security_record.note_event(session, SecurityKind.LINK_MAILED, person.id, by_id=by_id)


def passphrase_link(site: Site, person: Person, shown_to: int | None) -> str:
    """A signed address where the person sets a passphrase; it says who was shown it, None for one that is mailed. It works once."""
    payload = {"person": person.id, "was": state_mark(person), "shown_to": shown_to}
    token = tokens.sign_token(tokens.load_secret_key(site.settings), RESET_PURPOSE, payload)
    return f"{site.settings.public_url}/passphrase/{token}"


def state_mark(person: Person) -> str:
    """Another one as soon as passphrase or address is another."""
    return hashlib.sha256(f"{person.email}\0{person.pass_phrase_hash or ''}".encode()).hexdigest()[:32]


class LinkUsed(LinkOver):
    """A link that was used, of the account with this `email`; only whoever types its passphrase may learn that."""

    def __init__(self, email: str) -> None:
        super().__init__(
            say(
                "This link was used: a passphrase has been chosen with it, or the account has changed since. "
                "Sign in, or ask for a new link."
            )
        )
        self.email = email


@dataclass(frozen=True)
class LinkOwner:
    """Whose passphrase a link sets; `shown_to` is who was shown the link, 0 at the command line, None when it came by mail."""

    person_id: int
    email: str
    shown_to: int | None


def find_link_owner(session: Session, site: Site, token: str) -> LinkOwner:
    """Raises LinkOver when the link is forged or too old, LinkUsed when it was used."""
    person, shown_to = _read_link(session, site, token)
    return LinkOwner(person.id, person.email, shown_to)


def _read_link(session: Session, site: Site, token: str) -> tuple[Person, int | None]:
    """Whose the link is, and who was shown it: that one lasts longer, since it is handed over. Raises LinkOver, LinkUsed."""
    secret, day = tokens.load_secret_key(site.settings), 86_400
    payload = tokens.read_token(secret, RESET_PURPOSE, token, SHOWN_DAYS * day)
    if payload and payload["shown_to"] is None:
        payload = tokens.read_token(secret, RESET_PURPOSE, token, RESET_HOURS * 3_600)
    person = session.get(Person, payload["person"]) if payload else None
    if not person or not payload:
        raise LinkOver(say("This link is too old, or not whole. Ask for a new one."))
    if payload["was"] != state_mark(person):
        raise LinkUsed(person.email)
    return person, payload["shown_to"]


def set_passphrase_by_link(site: Site, token: str, pass_phrase: str, again: str) -> LinkOwner:
    """Set the passphrase and end all sessions; returns whose it is. A link that was shown to someone ends what its person has approved, too.

    The slow hash runs between two short transactions. Raises Invalid, LinkOver, LinkUsed.
    """
    with site.database.reading() as session:
        check_chosen_passphrase(chooser_of(session, _read_link(session, site, token)[0]), pass_phrase, again)
    hashed = passwords.hash_passphrase(pass_phrase)
    with site.database.writing() as session:
        person, shown_to = _read_link(session, site, token)  # the link may have been used meanwhile
        had_access = person.pass_phrase_hash is not None
        _save_passphrase(session, person, hashed, shown_to or None)
        if had_access:
            security_letter.send_letter(session, site, SecurityKind.PASSPHRASE_SET, person.id)
        sign_in.end_all_sessions(session, person.id)
        security_record.note_event(session, SecurityKind.LINK_USED, person.id)
        if shown_to is not None and had_access:
            hands.end_approvals(session, person.id, shown_to)
        return LinkOwner(person.id, person.email, shown_to)


def _save_passphrase(session: Session, person: Person, hashed: str, shown_to: int | None) -> None:
    person.pass_phrase_hash, person.link_shown_to = hashed, shown_to
    security_record.note_event(session, SecurityKind.PASSPHRASE_SET, person.id)
    for city_id in people.list_city_ids_of_person(session, person.id):
        events.record_event(session, city_id, person.id, Verb.PASSPHRASE_SET)


def check_new_passphrase(site: Site, person_id: int, old: str, new: str, again: str) -> None:
    """Whether someone may change from the old passphrase to the new one. Raises Invalid."""
    with site.database.reading() as session:
        chooser = chooser_of(session, session.get_one(Person, person_id))
    check_chosen_passphrase(chooser, new, again)
    if normalize_passphrase(old) == normalize_passphrase(new):
        raise Invalid({"pass_phrase": say("This is the passphrase that you have. Choose another one.")})


def save_new_passphrase(site: Site, person_id: int, new: str, session_id: int) -> None:
    """Keep the passphrase of someone who has just proven the old one; every session but this one ends."""
    hashed = passwords.hash_passphrase(new)
    with site.database.writing() as session:
        person = session.get_one(Person, person_id)
        _save_passphrase(session, person, hashed, person.link_shown_to)
        security_letter.send_letter(session, site, SecurityKind.PASSPHRASE_SET, person_id)
        sign_in.end_other_sessions(session, person_id, session_id)


def show_link(session: Session, site: Site, person: Person, city_id: int, by: int) -> str:
    """The link for someone of this city alone, shown to an administrator because there is no mail server. Raises Refused."""
    if people.belongs_elsewhere(session, city_id, person.id):
        raise Refused(
            say(
                "This person works in another city as well, and no mail server is set, so no link can be made here. "
                "Ask the people who run this installation."
            )
        )
    events.record_event(session, city_id, by, Verb.LINK_SHOWN, person=person.id)
    security_record.note_event(session, SecurityKind.LINK_SHOWN, person.id, city_id=city_id, by_id=by)
    return passphrase_link(site, person, by)


def print_passphrase_link(session: Session, site: Site, person: Person) -> str:
    """The link for whoever runs the installation to hand over, recorded in every city of the person."""
    for city_id in people.list_all_city_ids_of_person(session, person.id):
        events.record_event(session, city_id, None, Verb.LINK_MADE, person=person.id)
    security_record.note_event(session, SecurityKind.LINK_SHOWN, person.id)
    return passphrase_link(site, person, OPERATOR)


def send_passphrase_link(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job SEND_PASSPHRASE_LINK, also for letters that wait from before invitations had their own.

    Raises OutsideUnavailable when the mail server does not take it.
    """
    with site.database.reading() as session:
        person = session.get(Person, payload["person"])
        city = session.get_one(City, city_id)
    if person is None or person.scrubbed_at:
        return
    subject = say("A new passphrase for CityReady")
    mail_letter(site, person.email, person.language or city.language, subject, _write_letter(site, person))


def _write_letter(site: Site, person: Person) -> Message:
    return say(
        "Hello %(name)s,\n\na new passphrase for your account in CityReady was asked for. Choose it here within one hour:\n\n%(link)s\n\n"
        "If it was not you who asked, you need not do anything: your passphrase stays as it is.\n",
        name=person.name,
        link=passphrase_link(site, person, None),
    )
