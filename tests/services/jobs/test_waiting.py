"""What waits has a job, or is closed and says so."""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, delete, select

from app.adapters.pdf.maker import PdfMaker
from app.rules.installation.job import JobKind, JobState
from app.services.desk import Desk
from app.services.jobs import handlers, waiting
from app.services.jobs.rounds import clear_jobs
from app.services.portal import page as portal
from app.services.report import making, reports
from app.services.site import Site
from app.settings import ROOT
from app.store import job
from app.store.database.engine import now
from app.store.evidence.files import StoredFile
from app.store.file_reading import FileReading
from app.store.job import Job
from app.store.portal import Portal
from app.store.report.reports import Report
from tests import world
from tests.conftest import ClientFor, WhoIs
from tests.services.jobs.test_worker import newest_job, newest_report, watch_until_left
from tests.world import World


def lose_jobs(site: Site) -> None:
    """As when the database was restored, or the rows were made by a version that lost them."""
    with site.database.writing() as session:
        session.exec(delete(Job))


def test_a_report_without_a_job_has_failed_and_others_are_left_alone(site: Site, seeded: World, who: WhoIs) -> None:
    for slug in ("alpha", "beta"):
        with site.database.writing() as session:
            reports.order_report(Desk(session, site, who("official", slug)), "en", "full")
        if slug == "alpha":
            lose_jobs(site)
    assert waiting.recover_lost_jobs(site) == 1
    assert waiting.recover_lost_jobs(site) == 0
    with site.database.reading() as session:
        rows = session.exec(select(Report.city_id, Report.state, Report.error).order_by(col(Report.id))).all()
    assert rows[-2][:2] == (seeded.alpha.id, "failed")
    assert "ask for it again" in rows[-2][2]
    assert rows[-1][:2] == (seeded.beta.id, "waiting"), "its job is there"


@pytest.mark.parametrize("stopped", [KeyboardInterrupt, MemoryError])
def test_a_report_that_is_stopped_at_the_command_line_has_failed(
    site: Site, seeded: World, monkeypatch: pytest.MonkeyPatch, stopped: type[BaseException]
) -> None:
    def stop(*_: object, **__: object) -> bytes:
        raise stopped

    monkeypatch.setattr(PdfMaker, "make", stop)
    with pytest.raises(stopped):
        making.make_report_file(site, "alpha", "en", "full")
    assert newest_report(site).state == "failed"
    with site.database.reading() as session:
        assert session.exec(select(Job.state)).all() == [JobState.FAILED]


def _is_laid_out(site: Site, before: int) -> bool:
    """Whether a report after `before` has come to its longest step, in which it waits for nothing but its own child."""
    newest = newest_report(site)
    return newest.id != before and newest.step == "laying_out"


def stop_command(site: Site, tmp_path: Path, number: signal.Signals) -> int:
    """Make a report at the command line, as a process that gets the signal while its report is laid out; its exit status."""
    given = {
        "CITYREADY_DATA_DIR": str(site.settings.data_dir),
        "CITYREADY_DATABASE_URL": site.settings.database_url,
        "PYTHONWARNINGS": "ignore",
    }
    command = [sys.executable, "-m", "app", "report", "--city", "alpha", "--output", str(tmp_path / "report.pdf")]
    before = newest_report(site).id
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **given}) as process:
        for _ in iter(lambda: _is_laid_out(site, before) or process.poll() is not None, True):
            continue
        process.send_signal(number)
    return process.returncode


def test_a_command_that_is_killed_leaves_its_report_to_a_worker(site: Site, seeded: World, tmp_path: Path) -> None:
    stop_command(site, tmp_path, signal.SIGKILL)
    assert newest_report(site).state in {"waiting", "making"}
    assert waiting.recover_lost_jobs(site) == 0, "its job is there, and may be alive"
    watch_until_left(site)
    world.run_jobs(site)
    assert newest_report(site).state == "ready"


def test_a_command_that_is_told_to_end_leaves_a_report_that_is_made_again_with_one_press(
    site: Site, seeded: World, tmp_path: Path, client_for: ClientFor
) -> None:
    assert stop_command(site, tmp_path, signal.SIGTERM) == 128 + signal.SIGTERM
    stopped = newest_report(site)
    assert (stopped.state, newest_job(site).state) == ("failed", JobState.FAILED)
    official = client_for("official")
    page = f"/alpha/reports/{stopped.number}"
    assert str(making.STOPPED) in official.get(page).text
    again = official.post(f"{page}/again").headers["location"]
    assert again == f"/alpha/reports/{stopped.number + 1}"
    assert official.post(f"{again}/again").headers["location"] == again, "it is under way"
    world.run_jobs(site)
    assert "Download the PDF" in official.get(again).text


