"""Workers as processes of their own: told to stop, killed, and taken for dead while they live."""

import os
import signal
import socketserver
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlmodel import col, select

from app.rules.criteria.edition import EvidenceKind
from app.rules.evidence.entry import EvidenceEntry
from app.rules.installation.job import MOST_ATTEMPTS, JobKind, JobState
from app.services.desk import Desk
from app.services.evidence import adding
from app.services.jobs import handlers, rounds
from app.services.jobs.worker import Worker
from app.services.lease import LEFT_AFTER_SECONDS, LOOK_SECONDS, LeaseWatch
from app.services.report import reports
from app.services.site import Site
from app.settings import ROOT
from app.store import job
from app.store.evidence.files import StoredFile
from app.store.evidence.pieces import Evidence
from app.store.job import Job
from app.store.report.reports import Report
from tests import world
from tests.conftest import WhoIs
from tests.services.evidence.test_page import newest
from tests.world import World


class Slow:
    """A web page that answers when it is let, and says when it was asked."""

    def __init__(self) -> None:
        self.asked, self.answers = threading.Semaphore(0), threading.Event()
        slow = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                slow.asked.release()
                slow.answers.wait()
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            do_HEAD = do_GET

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/plan"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def slow() -> Iterator[Slow]:
    page = Slow()
    yield page
    page.answers.set()
    page.server.shutdown()
    page.server.server_close()


