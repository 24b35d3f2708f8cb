"""From the history to entries: every event since the last look, and once a day what the calendar says.

An event is written in the transaction of the change that it tells of, so it is what guarantees the letter. The entries that follow from it
are written together with the mark up to which the history was read: whoever is killed in between begins at the same event again.
"""

import json
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from app.rules.outbox.dates import list_dated_news
from app.rules.outbox.kinds import KINDS, LetterKind
from app.rules.outbox.readers import FOR_ABSENT, LetterReader, add_stand_ins, find_absent, list_heads, list_office
from app.rules.people.permissions import OFFICE
from app.rules.review.moves import RenewalState, ResponseState
from app.services.account import sessions
from app.services.assessment.stand import Stand
from app.services.outbox.bundling import end_stale_letters
from app.services.outbox.ground import LetterGround, load_letter_ground
from app.services.outbox.news import NEWS, list_event_news
from app.services.site import Site
from app.store import letter
from app.store.city import City, city_values
from app.store.history import events
from app.store.letter import LetterEntry, LetterMark

MOST_EVENTS = 500
"""Events that are read at a time."""
QUIET_EVENTS = 200
"""How many events that give no reason to write may come before the mark is moved past them."""
DIGEST_DAYS = (0, 1)
"""Days of the week on which the week in numbers is written: Monday, and Tuesday where no worker ran on Monday."""
DIGEST_AHEAD = timedelta(days=14)


def collect_news(site: Site) -> int:
    """Note what happened in every city since the last look; returns how many entries there are more. Safe between processes."""
    with site.database.reading() as session:
        marked = letter.list_marked_cities(session)
    behind = [(city, mark) for city, mark in marked if city.history_count > (mark.number if mark else 0)]
    return sum(_collect_city(site, city, mark) for city, mark in behind)


def _collect_city(site: Site, city: City, mark: LetterMark | None) -> int:
    moment = sessions.present_moment()
    after = mark.number if mark else 0
    with site.database.reading() as session:
        found = events.list_events_after(session, city.id, after, [verb.value for verb in NEWS], MOST_EVENTS)
        read_to = found[-1].number if len(found) == MOST_EVENTS else city.history_count
        if not found and read_to - after < QUIET_EVENTS:
            return 0
        ground = load_letter_ground(session, site, city.id, moment) if found else None
        entries = [entry for event in found if ground for entry in _entries_of(session, ground, event)]
    with site.database.writing() as session:
        if not letter.move_mark(session, city.id, mark, number=read_to):
            return 0
        if ground:
            end_stale_letters(session, site, ground)
        return letter.add_entries(session, city.id, entries)


def _entries_of(session: Session, ground: LetterGround, event: events.HistoryEvent) -> list[LetterEntry]:
    return [
        LetterEntry(
            city_id=ground.city.id,
            person_id=person_id,
            kind=news.kind.value,
            key=f"{news.key}:{news.kind}:{news.code}"[:120],
            subject=news.code,
            by_id=event.person_id,
            about=json.dumps({**news.about, **for_whom}, ensure_ascii=False),
            at=ground.moment,
        )
        for news in list_event_news(session, ground, event)
        for person_id, for_whom in _with_stand_ins(ground, news.kind, news.people)
        if ground.reader_of(person_id) and person_id != event.person_id
    ]


def _with_stand_ins(
    ground: LetterGround, kind: LetterKind, people: Collection[int]
) -> list[tuple[int, dict[str, int]]]:
    """These people and who stands in for them today, each with what their entry says of for whom it is."""
    if KINDS[kind].readers not in FOR_ABSENT:
        return [(person_id, {}) for person_id in sorted(people)]
    absent = {
        person_id: find_absent(person_id, people, ground.stand_ins)
        for person_id in sorted(add_stand_ins(people, ground.stand_ins))
    }
    return [(person_id, {"for": away} if away else {}) for person_id, away in absent.items()]


