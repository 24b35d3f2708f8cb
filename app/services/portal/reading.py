"""The job that reads a city's open-data catalog: asked for by hand or due every month, from the address or from an uploaded file."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import structlog
from sqlmodel import Session

from app.adapters.catalogs import reading as catalogs
from app.adapters.catalogs.reading import CatalogReading
from app.adapters.receiving import receive_file
from app.rules.city.naming import CityValues
from app.rules.errors import OutsideUnavailable
from app.rules.files.kinds import safe_name
from app.rules.history.verbs import Verb
from app.rules.installation.job import JobKind
from app.rules.message import Message
from app.rules.portal.counting import EVERY_DAYS, SAMPLE_SIZE, CatalogFact, FactState
from app.rules.portal.facts import broken_downloads_fact, count_facts, sample_downloads, unmatched_publishers
from app.rules.portal.trouble import (
    IN_FILES,
    MOST_BYTES,
    CatalogProblem,
    CatalogState,
    CatalogTrouble,
    UnreadableCatalog,
    is_partial,
)
from app.services.account.sessions import today_in
from app.services.evidence import adding
from app.services.portal.page import JSON_KIND
from app.services.site import Site
from app.store import assessment, city, job, portal
from app.store.city import load_city
from app.store.database.engine import now
from app.store.evidence import files
from app.store.evidence.files import StoredFile
from app.store.history import events
from app.store.portal import Portal, PortalFact, PortalReading

log = structlog.get_logger()


@dataclass(frozen=True)
class CatalogTask:
    """What is to be read: the address, or an uploaded file; and the names of the city's departments to compare with."""

    city: CityValues
    url: str
    file: StoredFile | None
    departments: tuple[str, ...]

    @property
    def called(self) -> str:
        return self.file.name if self.file else self.url


