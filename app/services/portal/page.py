"""The open-data catalog for the data office: where it is, what was counted in it, and what becomes of each proposal."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.adapters.encodings import as_utf8
from app.adapters.receiving import receive_file
from app.rules.criteria.edition import Criterion
from app.rules.errors import Conflict, Invalid, NotFound, Refused
from app.rules.evidence.entry import Columns
from app.rules.evidence.links import clean_url
from app.rules.files.kinds import FileKind
from app.rules.files.upload import Sender
from app.rules.history.verbs import Verb
from app.rules.installation.job import JobKind
from app.rules.message import Message, say
from app.rules.portal.counting import (
    FACT_STATE_NAMES,
    FACT_TITLES,
    SURENESS_NAMES,
    CatalogFact,
    FactKey,
    FactState,
    Sureness,
    fact_sentence,
    fact_sureness,
    unknown_sentence,
)
from app.rules.portal.trouble import (
    CATALOG_KIND_NAMES,
    MOST_BYTES,
    CatalogKind,
    CatalogState,
    is_partial,
    read_problems,
)
from app.rules.review.moves import ResponseState, ReviewAction, allows_action
from app.services import quota
from app.services.assessment.ground import with_local_checklist
from app.services.desk import Desk, Who
from app.services.evidence import adding
from app.services.evidence.adding import IncomingFile
from app.services.evidence.opening import FileDownload, open_stored_file
from app.services.people.members import CHANGED_MEANWHILE
from app.services.site import Site
from app.store import assessment, job, portal, response
from app.store.assessment import Assessment
from app.store.database.engine import now
from app.store.evidence.files import find_file
from app.store.portal import Portal, PortalFact, PortalReading

UNDER_WAY = timedelta(minutes=10)
"""After this time a reading that was asked for and did not come is given up, so that it can be asked for again."""
JSON_KIND = FileKind("application/json", ("json",), say("JSON file"))


@dataclass(frozen=True)
class ReadingLine:
    """The last reading that counted something. `partial` when something was missing in it."""

    id: int
    at: datetime
    url: str
    kind: Message
    datasets: int
    problems: tuple[Message, ...]
    partial: bool
    unmatched: tuple[str, ...]
    has_file: bool


@dataclass(frozen=True)
class FactLine:
    """A fact in words. `criterion` is None where the city's checklist or edition has no place for it; `item` may be empty.

    `locked` while the response is with the reviewer or has a verdict, so that nothing can be added to it.
    """

    id: int
    title: Message
    sentence: Message
    unknown: Message | None
    sureness: Sureness
    sureness_name: Message
    reason: Message
    criterion: Criterion | None
    item: str
    locked: bool
    state: FactState
    state_name: Message
    evidence_id: int | None


Places = dict[tuple[str, str], tuple[Criterion, str]]
"""By code and item: the criterion, and the text of the item in its checklist, empty for the criterion as a whole."""


@dataclass(frozen=True)
class PortalPage:
    """The catalog's address and its last reading. `error` says why the last attempt failed; `waiting` are open proposals: `addable`, or `locked`
    where their criterion takes in nothing now.

    `others` are facts that no criterion here asks for.
    """

    url: str
    version: int
    under_way: bool
    error: Message | None
    next_read_on: date | None
    reading: ReadingLine | None
    waiting: tuple[FactLine, ...]
    decided: tuple[FactLine, ...]
    others: tuple[FactLine, ...]
    limit_mb: int

    @property
    def is_new(self) -> bool:
        return not (self.url or self.reading or self.under_way or self.error)

    @property
    def addable(self) -> list[FactLine]:
        return [line for line in self.waiting if not line.locked]

    @property
    def locked(self) -> list[FactLine]:
        return [line for line in self.waiting if line.locked]


def load_portal_page(desk: Desk) -> PortalPage:
    """What the data office sees, in a fixed number of queries."""
    city_portal = portal.find_portal(desk.session, desk.city_id) or Portal(city_id=desk.city_id, version=0)
    last = portal.find_latest_reading(desk.session, desk.city_id)
    lines = _fact_lines(desk, last) if last else []
    return PortalPage(
        url=city_portal.url,
        version=city_portal.version,
        under_way=is_under_way(city_portal),
        error=read_problems(city_portal.error)[0].said
        if city_portal.state == CatalogState.FAILED and city_portal.error
        else None,
        next_read_on=city_portal.next_read_on,
        reading=_reading_line(last) if last else None,
        waiting=tuple(line for line in lines if line.criterion and line.state is FactState.PROPOSED),
        decided=tuple(line for line in lines if line.state is not FactState.PROPOSED),
        others=tuple(line for line in lines if not line.criterion and line.state is FactState.PROPOSED),
        limit_mb=min(desk.site.settings.upload_bytes, MOST_BYTES) // 1_000_000,
    )


def is_under_way(city_portal: Portal) -> bool:
    return (
        city_portal.state == CatalogState.ASKED
        and city_portal.asked_at is not None
        and city_portal.asked_at + UNDER_WAY > now()
    )


def _reading_line(reading: PortalReading) -> ReadingLine:
    problems = read_problems(reading.problems)
    return ReadingLine(
        id=reading.id,
        at=reading.at,
        url=reading.url,
        kind=CATALOG_KIND_NAMES[CatalogKind(reading.kind)],
        datasets=reading.datasets,
        problems=tuple(problem.said for problem in problems),
        partial=is_partial(problems),
        unmatched=tuple(json.loads(reading.unmatched)),
        has_file=reading.file_id is not None,
    )


def fact_of(proposal: PortalFact) -> CatalogFact:
    return CatalogFact(FactKey(proposal.key), proposal.value, proposal.total, proposal.unknown, proposal.on_day)


def _fact_lines(desk: Desk, last: PortalReading) -> list[FactLine]:
    open_assessment = assessment.find_current_assessment(desk.session, desk.city_id)
    places = list_places(desk, open_assessment) if open_assessment else {}
    locked = _locked_codes(desk, open_assessment) if open_assessment else set()
    partial = is_partial(read_problems(last.problems))
    proposals = portal.list_facts(desk.session, desk.city_id, last.id)
    return [
        _fact_line(proposal, last, partial, places, proposal.criterion in locked)
        for proposal in proposals
        if proposal.key in set(FactKey)
    ]


def _locked_codes(desk: Desk, open_assessment: Assessment) -> set[str]:
    """Codes of the criteria whose responses cannot be written now."""
    briefs = response.load_briefs(desk.session, desk.city_id, open_assessment.id)
    return {code for code, brief in briefs.items() if not allows_action(ResponseState(brief.state), ReviewAction.WRITE)}


def _fact_line(proposal: PortalFact, last: PortalReading, partial: bool, places: Places, locked: bool) -> FactLine:
    fact = fact_of(proposal)
    level, reason = fact_sureness(fact, last.datasets, partial=partial)
    criterion, item = places.get((proposal.criterion, proposal.item), (None, ""))
    return FactLine(
        id=proposal.id,
        title=FACT_TITLES[fact.key],
        sentence=fact_sentence(fact),
        unknown=unknown_sentence(fact),
        sureness=level,
        sureness_name=SURENESS_NAMES[level],
        reason=reason,
        criterion=criterion,
        item=item,
        locked=locked,
        state=FactState(proposal.state),
        state_name=FACT_STATE_NAMES[FactState(proposal.state)],
        evidence_id=proposal.evidence_id,
    )


def list_places(desk: Desk, open_assessment: Assessment) -> Places:
    """Where facts can go in the assessment; a place that the city's own checklist has taken out is not there."""
    own = assessment.load_own_criteria(desk.session, desk.city_id, open_assessment.edition)
    edition = desk.site.edition(open_assessment.edition, desk.who.language)
    places: Places = {}
    for code, item in set(edition.catalog_facts.values()):
        if code in edition.criteria:
            criterion = with_local_checklist(edition.criteria[code], own.get(code))
            texts = {"": ""} | {item_asked.id: item_asked.text for item_asked in criterion.checklist}
            places |= {(code, item): (criterion, texts[item])} if item in texts else {}
    return places


