"""Doing jobs: what each kind is done by, one job from taking to closing, and what is written when one is given up."""

import json
from collections.abc import Callable
from typing import Any

import structlog
from sqlmodel import Session

from app.rules.errors import CityReadyError, OutsideUnavailable
from app.rules.installation.job import JobKind, JobLane, JobState
from app.rules.message import Message
from app.services import letters
from app.services.account import email_change, passphrase, security_letter
from app.services.evidence import links, pictured_pages, virus_scan
from app.services.evidence import reading as file_reading
from app.services.lease import Lease, new_lease_token
from app.services.outbox import sending
from app.services.people import invitation
from app.services.portal import reading as portal_reading
from app.services.report import mailing, making
from app.services.requests import mail
from app.services.site import Site
from app.store import job
from app.store.job import LeaseBeat, LeaseLost

log = structlog.get_logger()


JobPayload = dict[str, Any]
JobHandler = Callable[[Site, int, JobPayload], None]
"""Takes the site, the city's id and the job's payload.

A CityReadyError is a failure that trying again does not change, but for OutsideUnavailable; that and everything else is tried again.
"""


JOB_HANDLERS: dict[JobKind, JobHandler] = {
    JobKind.MAKE_REPORT: making.make_report,
    JobKind.LOOK_AT_LINK: links.visit_link,
    JobKind.TELL_OF_LINK: links.notify_owner,
    JobKind.SCAN_FILE: virus_scan.scan_file,
    JobKind.READ_FILE: file_reading.read_file,
    JobKind.READ_PICTURES: pictured_pages.read_pictures,
    JobKind.SEND_INVITATION: invitation.send_invitation,
    JobKind.SEND_PASSPHRASE_LINK: passphrase.send_passphrase_link,
    JobKind.SEND_EMAIL_LINK: email_change.send_email_link,
    JobKind.SEND_SECURITY_LETTER: security_letter.deliver_letter,
    JobKind.SEND_REQUEST: mail.send_letter,
    JobKind.SEND_LETTER: sending.send_letter,
    JobKind.SEND_REPORT: mailing.send_report,
    JobKind.READ_CATALOG: portal_reading.read_catalog,
}


FAILURE_HANDLERS: dict[JobKind, Callable[[Session, int, JobPayload, Message | None], None]] = {
    JobKind.MAKE_REPORT: making.give_up_report,
    JobKind.SEND_REPORT: mailing.give_up_mail,
    JobKind.LOOK_AT_LINK: links.give_up_visit,
    JobKind.READ_FILE: file_reading.give_up_reading,
    JobKind.READ_CATALOG: portal_reading.give_up_catalog,
}
"""What else is written when a job of the kind has failed and is not tried again, with the reason where a person can be told one."""

WORKER_ENDED = "its worker ended before the job did, each time"


def queue_due_jobs(site: Site) -> None:
    """Let jobs whose time has come wait for their turn."""
    with site.database.reading() as session:
        if not job.is_postponed_job_due(session):
            return
    with site.database.writing() as session:
        job.release_postponed_jobs(session)


def take_next_job(site: Site, lane: JobLane | None = None) -> Lease | None:
    """The next job of the lane, or of any, in the hands of the caller, who is to `do` it."""
    with site.database.reading() as session:
        waiting = job.load_waiting_lanes(session)
    for wanted in (lane,) if lane else JobLane:
        if wanted in waiting:
            with site.database.writing() as session:
                taken = job.take_job(session, wanted, new_lease_token())
            if taken:
                return Lease(site, taken)
    return None


def do_job(lease: Lease) -> None:
    """Do the job and close it, put it off for another try, or leave it alone where the lease was lost on the way."""
    taken = lease.job
    kind, payload = JobKind(taken.kind), json.loads(taken.payload)
    try:
        with lease:
            try:
                with letters.written_for(taken.id):
                    JOB_HANDLERS[kind](lease.site, taken.city_id, payload)
            except LeaseLost:
                raise
            except Exception as problem:
                _fail_job(lease, kind, payload, problem)
            else:
                with lease.site.database.writing() as session:
                    lease.finish(session)
    except LeaseLost:
        log.info("job left to another worker", kind=taken.kind, job=taken.id)


def _fail_job(lease: Lease, kind: JobKind, payload: JobPayload, problem: Exception) -> None:
    message = problem.said if isinstance(problem, CityReadyError) else None
    try_again = message is None or isinstance(problem, OutsideUnavailable)
    with lease.site.database.writing() as session:
        waits = lease.finish(session, str(message) if message else type(problem).__name__, again=try_again)
        if not waits and kind in FAILURE_HANDLERS:
            FAILURE_HANDLERS[kind](session, lease.job.city_id, payload, message)
    if try_again:
        log.error("job failed", kind=kind.value, job=lease.job_id, attempt=lease.job.attempts, exc_info=problem)


def take_back_job(site: Site, left: LeaseBeat) -> None:
    """Let others have a job whose worker is dead; where that was the last attempt it has failed, which is said where people look."""
    with site.database.writing() as session:
        abandoned_job = job.reclaim_job(session, left, WORKER_ENDED)
        if abandoned_job and abandoned_job.state == JobState.FAILED and JobKind(abandoned_job.kind) in FAILURE_HANDLERS:
            FAILURE_HANDLERS[JobKind(abandoned_job.kind)](
                session, abandoned_job.city_id, json.loads(abandoned_job.payload), None
            )
    if abandoned_job:
        log.warning(
            "worker ended before its job",
            kind=abandoned_job.kind,
            job=abandoned_job.id,
            attempt=abandoned_job.attempts,
            state=abandoned_job.state,
        )