def read_catalog(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job `portal.read`: of an uploaded file, whose id is `payload["file"]`, or of the address `payload["url"]`.

    `payload["due"]` is the day of a monthly reading. What is wrong with a catalog is written down for the page. A reading of an address
    that is not the city's any more, or for another day than the planned one, does nothing.
    """
    with site.database.reading() as session:
        task = _load_task(session, city_id, payload)
    if task is None:
        return
    try:
        catalog = _fetch_catalog(site, task)
        facts = _count_facts(site, task, catalog)
        stored = task.file or _store_snapshot(site, task, catalog)
    except UnreadableCatalog as error:
        with site.database.writing() as session:
            _write_failure(session, task, error.problem)
        return
    with site.database.writing() as session:
        _write_reading(session, site, task, catalog, facts, stored)


def _load_task(session: Session, city_id: int, payload: dict[str, Any]) -> CatalogTask | None:
    city_portal, file_id = portal.find_portal(session, city_id), payload.get("file")
    if city_portal is None or not _is_wanted(city_portal, payload):
        return None
    file = files.find_file(session, city_id, file_id)
    names = tuple(department.name for department in city.list_departments(session, city_id))
    return CatalogTask(load_city(session, city_id), city_portal.url, file, names)


def _is_wanted(city_portal: Portal, payload: dict[str, Any]) -> bool:
    """A file always. Nothing is learned from the state of the row: an address and a file may wait at the same time."""
    if payload.get("file"):
        return True
    planned = city_portal.next_read_on.isoformat() if city_portal.next_read_on else None
    return (
        bool(city_portal.url)
        and payload.get("url", city_portal.url) == city_portal.url
        and payload.get("due", planned) == planned
    )


def _fetch_catalog(site: Site, task: CatalogTask) -> CatalogReading:
    """Raises Unreadable, also for what nobody has thought of, and OutsideUnavailable where the storage does not give the file."""
    try:
        if task.file is None:
            return catalogs.visit_catalog(task.url, private_allowed=site.settings.links_may_be_private)
        if task.file.size_bytes > MOST_BYTES:
            raise UnreadableCatalog(CatalogProblem(CatalogTrouble.TOO_LARGE))
        return catalogs.read_catalog_file(b"".join(site.storage.open(task.file.key)), task.file.name)
    except UnreadableCatalog as error:
        raise (_about_file(error) if task.file else error) from error
    except OutsideUnavailable:
        raise
    except Exception as error:
        log.error("catalog not read", url=task.called, exc_info=error)
        unthought = UnreadableCatalog(CatalogProblem(CatalogTrouble.BROKE))
        raise (_about_file(unthought) if task.file else unthought) from error


def _about_file(error: UnreadableCatalog) -> UnreadableCatalog:
    """The same, told of a file."""
    problem = error.problem
    return UnreadableCatalog(replace(problem, trouble=IN_FILES.get(problem.trouble, problem.trouble)))


def give_up_catalog(session: Session, city_id: int, payload: dict[str, Any], _message: Message | None) -> None:
    """After the last attempt: say that the reading failed, and plan the next, so that one bad day does not end the monthly reading."""
    if task := _load_task(session, city_id, payload):
        _write_failure(session, task, CatalogProblem(CatalogTrouble.NOT_KEPT))


def list_lost_portals(session: Session) -> list[Portal]:
    """Of every city: catalogs that were asked for, or have a day of their next reading, without a job that will read them."""
    return [
        city_portal for city_portal in portal.list_awaited_portals(session) if not _is_expected(session, city_portal)
    ]


def _is_expected(session: Session, city_portal: Portal) -> bool:
    waiting = job.list_open_payloads(session, city_portal.city_id, JobKind.READ_CATALOG)
    return any("due" not in payload for payload in waiting) or (
        city_portal.state != CatalogState.ASKED and bool(waiting)
    )


def enqueue_reading(session: Session, city_portal: Portal) -> None:
    """Have the catalog read after all; a file that was to be read is not known any more, and that is said."""
    if city_portal.url:
        job.enqueue_job(session, city_portal.city_id, JobKind.READ_CATALOG, url=city_portal.url)
    else:
        city_portal.state, city_portal.error = CatalogState.FAILED.value, str(CatalogProblem(CatalogTrouble.NOT_KEPT))


def _count_facts(site: Site, task: CatalogTask, catalog: CatalogReading) -> list[CatalogFact]:
    links = sample_downloads(catalog.datasets, SAMPLE_SIZE)
    tried = catalogs.try_downloads(links, private_allowed=site.settings.links_may_be_private)
    counted = count_facts(catalog.datasets, task.departments, today_in(task.city))
    extra = broken_downloads_fact(*tried)
    return counted + ([extra] if extra else [])


def _store_snapshot(site: Site, task: CatalogTask, catalog: CatalogReading) -> StoredFile:
    """The JSON in storage, before the rows that name it."""
    host = urlsplit(catalog.url).hostname or "catalog"
    name = safe_name(f"catalog-{host}-{today_in(task.city):%Y-%m-%d}.json")
    with receive_file(BytesIO(catalog.snapshot), 2 * MOST_BYTES) as received:
        return adding.store_file(site, task.city.id, None, received, JSON_KIND, name)


def _lock_portal(session: Session, task: CatalogTask) -> Portal | None:
    """The row, unless the address was changed during the reading; the change has asked for another."""
    city_portal = portal.find_portal(session, task.city.id, lock=True)
    return city_portal if city_portal and (task.file or city_portal.url == task.url) else None


def _write_failure(session: Session, task: CatalogTask, problem: CatalogProblem) -> None:
    if city_portal := _lock_portal(session, task):
        city_portal.state, city_portal.error = CatalogState.FAILED.value, str(problem)
        _plan_next(session, task, city_portal)
        events.record_event(
            session, city_portal.city_id, None, Verb.PORTAL_UNREAD, task.called[:200], problem=str(problem)
        )


def _write_reading(
    session: Session,
    site: Site,
    task: CatalogTask,
    catalog: CatalogReading,
    facts: Sequence[CatalogFact],
    stored: StoredFile,
) -> None:
    city_portal = _lock_portal(session, task)
    if city_portal is None:
        return
    file_id = adding.ensure_file_row(session, stored, read=False)
    reading = save_reading(session, site, city_portal.city_id, catalog, facts, task.departments, file_id)
    city_portal.state = (CatalogState.PARTIAL if is_partial(catalog.problems) else CatalogState.READ).value
    city_portal.kind, city_portal.error, city_portal.read_at = catalog.kind.value, "", now()
    _plan_next(session, task, city_portal)
    details = {"reading": reading.id, "datasets": reading.datasets}
    events.record_event(session, city_portal.city_id, None, Verb.PORTAL_READ, task.called[:200], **details)


def save_reading(
    session: Session,
    site: Site,
    city_id: int,
    catalog: CatalogReading,
    facts: Sequence[CatalogFact],
    departments: Sequence[str],
    file_id: int | None,
) -> PortalReading:
    """A reading with its facts as proposals."""
    reading = PortalReading(
        city_id=city_id,
        url=catalog.url[:2000],
        kind=catalog.kind.value,
        datasets=len(catalog.datasets),
        problems="\n".join(map(str, catalog.problems)),
        unmatched=json.dumps(unmatched_publishers(catalog.datasets, departments), ensure_ascii=False),
        file_id=file_id,
    )
    portal.add_reading(session, reading)
    _propose_facts(session, site, city_id, reading.id, facts)
    return reading


def _propose_facts(session: Session, site: Site, city_id: int, reading_id: int, facts: Sequence[CatalogFact]) -> None:
    """Facts that were rejected for good are counted and kept, but not proposed."""
    open_assessment = assessment.find_current_assessment(session, city_id)
    places = site.edition(open_assessment.edition, "en").catalog_facts if open_assessment else {}
    never = portal.load_rejected_keys(session, city_id)
    for fact in facts:
        code, item = places.get(fact.key.value, ("", ""))
        state = FactState.NEVER if fact.key in never else FactState.PROPOSED
        proposal = PortalFact(city_id=city_id, reading_id=reading_id, key=fact.key.value, value=fact.value)
        proposal.total, proposal.unknown, proposal.on_day = fact.total, fact.unknown, fact.on
        proposal.criterion, proposal.item, proposal.state = code, item, state.value
        portal.add_fact(session, proposal)


def _plan_next(session: Session, task: CatalogTask, city_portal: Portal) -> None:
    """The next reading by itself; a file is read once, and leaves the plan of the address as it is."""
    if task.file is None:
        city_portal.next_read_on = today_in(task.city) + timedelta(days=EVERY_DAYS)
        month = timedelta(days=EVERY_DAYS)
        job.enqueue_job(
            session, city_portal.city_id, JobKind.READ_CATALOG, after=month, due=city_portal.next_read_on.isoformat()
        )