def test_a_report_whose_job_is_gone_turns_no_wheel_and_stands_in_nobody_s_way(
    site: Site, seeded: World, client_for: ClientFor
) -> None:
    official = client_for("official")
    form = {"language": "en", "length": "one-page"}
    page = official.post("/alpha/reports", data=form).headers["location"]
    assert "spinner" in official.get(page).text
    assert official.post("/alpha/reports", data=form).headers["location"] == page + "?done=report-kept"
    lose_jobs(site)
    assert "spinner" not in official.get(page).text
    assert "Make it again" in official.get(page).text
    assert "Could not be made" in official.get("/alpha/readiness").text
    assert official.post("/alpha/reports", data=form).headers["location"] not in {page, page + "?done=report-kept"}


def test_while_one_is_made_the_command_line_makes_its_own(site: Site, who: WhoIs) -> None:
    with site.database.writing() as session:
        number, _ = reports.order_report(Desk(session, site, who("official")), "en", "one-page")
    content = making.make_report_file(site, "alpha", "en", "one-page")
    assert (newest_report(site).number, newest_report(site).state) == (number + 1, "ready")
    assert making.make_report_file(site, "alpha", "en", "one-page") == content
    assert newest_report(site).number == number + 1, "one that is ready is handed out"


def test_a_report_that_was_made_before_its_worker_died_is_not_made_again(site: Site, seeded: World, who: WhoIs) -> None:
    with site.database.writing() as session:
        reports.order_report(Desk(session, site, who("official")), "en", "one-page")
    lease = handlers.take_next_job(site)
    assert lease
    making.make_report(site, seeded.alpha.id, json.loads(lease.job.payload))
    made = newest_report(site)
    watch_until_left(site)
    world.run_jobs(site)
    assert newest_report(site) == made


def catalog(site: Site, seeded: World, **values: Any) -> None:
    with site.database.writing() as session:
        row = session.exec(select(Portal).where(Portal.city_id == seeded.alpha.id)).one()
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)


def test_a_catalog_that_was_asked_for_or_is_due_is_read_after_all(site: Site, seeded: World) -> None:
    assert waiting.recover_lost_jobs(site) == 0
    for values in ({"state": "asked", "asked_at": now()}, {"state": "read", "next_read_on": now().date()}):
        catalog(site, seeded, **values)
        assert waiting.recover_lost_jobs(site) == 1
        assert waiting.recover_lost_jobs(site) == 0, "it has a job now"
        with site.database.reading() as session:
            (payload,) = job.list_open_payloads(session, seeded.alpha.id, JobKind.READ_CATALOG)
        assert payload == {"url": "https://data.example"}
        lose_jobs(site)


def test_a_catalog_of_a_file_that_is_not_known_any_more_says_that_it_was_not_read(
    site: Site, seeded: World, who: WhoIs
) -> None:
    catalog(site, seeded, state="asked", asked_at=now(), url="")
    assert waiting.recover_lost_jobs(site) == 1
    with site.database.reading() as session:
        page = portal.load_portal_page(Desk(session, site, who("reviewer")))
    assert page.error
    assert waiting.recover_lost_jobs(site) == 0


def test_files_that_nobody_read_or_scanned_are_asked_for_again(site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        session.exec(delete(FileReading))
        for row in session.exec(select(StoredFile)):
            row.created_at = now()
            session.add(row)
        session.get_one(StoredFile, seeded.beta.file_id).scan = "waiting"
    assert waiting.recover_lost_files(site) == 0, "they are new, and their jobs may be on the way"
    with site.database.writing() as session:
        for row in session.exec(select(StoredFile)):
            row.created_at = now() - timedelta(hours=1)
            session.add(row)
    site.settings = site.settings.model_copy(update={"clamd": "127.0.0.1:1"})
    assert waiting.recover_lost_files(site) == 2
    assert waiting.recover_lost_files(site) == 0
    with site.database.reading() as session:
        assert job.load_open_values(session, JobKind.READ_FILE, "file") == {seeded.alpha.file_id}
        assert job.load_open_values(session, JobKind.SCAN_FILE, "file") == {seeded.beta.file_id}


def test_a_file_that_kills_each_worker_counts_as_read_and_cannot_be_read(site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        session.exec(delete(FileReading))
        job.enqueue_job(session, seeded.alpha.id, JobKind.READ_FILE, file=seeded.alpha.file_id)
    for lease in iter(lambda: handlers.take_next_job(site), None):
        assert lease
        watch_until_left(site)
    with site.database.reading() as session:
        (reading,) = session.exec(select(FileReading))
    assert (reading.file_id, reading.state, reading.trouble) == (seeded.alpha.file_id, "failed", "damaged")


def test_jobs_that_are_done_go_after_two_weeks_and_failed_ones_after_three_months(site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        for state, days in ((JobState.DONE, 15), (JobState.DONE, 13), (JobState.FAILED, 91), (JobState.FAILED, 15)):
            row = job.enqueue_job(session, seeded.alpha.id, JobKind.LOOK_AT_LINK, evidence=days)
            row.state, row.ended_at = state.value, now() - timedelta(days=days)
    assert clear_jobs(site) == 2
    with site.database.reading() as session:
        assert sorted(json.loads(kept)["evidence"] for kept in session.exec(select(Job.payload))) == [13, 15]