@contextmanager
def worker(site: Site, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A worker as a process, which has said that it works."""
    given = {
        "CITYREADY_DATA_DIR": str(site.settings.data_dir),
        "CITYREADY_DATABASE_URL": site.settings.database_url,
        "CITYREADY_SECRET_KEY": site.settings.secret_key,
        "CITYREADY_LINKS_MAY_BE_PRIVATE": "true",
        "PYTHONWARNINGS": "ignore",
    }
    command = [sys.executable, "-m", "app", "work", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **given}, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    said = iter(process.stderr)
    assert any(line.startswith("Working.") for line in said)
    drained = threading.Thread(target=list, args=(said,), daemon=True)
    drained.start()
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        drained.join()
        process.stderr.close()


def add_link(site: Site, seeded: World, url: str) -> None:
    entry = EvidenceEntry(EvidenceKind.LINK, title="Plan", url=url)
    adding.add_evidence(site, world.identify(site, seeded.alpha.people["lead"]), "LC1", entry)


def newest_job(site: Site) -> Job:
    with site.database.reading() as session:
        return session.exec(select(Job).order_by(col(Job.id).desc()).limit(1)).one()


def until(condition: Callable[[], Any]) -> None:
    for _ in iter(condition, True):
        continue


def test_a_worker_told_to_stop_gives_back_what_it_has_and_another_does_it(
    site: Site, seeded: World, slow: Slow
) -> None:
    add_link(site, seeded, slow.url)
    with worker(site) as first:
        slow.asked.acquire()
        taken = newest_job(site)
        assert (taken.state, taken.attempts) == (JobState.RUNNING, 1)
        first.send_signal(signal.SIGTERM)
        assert first.wait() == 0
    left = newest_job(site)
    assert (left.id, left.state, left.attempts, left.lease) == (taken.id, JobState.WAITING, 0, "")
    with worker(site) as second:
        slow.asked.acquire()
        slow.answers.set()
        until(lambda: newest_job(site).state == JobState.DONE)
        second.send_signal(signal.SIGTERM)
        assert second.wait() == 0
    assert newest_job(site).attempts == 1
    assert newest(site).link_state == "ok"


def test_a_worker_stops_with_its_processes_and_leaves_a_report_waiting_and_not_failed(site: Site, who: WhoIs) -> None:
    with site.database.writing() as session:
        reports.order_report(Desk(session, site, who("official")), "en", "full")
    with worker(site, "--lane", "reports") as process:
        until(lambda: newest_report(site).state != "waiting")
        children = children_of(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
        assert [child for child in children if is_alive(child)] == []
    state, had = newest_report(site).state, newest_job(site)
    assert state in {"making", "ready"}
    assert had.state == (JobState.WAITING if state == "making" else JobState.DONE), "it is done, or waits for the next"
    world.run_jobs(site)
    assert newest_report(site).state == "ready"


def newest_report(site: Site) -> Report:
    with site.database.reading() as session:
        return session.exec(select(Report).order_by(col(Report.id).desc()).limit(1)).one()


def children_of(pid: int) -> list[int]:
    done = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in done.stdout.split()]


def is_alive(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state) and not state.startswith("Z")


def test_a_worker_does_only_the_lanes_it_was_given(site: Site, seeded: World, slow: Slow) -> None:
    add_link(site, seeded, slow.url)
    with site.database.writing() as session:
        job.enqueue_job(
            session, seeded.alpha.id, JobKind.SEND_REQUEST, request=seeded.alpha.requests["open"], what="ask"
        )
    with worker(site, "--lane", "letters"):
        until(lambda: newest_job(site).state == JobState.DONE)
    with site.database.reading() as session:
        assert job.load_waiting_lanes(session) == {"links"}


class Clock:
    """A stopwatch of the test."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def watch_until_left(site: Site) -> None:
    """Look again and again, as a worker does, until a holder that has stopped counting is taken for dead."""
    clock = Clock()
    watch = LeaseWatch(clock)
    for _ in range(int(LEFT_AFTER_SECONDS / LOOK_SECONDS) + 2):
        with site.database.reading() as session:
            beats = job.list_beats(session)
        for left in watch.left(beats):
            handlers.take_back_job(site, left)
        clock.seconds += LOOK_SECONDS


def test_a_job_whose_worker_was_killed_is_taken_up_by_whoever_watches(site: Site, seeded: World, slow: Slow) -> None:
    add_link(site, seeded, slow.url)
    with worker(site) as process:
        slow.asked.acquire()
        process.kill()
        process.wait()
    assert newest_job(site).state == JobState.RUNNING
    watch_until_left(site)
    assert (newest_job(site).state, newest_job(site).attempts) == (JobState.WAITING, 1)


def test_a_machine_that_slept_makes_nobody_dead(site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        job.enqueue_job(session, seeded.alpha.id, JobKind.LOOK_AT_LINK, evidence=0)
    assert handlers.take_next_job(site)
    clock = Clock()
    watch = LeaseWatch(clock)
    for hours in (0, 8, 16):
        clock.seconds = hours * 3600
        with site.database.reading() as session:
            assert watch.left(job.list_beats(session)) == []


def test_what_a_worker_finds_that_lost_its_job_is_not_written(site: Site, seeded: World, slow: Slow) -> None:
    site.settings = site.settings.model_copy(update={"links_may_be_private": True})
    add_link(site, seeded, slow.url)
    lease = handlers.take_next_job(site)
    assert lease
    late = threading.Thread(target=handlers.do_job, args=(lease,))
    late.start()
    slow.asked.acquire()
    watch_until_left(site)
    with site.database.writing() as session:
        row = session.exec(select(Evidence).order_by(col(Evidence.id).desc()).limit(1)).one()
        row.link_state = "dead"  # as the worker that has the job now found
        session.add(row)
    slow.answers.set()
    late.join()
    assert newest(site).link_state == "dead"
    assert newest_job(site).state == JobState.WAITING


@pytest.mark.parametrize("length", ["full"])
def test_a_report_that_kills_each_worker_has_failed_and_can_be_asked_for_again(
    site: Site, length: str, who: WhoIs
) -> None:
    official = who("official")
    with site.database.writing() as session:
        number, _ = reports.order_report(Desk(session, site, official), "es", length)
    for _ in range(MOST_ATTEMPTS):
        assert handlers.take_next_job(site)
        watch_until_left(site)
    with site.database.writing() as session:
        line = reports.load_report(Desk(session, site, official), number)
        assert (line.state, newest_job(site).state) == ("failed", JobState.FAILED)
        assert "No se pudo" in line.error
        again, existed = reports.order_report(Desk(session, site, official), "es", length)
        assert (again, existed) == (number + 1, False)


@pytest.fixture
def silent_scanner() -> Iterator[tuple[str, threading.Event]]:
    """The address of a virus scanner that takes every file and answers none before the event."""
    answers = threading.Event()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.rfile.read(10)  # the command; what follows is the file
            while int.from_bytes(size := self.rfile.read(4)) and size:
                self.rfile.read(int.from_bytes(size))
            answers.wait()
            self.wfile.write(b"stream: OK\0")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}", answers
        answers.set()
        server.shutdown()


def test_files_of_one_city_delay_no_report_of_another_and_its_files_by_one_at_most(
    site: Site, seeded: World, silent_scanner: tuple[str, threading.Event], who: WhoIs
) -> None:
    address, answers = silent_scanner
    site.settings = site.settings.model_copy(update={"clamd": address})
    asked, official = [(seeded.alpha, 5), (seeded.beta, 1)], who("official", "beta")
    with site.database.writing() as session:
        for city, times in asked:
            session.get_one(StoredFile, city.file_id).scan = "waiting"
            for _ in range(times):
                job.enqueue_job(session, city.id, JobKind.SCAN_FILE, file=city.file_id, read=False)
        reports.order_report(Desk(session, site, official), "en", "one-page")
    working = Worker(site)
    until(lambda: newest_report(site).state == "ready")
    assert states_of(site, JobKind.SCAN_FILE) == {JobState.RUNNING: 1, JobState.WAITING: 5}, (
        "the scanner is still silent"
    )
    answers.set()
    until(lambda: states_of(site, JobKind.SCAN_FILE) == {JobState.DONE: 6})
    working.stop()
    with site.database.reading() as session:
        query = select(Job.city_id).where(Job.kind == JobKind.SCAN_FILE.value).order_by(col(Job.turn))
        assert list(session.exec(query)).index(seeded.beta.id) == 1


def states_of(site: Site, kind: JobKind) -> dict[str, int]:
    with site.database.reading() as session:
        return dict(Counter(session.exec(select(Job.state).where(Job.kind == kind.value))))


class MeetingMaker:
    """A maker of PDFs that is done with none before two are in its hands."""

    def __init__(self) -> None:
        self._barrier = threading.Barrier(2, timeout=60)

    def make(self, _: object) -> bytes:
        self._barrier.wait()
        return b"%PDF-1.7 both are here"

    def end(self) -> None:
        self._barrier.abort()

    close = end


def test_two_reports_are_made_at_a_time(site: Site, seeded: World, who: WhoIs) -> None:
    site.__dict__["pdf"] = MeetingMaker()
    site.settings.pdf_makers = 2
    with site.database.writing() as session:
        desk = Desk(session, site, who("official"))
        for length in ("one-page", "full"):
            reports.order_report(desk, "en", length)
    working = Worker(site)
    try:
        until(lambda: states_of(site, JobKind.MAKE_REPORT) == {"done": 2})
    finally:
        working.stop()


def test_a_worker_that_stops_waits_for_the_round_that_it_has_begun(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it looks at is closed next."""
    begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def go_slowly(_: Site) -> None:
        begun.set()
        may_end.wait(20)
        ended.set()

    monkeypatch.setattr(rounds, "WORK_INTERVALS", {go_slowly: 60})
    working = Worker(site)
    assert begun.wait(20)
    stopping = threading.Thread(target=working.stop)
    stopping.start()
    stopping.join(0.2)
    assert stopping.is_alive()
    may_end.set()
    stopping.join(20)
    assert ended.is_set()
    assert not stopping.is_alive()
