"""Signing in, out, and confirming the passphrase before a sensitive step: with tries that are counted, and devices that are known."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from app.adapters import passwords, tokens
from app.rules.account.security_record import SecurityKind
from app.rules.account.sign_in import sign_in_limits
from app.rules.account.sign_up import normalize_email
from app.rules.errors import Invalid
from app.rules.message import Message, say
from app.services.account import passphrase, second_step, security_letter, security_record, tries
from app.services.account.sessions import SignInRequired
from app.services.account.tries import CountedTry
from app.services.site import Site
from app.store import people
from app.store.account import passkey
from app.store.account import second_step as steps_store
from app.store.account import security_record as events
from app.store.account.sign_in import (
    SignInSession,
    add_session,
    end_session,
    forget_ended_sessions,
    identify_person,
    replace_token,
)
from app.store.account.tries import forget_old_tries, forget_tries
from app.store.database.engine import now
from app.store.people import Person

DEVICE = "device"
DEVICE_DAYS = 365
DEVICE_ACCOUNTS = 5
"""How many accounts one device is known to, as at a counter where several people sign in."""


SECOND_STEP = "the second step of signing in"
SECOND_STEP_SECONDS = 600


@dataclass(frozen=True)
class SecondStepAsked:
    """The passphrase is right, and the account asks for a second step too; `ticket` says so, for ten minutes.

    `steps` are the ways that the account has: "app", "passkey", both or none but recovery codes.
    """

    ticket: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class ComingIn:
    """What the browser of whoever signs in brings: the cookies of device and session, and the language chosen at the door."""

    device: str | None
    old_token: str | None
    language: str | None = None


@dataclass(frozen=True)
class SignedIn:
    """A new session: tokens for the cookies of session and device, and the cities (slug, name, role) that the person may enter.

    `language` is the person's own, None before one was chosen.
    """

    token: str
    device: str
    cities: tuple[tuple[str, str, str], ...]
    person_id: int
    language: str | None


def sign_in(
    site: Site,
    *,
    email: str,
    pass_phrase: str,
    coming: ComingIn,
) -> SignedIn | SecondStepAsked:
    """Start a session under a new id; the one before ends; or ask for a second step first. The language of the door becomes the person's own.

    The slow hash runs between short transactions, and as long for an unknown e-mail address as for a known one. Raises Invalid,
    TooManyAttempts.
    """
    email = normalize_email(email)
    with site.database.reading() as session:
        person = people.find_person_by_email(session, email)
    tried = _begin_try(site, email, _known_device(site, coming.device, person))
    stronger = _verify_passphrase(person, pass_phrase)
    with site.database.writing() as session:
        if person and person.id and stronger is not None and _is_unchanged(session, person):
            forget_tries(session, tried.ids)
            own = session.get_one(Person, person.id)
            own.pass_phrase_hash = stronger or own.pass_phrase_hash
            if own.second_step_at:
                return SecondStepAsked(_make_ticket(site, own), _list_steps(session, own.id))
            return enter_account(session, site, person.id, coming)
        _note_failure(session, site, SecurityKind.SIGN_IN_FAILED, person.id if person else None, tried)
    raise Invalid({"pass_phrase": say("That e-mail address and passphrase do not match. Check both and try again.")})


def _make_ticket(site: Site, person: Person) -> str:
    payload = {"person": person.id, "was": passphrase.state_mark(person)}
    return tokens.sign_token(tokens.load_secret_key(site.settings), SECOND_STEP, payload)


def _list_steps(session: Session, person_id: int) -> tuple[str, ...]:
    steps = {"app": steps_store.find_app(session, person_id), "passkey": passkey.count_passkeys(session, person_id)}
    return tuple(step for step, there in steps.items() if there)


def finish_sign_in(site: Site, *, ticket: str, code: str, coming: ComingIn) -> SignedIn:
    """Start the session of someone whose passphrase was right, with a code of the app or a recovery code.

    Raises Invalid, also for a ticket that is too old, and TooManyAttempts.
    """
    person = need_ticket(site, ticket)
    second_step.take_code(site, person.id, code)
    with site.database.writing() as session:
        return enter_account(session, site, person.id, coming)


def need_ticket(site: Site, ticket: str) -> Person:
    """Whose passphrase was right, as the ticket says. Raises Invalid where that is too long ago, or another was chosen since."""
    secret = tokens.load_secret_key(site.settings)
    payload = tokens.read_token(secret, SECOND_STEP, ticket, SECOND_STEP_SECONDS)
    with site.database.reading() as session:
        person = session.get(Person, payload["person"]) if payload else None
    if payload is None or person is None or payload["was"] != passphrase.state_mark(person):
        raise Invalid({"one_time_code": say("This took too long. Go back and begin with your passphrase again.")})
    return person


def enter_account(session: Session, site: Site, person_id: int, coming: ComingIn, **way: Any) -> SignedIn:
    """The session of whoever has shown all that was asked; `way` are fields of it that say by what."""
    own = session.get_one(Person, person_id)
    own.language = coming.language or own.language
    signed_in = open_session(session, site, person_id, coming.device, coming.old_token, **way)
    note_entry(session, site, person_id, is_known=bool(_known_device(site, coming.device, own)))
    return signed_in


def _verify_passphrase(person: Person | None, pass_phrase: str) -> str | None:
    """None where the passphrase is wrong; else a stronger hash to keep from now on, or empty text."""
    stored = (person.pass_phrase_hash if person else None) or ""
    if not passwords.verify_passphrase(stored, pass_phrase):
        return None
    return passwords.hash_passphrase(pass_phrase) if passwords.needs_rehash(stored) else ""


def _is_unchanged(session: Session, person: Person) -> bool:
    """Whether the passphrase is the one that was looked at: it may have been changed while that took its time."""
    return session.get_one(Person, person.id).pass_phrase_hash == person.pass_phrase_hash


def _begin_try(site: Site, email: str, device: str) -> CountedTry:
    """Raises TooManyAttempts."""
    network, most = security_record.current_caller().network, site.settings.sign_in_attempts
    return tries.count_try(site, sign_in_limits(email=email, network=network, device=device, most=most))


def note_entry(session: Session, site: Site, person_id: int, *, is_known: bool, detail: str = "") -> None:
    """A device that is not known is told of, but for the first that a person signs in on."""
    if not is_known and events.has_event(session, person_id, SecurityKind.SIGNED_IN):
        security_record.note_event(session, SecurityKind.NEW_DEVICE, person_id)
        security_letter.send_letter(session, site, SecurityKind.NEW_DEVICE, person_id)
    security_record.note_event(session, SecurityKind.SIGNED_IN, person_id, detail=detail)


def _note_failure(session: Session, site: Site, kind: SecurityKind, person_id: int | None, tried: CountedTry) -> None:
    security_record.note_event(session, kind, person_id)
    if tried.last:
        security_record.note_event(session, SecurityKind.SIGN_IN_PAUSED, person_id)
        if person_id:
            security_letter.send_letter(session, site, SecurityKind.SIGN_IN_PAUSED, person_id)


def open_session(
    session: Session,
    site: Site,
    person_id: int,
    device: str | None,
    old_token: str | None,
    **way: Any,
) -> SignedIn:
    """`way` are fields of the session that say by what it was begun, such as the city whose sign-in service vouched for the person."""
    moment, caller = now(), security_record.current_caller()
    forget_ended_sessions(session, moment - timedelta(days=1))
    forget_old_tries(session, moment - timedelta(days=1))
    if old_token:
        end_session(session, tokens.hash_token(old_token))
    token, ends_at = tokens.random_token(), moment + timedelta(hours=site.settings.session_hours)
    new_session = SignInSession(
        token_hash=tokens.hash_token(token),
        person_id=person_id,
        expires_at=min(ends_at, moment + timedelta(minutes=site.settings.session_idle_minutes)),
        ends_at=ends_at,
        address=caller.address,
        agent=caller.agent,
        **way,
    )
    add_session(session, new_session)
    return SignedIn(
        token,
        remember_device(site, device, person_id),
        tuple(people.list_cities_of_person(session, person_id)),
        person_id,
        session.get_one(Person, person_id).language,
    )


def remember_device(site: Site, device: str | None, person_id: int) -> str:
    """The token for the cookie of a device on which the account's owner has been recognized; `device` is the one it had before."""
    number, accounts = _read_device(site, device)
    accounts = [person_id, *(account_id for account_id in accounts if account_id != person_id)][:DEVICE_ACCOUNTS]
    payload = {"device": number or tokens.random_token(), "accounts": accounts}
    return tokens.sign_token(tokens.load_secret_key(site.settings), DEVICE, payload)