def note_dates(site: Site) -> int:
    """Once on each day of a city: what is due, late or expires, and on Mondays the week in numbers. Safe between processes."""
    with site.database.reading() as session:
        marked = letter.list_marked_cities(session)
    noted = 0
    for city, mark in marked:
        today = sessions.today_in(city_values(city), sessions.present_moment())
        if mark and (mark.day is None or mark.day < today):
            noted += _note_city(site, city, mark, today)
    return noted


def _note_city(site: Site, city: City, mark: LetterMark, today: date) -> int:
    with site.database.reading() as session:
        ground = load_letter_ground(session, site, city.id, sessions.present_moment())
    office = list_office(ground.readers)
    found = list_dated_news(ground.criteria.items(), office, today)
    entries = [
        _dated_entry(
            ground, person_id, news.kind, news.key, subject=news.code, day=news.day, about=json.dumps(for_whom)
        )
        for news in found
        for person_id, for_whom in _with_stand_ins(ground, news.kind, [news.person_id])
        if not for_whom or person_id not in ground.criteria[news.code].owners
    ]
    entries += _digest_entries(ground, today) if today.weekday() in DIGEST_DAYS else []
    with site.database.writing() as session:
        if not letter.move_mark(session, city.id, mark, day=today):
            return 0
        end_stale_letters(session, site, ground)
        return letter.add_entries(session, city.id, entries)


def _dated_entry(ground: LetterGround, person_id: int, kind: LetterKind, key: str, **values: Any) -> LetterEntry:
    """It counts from the day before, so that it is in the letter of this morning."""
    since = ground.moment - timedelta(days=1)
    return LetterEntry(city_id=ground.city.id, person_id=person_id, kind=kind.value, key=key, at=since, **values)


def _digest_entries(ground: LetterGround, today: date) -> list[LetterEntry]:
    """One for each who gets the week in numbers, and one more for whoever stands in, with the numbers of who is away."""
    year, week, _ = today.isocalendar()
    heads = list_heads(ground.readers)
    entries = []
    for reader in ground.readers:
        numbers = _count_week(ground, reader, today) if reader.person_id in heads else {}
        for person_id, for_whom in _with_stand_ins(ground, LetterKind.DIGEST, [reader.person_id]) if numbers else ():
            if for_whom and (reader.role in OFFICE or ground.reader_of(person_id) is None):
                continue  # the numbers of the data office are those of the whole city, and stay with those who belong to it
            key = f"digest:{year}:{week}" + (f":for:{reader.person_id}" if for_whom else "")
            about = json.dumps({**numbers, **for_whom})
            entries.append(_dated_entry(ground, person_id, LetterKind.DIGEST, key, about=about))
    return entries


def _count_week(ground: LetterGround, reader: LetterReader, today: date) -> dict[str, int]:
    """What is not zero, of all criteria for the data office and of the own departments for others."""
    sees_all = reader.role in OFFICE
    stands = [
        stand
        for stand in (ground.overview.stands if ground.overview else ())
        if sees_all or stand.department_id in reader.departments
    ]
    numbers = {
        "late": sum(_is_due(ground, stand, date.min, today - timedelta(days=1)) for stand in stands),
        "due": sum(_is_due(ground, stand, today, today + DIGEST_AHEAD) for stand in stands),
        "returned": sum(stand.state is ResponseState.RETURNED for stand in stands),
        "review": sum(
            stand.state is ResponseState.SUBMITTED or stand.renewal is RenewalState.WAITING for stand in stands
        ),
        "expiring": sum(bool(end and end <= today + DIGEST_AHEAD) for end in (stand.at_risk_from for stand in stands)),
        "unowned": sum(stand.department_id is None for stand in stands) if sees_all else 0,
    }
    return {name: number for name, number in numbers.items() if number}


def _is_due(ground: LetterGround, stand: Stand, since: date, until: date) -> bool:
    due = ground.criteria[stand.code].due_on
    is_open = stand.state not in {ResponseState.SUBMITTED, ResponseState.DECIDED}
    return is_open and due is not None and since <= due <= until
