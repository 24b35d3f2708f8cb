"""The open-data catalog for the data office: where it is, what was counted in it, and what becomes of each proposal."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlmodel import Session

from app.adapters.storage import receive
from app.adapters.words import tongue
from app.rules.criteria import Criterion, EvidenceKind
from app.rules.errors import Conflict, Invalid, NotFound, Refused
from app.rules.evidence import FIELD_LIMIT, Visibility
from app.rules.evidence_entry import Columns, Entry, check
from app.rules.files import FileKind, safe_name
from app.rules.links import clean_url
from app.rules.portal import (
    KIND_NAMES,
    MOST_BYTES,
    PLACES,
    STATE_NAMES,
    SURENESS_NAMES,
    TITLES,
    Fact,
    FactState,
    Key,
    Kind,
    Sureness,
    check_move,
    is_partial,
    problems_of,
    sentence,
    sureness,
    unit,
    unknown_sentence,
)
from app.rules.wording import Said, say
from app.services import evidence_adding
from app.services.account import Who, today_in
from app.services.assessment import with_local
from app.services.evidence import Download
from app.services.evidence_adding import Upload
from app.services.people import CHANGED_MEANWHILE
from app.services.site import Site
from app.store import assessment, evidence, history, job, portal
from app.store.database import now
from app.store.portal import Portal, PortalFact, PortalReading

UNDER_WAY = timedelta(minutes=10)
"""After this time a reading that was asked for and did not come is given up, so that it can be asked for again."""
JSON = FileKind("application/json", ("json",), say("JSON file"))


@dataclass(frozen=True)
class ReadingLine:
    """The last reading that counted something. `partial` when something was missing in it."""

    id: int
    at: datetime
    url: str
    kind: Said
    datasets: int
    problems: tuple[Said, ...]
    partial: bool
    unmatched: tuple[str, ...]
    has_file: bool


@dataclass(frozen=True)
class FactLine:
    """A fact in words. `criterion` is None where the city's checklist or edition has no place for it; `item` may be empty."""

    id: int
    title: Said
    sentence: Said
    unknown: Said | None
    sureness: Sureness
    sureness_name: Said
    reason: Said
    criterion: Criterion | None
    item: str
    state: FactState
    state_name: Said
    evidence_id: int | None


@dataclass(frozen=True)
class PortalPage:
    """The catalog's address and its last reading. `error` says why the last attempt failed; `waiting` are open proposals.

    `others` are facts that no criterion here asks for.
    """

    url: str
    version: int
    under_way: bool
    error: Said | None
    next_read_on: date | None
    reading: ReadingLine | None
    waiting: tuple[FactLine, ...]
    decided: tuple[FactLine, ...]
    others: tuple[FactLine, ...]
    limit_mb: int

    @property
    def by_criterion(self) -> tuple[tuple[Criterion, tuple[FactLine, ...]], ...]:
        """The open proposals under the criterion that each could support, in the order of the first of each."""
        found: dict[str, tuple[Criterion, list[FactLine]]] = {}
        for line in self.waiting:
            if line.criterion:
                found.setdefault(line.criterion.code, (line.criterion, []))[1].append(line)
        return tuple((criterion, tuple(lines)) for criterion, lines in found.values())

    @property
    def is_new(self) -> bool:
        return not (self.url or self.reading or self.under_way or self.error)


def page(session: Session, site: Site, who: Who) -> PortalPage:
    """What the data office sees, in a fixed number of queries."""
    row = portal.of_city(session, who.city_id) or Portal(city_id=who.city_id, version=0)
    last = portal.latest(session, who.city_id)
    lines = _lines(session, site, who, last) if last else []
    return PortalPage(
        url=row.url,
        version=row.version,
        under_way=is_under_way(row),
        error=problems_of(row.error)[0].said if row.state == "failed" and row.error else None,
        next_read_on=row.next_read_on,
        reading=_reading_line(last) if last else None,
        waiting=tuple(line for line in lines if line.criterion and line.state is FactState.PROPOSED),
        decided=tuple(line for line in lines if line.state is not FactState.PROPOSED),
        others=tuple(line for line in lines if not line.criterion and line.state is FactState.PROPOSED),
        limit_mb=min(site.settings.upload_bytes, MOST_BYTES) // 1_000_000,
    )


def is_under_way(row: Portal) -> bool:
    return row.state == "asked" and row.asked_at is not None and row.asked_at + UNDER_WAY > now()


def _reading_line(row: PortalReading) -> ReadingLine:
    problems = problems_of(row.problems)
    return ReadingLine(
        id=row.id or 0,
        at=row.at,
        url=row.url,
        kind=KIND_NAMES[Kind(row.kind)],
        datasets=row.datasets,
        problems=tuple(problem.said for problem in problems),
        partial=is_partial(problems),
        unmatched=tuple(json.loads(row.unmatched)),
        has_file=row.file_id is not None,
    )


