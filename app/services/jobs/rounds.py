"""What a worker does beside the jobs, again and again."""

import time
from collections.abc import Callable
from datetime import timedelta

import structlog

from app.rules.installation.job import JobState
from app.services.account import security_record
from app.services.evidence import links, upload, virus_scan
from app.services.evidence import sweep as sweeping
from app.services.installation import belonging
from app.services.jobs import waiting
from app.services.monthly.round import tend_monthly
from app.services.outbox.round import tend_outbox
from app.services.report import mailing
from app.services.site import Site
from app.store import job
from app.store.database.engine import now

log = structlog.get_logger()

KEPT_FOR = {JobState.DONE: timedelta(days=14), JobState.FAILED: timedelta(days=90)}
"""How long a job that has ended can still be looked at."""
BATCH_SIZE = 500


def sweep_leftovers(site: Site) -> None:
    """Remove uploads that nobody finished, put files that a crash left without a row into the trash, and say how many."""
    try:
        removed = upload.sweep_unfinished(site)
        log.warning("unfinished uploads removed", count=len(removed)) if removed else None
        sweeping.sweep_storage(site)
    except Exception as problem:
        log.error("storage could not be swept", exc_info=problem)


def clear_jobs(site: Site) -> int:
    """Remove jobs that ended long ago, a few at a time so that nobody waits for it; returns how many."""
    cleared = 0
    for state, kept_for in KEPT_FOR.items():
        while batch := _clear_batch(site, state, kept_for):
            cleared += batch
    return cleared


def _clear_batch(site: Site, state: JobState, kept_for: timedelta) -> int:
    with site.database.writing() as session:
        return job.delete_ended_jobs(session, state, now() - kept_for, BATCH_SIZE)


WORK_INTERVALS: dict[Callable[[Site], object], int] = {
    belonging.keep_in_step: 600,
    sweep_leftovers: 86_400,
    virus_scan.enqueue_old_files: 86_400,
    security_record.forget_old_events: 86_400,
    mailing.forget_old_addresses: 86_400,
    clear_jobs: 3_600,
    waiting.recover_lost_files: 3_600,
    links.enqueue_due_visits: 60,
    waiting.recover_lost_jobs: 60,
    tend_outbox: 60,
    tend_monthly: 60,
}
"""What a worker does beside the jobs, and after how many seconds again."""


class WorkerRounds:
    """When each of `WORK_INTERVALS` is to be done: at once, and then again and again by `clock`, which counts seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._next = dict.fromkeys(WORK_INTERVALS, clock())

    def do_due_work(self, site: Site) -> None:
        """Do what is due. What raises stays due."""
        for work, seconds in WORK_INTERVALS.items():
            if self._clock() >= self._next[work]:
                work(site)
                self._next[work] = self._clock() + seconds
