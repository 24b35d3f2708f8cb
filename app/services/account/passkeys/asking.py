"""What a browser is asked to sign with a passkey: kept here, hashed, for five minutes and one answer."""

from collections.abc import Iterable
from datetime import timedelta

from sqlmodel import Session

from app.adapters import passkeys, tokens
from app.adapters.passkeys import PasskeyAnswer
from app.rules.account.passkey import PasskeyPurpose, PasskeyRefused, PasskeyTrouble
from app.rules.account.tries import TryLimit, hash_subject
from app.services.account import security_record, sessions, tries
from app.services.account.sign_in import need_ticket
from app.services.site import Site
from app.store.account import passkey as store
from app.store.account.passkey import PasskeyChallenge
from app.store.people import Person

MOST_ASKED = 100
ASKED_WITHIN = timedelta(minutes=15)
"""From one network, so that nobody fills the table."""


def ask_for_new(site: Site, token: str | None) -> str:
    """The browser's options as JSON. Raises SignInRequired, ConfirmationRequired, TooManyAttempts."""
    person_id = need_confirmed_person(site, token)
    challenge = _give_out(site, PasskeyPurpose.ADD, person_id)
    with site.database.reading() as session:
        person, known = session.get_one(Person, person_id), _key_ids(session, person_id)
    party = passkeys.relying_party(site.settings.public_url)
    return passkeys.ask_for_new(party, (person_id, person.email, person.name), challenge, known, site_name="CityReady")


def ask_to_enter(site: Site, ticket: str) -> str:
    """For the second step where the form brings the ticket of a first one; else for whoever comes. Raises Invalid, TooManyAttempts."""
    if not ticket:
        return _ask_for_use(site, PasskeyPurpose.ENTER, None)
    return _ask_for_use(site, PasskeyPurpose.SECOND_STEP, need_ticket(site, ticket).id)


def ask_to_confirm(site: Site, token: str | None) -> str:
    """Raises SignInRequired, TooManyAttempts."""
    with site.database.reading() as session:
        person_id = sessions.need_signed_in(session, token).person_id
    return _ask_for_use(site, PasskeyPurpose.CONFIRM, person_id)


def need_confirmed_person(site: Site, token: str | None) -> int:
    """Whose account it is. Raises SignInRequired, ConfirmationRequired."""
    with site.database.reading() as session:
        signed_in = sessions.need_signed_in(session, token)
    sessions.need_confirmed(site, signed_in.confirmed_at)
    return signed_in.person_id


def take_challenge(site: Site, text: str, purpose: PasskeyPurpose, person_id: int | None) -> PasskeyAnswer:
    """An answer to what was asked, which nobody can bring once more. Raises PasskeyRefused."""
    answer = passkeys.read_answer(text)
    oldest = sessions.present_moment() - timedelta(seconds=passkeys.SECONDS)
    with site.database.writing() as session:
        hashed = tokens.hash_token(answer.challenge)
        is_ours = store.use_challenge(session, hashed, person_id, purpose, oldest)
    if not is_ours:
        raise PasskeyRefused(PasskeyTrouble.LATE)
    return answer


def _ask_for_use(site: Site, purpose: PasskeyPurpose, person_id: int | None) -> str:
    challenge = _give_out(site, purpose, person_id)
    known: Iterable[str] = ()
    if person_id:
        with site.database.reading() as session:
            known = _key_ids(session, person_id)
    party = passkeys.relying_party(site.settings.public_url)
    return passkeys.ask_for_use(party, challenge, known, needs_owner=purpose.needs_owner)


def _key_ids(session: Session, person_id: int) -> list[str]:
    return [passkey.key_id for passkey in store.list_passkeys(session, person_id)]


def _give_out(site: Site, purpose: PasskeyPurpose, person_id: int | None) -> str:
    network = security_record.current_caller().network
    tries.count_try(site, [TryLimit(hash_subject("passkey from", network), MOST_ASKED, ASKED_WITHIN)])
    challenge, moment = passkeys.make_challenge(), sessions.present_moment()
    kept = PasskeyChallenge(
        person_id=person_id, purpose=purpose, challenge_hash=tokens.hash_token(challenge), made_at=moment
    )
    with site.database.writing() as session:
        store.add_challenge(session, kept, moment - timedelta(seconds=passkeys.SECONDS))
    return challenge
