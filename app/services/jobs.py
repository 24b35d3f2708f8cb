"""The worker: takes jobs one at a time, each in short transactions of its own, and survives being killed.

A job is taken under a lease; a worker that dies leaves it to be taken again when the lease ends. Kinds are listed in `KINDS`.
"""

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import structlog
from sqlmodel import Session

from app.rules.errors import CityReadyError, OutsideUnavailable
from app.services import (
    evidence_links,
    file_reading,
    file_scanning,
    installation,
    people,
    portal_reading,
    report,
    request_mail,
    security_record,
    sweeping,
    upload,
)
from app.services.site import Site
from app.store import job
from app.store.job import Job

log = structlog.get_logger()


Payload = dict[str, Any]
Work = Callable[[Site, int, Payload], None]
"""Takes the site, the city's id and the job's payload.

A CityReadyError is a failure that trying again does not change, but for OutsideUnavailable; that and everything else is tried again.
"""


KINDS: dict[str, Work] = {
    "report.make": report.make,
    "link.look": evidence_links.look_at_link,
    "link.tell": evidence_links.tell,
    "file.scan": file_scanning.scan,
    "file.read": file_reading.read,
    "mail.send": people.send_mail,
    "request.mail": request_mail.send,
    "portal.read": portal_reading.read,
}


GIVEN_UP: dict[str, Callable[[Session, int, Payload], None]] = {"portal.read": portal_reading.give_up}
"""What else is written when a job of the kind has failed and is not tried again."""


def run_one(site: Site) -> bool:
    """Do the oldest job that is due; False when there is none, which takes no lock to find out."""
    with site.database.reading() as session:
        if not job.is_any_due(session):
            return False
    with site.database.writing() as session:
        taken = job.take(session)
    if taken is None or taken.id is None:
        return False
    _do(site, taken, taken.id)
    return True


def _do(site: Site, taken: Job, job_id: int) -> None:
    payload = json.loads(taken.payload)
    try:
        KINDS[taken.kind](site, taken.city_id, payload)
    except Exception as problem:
        _fail(site, taken, job_id, payload, problem)
    else:
        with site.database.writing() as session:
            job.finish(session, job_id)


def _fail(site: Site, taken: Job, job_id: int, payload: Payload, problem: Exception) -> None:
    told = isinstance(problem, CityReadyError)
    again = not told or isinstance(problem, OutsideUnavailable)
    if again:
        log.error("job failed", kind=taken.kind, job=job_id, attempt=taken.attempts, exc_info=problem)
    with site.database.writing() as session:
        waits = job.finish(session, job_id, str(problem) if told else type(problem).__name__, again=again)
        if not waits and taken.kind in GIVEN_UP:
            GIVEN_UP[taken.kind](session, taken.city_id, payload)


def sweep(site: Site) -> None:
    """Remove uploads that nobody finished, put files that a crash left without a row into the trash, and say how many."""
    try:
        removed = upload.sweep(site)
        log.warning("unfinished uploads removed", count=len(removed)) if removed else None
        sweeping.sweep(site)
    except Exception as problem:
        log.error("storage could not be swept", exc_info=problem)


EVERY: dict[Callable[[Site], object], int] = {
    installation.keep_in_step: 600,
    sweep: 86_400,
    file_scanning.ask_about_old_files: 86_400,
    security_record.forget_old: 86_400,
    evidence_links.enqueue_due: 60,
}
"""What a worker does beside the jobs, and after how many seconds again."""


class Rounds:
    """When each of `EVERY` is to be done: at once, and then again and again by `clock`, which counts seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._next = dict.fromkeys(EVERY, clock())

    def go(self, site: Site) -> None:
        """Do what is due. What raises stays due."""
        for work, seconds in EVERY.items():
            if self._clock() >= self._next[work]:
                work(site)
                self._next[work] = self._clock() + seconds


class Worker:
    """A thread that works until stopped."""

    def __init__(self, site: Site, look_every_seconds: float = 1.0) -> None:
        self._site = site
        self._every = look_every_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        rounds = Rounds()
        while not self._stopping.is_set():
            try:
                rounds.go(self._site)
                worked = run_one(self._site)
            except Exception as problem:
                log.error("worker could not look for jobs", exc_info=problem)
                worked = False
            if not worked:
                self._stopping.wait(self._every)

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=5)


def start_embedded(site: Site) -> Worker:
    """A worker in this process, for installations of one machine."""
    return Worker(site)
