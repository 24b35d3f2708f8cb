"""Lanes and kinds of jobs."""

import pytest

from app.rules.errors import Invalid
from app.rules.job import LANES, JobKind, JobLane, check_lane
from app.services.jobs.handlers import JOB_HANDLERS


def test_every_kind_of_job_has_a_lane_and_somebody_who_does_it() -> None:
    assert set(LANES) == set(JobKind) == set(JOB_HANDLERS)
    assert set(LANES.values()) == set(JobLane), "a lane without jobs is a thread for nothing"


def test_a_letter_waits_for_no_report_and_a_report_for_no_reading() -> None:
    lanes = [
        LANES[kind] for kind in (JobKind.SEND_REQUEST, JobKind.MAKE_REPORT, JobKind.READ_FILE, JobKind.LOOK_AT_LINK)
    ]
    assert len(set(lanes)) == len(lanes)


def test_a_lane_is_called_by_its_name() -> None:
    assert check_lane("reports") is JobLane.REPORTS
    with pytest.raises(Invalid, match="letters, reports, readings, links, catalogs"):
        check_lane("pdf")
