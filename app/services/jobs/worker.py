"""A worker: a thread for each lane, as many for reports as are made at a time, one that keeps watch, and one for what is done again and again."""

import threading
import time
from collections.abc import Collection
from contextlib import suppress

import structlog

from app.adapters.children import frame
from app.rules.installation.job import JobLane
from app.services.jobs import handlers
from app.services.jobs.rounds import WorkerRounds
from app.services.lease import Lease, LeaseWatch
from app.services.site import Site
from app.store import job
from app.store.job import LeaseLost

log = structlog.get_logger()

LOOK_EVERY_SECONDS = 1.0
FINISH_SECONDS = 1.0
"""How long a worker that is told to stop goes on with what it has in hand, before it gives that back."""
LONGEST_STOP_SECONDS = 10.0
"""How long a stop waits at most, for jobs that it returns to the queue and for the round that was begun."""


Hand = tuple[JobLane, int]
"""A thread that does jobs of a lane: the first of the lane, the second and so on."""


class Worker:
    """Does the jobs of these lanes in threads of its own until it is stopped."""

    def __init__(
        self, site: Site, lanes: Collection[JobLane] = tuple(JobLane), look_every_seconds: float = LOOK_EVERY_SECONDS
    ) -> None:
        self._site = site
        self._every = look_every_seconds
        self._stopping = threading.Event()
        self._wake = {lane: threading.Event() for lane in lanes}
        self._held: dict[Hand, Lease] = {}
        hands = [(lane, number) for lane in lanes for number in range(self._count_hands(lane))]
        self._hands = {hand: _start_thread(f"jobs: {hand[0]} {hand[1]}", self._work, hand) for hand in hands}
        self._keeper = _start_thread("jobs: watch", self._keep_watch)
        self._rounds = _start_thread("jobs: rounds", self._do_rounds)

    def leave(self) -> None:
        """Take nothing new from now on, and give back soon what is in hand; returns at once."""
        self._stopping.set()
        for wake in self._wake.values():
            wake.set()

    def stop(self) -> None:
        """Leave, and wait until its jobs are done or back in the queue, and the round that was begun has ended."""
        self.leave()
        until = time.monotonic() + LONGEST_STOP_SECONDS
        for thread in (self._keeper, self._rounds):
            thread.join(max(0.0, until - time.monotonic()))

    def _count_hands(self, lane: JobLane) -> int:
        return self._site.settings.pdf_makers if lane is JobLane.REPORTS else 1

    def _work(self, hand: Hand) -> None:
        lane, _ = hand
        while not self._stopping.is_set():
            self._wake[lane].wait()
            self._wake[lane].clear()
            try:
                while not self._stopping.is_set() and self._do_next_job(hand):
                    pass
            except Exception as problem:
                log.error("worker could not do a job", lane=lane.value, exc_info=problem)

    def _do_next_job(self, hand: Hand) -> bool:
        lease = handlers.take_next_job(self._site, hand[0])
        if lease is None:
            return False
        self._held[hand] = lease
        try:
            handlers.do_job(lease)
        finally:
            del self._held[hand]
        return True

    def _keep_watch(self) -> None:
        watch = LeaseWatch()
        while not self._stopping.is_set():
            try:
                self._wake_lanes(watch)
            except Exception as problem:
                log.error("worker could not look for jobs", exc_info=problem)
            self._stopping.wait(self._every)
        self._hand_over()

    def _wake_lanes(self, watch: LeaseWatch) -> None:
        """Move on what waits for its time or was left by a dead worker, and wake the lanes in which something waits."""
        handlers.queue_due_jobs(self._site)
        with self._site.database.reading() as session:
            beats = job.list_beats(session)
        for left in watch.left(beats):
            handlers.take_back_job(self._site, left)
        with self._site.database.reading() as session:
            waiting = job.load_waiting_lanes(session)
        for lane, wake in self._wake.items():
            if lane in waiting:
                wake.set()

    def _hand_over(self) -> None:
        until = time.monotonic() + FINISH_SECONDS
        for thread in self._hands.values():
            thread.join(max(0.0, until - time.monotonic()))
        for hand, lease in list(self._held.items()):
            self._give_back(hand, lease)

    def _give_back(self, hand: Hand, lease: Lease) -> None:
        """First the job, so that nothing is written of its process being ended, which comes after."""
        try:
            with suppress(LeaseLost):
                lease.give_back()
        except Exception as problem:
            log.error("job could not be given back", job=lease.job_id, exc_info=problem)
        frame.end_child_of(self._hands[hand].ident)
        if hand[0] is JobLane.REPORTS:
            self._site.pdf.end()

    def _do_rounds(self) -> None:
        rounds = WorkerRounds()
        while not self._stopping.is_set():
            try:
                rounds.do_due_work(self._site)
            except Exception as problem:
                log.error("worker could not go its round", exc_info=problem)
            self._stopping.wait(self._every)


def _start_thread(name: str, work: object, *arguments: object) -> threading.Thread:
    thread = threading.Thread(target=work, args=arguments, name=name, daemon=True)  # type: ignore[arg-type]
    thread.start()
    return thread
