"""The city's record: read as sentences, and handed out as a table."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from app.rules.history.kinds import VERBS_BY_KIND
from app.rules.history.sentences import event_sentence
from app.rules.history.verbs import Verb
from app.rules.message import Message
from app.services.desk import Desk
from app.services.site import NEWEST_EDITION
from app.store import assessment, people
from app.store.history import events
from app.store.history.events import HistoryEvent

LINES_PER_PAGE = 40
MOST_EVENTS = 500
"""Most events read for one page; more than LINES, because a stretch of saves while typing is one line."""


@dataclass(frozen=True)
class HistoryFilters:
    """A person's id, a kind of rules.history.KINDS, a criterion's code, and the number below which to begin; 0 and empty narrow nothing.

    `since` and `until` are moments, the second of which is not included; `by_people` as `events.list_events` has it.
    """

    person: int = 0
    kind: str = ""
    criterion: str = ""
    before: int = 0
    since: datetime | None = None
    until: datetime | None = None
    by_people: bool | None = None


@dataclass(frozen=True)
class HistoryLine:
    """One event, or `count` saves of one narrative in a row, of which `number` and `at` are the newest's and `first_number` the oldest's.

    `code` and `title` are those of the criterion that it is about, empty where it is about something else; `reason` what a reviewer wrote.
    """

    number: int
    first_number: int
    at: datetime
    said: Message
    reason: str
    code: str
    title: str
    key: tuple[object, ...]
    count: int = 1
    by_app: bool = False


@dataclass(frozen=True)
class HistoryPage:
    """`older` is the number to go on below, or 0 at the end; `people` are (id, name), `criteria` (code, title)."""

    lines: tuple[HistoryLine, ...]
    older: int
    filters: HistoryFilters
    people: tuple[tuple[int, str], ...]
    criteria: tuple[tuple[str, str], ...]
    count: int


def list_events(desk: Desk, filters: HistoryFilters) -> HistoryPage:
    """What happened in the city, the newest first."""
    names, titles = people.load_names(desk.session, desk.city_id), criterion_titles(desk)
    lines, is_cut = read_lines(desk, filters, MOST_EVENTS, names, titles)
    more = len(lines) > LINES_PER_PAGE or is_cut
    lines = lines[:LINES_PER_PAGE]
    return HistoryPage(
        lines=tuple(lines),
        older=lines[-1].first_number if lines and more else 0,
        filters=filters,
        people=tuple(
            sorted(people.load_names(desk.session, desk.city_id).items(), key=lambda pair: pair[1].casefold())
        ),
        criteria=tuple(titles.items()),
        count=desk.who.city.history_count,
    )


def read_lines(
    desk: Desk, filters: HistoryFilters, most: int, names: dict[int, str], titles: dict[str, str]
) -> tuple[list[HistoryLine], bool]:
    """The lines of up to so many events, the newest first, and whether there may be more; with people's names and criteria's titles."""
    listed = events.list_events(
        desk.session,
        desk.city_id,
        before=filters.before or None,
        limit=most,
        verbs=list(VERBS_BY_KIND.get(filters.kind, ())),
        subject=filters.criterion,
        person_id=filters.person or None,
        span=(filters.since, filters.until),
        by_people=filters.by_people,
    )
    return _fold_saves([_history_line(event, names, titles) for event in listed]), len(listed) == most


def list_criterion_lines(desk: Desk, code: str, *, after: int, before: int) -> tuple[HistoryLine, ...]:
    """What happened to one criterion between two events, the newest first; `before` 0 is without an end."""
    names = people.load_names(desk.session, desk.city_id)
    listed = events.list_events(desk.session, desk.city_id, before=before or None, limit=MOST_EVENTS, subject=code)
    return tuple(_fold_saves([_history_line(event, names, {}) for event in listed if event.number > after]))


def criterion_titles(desk: Desk) -> dict[str, str]:
    open_assessment = assessment.find_current_assessment(desk.session, desk.city_id)
    edition = desk.site.edition(open_assessment.edition if open_assessment else NEWEST_EDITION, desk.who.language)
    return {code: criterion.title for code, criterion in edition.criteria.items()}


def _history_line(event: HistoryEvent, names: dict[int, str], criteria: dict[str, str]) -> HistoryLine:
    details = json.loads(event.details)
    return HistoryLine(
        number=event.number,
        first_number=event.number,
        at=event.at,
        said=event_sentence(event.verb, event.subject, details, event.person_id, names),
        reason=details.get("reason", ""),
        code=event.subject if event.subject in criteria else "",
        title=criteria.get(event.subject, ""),
        key=(event.verb, event.person_id, event.subject),
        by_app=event.person_id is None,
    )


def _fold_saves(lines: list[HistoryLine]) -> list[HistoryLine]:
    """Saves of one narrative by one person that follow each other become one line: texts are saved as they are typed."""
    folded: list[HistoryLine] = []
    for line in lines:
        if folded and folded[-1].key == line.key and line.key[0] == Verb.NARRATIVE_WRITTEN:
            folded[-1] = replace(folded[-1], first_number=line.number, count=folded[-1].count + 1)
        else:
            folded.append(line)
    return folded


@dataclass(frozen=True)
class HistoryExportRow:
    """An event for the table that is handed out: all that its hash is made from except the city, the hash, and its criterion's title."""

    number: int
    at: datetime
    who: str
    said: Message
    verb: str
    subject: str
    details: str
    state: str
    previous_hash: str
    hash: str
    title: str = ""


def export_rows(desk: Desk) -> Iterator[HistoryExportRow]:
    """The whole record from the first event on, with people's names as they are now."""
    names, titles = people.load_names(desk.session, desk.city_id), criterion_titles(desk)
    for event in events.list_chain(desk.session, desk.city_id):
        said = event_sentence(event.verb, event.subject, json.loads(event.details), event.person_id, names)
        yield HistoryExportRow(
            event.number,
            event.at,
            names.get(event.person_id or 0, ""),
            said,
            event.verb,
            event.subject,
            event.details,
            event.state or "",
            event.previous_hash,
            event.hash,
            titles.get(event.subject, ""),
        )