def fact_of(row: PortalFact) -> Fact:
    return Fact(Key(row.key), row.value, row.total, row.unknown, row.on_day)


def _lines(session: Session, site: Site, who: Who, last: PortalReading) -> list[FactLine]:
    places = _places(session, site, who)
    partial = is_partial(problems_of(last.problems))
    rows = portal.facts(session, who.city_id, last.id or 0)
    return [_line(row, last, partial, places) for row in rows if row.key in set(Key)]


Place = tuple[Criterion, str]
"""A criterion and the text of an item in its checklist, empty for the criterion as a whole."""


def _line(row: PortalFact, last: PortalReading, partial: bool, places: dict[tuple[str, str], Place]) -> FactLine:
    fact = fact_of(row)
    level, reason = sureness(fact, last.datasets, partial=partial)
    criterion, item = places.get((row.criterion, row.item), (None, ""))
    return FactLine(
        id=row.id or 0,
        title=TITLES[fact.key],
        sentence=sentence(fact),
        unknown=unknown_sentence(fact),
        sureness=level,
        sureness_name=SURENESS_NAMES[level],
        reason=reason,
        criterion=criterion,
        item=item,
        state=FactState(row.state),
        state_name=STATE_NAMES[FactState(row.state)],
        evidence_id=row.evidence_id,
    )


def _places(session: Session, site: Site, who: Who) -> dict[tuple[str, str], Place]:
    """Where facts can go in the open assessment; a place that the city's own checklist has taken out is not there."""
    run = assessment.current(session, who.city_id)
    if run is None:
        return {}
    own = assessment.local_criteria(session, who.city_id, run.edition)
    edition = site.edition(run.edition, who.language)
    found: dict[tuple[str, str], Place] = {}
    for code, item in set(PLACES.get(run.edition, {}).values()):
        if code in edition.criteria:
            criterion = with_local(edition.criteria[code], own.get(code))
            texts = {"": ""} | {one.id: one.text for one in criterion.checklist}
            found |= {(code, item): (criterion, texts[item])} if item in texts else {}
    return found


def set_address(session: Session, who: Who, url: str, version: int) -> bool:
    """Save where the catalog is and have it read; an empty address ends the monthly reading, and then False.

    Raises Invalid, Conflict.
    """
    url = clean_url(url) if url.strip() or not version else ""
    values: Columns = {"url": url, "kind": "", "error": "", "next_read_on": None}
    values |= {"state": "asked", "asked_at": now()} if url else {"state": "", "asked_at": None}
    if version:
        if not portal.save(session, who.city_id, version, **values):
            raise Conflict(CHANGED_MEANWHILE)
    elif portal.of_city(session, who.city_id):
        raise Conflict(CHANGED_MEANWHILE)
    else:
        session.add(Portal(city_id=who.city_id, **values))
        session.flush()
    if url:
        job.enqueue(session, who.city_id, "portal.read")
    _record(session, who, "portal_set", url)
    return bool(url)


def ask(session: Session, who: Who, version: int) -> None:
    """Have the catalog read soon; nothing where that is under way. Raises Refused without an address, Conflict."""
    row = portal.of_city(session, who.city_id)
    if row is None or not row.url:
        raise Refused(say("Say first where the catalog is."))
    if is_under_way(row):
        return
    if not portal.save(session, who.city_id, version, state="asked", asked_at=now(), error=""):
        raise Conflict(CHANGED_MEANWHILE)
    job.enqueue(session, who.city_id, "portal.read")
    _record(session, who, "portal_asked", row.url)


def upload(site: Site, who: Who, file: Upload) -> None:
    """Keep a catalog that came as a file, and have it read. The file goes to storage before the transaction. Raises Invalid."""
    name = safe_name(file.name)
    with receive(file.file, min(site.settings.upload_bytes, MOST_BYTES)) as received:
        beginning = received.file.read(200).lstrip(b"\xef\xbb\xbf \t\r\n")
        received.file.seek(0)
        if not beginning.startswith((b"{", b"[")):
            raise Invalid({"file": say("This is no JSON file. A catalog is usually called data.json.")})
        stored = evidence_adding.put(site, who.city_id, who.person_id, received, JSON, name)
    with site.database.writing() as session:
        known = evidence.file_by_hash(session, who.city_id, stored.sha256)
        file_id = known.id if known else evidence_adding.row_of(session, stored)
        row = portal.of_city(session, who.city_id, lock=True) or Portal(city_id=who.city_id)
        row.state, row.asked_at, row.error = "asked", now(), ""
        session.add(row)
        job.enqueue(session, who.city_id, "portal.read", file=file_id)
        _record(session, who, "portal_set", name)