def set_address(desk: Desk, url: str, version: int) -> bool:
    """Save where the catalog is and have it read; an empty address ends the monthly reading, and then False.

    Raises Invalid, Conflict.
    """
    city_portal = portal.find_portal(desk.session, desk.city_id)
    url = clean_url(url) if url.strip() or not (city_portal and city_portal.url) else ""
    state, asked_at = (CatalogState.ASKED, now()) if url else (CatalogState.NEW, None)
    values: Columns = {"url": url, "kind": "", "error": "", "next_read_on": None}
    values |= {"state": state.value, "asked_at": asked_at}
    if city_portal is None and not version:
        portal.add_portal(desk.session, Portal(city_id=desk.city_id, **values))
        desk.session.flush()
    elif not portal.save_portal(desk.session, desk.city_id, version, **values):
        raise Conflict(CHANGED_MEANWHILE)
    if url:
        job.enqueue_job(desk.session, desk.city_id, JobKind.READ_CATALOG, url=url)
    _record_event(desk, Verb.PORTAL_SET, url)
    return bool(url)


def ask_for_reading(desk: Desk, version: int) -> None:
    """Have the address read soon; nothing where that is under way. Raises Refused without an address, Conflict."""
    city_portal = portal.find_portal(desk.session, desk.city_id)
    if city_portal is None or not city_portal.url:
        raise Refused(say("Say first where the catalog is."))
    if is_under_way(city_portal) and job.is_job_open(
        desk.session, desk.city_id, JobKind.READ_CATALOG, url=city_portal.url
    ):
        return
    asked: Columns = {"state": CatalogState.ASKED.value, "asked_at": now(), "error": ""}
    if not portal.save_portal(desk.session, desk.city_id, version, **asked):
        raise Conflict(CHANGED_MEANWHILE)
    job.enqueue_job(desk.session, desk.city_id, JobKind.READ_CATALOG, url=city_portal.url)
    _record_event(desk, Verb.PORTAL_ASKED, city_portal.url)


