"""Who asks, and the sessions in which people are signed in."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.adapters import tokens
from app.rules.account.security_record import SecurityKind
from app.rules.account.sign_up import normalize_email
from app.rules.city.naming import CityValues
from app.rules.city.small_office import is_small_office
from app.rules.errors import CityReadyError, NotFound
from app.rules.installation.network import device_name
from app.rules.message import Message, say
from app.rules.people.permissions import Role
from app.rules.people.standing_in import ONLY_SELF
from app.services.account import security_record
from app.services.desk import Who
from app.services.site import Site
from app.store import people
from app.store.account import sign_in
from app.store.account.sign_in import SignedInPerson
from app.store.city import City, city_values, find_city, list_cities
from app.store.database.engine import now
from app.store.standing_in import load_stand_in

EXTENSIONS_PER_IDLE_LIMIT = 12
"""How often at most the use of a session is written down within its idle limit: most pages write nothing."""


class SignInRequired(CityReadyError):
    """Nobody is signed in, or the session has ended."""

    def __init__(self) -> None:
        super().__init__(say("Please sign in to continue."))


class ConfirmationRequired(CityReadyError):
    """A sensitive step, and the passphrase was typed too long ago."""

    def __init__(self) -> None:
        super().__init__(say("Please type your passphrase once more to continue."))


class SecondStepRequired(CityReadyError):
    """The city asks for a second step from this role, and the person has none yet."""

    def __init__(self) -> None:
        super().__init__(
            say(
                "Your city asks for a second step when people of your role sign in. Set it up first; it takes a minute."
            )
        )


def has_no_city(session: Session) -> bool:
    """Whether the installation has no city yet, so that nobody could sign in."""
    return not list_cities(session)


def identify_member(
    session: Session, token: str | None, slug: str, language: str | None, asked: str | None = None
) -> Who:
    """Who holds this session token, as a member of the city `slug`.

    `language` overrides the person's own; `asked` is what the browser asks for, where the person has chosen none. Raises
    SignInRequired, also where the role is another one since the passphrase was typed,
    and NotFound for a city that the person does not belong to,
    with the same words as for a city that does not exist. Raises SecondStepRequired where the role signs in with a second step only.
    """
    signed_in = sign_in.identify_person(session, tokens.hash_token(token), slug, now()) if token else None
    if signed_in is None:
        raise SignInRequired
    if signed_in.role_since and signed_in.confirmed_at < signed_in.role_since:
        raise SignInRequired
    if signed_in.city is None or signed_in.role is None or signed_in.membership_id is None:
        raise NotFound(say("This page does not exist, or it belongs to a city that you are not a member of."))
    _need_way_in(signed_in, signed_in.city, signed_in.role)
    today = today_in(signed_in.city)
    stand_in = ONLY_SELF
    if signed_in.stands_in:
        stand_in = load_stand_in(session, signed_in.city.id, signed_in.person_id, today)
    return Who(
        person_id=signed_in.person_id,
        name=signed_in.name,
        email=signed_in.email,
        role=Role(signed_in.role),
        membership_id=signed_in.membership_id,
        departments=signed_in.departments | stand_in.added_departments,
        city=signed_in.city,
        language=language or signed_in.language or asked or signed_in.city.language,
        today=today,
        confirmed_at=signed_in.confirmed_at,
        seen_at=signed_in.seen_at,
        by_service=signed_in.provider_city_id is not None,
        own_departments=signed_in.departments,
        stand_in=stand_in,
        list_choices=signed_in.list_choices,
        has_read_public_advice=signed_in.public_advice_read_at is not None,
        in_small_office=is_small_office(
            Role(signed_in.role), has_colleagues=signed_in.has_colleagues, says_so=signed_in.city.small_office
        ),
    )


def find_member(
    session: Session, token: str | None, slug: str, language: str | None, asked: str | None = None
) -> Who | None:
    """Who holds the token, in the city `slug` or, where that is none of theirs, in the first of their own; None for whoever is not let in."""
    own_slugs = [own_slug for own_slug, _, _ in list_own_cities(session, token)]
    if not own_slugs:
        return None
    with suppress(CityReadyError):
        return identify_member(session, token, slug if slug in own_slugs else own_slugs[0], language, asked)
    return None


def act_as(session: Session, slug: str, email: str) -> Who:
    """A member of the city for the command line, which acts in that person's name. Raises NotFound."""
    known_city = find_city(session, slug)
    person = people.find_person_by_email(session, normalize_email(email))
    membership = people.find_membership(session, known_city.id, person.id) if known_city and person else None
    if known_city is None or person is None or membership is None or membership.ended_at:
        raise NotFound(
            say("Nobody with the address %(email)s belongs to the city “%(slug)s”.", email=email[:60], slug=slug[:40])
        )
    city = city_values(known_city)
    departments = people.load_department_ids(session, city.id, membership.id)
    return Who(
        person_id=person.id,
        name=person.name,
        email=person.email,
        role=Role(membership.role),
        membership_id=membership.id,
        departments=departments,
        city=city,
        language=person.language or city.language,
        today=today_in(city),
        own_departments=departments,
    )


