"""Budget 5: twenty reports asked for at once while people read on: their pages beside the same without, and a child's memory."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median

from sqlmodel import select

from app.rules.report.state import UNFINISHED_STATES
from app.services.account.sessions import identify_member
from app.services.desk import Desk
from app.services.report import reports
from app.services.site import Site, open_site
from app.settings import ROOT
from app.store.report.reports import Report
from tests.bench.callers import Caller, Step, take_steps
from tests.bench.city_hall import PAGES
from tests.bench.data import CITY, Made, demo_city, settings
from tests.bench.load import OURS, Server, serving
from tests.bench.table import Line

REPORTS, OF_IDLE, CHILD_MIB = 20, 1.5, 300
READERS, READS, PAUSES = 4, 24, 3


def measure(folder: Path) -> list[Line]:
    made = demo_city(folder / "crowded")
    reports.SAME_WITHIN = timedelta()  # each is to be made, though it says the same as the one before
    with (
        closing(open_site(settings(made.data_dir))) as site,
        serving("ours", OURS, made.data_dir, made.token) as server,
    ):
        idle = [_slow_ms(server) for _ in range(1 + PAUSES)][1:]
        for _ in range(REPORTS):
            _order(site, made)
        with _working(made) as worker:
            busy, most = [], 0.0
            while _unfinished(site):
                busy.append(_slow_ms(server))
                most = max(most, _children_mib(worker))
        if not busy:
            raise RuntimeError("the reports were there before anyone had read a page")
    ratio = median(busy) / median(idle)
    told = (f"{median(busy):.1f} ms", f"idle {median(idle):.1f} ms")
    return [
        Line(f"pages beside {REPORTS} reports: 95 of 100 within", *told, ratio, at_most=OF_IDLE),
        Line("memory of the child that makes them", f"{most:.0f} MiB", "1 MiB", most, at_most=CHILD_MIB),
    ]


def _slow_ms(server: Server) -> float:
    steps = [Step(name, path.format(code="DM1")) for name, path in PAGES.items()] * (READS // len(PAGES))
    return take_steps(server, [Caller(server.cookie, tuple(steps))] * READERS).slow_ms()


def _order(site: Site, made: Made) -> None:
    with site.database.writing() as session:
        who = identify_member(session, made.token, CITY, "en")
        reports.order_report(Desk(session, site, who), "en", "full")


def _unfinished(site: Site) -> bool:
    with site.database.reading() as session:
        return session.exec(select(Report.id).where(Report.state.in_(UNFINISHED_STATES))).first() is not None  # type: ignore[attr-defined]


@contextmanager
def _working(made: Made) -> Iterator[int]:
    """A worker of its own process, until the block ends."""
    given = {**os.environ, "CITYREADY_DATA_DIR": str(made.data_dir), "PYTHONWARNINGS": "ignore"}
    worker = subprocess.Popen([sys.executable, "-m", "app", "work"], cwd=ROOT, env=given, stderr=subprocess.DEVNULL)
    try:
        time.sleep(1)
        yield worker.pid
    finally:
        worker.terminate()
        worker.wait(30)


def _children_mib(process: int) -> float:
    """The most that one of the process's children has taken so far."""
    most = 0.0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:  # it has ended
            continue
        parent, peak = re.search(r"PPid:\s+(\d+)", text), re.search(r"VmHWM:\s+(\d+) kB", text)
        if parent and peak and int(parent[1]) == process:
            most = max(most, int(peak[1]) / 1024)
    return most
