"""From entries to letters: what is no longer wanted is dropped with its reason, and what waits leaves when its reader's day allows it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from sqlmodel import Session

from app.adapters.mail import make_message_id
from app.rules.outbox.bundling import LetterWish, WaitingEntry, is_time
from app.rules.outbox.kinds import LetterKind
from app.rules.outbox.readers import add_stand_ins
from app.rules.outbox.staleness import CriterionFacts, DropReason, EntryFacts, find_drop_reason
from app.rules.request import RequestState
from app.services.account import sessions
from app.services.outbox.ground import LetterGround, load_letter_ground
from app.services.site import Site
from app.store import letter, request
from app.store.letter import Letter, LetterEntry, LetterState


def find_dropped(session: Session, ground: LetterGround, entries: Sequence[LetterEntry]) -> dict[int, DropReason]:
    """Why entries are not sent, by their id; those that are wanted are not in it."""
    reasons = {entry.id: _drop_reason(session, ground, entry) for entry in entries}
    return {entry_id: reason for entry_id, reason in reasons.items() if reason}


def _drop_reason(session: Session, ground: LetterGround, entry: LetterEntry) -> DropReason | None:
    kind = LetterKind(entry.kind)
    if ground.reader_of(entry.person_id) is None:
        return DropReason.LEFT
    if kind in ground.wishes.get(entry.person_id, LetterWish()).off:
        return DropReason.OFF
    facts = EntryFacts(
        kind=kind,
        person_id=entry.person_id,
        code=entry.subject,
        day=entry.day,
        waited=ground.moment - entry.at,
        criterion=_facts_today(ground, entry.subject),
        answered=kind is LetterKind.ASKED and _is_answered(session, entry),
    )
    return find_drop_reason(facts)


def _facts_today(ground: LetterGround, code: str) -> CriterionFacts | None:
    """With those who stand in today among the owners."""
    facts = ground.criteria.get(code)
    return replace(facts, owners=add_stand_ins(facts.owners, ground.stand_ins)) if facts else None


def _is_answered(session: Session, entry: LetterEntry) -> bool:
    asked = request.find_request(session, entry.city_id, request_of(entry))
    return asked is None or asked.state != RequestState.SENT


def request_of(entry: LetterEntry) -> int:
    """The request that an entry is about; 0 for none."""
    number = entry.told.get("request", 0)
    return number if isinstance(number, int) else 0


def bundle_letters(site: Site) -> int:
    """Make a letter for each person whose time has come; returns how many. Safe between processes."""
    with site.database.reading() as session:
        waiting = letter.list_cities_unbundled(session)
    return sum(_bundle_city(site, city_id) for city_id in waiting)


def _bundle_city(site: Site, city_id: int) -> int:
    with site.database.reading() as session:
        ground = load_letter_ground(session, site, city_id, sessions.present_moment())
        entries = letter.list_unbundled(session, city_id)
        dropped = find_dropped(session, ground, entries)
        last_days = letter.load_last_days(session, city_id)
    wanted = sorted((entry for entry in entries if entry.id not in dropped), key=lambda entry: entry.person_id)
    ready = [
        (person_id, bundle)
        for person_id, group in groupby(wanted, key=lambda entry: entry.person_id)
        if _leaves_now(ground, person_id, bundle := list(group), last_days)
    ]
    if not dropped and not ready:
        return 0
    with site.database.writing() as session:
        letter.drop_entries(session, city_id, {entry_id: reason.value for entry_id, reason in dropped.items()})
        return sum(_add_letter(session, site, ground, person_id, bundle) for person_id, bundle in ready)


def _leaves_now(
    ground: LetterGround, person_id: int, bundle: Sequence[LetterEntry], last_days: Mapping[int, date]
) -> bool:
    """Nothing leaves for an address that the mail server did not take; it waits until there is another."""
    address = ground.addresses[person_id]
    waiting = [WaitingEntry(LetterKind(entry.kind), entry.at.astimezone(address.zone)) for entry in bundle]
    wish = ground.wishes.get(person_id, LetterWish())
    return not address.stopped and is_time(
        ground.moment.astimezone(address.zone), wish, waiting, last_days.get(person_id)
    )


def _add_letter(
    session: Session, site: Site, ground: LetterGround, person_id: int, bundle: Sequence[LetterEntry]
) -> int:
    """One letter; none where another worker was quicker."""
    new_letter = Letter(
        city_id=ground.city.id,
        person_id=person_id,
        message_id=make_message_id(site.settings),
        day=ground.moment.astimezone(ground.addresses[person_id].zone).date(),
        created_at=ground.moment,
    )
    return int(letter.add_letter(session, new_letter, [entry.id for entry in bundle]) > 0)


def end_stale_letters(session: Session, site: Site, ground: LetterGround) -> None:
    """Where no mail server sends them, letters of which nothing is wanted any more wait no longer to be sent by hand."""
    if site.settings.smtp_host:
        return
    waiting = {row.id: row for row in letter.list_letters(session, ground.city.id, state=LetterState.WAITING)}
    entries = letter.list_entries(session, ground.city.id, list(waiting))
    dropped = find_dropped(session, ground, entries)
    wanted = {entry.letter_id for entry in entries if entry.id not in dropped and not entry.dropped}
    for letter_id in waiting.keys() - wanted:
        if held := letter.hold_letter(session, ground.city.id, letter_id):
            held.state = LetterState.DROPPED.value
    stale = {
        entry.id: dropped[entry.id].value for entry in entries if entry.letter_id not in wanted and entry.id in dropped
    }
    letter.drop_entries(session, ground.city.id, stale)