def _record(session: Session, who: Who, verb: str, subject: str, **details: object) -> None:
    history.record(session, who.city_id, who.person_id, verb, subject[:200], **details)


def decide(session: Session, site: Site, who: Who, fact_id: int, decision: str) -> FactState:
    """Accept a proposal as evidence, leave it this time, reject it for good, or take a rejection back.

    Raises Invalid, NotFound, and Refused when it was decided already, a newer reading came, or nothing can be added now.
    """
    if decision not in set(FactState):
        raise Invalid({"decision": say("Choose what to do with it.")})
    row = portal.fact(session, who.city_id, fact_id)
    last = portal.latest(session, who.city_id)
    if row is None or last is None:
        raise NotFound(say("There is no such proposal in this city."))
    if row.reading_id != last.id:
        raise Refused(say("The catalog was read again since. Load the page again to see the new numbers."))
    to = FactState(decision)
    check_move(FactState(row.state), to)
    _carry_out(session, site, who, row, last, to)
    title = tongue(who.city.language).say(TITLES[Key(row.key)])
    _record(session, who, "fact_decided", row.criterion, decision=decision, title=title, fact=row.id)
    return to


def _carry_out(session: Session, site: Site, who: Who, row: PortalFact, last: PortalReading, to: FactState) -> None:
    if to is FactState.ACCEPTED:
        row.evidence_id = _accept(session, site, who, row, last)
    if row.state == FactState.NEVER:
        portal.forget_rejection(session, who.city_id, row.key)
    open_again = to is FactState.PROPOSED
    row.state, row.decided_by, row.decided_at = to.value, who.person_id, now()
    if open_again:
        row.decided_by, row.decided_at = None, None
    session.add(row)


def _accept(session: Session, site: Site, who: Who, row: PortalFact, last: PortalReading) -> int:
    """The fact as a piece of evidence with the catalog as its source and file; returns the piece's id."""
    if (row.criterion, row.item) not in _places(session, site, who):
        raise Refused(say("The checklist of this city has no place for this any more."))
    items = (row.item,) if row.item else ()
    opened = evidence_adding.open_for_adding(session, site, who, row.criterion, items)
    columns = _columns(session, who, row, last, items)
    return evidence_adding.write(session, who, opened, columns, items).id or 0


def _columns(session: Session, who: Who, row: PortalFact, last: PortalReading, items: Sequence[str]) -> Columns:
    """In the city's language, since a piece of evidence is a text of the city."""
    words, fact, read_on = tongue(who.city.language), fact_of(row), today_in(who.city, last.at)
    note = words.say(_note(session, who, fact, last))
    entry = Entry(
        kind=EvidenceKind.FIGURE,
        title=words.say(TITLES[fact.key]),
        period_to=read_on,
        source=last.url[:FIELD_LIMIT],
        visibility=Visibility.PUBLIC,
        current_value=str(fact.value),
        current_period=words.day(read_on),
        unit=words.say(unit(fact)),
        items=tuple(items),
    )
    if fact.key is Key.NEWEST:
        entry = replace(entry, kind=EvidenceKind.NOTE, note=note, unit="", current_value="", current_period="")
    return check(entry, who.today) | {"note": note, "file_id": last.file_id}


def _note(session: Session, who: Who, fact: Fact, last: PortalReading) -> Said:
    """What a reviewer needs to check the number: what was counted, where and when, how sure it is, and which file holds it."""
    level, reason = sureness(fact, last.datasets, partial=is_partial(problems_of(last.problems)))
    file = evidence.file_by_id(session, who.city_id, last.file_id) if last.file_id else None
    return say(
        "%(sentence)s %(unknown)s\nCounted by CityReady in the catalog at %(url)s on %(day)s, %(time)s UTC.\n%(sureness)s: %(reason)s\n"
        "The catalog as it was read is attached (SHA-256 %(sha256)s).",
        sentence=sentence(fact),
        unknown=unknown_sentence(fact) or "",
        url=last.url,
        day=last.at.date(),
        time=f"{last.at:%H:%M}",
        sureness=SURENESS_NAMES[level],
        reason=reason,
        sha256=file.sha256 if file else "–",
    )


def snapshot(session: Session, site: Site, who: Who, reading_id: int) -> Download:
    """The JSON of a reading as it came. Raises NotFound, OutsideUnavailable."""
    row = portal.reading(session, who.city_id, reading_id)
    file = evidence.file_by_id(session, who.city_id, row.file_id) if row and row.file_id else None
    if file is None:
        raise NotFound(say("There is no such file in this city."))
    return Download(file.name, file.media_type, file.size_bytes, False, site.storage.open(file.key))
