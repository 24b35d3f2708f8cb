"""Signing in with a passkey, alone or as the second step, and confirming with one before a sensitive step."""

from sqlmodel import Session

from app.adapters import passkeys, tokens
from app.adapters.passkeys import StoredKey
from app.rules.account.passkey import PasskeyPurpose, PasskeyRefused, PasskeyTrouble, counts_on
from app.rules.account.security_record import SecurityKind
from app.services.account import security_letter, security_record, sessions
from app.services.account.passkeys.asking import take_challenge
from app.services.account.sign_in import (
    ComingIn,
    SignedIn,
    enter_account,
    need_ticket,
    renew_session,
)
from app.services.site import Site
from app.store.account import passkey as store
from app.store.account.passkey import Passkey
from app.store.database.engine import now


def is_entry_open(session: Session) -> bool:
    """Whether any city lets people in with a passkey alone, so that the sign-in page offers it."""
    return store.is_entry_open(session)


def has_passkey(session: Session, token: str | None) -> bool:
    """Whether whoever is signed in could confirm a step with a passkey."""
    signed_in = sessions.find_signed_in(session, token)
    return signed_in is not None and store.count_passkeys(session, signed_in.person_id) > 0


def enter_alone(site: Site, text: str, coming: ComingIn) -> SignedIn:
    """A session for whoever holds a passkey that has made sure of its owner. Raises PasskeyRefused."""
    passkey = check_answer(site, text, PasskeyPurpose.ENTER, None)
    with site.database.writing() as session:
        if not store.list_open_cities(session, passkey.person_id):
            raise PasskeyRefused(PasskeyTrouble.NOT_ALONE)
        return enter_account(session, site, passkey.person_id, coming, passkey_id=passkey.id, by_passkey_alone=True)


def finish_with_passkey(site: Site, ticket: str, text: str, coming: ComingIn) -> SignedIn:
    """A session for someone whose passphrase was right, as the ticket says. Raises Invalid, PasskeyRefused."""
    person = need_ticket(site, ticket)
    passkey = check_answer(site, text, PasskeyPurpose.SECOND_STEP, person.id)
    with site.database.writing() as session:
        return enter_account(session, site, person.id, coming, passkey_id=passkey.id)


def confirm_with_passkey(site: Site, token: str | None, text: str) -> str:
    """Before a sensitive step; returns the session's new token. Raises SignInRequired, PasskeyRefused."""
    with site.database.reading() as session:
        person_id = sessions.need_signed_in(session, token).person_id
    check_answer(site, text, PasskeyPurpose.CONFIRM, person_id)
    with site.database.writing() as session:
        security_record.note_event(session, SecurityKind.CONFIRMED, person_id)
        return renew_session(session, tokens.hash_token(token or ""))


def check_answer(site: Site, text: str, purpose: PasskeyPurpose, person_id: int | None) -> Passkey:
    """The passkey that gave a right answer, for this purpose and this person where one is known. Raises PasskeyRefused."""
    answer = take_challenge(site, text, purpose, person_id)
    with site.database.reading() as session:
        passkey = store.find_passkey(session, answer.key_id)
    if passkey is None or person_id not in {None, passkey.person_id}:
        raise PasskeyRefused(PasskeyTrouble.UNKNOWN)
    key = StoredKey(passkey.key_id, passkey.public_key)
    party = passkeys.relying_party(site.settings.public_url)
    try:
        shown = passkeys.check_use(party, answer, key, needs_owner=purpose.needs_owner)
        if not counts_on(passkey.sign_count, shown):
            raise PasskeyRefused(PasskeyTrouble.COPIED)
    except PasskeyRefused as refused:
        _note_refused(site, passkey.person_id, refused.trouble)
        raise
    with site.database.writing() as session:
        if not store.note_passkey_use(session, passkey.id, passkey.sign_count, shown, now()):
            raise PasskeyRefused(PasskeyTrouble.LATE)
    return passkey


def _note_refused(site: Site, person_id: int, trouble: PasskeyTrouble) -> None:
    is_copied = trouble is PasskeyTrouble.COPIED
    with site.database.writing() as session:
        kind = SecurityKind.PASSKEY_COPIED if is_copied else SecurityKind.PASSKEY_FAILED
        security_record.note_event(session, kind, person_id)
        if is_copied:
            security_letter.send_letter(session, site, kind, person_id)
