"""A person's days as a calendar that a program subscribes to by a secret address, and one day as a file."""

from collections.abc import Callable

from sqlmodel import Session

from app.adapters import tokens
from app.adapters.calendar_file import CalendarEntry, write_calendar
from app.adapters.translations import load_translator
from app.rules.calendar import CalendarDay, CriterionDays, DayKind, list_days, title_day
from app.rules.city.naming import CityValues
from app.rules.errors import NotFound
from app.rules.history.verbs import Verb
from app.rules.independence import INDEPENDENCE
from app.rules.message import say
from app.rules.outbox.readers import LetterReader, list_owners
from app.rules.people.permissions import Role
from app.services.account import sessions
from app.services.assessment.ground import NoAssessment
from app.services.assessment.overview import Overview, load_overview
from app.services.assessment.stand import Stand
from app.services.desk import Desk
from app.services.site import Site
from app.settings import LANGUAGES
from app.store import letter, people
from app.store.city import load_city
from app.store.people import Person

PURPOSE = "calendar"
LIFETIME_SECONDS = 20 * 366 * 86_400
"""An address works until its person replaces it, switches it off or leaves; it has no end of its own."""
LONGEST_TOKEN = 300


def calendar_address(desk: Desk) -> str:
    """The secret address of the person's calendar; empty while there is none."""
    chosen = letter.find_choice(desk.session, desk.city_id, desk.who.person_id)
    if chosen is None or not chosen.calendar:
        return ""
    payload = [desk.city_id, desk.who.person_id, chosen.calendar]
    token = tokens.sign_token(tokens.load_secret_key(desk.site.settings), PURPOSE, payload)
    return f"{desk.site.settings.public_url}/calendar/{token}"


def switch_calendar(desk: Desk, *, on: bool) -> None:
    """Give the calendar a new address, which ends the one before, or take it away."""
    chosen = letter.hold_choice(desk.session, desk.city_id, desk.who.person_id)
    chosen.calendars += 1
    chosen.calendar = chosen.calendars if on else 0
    letter.save_choice(desk.session, chosen)
    desk.record(Verb.CALENDAR_OPENED if on else Verb.CALENDAR_CLOSED)


def load_calendar(session: Session, site: Site, token: str) -> bytes:
    """The calendar at the secret address. Raises NotFound for one that was replaced, switched off or never given, and after its person has left."""
    city_id, person_id, number = _read_token(site, token)
    chosen = letter.find_choice(session, city_id, person_id)
    member = people.find_membership(session, city_id, person_id)
    if chosen is None or chosen.calendar != number or member is None or member.ended_at:
        raise _gone()
    city = load_city(session, city_id)
    person = session.get_one(Person, person_id)
    language = person.language if person.language in LANGUAGES else city.language
    departments = people.load_department_ids(session, city_id, member.id)
    me = LetterReader(person_id, "", Role(member.role), frozenset(departments))
    try:
        overview = load_overview(session, site, city, language)
    except NoAssessment:
        return write_days(site, city, language, [])
    days = list_overview_days(
        overview, lambda stand: bool(list_owners((me,), stand.department_id, stand.person_id, stand.deputy_id))
    )
    return write_days(site, city, language, days)


def list_overview_days(overview: Overview, lets: Callable[[Stand], bool]) -> list[CalendarDay]:
    """The days of the criteria that pass, and of the assessment as a whole: what the calendar's file and the board's month are made from."""
    run = overview.assessment
    whole = CalendarDay(DayKind.CYCLE, "", run.name, run.due_on) if run.due_on else None
    return list_days((_criterion_days(overview, stand) for stand in overview.stands if lets(stand)), whole)


def load_due_day(desk: Desk, code: str) -> bytes:
    """The day on which one criterion is due, as a file. Raises NotFound where none is set."""
    overview = load_overview(desk.session, desk.site, desk.who.city, desk.who.language)
    days = [day for day in list_overview_days(overview, lambda stand: stand.code == code) if day.kind is DayKind.DUE]
    if not days:
        raise NotFound(say("This criterion has no date now."))
    return write_days(desk.site, desk.who.city, desk.who.language, days)


def _criterion_days(overview: Overview, stand: Stand) -> CriterionDays:
    return CriterionDays(
        code=stand.code,
        title=stand.criterion.title,
        state=stand.state,
        due_on=overview.find_due_day(stand),
        at_risk_from=stand.wants_renewal_from,
    )


def write_days(site: Site, city: CityValues, language: str, days: list[CalendarDay]) -> bytes:
    """The days as a file for calendar programs."""
    words, base = load_translator(language), f"{site.settings.public_url}/{city.slug}"
    host = site.settings.public_url.partition("://")[2]
    entries = [
        CalendarEntry(
            id="-".join(filter(None, (day.kind.value, day.code, f"{city.slug}@{host}"))),
            on=day.on,
            title=words.say(title_day(day)),
            text=f"{base}/{_page_of(day)}\n\n{words.say(INDEPENDENCE)}",
            address=f"{base}/{_page_of(day)}",
        )
        for day in days
    ]
    return write_calendar(f"CityReady · {city.name}", words.say(INDEPENDENCE), entries, sessions.present_moment())


def _page_of(day: CalendarDay) -> str:
    return f"criteria/{day.code}" if day.code else "board"


def _read_token(site: Site, token: str) -> tuple[int, int, int]:
    payload = None
    if len(token) <= LONGEST_TOKEN:
        payload = tokens.read_token(tokens.load_secret_key(site.settings), PURPOSE, token, LIFETIME_SECONDS)
    if not isinstance(payload, list) or len(payload) != 3 or not all(isinstance(part, int) for part in payload):
        raise _gone()
    return payload[0], payload[1], payload[2]


def _gone() -> NotFound:
    return NotFound(say("This calendar is switched off, or has another address now."))
