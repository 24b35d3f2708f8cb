"""The open-data catalog for the data office: where it is, what was counted in it, and what becomes of each proposal."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.adapters.storage import receive
from app.rules.criteria import Criterion
from app.rules.errors import Conflict, Invalid, NotFound, Refused
from app.rules.evidence.entry import Columns
from app.rules.files.kinds import FileKind, safe_name
from app.rules.files.upload import Sender
from app.rules.history.verbs import Verb
from app.rules.job import JobKind
from app.rules.links import clean_url
from app.rules.message import Said, say
from app.rules.portal.counting import (
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
    is_partial,
    problems_of,
    sentence,
    sureness,
    unknown_sentence,
)
from app.rules.review import Move, ResponseState, allows
from app.services import quota
from app.services.assessment import with_local
from app.services.desk import Desk, Who
from app.services.evidence import adding
from app.services.evidence.adding import Upload
from app.services.evidence.page import Download, opened
from app.services.people.members import CHANGED_MEANWHILE
from app.services.site import Site
from app.store import assessment, job, portal, response
from app.store.assessment import Assessment
from app.store.database.engine import now
from app.store.evidence import pieces
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
    """A fact in words. `criterion` is None where the city's checklist or edition has no place for it; `item` may be empty.

    `locked` while the response is with the reviewer or has a verdict, so that nothing can be added to it.
    """

    id: int
    title: Said
    sentence: Said
    unknown: Said | None
    sureness: Sureness
    sureness_name: Said
    reason: Said
    criterion: Criterion | None
    item: str
    locked: bool
    state: FactState
    state_name: Said
    evidence_id: int | None


Places = dict[tuple[str, str], tuple[Criterion, str]]
"""By code and item: the criterion, and the text of the item in its checklist, empty for the criterion as a whole."""


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


def page(desk: Desk) -> PortalPage:
    """What the data office sees, in a fixed number of queries."""
    row = portal.of_city(desk.session, desk.city_id) or Portal(city_id=desk.city_id, version=0)
    last = portal.latest(desk.session, desk.city_id)
    lines = _lines(desk, last) if last else []
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
        limit_mb=min(desk.site.settings.upload_bytes, MOST_BYTES) // 1_000_000,
    )


def is_under_way(row: Portal) -> bool:
    return row.state == "asked" and row.asked_at is not None and row.asked_at + UNDER_WAY > now()


def _reading_line(row: PortalReading) -> ReadingLine:
    problems = problems_of(row.problems)
    return ReadingLine(
        id=row.id,
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


def _lines(desk: Desk, last: PortalReading) -> list[FactLine]:
    run = assessment.current(desk.session, desk.city_id)
    places = places_in(desk, run) if run else {}
    locked = _locked(desk, run) if run else set()
    partial = is_partial(problems_of(last.problems))
    rows = portal.facts(desk.session, desk.city_id, last.id)
    return [_line(row, last, partial, places, row.criterion in locked) for row in rows if row.key in set(Key)]


def _locked(desk: Desk, run: Assessment) -> set[str]:
    """Codes of the criteria whose responses cannot be written now."""
    briefs = response.brief(desk.session, desk.city_id, run.id)
    return {code for code, brief in briefs.items() if not allows(ResponseState(brief.state), Move.WRITE)}


def _line(row: PortalFact, last: PortalReading, partial: bool, places: Places, locked: bool) -> FactLine:
    fact = fact_of(row)
    level, reason = sureness(fact, last.datasets, partial=partial)
    criterion, item = places.get((row.criterion, row.item), (None, ""))
    return FactLine(
        id=row.id,
        title=TITLES[fact.key],
        sentence=sentence(fact),
        unknown=unknown_sentence(fact),
        sureness=level,
        sureness_name=SURENESS_NAMES[level],
        reason=reason,
        criterion=criterion,
        item=item,
        locked=locked,
        state=FactState(row.state),
        state_name=STATE_NAMES[FactState(row.state)],
        evidence_id=row.evidence_id,
    )


def places_in(desk: Desk, run: Assessment) -> Places:
    """Where facts can go in the assessment; a place that the city's own checklist has taken out is not there."""
    own = assessment.local_criteria(desk.session, desk.city_id, run.edition)
    edition = desk.site.edition(run.edition, desk.who.language)
    found: Places = {}
    for code, item in set(PLACES.get(run.edition, {}).values()):
        if code in edition.criteria:
            criterion = with_local(edition.criteria[code], own.get(code))
            texts = {"": ""} | {one.id: one.text for one in criterion.checklist}
            found |= {(code, item): (criterion, texts[item])} if item in texts else {}
    return found


