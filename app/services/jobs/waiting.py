"""What waits for a job has one: a state that would wait for ever is closed as failed, or its job is asked for again."""

from datetime import timedelta

from sqlmodel import Session

from app.adapters.pictured_pages.reading import is_reader_here
from app.rules.installation.job import JobKind
from app.services.portal import reading
from app.services.report import making
from app.services.site import Site
from app.store import file_reading, job
from app.store.database.engine import now
from app.store.evidence import files
from app.store.report import reports

LATE_AFTER = timedelta(minutes=10)
"""After this time a page does not say any more that a file is being read."""
MOST_FILES = 100


def recover_lost_jobs(site: Site) -> int:
    """Reports and catalogs that wait for a job that is not there; returns how many. Safe between processes."""
    with site.database.reading() as session:
        lost = bool(_list_lost_reports(session) or reading.list_lost_portals(session))
    if not lost:
        return 0
    with site.database.writing() as session:
        lost_reports, lost_catalogs = _list_lost_reports(session), reading.list_lost_portals(session)
        for lost_report in lost_reports:
            making.give_up_report(session, lost_report.city_id, {"report": lost_report.id}, None)
        for catalog in lost_catalogs:
            reading.enqueue_reading(session, catalog)
    return len(lost_reports) + len(lost_catalogs)


def _list_lost_reports(session: Session) -> list[reports.Report]:
    rows = reports.list_unfinished_reports(session)
    expected_ids = job.load_open_values(session, JobKind.MAKE_REPORT, "report") if rows else set()
    return [row for row in rows if row.id not in expected_ids]


def recover_lost_files(site: Site) -> int:
    """Files that wait to be scanned or read, in their pictures too, without a job; each is asked for again. Returns how many.

    Safe between processes.
    """
    with site.database.writing() as session:
        before = now() - LATE_AFTER
        unscanned = files.list_files_awaiting_scan(session, before, MOST_FILES) if site.settings.clamd else []
        for file in unscanned:
            job.enqueue_job(session, file.city_id, JobKind.SCAN_FILE, file=file.id)
        unread = file_reading.list_unread_files(session, before, MOST_FILES)
        for file in unread:
            file_reading.enqueue_reading(session, file.city_id, file.id)
        pictured = file_reading.list_unread_pictures(session, before, MOST_FILES) if is_reader_here() else []
        for reading_row in pictured:
            file_reading.enqueue_pictures(session, reading_row.city_id, reading_row.file_id)
    return len(unscanned) + len(unread) + len(pictured)
