"""What the city is called, where it is and how many people live in it; and what its open assessment is called and when it is due."""

from dataclasses import dataclass
from datetime import date

from app.rules.city import check_population
from app.rules.errors import Conflict, FieldGatherer
from app.rules.history.verbs import Verb
from app.services.assignment import check_due_day
from app.services.city import check_city_name, check_country, check_language, check_new_assessment, check_time_zone
from app.services.cycle.page import lock_assessment
from app.services.desk import Desk
from app.services.ground import load_open_assessment
from app.services.people.members import CHANGED_MEANWHILE
from app.store import city


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
    name, country = " ".join(typed.name.split()), typed.country.strip().upper()
    time_zone = typed.time_zone.strip()
    gathered = FieldGatherer()
    gathered.take(check_city_name, name)
    gathered.take(check_country, country)
    gathered.take(check_language, typed.language)
    gathered.take(check_time_zone, time_zone)
    gathered.take(lambda: {"population": check_population(typed.population)})
    values = gathered.whole() | {"country": country, "language": typed.language, "time_zone": time_zone}
    if not city.save_city(desk.session, desk.city_id, version, name=name, **values):
        raise Conflict(CHANGED_MEANWHILE)
    desk.record(Verb.CITY_CHANGED, name, **values)


def change_cycle(desk: Desk, name: str, due_on: date | None, version: int) -> None:
    """Another name and due date for the open assessment; what the criteria have of dates stays.

    Raises Invalid, Conflict, and NotFound without an open assessment.
    """
    open_assessment = load_open_assessment(desk.session, desk.who.city)
    gathered = FieldGatherer()
    gathered.take(lambda: {"name": check_new_assessment(name, open_assessment.edition)})
    gathered.take(check_due_day, due_on, desk.who.today)
    was, name = open_assessment.name, gathered.whole()["name"]
    lock_assessment(desk.session, open_assessment, version)
    open_assessment.name, open_assessment.due_on, open_assessment.version = name, due_on, version + 1
    desk.record(Verb.ASSESSMENT_CHANGED, name, was=was, due_on=due_on)
