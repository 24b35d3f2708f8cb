"""All tables, imported once so that the metadata is whole for migrations."""

from sqlmodel import SQLModel

from app.store import (
    account,
    assessment,
    backup,
    city,
    evidence,
    evidence_version,
    file_reading,
    history,
    history_event,
    installation,
    invitation,
    job,
    people,
    planning,
    portal,
    report,
    request,
    response,
    retention,
    review,
    search,
    security_record,
    unclaimed_file,
    upload,
)

__all__ = [
    "account",
    "assessment",
    "backup",
    "city",
    "evidence",
    "evidence_version",
    "file_reading",
    "history",
    "history_event",
    "installation",
    "invitation",
    "job",
    "people",
    "planning",
    "portal",
    "report",
    "request",
    "response",
    "retention",
    "review",
    "search",
    "security_record",
    "unclaimed_file",
    "upload",
]

metadata = SQLModel.metadata
