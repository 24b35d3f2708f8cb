"""The second step of an account: an app that shows codes by the clock, passkeys, and recovery codes for when they are gone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from app.adapters import clock_codes, sealing, tokens
from app.rules.account.security_record import SecurityKind
from app.rules.account.tries import TryLimit, hash_subject
from app.rules.errors import Invalid
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.services.account import security_letter, security_record, sessions, tries
from app.services.account.own import record_everywhere
from app.services.site import Site
from app.store.account import passkey, second_step, sign_in, sign_on
from app.store.account.passkey import Passkey
from app.store.account.second_step import AuthenticatorApp
from app.store.account.tries import forget_tries
from app.store.database.engine import now
from app.store.people import Person

SETUP_SECONDS = 3_600
MOST_CODES = 10
CODES_WITHIN = timedelta(minutes=15)
WRONG_CODE = say(
    "This code is not right, or was used already. Wait for the next one, and check the clock of your phone."
)


@dataclass(frozen=True)
class PasskeyLine:
    """A passkey as its owner knows it; `used_at` is None where it has opened nothing yet."""

    passkey_id: int
    name: str
    since: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class SecondStepPage:
    """`since` is when the app was set up, None where there is none; then `setup`, `secret` and `picture` offer one.

    `alone_in` are the cities of the person that a passkey alone opens.
    """

    email: str
    since: datetime | None
    codes_left: int
    setup: str
    secret: str
    picture: str
    zone: str
    passkeys: tuple[PasskeyLine, ...]
    alone_in: tuple[str, ...]

    @property
    def has_any(self) -> bool:
        return bool(self.since or self.passkeys)


def load_second_step(session: Session, site: Site, token: str | None, setup: str = "") -> SecondStepPage:
    """`setup` is the sealed secret of a page that is shown again. Raises SignInRequired, ConfirmationRequired."""
    signed_in = sessions.need_signed_in(session, token)
    sessions.need_confirmed(site, signed_in.confirmed_at)
    app = second_step.find_app(session, signed_in.person_id)
    key = tokens.load_secret_key(site.settings)
    secret = (sealing.open_secret(key, setup, SETUP_SECONDS) if setup else None) or clock_codes.make_secret()
    return SecondStepPage(
        email=signed_in.email,
        since=app.created_at if app else None,
        codes_left=second_step.count_recovery_codes(session, signed_in.person_id),
        setup="" if app else sealing.seal_secret(key, secret),
        secret="" if app else " ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
        picture="" if app else clock_codes.setup_picture(secret, signed_in.email),
        zone=sessions.zone_of(session, signed_in.person_id),
        passkeys=tuple(map(_passkey_line, passkey.list_passkeys(session, signed_in.person_id))),
        alone_in=tuple(passkey.list_open_cities(session, signed_in.person_id)),
    )


def _passkey_line(of_person: Passkey) -> PasskeyLine:
    return PasskeyLine(of_person.id, of_person.name, of_person.created_at, of_person.used_at)


def set_up_app(site: Site, token: str | None, setup: str, code: str) -> tuple[str, ...]:
    """Keep the app whose code proves that it works; returns recovery codes, which are never shown again.

    Raises SignInRequired, ConfirmationRequired, Invalid, TooManyAttempts.
    """
    person_id = _need_fresh(site, token)
    key = tokens.load_secret_key(site.settings)
    secret = sealing.open_secret(key, setup, SETUP_SECONDS)
    tried = tries.count_try(site, [_code_limit(person_id)])
    step = clock_codes.matching_step(secret, _plain_code(code), sessions.present_moment(), 0) if secret else None
    if secret is None or step is None:
        raise Invalid({"one_time_code": WRONG_CODE})
    codes = clock_codes.make_recovery_codes()
    with site.database.writing() as session:
        if second_step.find_app(session, person_id):
            raise Invalid({"one_time_code": say("Another page has set up an app meanwhile. Load this page again.")})
        forget_tries(session, tried.ids)
        sealed = sealing.seal_secret(key, secret)
        second_step.add_app(session, AuthenticatorApp(person_id=person_id, sealed_secret=sealed, last_step=step), now())
        _replace_codes(session, person_id, codes)
        note_change(session, site, person_id, SecurityKind.SECOND_STEP_ADDED, Verb.SECOND_STEP_ADDED)
    return codes


def renew_codes(site: Site, token: str | None) -> tuple[str, ...]:
    """Other recovery codes; those from before open nothing any more. Raises SignInRequired, ConfirmationRequired."""
    person_id = _need_fresh(site, token)
    codes = clock_codes.make_recovery_codes()
    with site.database.writing() as session:
        if session.get_one(Person, person_id).second_step_at:
            _replace_codes(session, person_id, codes)
            note_change(session, site, person_id, SecurityKind.RECOVERY_CODES_MADE, None)
    return codes


def remove_app(site: Site, token: str | None) -> bool:
    """No code of an app opens the account any more; returns whether passkeys are left as a second step.

    Raises SignInRequired, ConfirmationRequired.
    """
    person_id = _need_fresh(site, token)
    with site.database.writing() as session:
        had_app = second_step.remove_app(session, person_id)
        is_left = second_step.settle_second_step(session, person_id, now())
        if had_app:
            kind = SecurityKind.APP_REMOVED if is_left else SecurityKind.SECOND_STEP_REMOVED
            note_change(session, site, person_id, kind, Verb.SECOND_STEP_REMOVED)
        return is_left


def take_code(site: Site, person_id: int, typed: str) -> None:
    """Take a code of the app or a recovery code, each once. Raises Invalid, TooManyAttempts."""
    tried = tries.count_try(site, [_code_limit(person_id)])
    key = tokens.load_secret_key(site.settings)
    with site.database.writing() as session:
        if _is_taken(session, site, key, person_id, typed):
            forget_tries(session, tried.ids)
            return
        security_record.note_event(session, SecurityKind.CODE_FAILED, person_id)
        if tried.last:
            security_record.note_event(session, SecurityKind.SIGN_IN_PAUSED, person_id)
            security_letter.send_letter(session, site, SecurityKind.SIGN_IN_PAUSED, person_id)
    raise Invalid({"one_time_code": WRONG_CODE})


def _is_taken(session: Session, site: Site, key: str, person_id: int, typed: str) -> bool:
    app = second_step.find_app(session, person_id)
    secret = sealing.open_secret(key, app.sealed_secret) if app else None
    if app and secret:
        step = clock_codes.matching_step(secret, _plain_code(typed), sessions.present_moment(), app.last_step)
        if step is not None and second_step.take_step(session, person_id, step):
            return True
    if second_step.use_recovery_code(session, person_id, clock_codes.hash_recovery_code(typed[:100])):
        note_change(session, site, person_id, SecurityKind.RECOVERY_CODE_USED, None)
        return True
    return False


def reset_second_step(session: Session, site: Site, person_id: int, by_id: int | None, city_id: int | None) -> bool:
    """Take the second step off an account whose person has lost them, and end its sessions; returns whether there were any."""
    if not second_step.remove_second_step(session, person_id):
        return False
    sign_in.end_all_sessions(session, person_id)
    security_record.note_event(session, SecurityKind.SECOND_STEP_RESET, person_id, city_id=city_id, by_id=by_id)
    security_letter.send_letter(session, site, SecurityKind.SECOND_STEP_RESET, person_id)
    return True


def reseal_secrets(site: Site) -> int:
    """Seal every secret with the newest key, also of sign-in services, so that an older one can go; returns how many no key opens."""
    key, lost = tokens.load_secret_key(site.settings), 0
    with site.database.writing() as session:
        for app in second_step.list_apps(session):
            sealed = sealing.reseal_secret(key, app.sealed_secret)
            app.sealed_secret = sealed or app.sealed_secret
            lost += sealed is None
        for provider, _ in sign_on.list_providers(session):
            sealed = sealing.reseal_secret(key, provider.sealed_secret)
            provider.sealed_secret = sealed or provider.sealed_secret
            lost += sealed is None
    return lost


def _need_fresh(site: Site, token: str | None) -> int:
    """Whose account it is. Raises SignInRequired, ConfirmationRequired."""
    with site.database.reading() as session:
        signed_in = sessions.need_signed_in(session, token)
    sessions.need_confirmed(site, signed_in.confirmed_at)
    return signed_in.person_id


def _replace_codes(session: Session, person_id: int, codes: tuple[str, ...]) -> None:
    second_step.replace_recovery_codes(session, person_id, map(clock_codes.hash_recovery_code, codes))


def make_first_codes(session: Session, person_id: int) -> tuple[str, ...]:
    """Recovery codes for an account that has none; else nothing, and those that it has stay."""
    if second_step.count_recovery_codes(session, person_id):
        return ()
    codes = clock_codes.make_recovery_codes()
    _replace_codes(session, person_id, codes)
    return codes


def note_change(session: Session, site: Site, person_id: int, kind: SecurityKind, verb: Verb | None) -> None:
    """In the security record, by letter and, with a verb, in the history of each of the person's cities."""
    security_record.note_event(session, kind, person_id)
    security_letter.send_letter(session, site, kind, person_id)
    if verb:
        record_everywhere(session, person_id, verb)


def _code_limit(person_id: int) -> TryLimit:
    return TryLimit(hash_subject("code of", str(person_id)), MOST_CODES, CODES_WITHIN)


def _plain_code(typed: str) -> str:
    return "".join(filter(str.isdigit, typed[:100])).encode("ascii", "ignore").decode()
