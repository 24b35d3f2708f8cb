"""What a worker does beside its jobs, again and again, by a clock that a test may set."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from app.services.evidence import upload
from app.services.jobs import rounds as job_rounds
from app.services.jobs.rounds import WorkerRounds
from app.services.site import Site
from app.store.database.engine import now
from app.store.upload import Upload
from tests import world
from tests.world import World

DAY = 86_400


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def abandon(site: Site, seeded: World) -> None:
    """An upload that began and whose time has run out."""
    upload.begin_upload(
        site, upload.sender_of_person(world.identify(site, seeded.alpha.people["lead"])), "minutes.txt", 1
    )
    with site.database.writing() as session:
        for row in session.exec(select(Upload)):
            row.expires_at = now() - timedelta(seconds=1)
            session.add(row)


def unfinished(site: Site) -> int:
    with site.database.reading() as session:
        return len(session.exec(select(Upload)).all())


def test_what_nobody_finished_is_swept_at_the_start_and_each_day_while_the_worker_runs(
    site: Site, seeded: World
) -> None:
    clock = Clock()
    rounds = WorkerRounds(clock)
    abandon(site, seeded)
    rounds.do_due_work(site)
    assert unfinished(site) == 0
    abandon(site, seeded)
    clock.seconds = DAY - 1
    rounds.do_due_work(site)
    assert unfinished(site) == 1, "not all the time, because all of storage is listed"
    clock.seconds = DAY
    rounds.do_due_work(site)
    assert unfinished(site) == 0


@pytest.mark.only_sqlite
def test_a_sweep_that_fails_keeps_nobody_from_working(
    site: Site, seeded: World, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    done: list[Site] = []
    monkeypatch.setitem(job_rounds.WORK_INTERVALS, done.append, 60)
    with site.database.writing() as session:
        session.execute(text("DROP TABLE upload_part"))
    WorkerRounds().do_due_work(site)
    assert done == [site]
    assert "storage could not be swept" in "".join(capfd.readouterr())
