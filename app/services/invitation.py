"""An invitation: a signed link with which a person sets a pass phrase."""

import hashlib

from sqlmodel import Session

from app.adapters import passwords, tokens
from app.rules.errors import Invalid, NotFound
from app.rules.passphrase import Chooser, check_passphrase, typed_passphrase
from app.rules.wording import say
from app.services.site import Site
from app.store import account, history, people

INVITATION_DAYS = 14
INVITATION = "invitation"


def invitation_link(site: Site, person_id: int, pass_phrase_hash: str | None) -> str:
    """A signed address, valid for INVITATION_DAYS, where the person sets a pass phrase. A new pass phrase makes it useless."""
    payload = {"person": person_id, "was": _fingerprint(pass_phrase_hash)}
    token = tokens.make(tokens.secret_key(site.settings), INVITATION, payload)
    return f"{site.settings.public_url.rstrip('/')}/welcome/{token}"


def _fingerprint(pass_phrase_hash: str | None) -> str:
    return hashlib.sha256((pass_phrase_hash or "").encode()).hexdigest()[:16]


def invited(session: Session, site: Site, token: str) -> people.Person:
    """The person an invitation is for. Raises NotFound when it is forged, too old, or used."""
    payload = tokens.read(tokens.secret_key(site.settings), INVITATION, token, INVITATION_DAYS * 86_400)
    person = session.get(people.Person, payload["person"]) if payload else None
    if not person or not payload or payload["was"] != _fingerprint(person.pass_phrase_hash):
        raise NotFound(say("This link has been used or is too old. Ask your data office for a new one."))
    return person


def welcome(site: Site, token: str, pass_phrase: str, again: str) -> str:
    """Set the pass phrase of an invited person and end all other sessions; returns the e-mail address.

    The slow hash runs between two short transactions. Raises Invalid, NotFound.
    """
    with site.database.reading() as session:
        person = invited(session, site, token)
        cities = tuple(name for _, name, _ in people.cities_of(session, person.id or 0))
    check_chosen(Chooser(person.email, (person.name, *cities)), pass_phrase, again)
    hashed = passwords.hash(pass_phrase)
    with site.database.writing() as session:
        person = invited(session, site, token)  # the link may have been used meanwhile
        person.pass_phrase_hash = hashed
        session.add(person)
        account.end_all(session, person.id or 0)
        for city_id in people.city_ids_of(session, person.id or 0):
            history.record(session, city_id, person.id, "pass_phrase_set")
    return person.email


def check_chosen(chooser: Chooser, pass_phrase: str, again: str) -> None:
    """Raises Invalid for a passphrase that cannot be taken, or that was not typed the same way twice."""
    problem = check_passphrase(pass_phrase, chooser, passwords.guesses)
    if problem:
        raise Invalid({"pass_phrase": problem})
    if typed_passphrase(pass_phrase) != typed_passphrase(again):
        raise Invalid({"again": say("The two pass phrases differ. Type the same one twice.")})
