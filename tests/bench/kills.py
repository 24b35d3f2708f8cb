"""Workers killed again and again while they make reports: `python -m tests.bench.kills [TIMES]` ends with 1 where anything was lost.

A worker of its own process is killed with -9 after a random part of two seconds; the next one begins at once, and takes up what was left.
"""

import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from sqlmodel import select

from app.rules.installation.job import JobState
from app.rules.report.state import UNFINISHED_STATES
from app.services.desk import Desk
from app.services.jobs import handlers
from app.services.jobs.waiting import recover_lost_jobs
from app.services.report import reports
from app.services.site import Site, open_site
from app.settings import ROOT, Settings
from app.store import job
from app.store.history.events import HistoryEvent
from app.store.job import Job
from app.store.migrating import upgrade_database
from app.store.report.reports import Report
from tests import world

SEED = 9


def kill_workers(site: Site, seeded: world.World, times: int) -> None:
    chance = random.Random(SEED)
    official = world.identify(site, seeded.alpha.people["official"])
    given = {**os.environ, "CITYREADY_DATA_DIR": str(site.settings.data_dir), "PYTHONWARNINGS": "ignore"}
    for number in range(times):
        with site.database.writing() as session:
            reports.order_report(
                Desk(session, site, official), ("en", "es")[number % 2], "one-page", forecast=number % 4 > 1
            )
        command = [sys.executable, "-m", "app", "work"]
        with subprocess.Popen(command, cwd=ROOT, env=given, stderr=subprocess.DEVNULL) as worker:
            try:
                worker.wait(0.5 + 2 * chance.random())
            except subprocess.TimeoutExpired:
                worker.kill()


def finish(site: Site) -> None:
    """As the worker does that comes last: what dead ones left is taken back, then everything is done."""
    while any_open(site):
        with site.database.reading() as session:
            left = job.list_beats(session)
        for beat in left:
            handlers.take_back_job(site, beat)
        world.run_jobs(site)
        with site.database.writing() as session:
            for row in session.exec(select(Job).where(Job.state == JobState.LATER)):
                row.state, row.run_after, row.waits_since = JobState.WAITING.value, None, None
                session.add(row)
    recover_lost_jobs(site)


def any_open(site: Site) -> bool:
    with site.database.reading() as session:
        return (
            session.exec(select(Job.id).where(Job.state != JobState.DONE, Job.state != JobState.FAILED)).first()
            is not None
        )


def main(times: int) -> int:
    reports.SAME_WITHIN = timedelta()  # each is to be made, though it says the same as the one before
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        upgrade_database(settings.database)
        with closing(open_site(settings)) as site:
            with site.database.writing() as session:
                seeded = world.build(session, site.storage)
            kill_workers(site, seeded, times)
            finish(site)
            with site.database.reading() as session:
                states = Counter(session.exec(select(Report.state)))
                made = len(session.exec(select(HistoryEvent.id).where(HistoryEvent.verb == "report_made")).all())
    print(f"{times} kills: reports {dict(states)}, made {made}")
    lost = sum(states[state] for state in UNFINISHED_STATES)
    return 1 if lost or made != states["ready"] else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 300))
