"""What becomes of the reports that are not made yet: each is told from its row, its file and its job."""

from collections.abc import Collection

from sqlmodel import Session

from app.rules.installation.job import JobKind
from app.rules.report.state import UNFINISHED_STATES, ReportState, tell_state
from app.store import job
from app.store.report.reports import Report


def load_states(session: Session, city_id: int, known_reports: Collection[Report]) -> dict[int, ReportState]:
    """The state of each of the city's reports by its id; jobs are looked for only where one is under way."""
    under_way = any(known.state in UNFINISHED_STATES for known in known_reports)
    payloads = job.list_open_payloads(session, city_id, JobKind.MAKE_REPORT) if under_way else []
    expected_ids = {payload.get("report") for payload in payloads}
    return {
        known.id: tell_state(known.state, has_file=bool(known.file_key), has_job=known.id in expected_ids)
        for known in known_reports
    }


def is_lost(session: Session, known_report: Report) -> bool:
    """Whether nothing comes of it any more, though its row may not say so yet."""
    return load_states(session, known_report.city_id, [known_report])[known_report.id] is ReportState.FAILED
