"""The job that reads a city's open-data catalog: asked for by hand or due every month, from the address or from an uploaded file."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import structlog
from sqlmodel import Session

from app.adapters.catalogs import reading as catalogs
from app.adapters.catalogs.reading import Found
from app.adapters.storage import receive
from app.rules.errors import OutsideUnavailable
from app.rules.history.verbs import Verb
from app.rules.job import JobKind
from app.rules.message import Said
from app.rules.portal.counting import (
    EVERY_DAYS,
    MOST_BYTES,
    PLACES,
    SAMPLE,
    Fact,
    FactState,
    Problem,
    Trouble,
    Unreadable,
    is_partial,
)
from app.rules.portal.facts import broken, facts_of, sample, unmatched
from app.services.account.sessions import today_in
from app.services.evidence import adding
from app.services.portal.page import JSON
from app.services.site import Site
from app.store import assessment, city, job, portal
from app.store.city import City
from app.store.database.engine import now
from app.store.evidence import pieces
from app.store.evidence.pieces import StoredFile
from app.store.history import events
from app.store.portal import Portal, PortalFact, PortalReading

log = structlog.get_logger()


@dataclass(frozen=True)
class Task:
    """What is to be read: the address, or an uploaded file; and the names of the city's departments to compare with."""

    city: City
    url: str
    file: StoredFile | None
    departments: tuple[str, ...]

    @property
    def called(self) -> str:
        return self.file.name if self.file else self.url


