"""Doing jobs: what each kind is done by, one job from taking to closing, and what is written when one is given up."""

import json
from collections.abc import Callable
from typing import Any

import structlog
from sqlmodel import Session

from app.rules.errors import CityReadyError, OutsideUnavailable
from app.rules.job import JobKind, JobLane, JobState
from app.rules.message import Said
from app.services.account import passphrase
from app.services.evidence import links, virus_scan
from app.services.evidence import reading as file_reading
from app.services.lease import Lease, new_lease
from app.services.people import invitation
from app.services.portal import reading as portal_reading
from app.services.report import reports
from app.services.requests import mail
from app.services.site import Site
from app.store import job
from app.store.job import Beat, LeaseLost

log = structlog.get_logger()


Payload = dict[str, Any]
Work = Callable[[Site, int, Payload], None]
"""Takes the site, the city's id and the job's payload.

A CityReadyError is a failure that trying again does not change, but for OutsideUnavailable; that and everything else is tried again.
"""


KINDS: dict[JobKind, Work] = {
    JobKind.MAKE_REPORT: reports.make,
    JobKind.LOOK_AT_LINK: links.look_at_link,
    JobKind.TELL_OF_LINK: links.tell,
    JobKind.SCAN_FILE: virus_scan.scan,
    JobKind.READ_FILE: file_reading.read,
    JobKind.SEND_INVITATION: invitation.send_mail,
    JobKind.SEND_PASSPHRASE_LINK: passphrase.send_mail,
    JobKind.SEND_REQUEST: mail.send,
    JobKind.READ_CATALOG: portal_reading.read,
}


GIVEN_UP: dict[JobKind, Callable[[Session, int, Payload, Said | None], None]] = {
    JobKind.MAKE_REPORT: reports.give_up,
    JobKind.LOOK_AT_LINK: links.give_up,
    JobKind.READ_FILE: file_reading.give_up,
    JobKind.READ_CATALOG: portal_reading.give_up,
}
"""What else is written when a job of the kind has failed and is not tried again, with the reason where a person can be told one."""

WORKER_ENDED = "its worker ended before the job did, each time"


def move_later(site: Site) -> None:
    """Let jobs whose time has come wait for their turn."""
    with site.database.reading() as session:
        if not job.is_any_to_move(session):
            return
    with site.database.writing() as session:
        job.move_later(session)


def take_one(site: Site, lane: JobLane | None = None) -> Lease | None:
    """The next job of the lane, or of any, in the hands of the caller, who is to `do` it."""
    with site.database.reading() as session:
        waiting = job.lanes_waiting(session)
    for wanted in (lane,) if lane else JobLane:
        if wanted in waiting:
            with site.database.writing() as session:
                taken = job.take(session, wanted, new_lease())
            if taken:
                return Lease(site, taken)
    return None


def do(lease: Lease) -> None:
    """Do the job and close it, put it off for another try, or leave it alone where the lease was lost on the way."""
    taken = lease.job
    kind, payload = JobKind(taken.kind), json.loads(taken.payload)
    try:
        with lease:
            try:
                KINDS[kind](lease.site, taken.city_id, payload)
            except LeaseLost:
                raise
            except Exception as problem:
                _fail(lease, kind, payload, problem)
            else:
                with lease.site.database.writing() as session:
                    lease.finish(session)
    except LeaseLost:
        log.info("job left to another worker", kind=taken.kind, job=taken.id)


def _fail(lease: Lease, kind: JobKind, payload: Payload, problem: Exception) -> None:
    told = problem.said if isinstance(problem, CityReadyError) else None
    again = told is None or isinstance(problem, OutsideUnavailable)
    with lease.site.database.writing() as session:
        waits = lease.finish(session, str(told) if told else type(problem).__name__, again=again)
        if not waits and kind in GIVEN_UP:
            GIVEN_UP[kind](session, lease.job.city_id, payload, told)
    if again:
        log.error("job failed", kind=kind.value, job=lease.job_id, attempt=lease.job.attempts, exc_info=problem)


def take_back(site: Site, left: Beat) -> None:
    """Let others have a job whose worker is dead; where that was the last attempt it has failed, which is said where people look."""
    with site.database.writing() as session:
        had = job.take_back(session, left, WORKER_ENDED)
        if had and had.state == JobState.FAILED and JobKind(had.kind) in GIVEN_UP:
            GIVEN_UP[JobKind(had.kind)](session, had.city_id, json.loads(had.payload), None)
    if had:
        log.warning("worker ended before its job", kind=had.kind, job=had.id, attempt=had.attempts, state=had.state)
