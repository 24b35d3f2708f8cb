"""Who asks, and the sessions in which people are signed in."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.adapters import tokens
from app.rules.account.security_record import SecurityKind
from app.rules.errors import CityReadyError, NotFound
from app.rules.message import Said, say
from app.rules.network import device_name
from app.rules.permissions import Role
from app.services.account import security_record
from app.services.desk import Who
from app.services.site import Site
from app.store import account, people
from app.store.account import Known
from app.store.city import City, all_cities
from app.store.database.engine import now

TOUCHES = 12
"""How often at most the use of a session is written down within its idle limit: most pages write nothing."""


class SignInRequired(CityReadyError):
    """Nobody is signed in, or the session has ended."""

    def __init__(self) -> None:
        super().__init__(say("Please sign in to go on."))


class ConfirmationRequired(CityReadyError):
    """A sensitive step, and the passphrase was typed too long ago."""

    def __init__(self) -> None:
        super().__init__(say("Please type your passphrase once more to go on."))


def is_unused(session: Session) -> bool:
    """Whether the installation has no city yet, so that nobody could sign in."""
    return not all_cities(session)


def identify(session: Session, token: str | None, slug: str, language: str | None) -> Who:
    """Who holds this session token, as a member of the city `slug`.

    `language` overrides the person's own. Raises SignInRequired, also where the role is another one since the passphrase was typed,
    and NotFound for a city that the person does not belong to,
    with the same words as for a city that does not exist.
    """
    known = account.who(session, tokens.hash_token(token), slug, now()) if token else None
    if known is None:
        raise SignInRequired
    if known.role_since and known.confirmed_at < known.role_since:
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
        confirmed_at=known.confirmed_at,
        seen_at=known.seen_at,
    )


def need_confirmed(site: Site, confirmed_at: datetime | None) -> None:
    """Raises ConfirmationRequired where the passphrase was typed longer ago than the setting allows for sensitive steps."""
    if confirmed_at is None or confirmed_at < now() - timedelta(minutes=site.settings.confirm_minutes):
        raise ConfirmationRequired


def is_worth_a_touch(site: Site, seen_at: datetime | None) -> bool:
    """Whether the use of the session is to be written down again."""
    idle = timedelta(minutes=site.settings.session_idle_minutes)
    return seen_at is not None and seen_at < now() - idle / TOUCHES


def touch(site: Site, token: str) -> None:
    """The session was used: its idle limit begins again."""
    moment = now()
    with site.database.writing() as session:
        idle = timedelta(minutes=site.settings.session_idle_minutes)
        account.touch(session, tokens.hash_token(token), moment, moment + idle)


def today_in(city: City, at: datetime | None = None) -> date:
    """The calendar date in the city's time zone, now or at the moment given."""
    return (at or now()).astimezone(ZoneInfo(city.time_zone)).date()


def identified(session: Session, token: str | None) -> Known | None:
    """Who holds this session token, in no city in particular; None when nobody does."""
    return account.who(session, tokens.hash_token(token), None, now()) if token else None


def my_cities(session: Session, token: str | None) -> tuple[tuple[str, str, str], ...]:
    """The cities of whoever holds the token; empty when nobody does."""
    known = identified(session, token)
    return tuple(people.cities_of(session, known.person_id)) if known else ()


def is_known(session: Session, token: str | None) -> bool:
    """Whether the token is that of a live session."""
    return identified(session, token) is not None


def need_known(session: Session, token: str | None) -> Known:
    """Who holds the token. Raises SignInRequired."""
    known = identified(session, token)
    if known is None:
        raise SignInRequired
    return known


@dataclass(frozen=True)
class DeviceLine:
    """A session: where it was begun and with which browser, since when, and when it was last used."""

    device: Said
    address: str
    since: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True)
class DevicesPage:
    """Everywhere that a person is signed in, this device first; `zone` is the time zone of the person's city."""

    email: str
    zone: str
    lines: tuple[DeviceLine, ...]


def devices(session: Session, token: str | None) -> DevicesPage:
    """Raises SignInRequired."""
    known = need_known(session, token)
    lines = [
        DeviceLine(device_name(row.agent), row.address, row.created_at, row.seen_at, row.id == known.session_id)
        for row in account.open_sessions(session, known.person_id, now())
    ]
    cities = people.city_ids_of(session, known.person_id)
    zone = session.get_one(City, cities[0]).time_zone if cities else "UTC"
    return DevicesPage(known.email, zone, tuple(sorted(lines, key=lambda line: not line.is_this)))


def sign_out_elsewhere(session: Session, site: Site, token: str | None) -> None:
    """End every other session of the person. Raises SignInRequired, ConfirmationRequired."""
    known = need_known(session, token)
    need_confirmed(site, known.confirmed_at)
    account.end_others(session, known.person_id, known.session_id)
    security_record.note_event(session, SecurityKind.SIGNED_OUT_ELSEWHERE, known.person_id)
