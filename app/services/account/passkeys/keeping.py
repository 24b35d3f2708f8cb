"""Passkeys that a person adds to the own account and removes from it."""

from app.adapters import passkeys
from app.rules.account.passkey import PasskeyPurpose, check_passkey_name
from app.rules.account.security_record import SecurityKind
from app.rules.errors import NotFound
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.services.account import second_step, sessions
from app.services.account.passkeys.asking import need_confirmed_person, take_challenge
from app.services.site import Site
from app.store.account import passkey as store
from app.store.account import second_step as steps
from app.store.account import sign_in
from app.store.account.passkey import Passkey
from app.store.database.engine import now


def add_passkey(site: Site, token: str | None, name: str, text: str) -> tuple[str, ...]:
    """Keep the passkey that the browser has made; returns recovery codes where the account had none, shown this once.

    Raises SignInRequired, ConfirmationRequired, Invalid at the name, PasskeyRefused.
    """
    person_id = need_confirmed_person(site, token)
    with site.database.reading() as session:
        check_passkey_name(name, [passkey.name for passkey in store.list_passkeys(session, person_id)])
    answer = take_challenge(site, text, PasskeyPurpose.ADD, person_id)
    made = passkeys.check_new(passkeys.relying_party(site.settings.public_url), answer)
    with site.database.writing() as session:
        name = check_passkey_name(name, [passkey.name for passkey in store.list_passkeys(session, person_id)])
        store.add_passkey(
            session,
            Passkey(
                person_id=person_id, name=name, key_id=made.key_id, public_key=made.public_key, sign_count=made.count
            ),
        )
        steps.settle_second_step(session, person_id, now())
        second_step.note_change(session, site, person_id, SecurityKind.PASSKEY_ADDED, Verb.SECOND_STEP_ADDED)
        return second_step.make_first_codes(session, person_id)


def remove_passkey(site: Site, token: str | None, passkey_id: int) -> bool:
    """The passkey opens nothing any more, and what it has opened elsewhere ends; returns whether a second step is left.

    Raises SignInRequired, ConfirmationRequired, NotFound.
    """
    person_id = need_confirmed_person(site, token)
    with site.database.writing() as session:
        signed_in = sessions.need_signed_in(session, token)
        if not store.remove_passkey(session, person_id, passkey_id):
            raise NotFound(say("This passkey was removed already."))
        sign_in.end_sessions_of_passkey(session, person_id, passkey_id, signed_in.session_id)
        is_left = steps.settle_second_step(session, person_id, now())
        second_step.note_change(session, site, person_id, SecurityKind.PASSKEY_REMOVED, Verb.SECOND_STEP_REMOVED)
        return is_left
