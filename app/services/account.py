"""Signing in and out, and who asks."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.adapters import passwords, tokens
from app.rules.account import typed_email
from app.rules.errors import CityReadyError, Invalid, NotAllowed, NotFound
from app.rules.permissions import Role, may
from app.rules.wording import say
from app.services.site import Site
from app.store import account, people
from app.store.account import SignInAttempt, SignInSession
from app.store.city import City
from app.store.database import now

ATTEMPTS_WITHIN = timedelta(minutes=15)
PER_ADDRESS = 10


class SignInRequired(CityReadyError):
    """Nobody is signed in, or the session has ended."""

    def __init__(self) -> None:
        super().__init__(say("Please sign in to go on."))


class TooManyAttempts(CityReadyError):
    def __init__(self) -> None:
        super().__init__(
            say("Too many attempts. Wait 15 minutes, then try again; or ask your data office for a new link.")
        )


@dataclass(frozen=True)
class Who:
    """The person who asks, in one city. `language` is the one in use; `today` is the date in the city's time zone."""

    person_id: int
    name: str
    email: str
    role: Role
    membership_id: int
    departments: frozenset[int]
    city: City
    language: str
    today: date

    @property
    def city_id(self) -> int:
        return self.city.id or 0

    def may(self, action: str) -> bool:
        return may(self.role, action)

    def need(self, action: str) -> None:
        """Raises NotAllowed where the role lacks the right."""
        if not self.may(action):
            raise NotAllowed(say("Your role in this city does not include this. Ask your data office if you need it."))


def identify(session: Session, token: str | None, slug: str, language: str | None) -> Who:
    """Who holds this session token, as a member of the city `slug`.

    `language` overrides the person's own. Raises SignInRequired, and NotFound for a city that the person does not belong to,
    with the same words as for a city that does not exist.
    """
    known = account.who(session, tokens.hash_token(token), slug, now()) if token else None
    if known is None:
        raise SignInRequired
    if known.city is None or known.role is None or known.membership_id is None:
        raise NotFound(say("This page does not exist, or it belongs to a city that you are not a member of."))
    return Who(
        person_id=known.person_id,
        name=known.name,
        email=known.email,
        role=Role(known.role),
        membership_id=known.membership_id,
        departments=known.departments,
        city=known.city,
        language=language or known.language or known.city.language,
        today=today_in(known.city),
    )


def today_in(city: City, at: datetime | None = None) -> date:
    """The calendar date in the city's time zone, now or at the moment given."""
    return (at or now()).astimezone(ZoneInfo(city.time_zone)).date()


@dataclass(frozen=True)
class SignedIn:
    """A new session: the token for the cookie, and the cities (slug, name, role) that the person may enter."""

    token: str
    cities: tuple[tuple[str, str, str], ...]


def _subjects(email: str, address: str) -> list[str]:
    return [hashlib.sha256(text.encode()).hexdigest() for text in (f"email:{email}", f"address:{address}")]


def sign_in(site: Site, *, email: str, pass_phrase: str, address: str, old_token: str | None) -> SignedIn:
    """Start a session under a new id; the one before ends.

    The slow hash runs between two short transactions, and as long for an unknown e-mail address as for a known one.
    Failures are counted in the database, so that all processes share the limit. Raises Invalid, TooManyAttempts.
    """
    email = typed_email(email)
    subjects = _subjects(email, address)
    with site.database.reading() as session:
        _check_attempts(session, subjects, site.settings.sign_in_attempts)
        person = people.by_email(session, email)
    fits = passwords.verify(person.pass_phrase_hash if person else None, pass_phrase)
    stronger = (
        passwords.hash(pass_phrase) if person and fits and passwords.needs_rehash(person.pass_phrase_hash or "") else ""
    )
    with site.database.writing() as session:
        if person and person.id and fits:
            if stronger:
                session.get_one(people.Person, person.id).pass_phrase_hash = stronger
            return _open_session(session, site, person.id, old_token)
        session.add_all(SignInAttempt(subject=subject) for subject in subjects)
    raise Invalid({"pass_phrase": say("E-mail address and pass phrase do not fit together. Check both and try again.")})


def _check_attempts(session: Session, subjects: list[str], most: int) -> None:
    """`most` failures for one account, PER_ADDRESS times as many for one network address, behind which a whole city hall may sit."""
    since = now() - ATTEMPTS_WITHIN
    email, address = (account.failures(session, subject, since) for subject in subjects)
    if email >= most or address >= most * PER_ADDRESS:
        raise TooManyAttempts


def _open_session(session: Session, site: Site, person_id: int, old_token: str | None) -> SignedIn:
    moment = now()
    account.forget_before(session, moment - timedelta(days=1))
    if old_token:
        account.end(session, tokens.hash_token(old_token))
    token = tokens.random_token()
    expires_at = moment + timedelta(hours=site.settings.session_hours)
    session.add(SignInSession(token_hash=tokens.hash_token(token), person_id=person_id, expires_at=expires_at))
    return SignedIn(token, tuple(people.cities_of(session, person_id)))


def my_cities(session: Session, token: str | None) -> tuple[tuple[str, str, str], ...]:
    """The cities of whoever holds the token; empty when nobody does."""
    known = account.who(session, tokens.hash_token(token), None, now()) if token else None
    return tuple(people.cities_of(session, known.person_id)) if known else ()


def is_known(session: Session, token: str | None) -> bool:
    """Whether the token is that of a live session."""
    return bool(token) and account.who(session, tokens.hash_token(token or ""), None, now()) is not None


def sign_out(session: Session, token: str | None) -> None:
    if token:
        account.end(session, tokens.hash_token(token))
