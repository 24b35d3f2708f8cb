"""What someone chose of letters: which kinds, how often, on which days, and by which clock; and the link in a letter that ends a kind."""

from collections.abc import Collection
from dataclasses import dataclass
from zoneinfo import available_timezones

from sqlmodel import Session

from app.adapters import tokens
from app.rules.errors import Conflict, FieldGatherer, Invalid, LinkOver
from app.rules.history.verbs import Verb
from app.rules.message import Message, say
from app.rules.outbox.bundling import PACE_NAMES, LetterWish, Pace
from app.rules.outbox.kinds import KINDS, LetterKind
from app.rules.outbox.readers import LetterReader, is_kind_for
from app.services.desk import Desk
from app.services.outbox.ground import read_wish
from app.services.outbox.writing import STOP_PURPOSE
from app.services.site import Site
from app.store import letter
from app.store.city import load_city
from app.store.history import events
from app.store.letter import Letter

STOP_SECONDS = 400 * 86_400
"""How long the link in a letter that ends a kind works."""


@dataclass(frozen=True)
class KindChoice:
    """A kind that the person may get, and whether they do."""

    kind: LetterKind
    name: Message
    is_on: bool


@dataclass(frozen=True)
class LetterChoices:
    """The form of choices as it is saved; `zones` are those that can be chosen. An empty `time_zone` is the city's."""

    kinds: tuple[KindChoice, ...]
    pace: Pace
    paces: tuple[tuple[Pace, Message], ...]
    quiet_days: frozenset[int]
    time_zone: str
    zones: tuple[str, ...]
    version: int


def load_choices(desk: Desk) -> LetterChoices:
    """What the person chose in this city."""
    chosen = letter.find_choice(desk.session, desk.city_id, desk.who.person_id)
    wish = read_wish(chosen)
    me = LetterReader(desk.who.person_id, desk.who.name, desk.who.role, desk.who.departments)
    return LetterChoices(
        kinds=tuple(
            KindChoice(kind, rule.name, kind not in wish.off) for kind, rule in KINDS.items() if is_kind_for(kind, me)
        ),
        pace=wish.pace,
        paces=tuple(PACE_NAMES.items()),
        quiet_days=wish.quiet_days,
        time_zone=chosen.time_zone if chosen else "",
        zones=tuple(sorted(zone for zone in available_timezones() if "/" in zone)),
        version=chosen.version if chosen else 0,
    )


def choose_letters(
    desk: Desk, *, on: Collection[str], pace: str, quiet_days: Collection[str], time_zone: str, version: int
) -> None:
    """Save the choices; `on` are the kinds that were ticked. Raises Invalid, Conflict."""
    offered = {choice.kind for choice in load_choices(desk).kinds}
    gathered = FieldGatherer()
    gathered.take(lambda: {"pace": _check_pace(pace).value})
    gathered.take(lambda: {"quiet_days": _check_quiet_days(quiet_days)})
    gathered.take(lambda: {"time_zone": _check_zone(time_zone)})
    columns = gathered.whole()
    chosen = letter.hold_choice(desk.session, desk.city_id, desk.who.person_id)
    if chosen.version != version:
        raise Conflict(say("Someone changed this while your page was open. Load the page again, then repeat the step."))
    kept_off = read_wish(chosen if version else None).off - offered
    chosen.off = " ".join(sorted((offered - set(on)) | kept_off))
    for name, value in columns.items():
        setattr(chosen, name, value)
    letter.save_choice(desk.session, chosen)
    desk.record(Verb.LETTERS_CHOSEN)


def _check_pace(pace: str) -> Pace:
    if pace not in set(Pace):
        raise Invalid({"pace": say("Choose how often you want letters.")})
    return Pace(pace)


def _check_quiet_days(days: Collection[str]) -> str:
    chosen = sorted({day for day in days if day in set("0123456")})
    if len(chosen) == 7:
        raise Invalid({"quiet_days": say("Leave one day of the week on which letters may come.")})
    return "".join(chosen)


def _check_zone(zone: str) -> str:
    if zone and zone not in available_timezones():
        raise Invalid({"time_zone": say("Choose a time zone of the list.")})
    return zone


@dataclass(frozen=True)
class StopPage:
    """What a link in a letter ends: kinds of letters of a city. `is_done` once all of them are off."""

    city: str
    kinds: tuple[Message, ...]
    is_done: bool


def load_stop_page(session: Session, site: Site, token: str, kind: str) -> StopPage:
    """What would end; nothing changes by looking. Raises NotFound for a link that is none."""
    found = _find_by_token(session, site, token)
    kinds = _kinds_to_stop(session, found, kind)
    wish = read_wish(letter.find_choice(session, found.city_id, found.person_id))
    city = load_city(session, found.city_id)
    return StopPage(city.name, tuple(KINDS[one].name for one in kinds), set(kinds) <= wish.off)


def stop_kinds(session: Session, site: Site, token: str, kind: str) -> None:
    """Switch the kinds of the letter off for its reader, or the one `kind`; twice is as once. Raises NotFound."""
    found = _find_by_token(session, site, token)
    kinds = set(_kinds_to_stop(session, found, kind))
    chosen = letter.hold_choice(session, found.city_id, found.person_id)
    wish = read_wish(chosen) if chosen.version else LetterWish()
    if kinds <= wish.off:
        return
    chosen.off = " ".join(sorted(wish.off | kinds))
    letter.save_choice(session, chosen)
    by = found.person_id
    events.record_event(session, found.city_id, None, Verb.LETTERS_STOPPED, person=by, kinds=sorted(kinds))


def _find_by_token(session: Session, site: Site, token: str) -> Letter:
    number = tokens.read_token(tokens.load_secret_key(site.settings), STOP_PURPOSE, token, STOP_SECONDS)
    found = session.get(Letter, number) if isinstance(number, int) else None
    if found is None:
        raise LinkOver(say("This link does not work any more. Sign in to choose which letters you get."))
    return found


def _kinds_to_stop(session: Session, found: Letter, kind: str) -> list[LetterKind]:
    """Those of the letter, or the one of them that is named."""
    within = {LetterKind(entry.kind) for entry in letter.list_entries(session, found.city_id, [found.id])}
    return [one for one in LetterKind if one in within and kind in {"", one.value}]
