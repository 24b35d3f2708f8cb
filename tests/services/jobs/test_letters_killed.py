"""Letters that leave at once: their worker killed while the server has them, a server that is away for days, and an address refused."""

import os
import signal
from datetime import timedelta

import pytest
from sqlmodel import update

from app.rules.account.security_record import SecurityKind
from app.rules.installation.job import JobState
from app.services.account import security_letter
from app.services.jobs import handlers
from app.services.letters import MOST_HANDOVERS
from app.services.site import Site
from app.store.database.engine import now
from app.store.job import Job
from tests import world
from tests.letter_box import LetterBox, letter_box
from tests.services.jobs.test_worker import newest_job, watch_until_left, worker
from tests.world import World

EMAIL = "lead@alpha.example"


class DeadlyBox(LetterBox):
    """Kills the worker when it has the letter, before it says so."""

    worker = 0

    async def handle_DATA(self, *given: object) -> str:
        answer = await super().handle_DATA(*given)  # type: ignore[arg-type]
        if self.worker:
            os.kill(self.worker, signal.SIGKILL)
        return answer


def _write(site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        security_letter.send_letter(session, site, SecurityKind.NEW_DEVICE, seeded.alpha.people["lead"])


def _try_now(site: Site) -> None:
    with site.database.writing() as session:
        session.exec(update(Job).values(run_after=None, state=JobState.WAITING))


@pytest.mark.only_sqlite
def test_a_worker_killed_while_the_server_has_the_letter_sends_it_once_more_and_as_the_same(
    site: Site, seeded: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with letter_box(site, DeadlyBox()) as box:
        for name in ("smtp_host", "smtp_port", "smtp_tls"):
            monkeypatch.setenv(f"CITYREADY_{name.upper()}", str(getattr(site.settings, name)))
        _write(site, seeded)
        with worker(site, "--lane", "letters") as process:
            box.worker = process.pid
            assert process.wait() == -signal.SIGKILL
        box.worker = 0
        assert (newest_job(site).state, len(box.letters)) == (JobState.RUNNING, 1)
        watch_until_left(site)
        world.run_jobs(site)
        assert newest_job(site).state == JobState.DONE
        assert len(box.letters) == MOST_HANDOVERS
        assert len({letter["Message-ID"] for letter in box.to(EMAIL)}) == 1
        _try_now(site)
        world.run_jobs(site)
        assert (newest_job(site).state, len(box.letters)) == (JobState.DONE, MOST_HANDOVERS), "and never a third time"


@pytest.mark.only_sqlite
def test_a_letter_waits_two_days_for_the_server_and_one_that_is_refused_for_good_does_not(
    site: Site, seeded: World
) -> None:
    with letter_box(site) as box:
        box.is_away = True
        _write(site, seeded)
        for _ in range(5):
            world.run_jobs(site)
            assert newest_job(site).state == JobState.LATER
            _try_now(site)
        with site.database.writing() as session:
            session.exec(update(Job).values(created_at=now() - timedelta(days=2)))
        handlers.queue_due_jobs(site)
        world.run_jobs(site)
        assert newest_job(site).state == JobState.LATER
        box.is_away = False
        _try_now(site)
        world.run_jobs(site)
        assert (newest_job(site).state, len(box.letters)) == (JobState.DONE, 1)
        box.refused = {EMAIL}
        _write(site, seeded)
        world.run_jobs(site)
        assert newest_job(site).state == JobState.FAILED
        box.refused, box.is_away = set(), True
        _write(site, seeded)
        with site.database.writing() as session:
            session.exec(update(Job).values(created_at=now() - timedelta(days=4), attempts=9))
        world.run_jobs(site)
        assert newest_job(site).state == JobState.FAILED, "after three days it is news no more"
