"""The awards that a city really holds: entered, changed, removed and put back by an administrator, and shown beside the estimates."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.rules.city.award import AWARD_NAMES, AwardEntry, AwardLevel, award_in_words, check_award, validity_in_words
from app.rules.city.naming import CityValues
from app.rules.errors import Conflict, Invalid, NotFound
from app.rules.history.verbs import Verb
from app.rules.message import Message, say
from app.services.desk import Desk
from app.services.people.members import CHANGED_MEANWHILE
from app.store import award
from app.store.award import Award
from app.store.city import lock_city
from app.store.database.engine import now


@dataclass(frozen=True)
class HeldAward:
    """An award in one sentence, with where it is written, and until when it is valid where the city says so."""

    said: Message
    source_url: str
    valid: Message | None


@dataclass(frozen=True)
class AwardLine:
    """An award in the list over the years; `removed` when it does not count any more and can be put back."""

    id: int
    level: AwardLevel
    announced_on: date
    source_url: str
    valid_until: date | None
    valid: Message | None
    note: str
    removed: bool
    version: int

    @property
    def name(self) -> Message:
        return AWARD_NAMES[self.level]


@dataclass(frozen=True)
class AwardsPage:
    """The awards, newest first; `edited` is the one whose form is open."""

    awards: tuple[AwardLine, ...]
    removed: tuple[AwardLine, ...]
    edited: AwardLine | None
    today: date


def load_awards(desk: Desk, edited: str = "") -> AwardsPage:
    """The list over the years, with the form of the award whose number is `edited`."""
    lines = tuple(_award_line(row, desk.who.today) for row in award.list_awards(desk.session, desk.city_id))
    return AwardsPage(
        awards=tuple(line for line in lines if not line.removed),
        removed=tuple(line for line in lines if line.removed),
        edited=next((line for line in lines if str(line.id) == edited and not line.removed), None),
        today=desk.who.today,
    )


def _award_line(row: Award, today: date) -> AwardLine:
    return AwardLine(
        id=row.id,
        level=AwardLevel(row.level),
        announced_on=row.announced_on,
        source_url=row.source_url,
        valid_until=row.valid_until,
        valid=validity_in_words(row.valid_until, today),
        note=row.note,
        removed=row.removed_at is not None,
        version=row.version,
    )


def find_held_award(session: Session, city: CityValues, today: date) -> HeldAward | None:
    """The newest award of the city; None where it entered none. Nothing is worked out from it, and it from nothing."""
    row = award.find_newest_award(session, city.id)
    if row is None:
        return None
    said = award_in_words(city.name, row.level, row.announced_on)
    return HeldAward(said, row.source_url, validity_in_words(row.valid_until, today))


def find_kept_award(desk: Desk) -> HeldAward | None:
    """The same for pages, looked up again only after an award has changed."""
    city, today = desk.who.city, desk.who.today
    about = ("award", city.name, today)
    return desk.kept.find(about, lambda: find_held_award(desk.session, city, today), frozenset({"award"}))


def enter_award(desk: Desk, entry: AwardEntry) -> None:
    """Raises Invalid, also for one that is on the list already."""
    columns = check_award(entry, desk.who.today)
    lock_city(desk.session, desk.city_id)
    _refuse_twice(desk, columns["level"], columns["announced_on"])
    entered = Award(city_id=desk.city_id, **columns)
    award.add_award(desk.session, entered)
    _record_award(desk, Verb.AWARD_ENTERED, entered)


def change_award(desk: Desk, award_id: int, entry: AwardEntry, version: int) -> None:
    """Raises Invalid, Conflict when someone else changed it, NotFound."""
    changed = _find_award(desk, award_id)
    columns = check_award(entry, desk.who.today)
    _refuse_twice(desk, columns["level"], columns["announced_on"], but=award_id)
    fields = [name for name, value in columns.items() if getattr(changed, name) != value]
    _save_award(desk, changed, version, **columns)
    _record_award(desk, Verb.AWARD_CHANGED, changed, fields=fields)


def remove_award(desk: Desk, award_id: int, version: int) -> None:
    """Take it off the list; it can be put back. Raises Conflict, NotFound."""
    removed = _find_award(desk, award_id)
    _save_award(desk, removed, version, removed_at=now())
    _record_award(desk, Verb.AWARD_REMOVED, removed)


def restore_award(desk: Desk, award_id: int, version: int) -> None:
    """Raises Conflict, NotFound, Invalid where the same one was entered again meanwhile."""
    restored = _find_award(desk, award_id)
    _refuse_twice(desk, restored.level, restored.announced_on, but=award_id)
    _save_award(desk, restored, version, removed_at=None)
    _record_award(desk, Verb.AWARD_RESTORED, restored)


def _find_award(desk: Desk, award_id: int) -> Award:
    known = award.find_award(desk.session, desk.city_id, award_id)
    if known is None:
        raise NotFound(say("We could not find that award."))
    return known


def _save_award(desk: Desk, changed: Award, version: int, **values: object) -> None:
    if not award.save_award(desk.session, desk.city_id, changed.id, version, **values):
        raise Conflict(CHANGED_MEANWHILE)
    desk.session.refresh(changed)


def _refuse_twice(desk: Desk, level: str, announced_on: date, but: int = 0) -> None:
    for row in award.list_awards(desk.session, desk.city_id):
        if (row.level, row.announced_on) == (level, announced_on) and row.id != but and row.removed_at is None:
            raise Invalid({"announced_on": say("This award is on the list already.")})


def _record_award(desk: Desk, verb: Verb, row: Award, **details: object) -> None:
    desk.record(verb, row.announced_on.isoformat(), award=row.id, level=row.level, source=row.source_url, **details)
