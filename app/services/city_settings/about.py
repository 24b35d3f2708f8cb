"""What the city is called, where it is and how many people live in it; and what its open assessment is called and when it is due."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.rules.city.naming import CityValues, check_population
from app.rules.errors import Conflict, FieldGatherer
from app.rules.history.verbs import Verb
from app.services.assessment.ground import load_open_assessment
from app.services.assigning.assignment import check_due_day
from app.services.city import check_city_name, check_country, check_language, check_new_assessment, check_time_zone
from app.services.cycle.page import lock_assessment
from app.services.desk import Desk
from app.services.people.members import CHANGED_MEANWHILE
from app.store import city
from app.store.history import events


@dataclass(frozen=True)
class CityFacts:
    """What was typed of the city: `country` is an ISO 3166 code, `time_zone` an IANA name."""

    name: str
    country: str
    language: str
    time_zone: str
    population: int | None


def change_city(desk: Desk, typed: CityFacts, version: int) -> None:
    """All days are days in the time zone, also those of what is past: with another zone they are told anew.

    Raises Invalid with every field that is wrong, and Conflict when someone else changed it meanwhile.
    """
    write_city(desk.session, desk.city_id, desk.who.person_id, typed, version)


def write_city(session: Session, city_id: int, by: int | None, typed: CityFacts, version: int) -> None:
    """The same for the command line, where nobody is known who does it."""
    name, country = " ".join(typed.name.split()), typed.country.strip().upper()
    time_zone = typed.time_zone.strip()
    gathered = FieldGatherer()
    gathered.take(check_city_name, name)
    gathered.take(check_country, country)
    gathered.take(check_language, typed.language)
    gathered.take(check_time_zone, time_zone)
    gathered.take(lambda: {"population": check_population(typed.population)})
    values = gathered.whole() | {"country": country, "language": typed.language, "time_zone": time_zone}
    if not city.save_city(session, city_id, version, name=name, **values):
        raise Conflict(CHANGED_MEANWHILE)
    events.record_event(session, city_id, by, Verb.CITY_CHANGED, name, **values)


def change_cycle(desk: Desk, name: str, due_on: date | None, version: int) -> None:
    """Another name and due date for the open assessment; what the criteria have of dates stays.

    Raises Invalid, Conflict, and NotFound without an open assessment.
    """
    write_cycle(desk.session, desk.who.city, desk.who.person_id, desk.who.today, CycleFacts(name, due_on, version))


@dataclass(frozen=True)
class CycleFacts:
    """What was typed of the open assessment."""

    name: str
    due_on: date | None
    version: int


def write_cycle(session: Session, of_city: CityValues, by: int | None, today: date, typed: CycleFacts) -> None:
    """The same for the command line, where nobody is known who does it."""
    open_assessment = load_open_assessment(session, of_city)
    name, due_on, version = typed.name, typed.due_on, typed.version
    gathered = FieldGatherer()
    gathered.take(lambda: {"name": check_new_assessment(name, open_assessment.edition)})
    gathered.take(check_due_day, due_on, today)
    was, name = open_assessment.name, gathered.whole()["name"]
    lock_assessment(session, open_assessment, version)
    open_assessment.name, open_assessment.due_on, open_assessment.version = name, due_on, version + 1
    events.record_event(session, of_city.id, by, Verb.ASSESSMENT_CHANGED, name, was=was, due_on=due_on)
