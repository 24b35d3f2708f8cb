"""What letters of a city are decided from: its people, what each chose, and how every criterion stands now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.rules.city.naming import CityValues
from app.rules.outbox.bundling import LetterWish, Pace
from app.rules.outbox.kinds import read_kinds
from app.rules.outbox.readers import LetterReader, list_owners
from app.rules.outbox.staleness import CriterionFacts
from app.rules.people.permissions import Role
from app.services.account.sessions import today_in
from app.services.assessment.ground import NoAssessment
from app.services.assessment.overview import Overview, load_overview
from app.services.site import Site
from app.settings import LANGUAGES
from app.store import letter, people
from app.store.city import load_city
from app.store.letter import LetterChoice
from app.store.standing_in import load_stand_ins


@dataclass(frozen=True)
class LetterAddress:
    """Where someone is written to, and in which language. `stopped` is an address that the mail server did not take."""

    name: str
    email: str
    language: str
    zone: tzinfo
    stopped: bool


@dataclass(frozen=True)
class LetterGround:
    """A city as its letters see it at one moment. `overview` is None without an open assessment.

    Accounts of a demonstration have an address, for previews, but are no readers. `stand_ins` are ids by that of who is away today.
    """

    city: CityValues
    moment: datetime
    readers: tuple[LetterReader, ...]
    addresses: Mapping[int, LetterAddress]
    wishes: Mapping[int, LetterWish]
    overview: Overview | None
    criteria: Mapping[str, CriterionFacts]
    stand_ins: Mapping[int, int]

    def reader_of(self, person_id: int) -> LetterReader | None:
        """The person, while they have access and are no account of a demonstration."""
        return next((reader for reader in self.readers if reader.person_id == person_id), None)


def load_letter_ground(session: Session, site: Site, city_id: int, moment: datetime) -> LetterGround:
    """Ten queries and what an overview takes."""
    city = load_city(session, city_id)
    chosen = letter.load_choices(session, city_id)
    readers, addresses = _load_readers(session, city, chosen)
    overview = _find_overview(session, site, city, moment)
    return LetterGround(
        city=city,
        moment=moment,
        readers=readers,
        addresses=addresses,
        wishes={person_id: read_wish(choice) for person_id, choice in chosen.items()},
        overview=overview,
        criteria=_criterion_facts(overview, readers) if overview else {},
        stand_ins=load_stand_ins(session, city_id, today_in(city, moment)),
    )


def read_wish(choice: LetterChoice | None) -> LetterWish:
    """What someone chose; the defaults where nothing was chosen."""
    if choice is None:
        return LetterWish()
    return LetterWish(read_kinds(choice.off), Pace(choice.pace), frozenset(map(int, choice.quiet_days)))


def _load_readers(
    session: Session, city: CityValues, chosen: Mapping[int, LetterChoice]
) -> tuple[tuple[LetterReader, ...], dict[int, LetterAddress]]:
    departments = people.load_departments_by_member(session, city.id)
    readers, addresses = [], {}
    for membership, person in people.list_members(session, city.id):
        if membership.ended_at or person.scrubbed_at:
            continue
        within = frozenset(departments.get(membership.id, ()))
        if not person.demo:
            readers.append(LetterReader(person.id, person.name, Role(membership.role), within))
        choice = chosen.get(person.id)
        addresses[person.id] = LetterAddress(
            name=person.name,
            email=person.email,
            language=person.language if person.language in LANGUAGES else city.language,
            zone=ZoneInfo((choice.time_zone if choice else "") or city.time_zone),
            stopped=bool(choice and choice.refused_address == person.email),
        )
    return tuple(readers), addresses


def _find_overview(session: Session, site: Site, city: CityValues, moment: datetime) -> Overview | None:
    try:
        return load_overview(session, site, city, "en", today_in(city, moment))
    except NoAssessment:
        return None


def _criterion_facts(overview: Overview, readers: tuple[LetterReader, ...]) -> dict[str, CriterionFacts]:
    return {
        stand.code: CriterionFacts(
            state=stand.state,
            renewal=stand.renewal,
            owners=list_owners(readers, stand.department_id, stand.person_id, stand.deputy_id),
            due_on=overview.find_due_day(stand),
            at_risk_from=stand.wants_renewal_from,
            assigned=stand.department_id is not None,
        )
        for stand in overview.stands
    }