def read(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job `portal.read`: of an uploaded file, whose id is `payload["file"]`, or of the address `payload["url"]`.

    `payload["due"]` is the day of a monthly reading. What is wrong with a catalog is written down for the page. A reading of an address
    that is not the city's any more, or for another day than the planned one, does nothing.
    """
    with site.database.reading() as session:
        task = _task(session, city_id, payload)
    if task is None:
        return
    try:
        found = _found(site, task)
        facts = _facts(site, task, found)
        stored = task.file or _keep(site, task, found)
    except Unreadable as error:
        with site.database.writing() as session:
            _write_failure(session, task, error.problem)
        return
    with site.database.writing() as session:
        _write_down(session, task, found, facts, stored)


def _task(session: Session, city_id: int, payload: dict[str, Any]) -> Task | None:
    row, file_id = portal.of_city(session, city_id), payload.get("file")
    if row is None or not _is_wanted(row, payload):
        return None
    file = pieces.file_by_id(session, city_id, file_id)
    names = tuple(one.name for one in city.departments(session, city_id))
    return Task(session.get_one(City, city_id), row.url, file, names)


def _is_wanted(row: Portal, payload: dict[str, Any]) -> bool:
    """A file always. Nothing is learned from the state of the row: an address and a file may wait at the same time."""
    if payload.get("file"):
        return True
    planned = row.next_read_on.isoformat() if row.next_read_on else None
    return bool(row.url) and payload.get("url", row.url) == row.url and payload.get("due", planned) == planned


def _found(site: Site, task: Task) -> Found:
    """Raises Unreadable, also for what nobody has thought of, and OutsideUnavailable where the storage does not give the file."""
    try:
        if task.file is None:
            return catalogs.visit(task.url, private_allowed=site.settings.links_may_be_private)
        if task.file.size_bytes > MOST_BYTES:
            raise Unreadable(Problem(Trouble.TOO_LARGE))
        return catalogs.read_file(b"".join(site.storage.open(task.file.key)), task.file.name)
    except (Unreadable, OutsideUnavailable):
        raise
    except Exception as error:
        log.error("catalog not read", url=task.called, exc_info=error)
        raise Unreadable(Problem(Trouble.BROKE)) from error


def give_up(session: Session, city_id: int, payload: dict[str, Any], _told: Said | None) -> None:
    """After the last attempt: say that the reading failed, and plan the next, so that one bad day does not end the monthly reading."""
    if task := _task(session, city_id, payload):
        _write_failure(session, task, Problem(Trouble.NOT_KEPT))


def lost(session: Session) -> list[Portal]:
    """Of every city: catalogs that were asked for, or have a day of their next reading, without a job that will read them."""
    return [row for row in portal.expecting(session) if not _is_expected(session, row)]


def _is_expected(session: Session, row: Portal) -> bool:
    waiting = job.open_payloads(session, row.city_id, JobKind.READ_CATALOG)
    return any("due" not in payload for payload in waiting) or (row.state != "asked" and bool(waiting))


def ask_again(session: Session, row: Portal) -> None:
    """Have the catalog read after all; a file that was to be read is not known any more, and that is said."""
    if row.url:
        job.enqueue(session, row.city_id, JobKind.READ_CATALOG, url=row.url)
    else:
        row.state, row.error = "failed", str(Problem(Trouble.NOT_KEPT))
        session.add(row)


def _facts(site: Site, task: Task, found: Found) -> list[Fact]:
    links = sample(found.datasets, SAMPLE)
    tried = catalogs.try_downloads(links, private_allowed=site.settings.links_may_be_private)
    counted = facts_of(found.datasets, task.departments, today_in(task.city))
    extra = broken(*tried)
    return counted + ([extra] if extra else [])


def _keep(site: Site, task: Task, found: Found) -> StoredFile:
    """The JSON in storage, before the rows that name it."""
    host = urlsplit(found.url).hostname or "catalog"
    name = f"catalog-{host}-{today_in(task.city):%Y-%m-%d}.json"
    with receive(BytesIO(found.snapshot), 2 * MOST_BYTES) as received:
        return adding.put(site, task.city.id, None, received, JSON, name)


def _opened(session: Session, task: Task) -> Portal | None:
    """The row, unless the address was changed during the reading; the change has asked for another."""
    row = portal.of_city(session, task.city.id, lock=True)
    return row if row and (task.file or row.url == task.url) else None


def _write_failure(session: Session, task: Task, problem: Problem) -> None:
    if row := _opened(session, task):
        row.state, row.error = "failed", str(problem)
        _plan_next(session, task, row)
        events.record(session, row.city_id, None, Verb.PORTAL_UNREAD, task.called[:200], problem=str(problem))


def _write_down(session: Session, task: Task, found: Found, facts: Sequence[Fact], stored: StoredFile) -> None:
    row = _opened(session, task)
    if row is None:
        return
    file_id = adding.row_of(session, stored, read=False)
    made = keep(session, row.city_id, found, facts, task.departments, file_id)
    row.state = "partial" if is_partial(found.problems) else "read"
    row.kind, row.error, row.read_at = found.kind.value, "", now()
    _plan_next(session, task, row)
    details = {"reading": made.id, "datasets": made.datasets}
    events.record(session, row.city_id, None, Verb.PORTAL_READ, task.called[:200], **details)


def keep(
    session: Session,
    city_id: int,
    found: Found,
    facts: Sequence[Fact],
    departments: Sequence[str],
    file_id: int | None,
) -> PortalReading:
    """A reading with its facts as proposals."""
    made = PortalReading(
        city_id=city_id,
        url=found.url[:2000],
        kind=found.kind.value,
        datasets=len(found.datasets),
        problems="\n".join(map(str, found.problems)),
        unmatched=json.dumps(unmatched(found.datasets, departments), ensure_ascii=False),
        file_id=file_id,
    )
    session.add(made)
    session.flush()
    _propose(session, city_id, made.id, facts)
    return made


def _propose(session: Session, city_id: int, reading_id: int, facts: Sequence[Fact]) -> None:
    """Facts that were rejected for good are counted and kept, but not proposed."""
    run = assessment.current(session, city_id)
    places = PLACES.get(run.edition, {}) if run else {}
    never = portal.rejected_for_good(session, city_id)
    for fact in facts:
        code, item = places.get(fact.key, ("", ""))
        state = FactState.NEVER if fact.key in never else FactState.PROPOSED
        made = PortalFact(city_id=city_id, reading_id=reading_id, key=fact.key.value, value=fact.value)
        made.total, made.unknown, made.on_day = fact.total, fact.unknown, fact.on
        made.criterion, made.item, made.state = code, item, state.value
        session.add(made)


def _plan_next(session: Session, task: Task, row: Portal) -> None:
    """The next reading by itself; a file is read once, and leaves the plan of the address as it is."""
    session.add(row)
    if task.file is None:
        row.next_read_on = today_in(task.city) + timedelta(days=EVERY_DAYS)
        month = timedelta(days=EVERY_DAYS)
        job.enqueue(session, row.city_id, JobKind.READ_CATALOG, after=month, due=row.next_read_on.isoformat())
