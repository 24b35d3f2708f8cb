"""Lanes and kinds of jobs."""

import pytest

from app.rules.errors import Invalid
from app.rules.installation.job import LANES, JobKind, JobLane, check_lane, count_before
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
    with pytest.raises(Invalid, match="letters, reports, readings, pictures, links, catalogs"):
        check_lane("pdf")


@pytest.mark.parametrize(("job_id", "before"), [(1, 1), (2, 3), (3, 4), (4, 0), (5, 2), (99, 0)])
def test_cities_take_turns_in_the_count_of_what_comes_before(job_id: int, before: int) -> None:
    waiting = [(1, 10), (2, 10), (3, 10), (4, 20), (5, 20)]
    assert count_before(waiting, {10: 8, 20: 3}, job_id) == before