def set_address(desk: Desk, url: str, version: int) -> bool:
    """Save where the catalog is and have it read; an empty address ends the monthly reading, and then False.

    Raises Invalid, Conflict.
    """
    row = portal.of_city(desk.session, desk.city_id)
    url = clean_url(url) if url.strip() or not (row and row.url) else ""
    values: Columns = {"url": url, "kind": "", "error": "", "next_read_on": None}
    values |= {"state": "asked", "asked_at": now()} if url else {"state": "", "asked_at": None}
    if row is None and not version:
        desk.session.add(Portal(city_id=desk.city_id, **values))
        desk.session.flush()
    elif not portal.save(desk.session, desk.city_id, version, **values):
        raise Conflict(CHANGED_MEANWHILE)
    if url:
        job.enqueue(desk.session, desk.city_id, JobKind.READ_CATALOG, url=url)
    _record(desk, Verb.PORTAL_SET, url)
    return bool(url)


def ask(desk: Desk, version: int) -> None:
    """Have the address read soon; nothing where that is under way. Raises Refused without an address, Conflict."""
    row = portal.of_city(desk.session, desk.city_id)
    if row is None or not row.url:
        raise Refused(say("Say first where the catalog is."))
    if is_under_way(row) and job.is_open(desk.session, desk.city_id, JobKind.READ_CATALOG, url=row.url):
        return
    if not portal.save(desk.session, desk.city_id, version, state="asked", asked_at=now(), error=""):
        raise Conflict(CHANGED_MEANWHILE)
    job.enqueue(desk.session, desk.city_id, JobKind.READ_CATALOG, url=row.url)
    _record(desk, Verb.PORTAL_ASKED, row.url)


def upload(site: Site, who: Who, files: Sequence[Upload]) -> None:
    """Keep the first of the files as the catalog, and have it read. It goes to storage before the transaction. Raises Invalid."""
    if not files:
        raise Invalid({"file": say("Choose at least one file.")})
    name = safe_name(files[0].name)
    with receive(files[0].file, min(site.settings.upload_bytes, MOST_BYTES)) as received:
        beginning = received.file.read(200).lstrip(b"\xef\xbb\xbf \t\r\n")
        received.file.seek(0)
        if not beginning.startswith((b"{", b"[")):
            raise Invalid({"file": say("This is no JSON file. A catalog is usually called data.json.")})
        stored = adding.put(site, who.city_id, who.person_id, received, JSON, name)
    with site.database.writing() as session:
        quota.need_room_kept(session, site, Sender(who.city_id, who.person_id), adding.size_of_new(stored))
        file_id = adding.row_of(session, stored, read=False)
        row = portal.of_city(session, who.city_id, lock=True) or Portal(city_id=who.city_id)
        row.state, row.asked_at, row.error = "asked", now(), ""
        session.add(row)
        job.enqueue(session, who.city_id, JobKind.READ_CATALOG, file=file_id)
        _record(Desk(session, site, who), Verb.PORTAL_SET, name)


def _record(desk: Desk, verb: Verb, subject: str, **details: object) -> None:
    desk.record(verb, subject[:200], **details)


def snapshot(desk: Desk, reading_id: int) -> Download:
    """The JSON of a reading as it came. Raises NotFound, OutsideUnavailable, and Refused as `evidence.opened` does."""
    row = portal.reading(desk.session, desk.city_id, reading_id)
    file = pieces.file_by_id(desk.session, desk.city_id, row.file_id) if row else None
    if file is None:
        raise NotFound(say("There is no such file in this city."))
    return opened(desk.site, file, file.name)
