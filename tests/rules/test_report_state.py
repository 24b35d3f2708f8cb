import pytest

from app.rules.report.state import ReportState, tell_state

MADE_OR_NOT = [state for state in ReportState if state is not ReportState.DISPOSED]


@pytest.mark.parametrize("has_job", [True, False])
@pytest.mark.parametrize("has_file", [True, False])
def test_what_was_disposed_of_stays_so(has_file: bool, has_job: bool) -> None:
    assert tell_state(ReportState.DISPOSED, has_file=has_file, has_job=has_job) is ReportState.DISPOSED


@pytest.mark.parametrize("noted", MADE_OR_NOT)
@pytest.mark.parametrize("has_job", [True, False])
def test_a_report_with_a_file_is_ready_whatever_was_noted(noted: ReportState, has_job: bool) -> None:
    assert tell_state(noted, has_file=True, has_job=has_job) is ReportState.READY


@pytest.mark.parametrize("noted", MADE_OR_NOT)
def test_without_file_and_job_nothing_comes_any_more(noted: ReportState) -> None:
    assert tell_state(noted, has_file=False, has_job=False) is ReportState.FAILED


def test_with_a_job_it_is_as_noted_but_no_job_makes_a_failure_or_a_lost_file_good() -> None:
    states = {noted: tell_state(noted, has_file=False, has_job=True) for noted in MADE_OR_NOT}
    assert states == {
        ReportState.WAITING: ReportState.WAITING,
        ReportState.MAKING: ReportState.MAKING,
        ReportState.READY: ReportState.FAILED,
        ReportState.FAILED: ReportState.FAILED,
    }
