"""The settings page: one part of it for each thing that an administrator may set, each with a form and a version of its own."""

from dataclasses import dataclass
from datetime import date

from app.rules.city.naming import SizeNotice, size_notice
from app.rules.message import Message
from app.rules.people.roles import ROLE_NAMES
from app.services.city_settings.foreword import WrittenForeword, list_written
from app.services.city_settings.looks import CityLooks
from app.services.city_settings.single_sign_on import SingleSignOn, load_single_sign_on
from app.services.desk import Desk
from app.services.site import NEWEST_EDITION
from app.store import assessment, retention
from app.store.assessment import Assessment


@dataclass(frozen=True)
class AboutCity:
    """What the city is; `minimum` is the fewest people that the programme asks for, 0 where nobody says so."""

    name: str
    country: str
    language: str
    time_zone: str
    population: int | None
    minimum: int
    source: str
    small: SizeNotice | None


@dataclass(frozen=True)
class OpenCycle:
    """The open assessment, as far as its name and date can be set."""

    name: str
    due_on: date | None
    version: int


@dataclass(frozen=True)
class CitySettings:
    """Everything that the page shows. `keeping` are the retention classes to choose from.
    `version` is the city's own; the forms about the city carry it."""

    about: AboutCity
    has_emblem: bool
    cycle: OpenCycle | None
    version: int
    second_step_roles: frozenset[str]
    passkeys_open: bool
    role_names: tuple[tuple[str, Message], ...]
    forewords: tuple[WrittenForeword, ...]
    single_sign_on: SingleSignOn
    small_office: bool
    looks: CityLooks
    keeping: tuple[tuple[int, str], ...]
    retention_default: int | None


def load_settings(desk: Desk) -> CitySettings:
    open_assessment = assessment.find_current_assessment(desk.session, desk.city_id)
    return CitySettings(
        _load_about(desk, open_assessment),
        desk.who.city.logo_key is not None,
        OpenCycle(open_assessment.name, open_assessment.due_on, open_assessment.version) if open_assessment else None,
        desk.who.city.version,
        frozenset((desk.who.city.second_step_roles or "").split()),
        desk.who.city.passkeys_open_at is not None,
        tuple(ROLE_NAMES.items()),
        list_written(desk),
        load_single_sign_on(desk),
        desk.who.city.small_office,
        CityLooks(desk.who.city.color or "", desk.who.city.sender_name or "", desk.who.city.reply_to or ""),
        tuple((row.id, row.name) for row in retention.list_retention_classes(desk.session, desk.city_id)),
        desk.who.city.retention_default,
    )


def _load_about(desk: Desk, open_assessment: Assessment | None) -> AboutCity:
    of_city = desk.who.city
    edition = desk.site.edition(open_assessment.edition if open_assessment else NEWEST_EDITION, desk.who.language)
    rule = edition.population
    return AboutCity(
        of_city.name,
        of_city.country,
        of_city.language,
        of_city.time_zone,
        of_city.population,
        rule.minimum,
        rule.source,
        size_notice(of_city.population, rule),
    )
