"""What a report is: ready, failed, disposed of, or on its way with a job that still makes it."""

from enum import StrEnum


class ReportState(StrEnum):
    WAITING = "waiting"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    DISPOSED = "disposed"


UNFINISHED_STATES = (ReportState.WAITING, ReportState.MAKING)
PROVEN_STATES = (ReportState.READY, ReportState.DISPOSED)
"""In which a report has a day and a fingerprint, so that its code leads somewhere for good."""


def tell_state(noted: str, *, has_file: bool, has_job: bool) -> ReportState:
    """The state from the facts: what the row notes counts only while a job is there that can still change it."""
    if noted == ReportState.DISPOSED:
        return ReportState.DISPOSED
    if has_file:
        return ReportState.READY
    if noted in UNFINISHED_STATES and has_job:
        return ReportState(noted)
    return ReportState.FAILED
