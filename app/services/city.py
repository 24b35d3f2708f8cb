"""Beginning: a city, and its assessment at an edition, from the command line, since nobody has a role in a new city yet; and its emblem."""

from datetime import date
from typing import BinaryIO
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.adapters.criteria.editions import list_edition_ids
from app.adapters.files import inspect_file
from app.adapters.receiving import receive_file
from app.adapters.storage.keys import new_key
from app.rules.city.naming import check_slug
from app.rules.errors import Conflict, Invalid, NotFound
from app.rules.files.kinds import safe_name
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.services.site import NEWEST_EDITION, Site
from app.settings import LANGUAGES
from app.store import assessment, city
from app.store.assessment import Assessment
from app.store.city import City
from app.store.history import events

NAME_LIMIT = 120
EMBLEM_BYTES = 2_000_000
EMBLEM_TYPES = {"image/png", "image/jpeg"}


def add_city(
    session: Session,
    *,
    slug: str,
    name: str,
    country: str,
    language: str,
    time_zone: str,
    population: int | None = None,
    illustrative: bool = False,
) -> City:
    """A new city and the first event of its record.

    `country` is an ISO 3166 code of two letters, `time_zone` an IANA name. Raises Invalid, and Conflict for a slug in use.
    """
    slug, name = check_slug(slug), " ".join(name.split())
    _check_facts(name, country, language, time_zone)
    if city.find_city(session, slug):
        raise Conflict(say("There is a city at /%(slug)s already.", slug=slug))
    new_city = City(
        slug=slug,
        name=name,
        country=country.upper(),
        language=language,
        time_zone=time_zone,
        population=population,
        illustrative=illustrative,
    )
    city.add_city(session, new_city)
    events.record_event(session, new_city.id, None, Verb.CITY_ADDED, name)
    return new_city


def _check_facts(name: str, country: str, language: str, time_zone: str) -> None:
    check_city_name(name)
    check_country(country)
    check_language(language)
    check_time_zone(time_zone)


def check_country(country: str) -> None:
    """Raises Invalid unless it is two letters, as ISO 3166 gives each country."""
    if not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise Invalid({"country": say("Write the country as two letters, such as US, MX or BR.")})


def check_language(language: str) -> None:
    """Raises Invalid for a language that the app has not."""
    if language not in LANGUAGES:
        raise Invalid({"language": say("Choose a language that the app has: %(all)s.", all=", ".join(LANGUAGES))})


def check_time_zone(time_zone: str) -> None:
    """Raises Invalid for a name that the IANA list does not have."""
    if not _is_time_zone(time_zone):
        raise Invalid({"time_zone": say("Write the time zone as region and city, such as America/New_York.")})


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def add_assessment(
    session: Session,
    city_id: int,
    name: str,
    *,
    due_on: date | None = None,
    edition: str = NEWEST_EDITION,
    by: int | None = None,
) -> Assessment:
    """A new open assessment of the city, opened by this person. Raises Invalid as `check_new_assessment` does."""
    name = check_new_assessment(name, edition)
    new_assessment = Assessment(city_id=city_id, edition=edition, name=name, due_on=due_on)
    assessment.add_assessment(session, new_assessment)
    events.record_event(session, city_id, by, Verb.ASSESSMENT_OPENED, name, edition=edition, due_on=due_on)
    return new_assessment


def check_new_assessment(name: str, edition: str) -> str:
    """The name with single spaces. Raises Invalid for an empty name or an edition that is not in criteria/."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_LIMIT:
        raise Invalid({"name": say("Give the assessment a name of at most %(limit)s characters.", limit=NAME_LIMIT)})
    if edition not in list_edition_ids():
        raise Invalid({"edition": say("Choose an edition that is there: %(all)s.", all=", ".join(list_edition_ids()))})
    return name


def check_city_name(name: str) -> None:
    """Raises Invalid when it is empty or over NAME_LIMIT characters."""
    if not 1 <= len(name) <= NAME_LIMIT:
        raise Invalid({"name": say("Give the city a name of at most %(limit)s characters.", limit=NAME_LIMIT)})


def find_city(session: Session, slug: str) -> City:
    """The city at `/slug`. Raises NotFound."""
    known_city = city.find_city(session, slug)
    if known_city is None:
        raise NotFound(say("There is no city at /%(slug)s.", slug=slug[:40]))
    return known_city


def set_emblem(site: Site, slug: str, name: str, source: BinaryIO, by: int | None = None) -> None:
    """Keep the picture that stands on the cover of the city's reports; the sweep removes the one before.

    `name` is the file's own, `by` the person who set it, None for the command line. The file is stored before the row that knows it.
    Raises NotFound, and Invalid for what is no PNG or JPEG.
    """
    with receive_file(source, EMBLEM_BYTES) as received:
        kind = inspect_file(safe_name(name), received.file)
        if kind.media_type not in EMBLEM_TYPES:
            raise Invalid({"file": say("The emblem must be a PNG or JPEG picture.")})
        key = new_key()
        site.storage.put(key, received.file)
    with site.database.writing() as session:
        emblem_city = find_city(session, slug)
        emblem_city.logo_key, emblem_city.version = key, emblem_city.version + 1
        events.record_event(session, emblem_city.id, by, Verb.EMBLEM_SET, emblem_city.name)