def _need_way_in(signed_in: SignedInPerson, city: CityValues, role: str) -> None:
    """Whether the session was begun in a way that opens this city. Raises SignInRequired, SecondStepRequired."""
    if signed_in.provider_city_id is not None:
        if signed_in.provider_city_id != city.id:
            raise SignInRequired
    elif city.passphrases_closed_at is not None or (signed_in.by_passkey_alone and city.passkeys_open_at is None):
        raise SignInRequired
    elif signed_in.second_step_at is None and city.needs_second_step(role):
        raise SecondStepRequired


def need_confirmed(site: Site, confirmed_at: datetime | None) -> None:
    """Raises ConfirmationRequired where the passphrase was typed longer ago than the setting allows for sensitive steps."""
    if confirmed_at is None or confirmed_at < now() - timedelta(minutes=site.settings.confirm_minutes):
        raise ConfirmationRequired


def is_extension_due(site: Site, seen_at: datetime | None) -> bool:
    """Whether the use of the session is to be written down again."""
    idle = timedelta(minutes=site.settings.session_idle_minutes)
    return seen_at is not None and seen_at < now() - idle / EXTENSIONS_PER_IDLE_LIMIT


def extend_session(site: Site, token: str) -> None:
    """The session was used: its idle limit begins again."""
    moment = now()
    with site.database.writing() as session:
        idle = timedelta(minutes=site.settings.session_idle_minutes)
        sign_in.extend_session(session, tokens.hash_token(token), moment, moment + idle)


def present_moment() -> datetime:
    """The moment that decides which day it is for a city: the one place from which every page, paper and command has its day."""
    return now()


def today_in(city: CityValues, at: datetime | None = None) -> date:
    """The calendar date in the city's time zone, now or at the moment given."""
    return (at or present_moment()).astimezone(ZoneInfo(city.time_zone)).date()


def find_signed_in(session: Session, token: str | None) -> SignedInPerson | None:
    """Who holds this session token, in no city in particular; None when nobody does."""
    return sign_in.identify_person(session, tokens.hash_token(token), None, now()) if token else None


def list_own_cities(session: Session, token: str | None) -> tuple[tuple[str, str, str], ...]:
    """The cities of whoever holds the token; empty when nobody does."""
    signed_in = find_signed_in(session, token)
    return tuple(people.list_cities_of_person(session, signed_in.person_id)) if signed_in else ()


def is_signed_in(session: Session, token: str | None) -> bool:
    """Whether the token is that of a live session."""
    return find_signed_in(session, token) is not None


def need_signed_in(session: Session, token: str | None) -> SignedInPerson:
    """Who holds the token. Raises SignInRequired."""
    signed_in = find_signed_in(session, token)
    if signed_in is None:
        raise SignInRequired
    return signed_in


@dataclass(frozen=True)
class DeviceLine:
    """A session: where it was begun and with which browser, since when, and when it was last used."""

    device: Message
    address: str
    since: datetime
    seen_at: datetime
    is_this: bool
    session_id: int


@dataclass(frozen=True)
class DevicesPage:
    """Everywhere that a person is signed in, this device first; `zone` is the time zone of the person's city."""

    email: str
    zone: str
    lines: tuple[DeviceLine, ...]


def load_devices_page(session: Session, token: str | None) -> DevicesPage:
    """Raises SignInRequired."""
    signed_in = need_signed_in(session, token)
    lines = [
        DeviceLine(
            device_name(open_session.agent),
            open_session.address,
            open_session.created_at,
            open_session.seen_at,
            open_session.id == signed_in.session_id,
            open_session.id,
        )
        for open_session in sign_in.list_open_sessions(session, signed_in.person_id, now())
    ]
    zone = zone_of(session, signed_in.person_id)
    return DevicesPage(signed_in.email, zone, tuple(sorted(lines, key=lambda line: not line.is_this)))


def zone_of(session: Session, person_id: int) -> str:
    """The time zone of the person's city."""
    cities = people.list_city_ids_of_person(session, person_id)
    return session.get_one(City, cities[0]).time_zone if cities else "UTC"


def sign_out_elsewhere(session: Session, site: Site, token: str | None) -> None:
    """End every other session of the person. Raises SignInRequired, ConfirmationRequired."""
    signed_in = need_signed_in(session, token)
    need_confirmed(site, signed_in.confirmed_at)
    sign_in.end_other_sessions(session, signed_in.person_id, signed_in.session_id)
    security_record.note_event(session, SecurityKind.SIGNED_OUT_ELSEWHERE, signed_in.person_id)


def end_own_session(session: Session, token: str | None, session_id: int) -> None:
    """End one session of the person; one that has ended already, or is another's, is left alone. Raises SignInRequired."""
    signed_in = need_signed_in(session, token)
    if sign_in.end_one_session(session, signed_in.person_id, session_id):
        security_record.note_event(session, SecurityKind.SIGNED_OUT_ELSEWHERE, signed_in.person_id)
