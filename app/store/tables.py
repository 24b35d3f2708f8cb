"""All tables, imported once so that the metadata is whole for migrations."""

from sqlmodel import SQLModel

from app.store import (
    account,
    assessment,
    award,
    backup,
    city,
    file_reading,
    handover,
    installation,
    invitation,
    job,
    judged_response,
    people,
    planning,
    portal,
    program,
    report,
    request,
    response,
    retention,
    review,
    search,
    second_step,
    security_record,
    unclaimed_file,
    upload,
)
from app.store.evidence import files, links, pieces, version
from app.store.history import event, events

__all__ = [
    "account",
    "assessment",
    "award",
    "backup",
    "city",
    "event",
    "events",
    "file_reading",
    "files",
    "handover",
    "installation",
    "invitation",
    "job",
    "judged_response",
    "links",
    "people",
    "pieces",
    "planning",
    "portal",
    "program",
    "report",
    "request",
    "response",
    "retention",
    "review",
    "search",
    "second_step",
    "security_record",
    "unclaimed_file",
    "upload",
    "version",
]

metadata = SQLModel.metadata