def _read_device(site: Site, device: str | None) -> tuple[str, list[int]]:
    """The id of the device and the accounts that know it; empty for a new one."""
    secret = tokens.load_secret_key(site.settings)
    payload = tokens.read_token(secret, DEVICE, device, DEVICE_DAYS * 86_400) if device else None
    return (payload["device"], payload["accounts"]) if payload else ("", [])


def _known_device(site: Site, device: str | None, person: Person | None) -> str:
    """The id of this device for this account, where the account knows it; else empty."""
    number, accounts = _read_device(site, device)
    return f"{number}:{person.id}" if person and person.id in accounts else ""


def sign_out(session: Session, token: str | None) -> None:
    """End the session; without one nothing happens."""
    known = identify_person(session, tokens.hash_token(token), None, now()) if token else None
    if token and known:
        end_session(session, tokens.hash_token(token))
        security_record.note_event(session, SecurityKind.SIGNED_OUT, known.person_id)


WRONG_PASSPHRASE: Message = say("This is not your passphrase. Check it and try again.")


def confirm_passphrase(site: Site, token: str | None, pass_phrase: str, device: str | None) -> str:
    """The passphrase is typed once more before a sensitive step; returns the session's new token, and the old one opens nothing.

    Raises SignInRequired, Invalid, TooManyAttempts.
    """
    token_hash = tokens.hash_token(token or "")
    with site.database.reading() as session:
        known = identify_person(session, token_hash, None, now())
        person = session.get(Person, known.person_id) if known else None
    if known is None or person is None:
        raise SignInRequired
    tried = _begin_try(site, person.email, _known_device(site, device, person))
    stronger = _verify_passphrase(person, pass_phrase)
    with site.database.writing() as session:
        if stronger is not None and _is_unchanged(session, person):
            forget_tries(session, tried.ids)
            security_record.note_event(session, SecurityKind.CONFIRMED, person.id)
            return renew_session(session, token_hash)
        _note_failure(session, site, SecurityKind.CONFIRMING_FAILED, person.id, tried)
    raise Invalid({"pass_phrase": WRONG_PASSPHRASE})


def renew_session(session: Session, token_hash: str) -> str:
    """Raises SignInRequired where the session has ended meanwhile."""
    token = tokens.random_token()
    if not replace_token(session, token_hash, tokens.hash_token(token), now()):
        raise SignInRequired
    return token


def change_passphrase(site: Site, token: str | None, device: str | None, *, old: str, new: str, again: str) -> str:
    """Another passphrase for whoever is signed in and types the old one; returns the session's new token, and all others end.

    Raises SignInRequired, Invalid, TooManyAttempts.
    """
    with site.database.reading() as session:
        known = identify_person(session, tokens.hash_token(token or ""), None, now())
    if known is None:
        raise SignInRequired
    passphrase.check_new_passphrase(site, known.person_id, old, new, again)
    try:
        renewed = confirm_passphrase(site, token, old, device)
    except Invalid as problem:
        raise Invalid({"current": problem.said}) from None
    passphrase.save_new_passphrase(site, known.person_id, new, known.session_id)
    return renewed