def upload_catalog(site: Site, who: Who, files: Sequence[IncomingFile]) -> None:
    """Keep the first of the files as the catalog, and have it read. It goes to storage before the transaction. Raises Invalid."""
    if not files:
        raise Invalid({"file": say("Choose at least one file.")})
    with receive_file(files[0].file, min(site.settings.upload_bytes, MOST_BYTES)) as received:
        beginning = as_utf8(received.file.read(200)).lstrip(b"\xef\xbb\xbf \t\r\n")
        received.file.seek(0)
        if not beginning.startswith((b"{", b"[")):
            raise Invalid({"file": say("This is not a JSON file. A catalog is usually called data.json.")})
        stored = adding.store_file(site, who.city_id, who.person_id, received, JSON_KIND, files[0].name)
    with site.database.writing() as session:
        quota.reserve_kept_room(session, site, Sender(who.city_id, who.person_id), adding.size_to_add(stored))
        file_id = adding.ensure_file_row(session, stored, read=False)
        known_portal = portal.find_portal(session, who.city_id, lock=True)
        city_portal = known_portal or portal.add_portal(session, Portal(city_id=who.city_id))
        city_portal.state, city_portal.asked_at, city_portal.error = CatalogState.ASKED.value, now(), ""
        job.enqueue_job(session, who.city_id, JobKind.READ_CATALOG, file=file_id)
        _record_event(Desk(session, site, who), Verb.PORTAL_SET, files[0].name)


def _record_event(desk: Desk, verb: Verb, subject: str) -> None:
    desk.record(verb, subject[:200])


def open_snapshot(desk: Desk, reading_id: int) -> FileDownload:
    """The JSON of a reading as it came. Raises NotFound, OutsideUnavailable, and Refused as `evidence.opened` does."""
    reading = portal.find_reading(desk.session, desk.city_id, reading_id)
    file = find_file(desk.session, desk.city_id, reading.file_id) if reading else None
    if file is None:
        raise NotFound(say("We could not find that file."))
    return open_stored_file(desk.site, file, file.name)
