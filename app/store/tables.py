"""All tables, imported once so that the metadata is whole for migrations."""

from sqlmodel import SQLModel

from app.store import (
    assessment,
    award,
    bulk,
    city,
    file_reading,
    handover,
    job,
    judged_response,
    letter,
    monthly,
    people,
    planning,
    portal,
    program,
    request,
    response,
    retention,
    review,
    search,
    unclaimed_file,
    upload,
)
from app.store.account import invitation, passkey, second_step, security_record, sign_in, sign_on, tries
from app.store.evidence import files, links, pieces, version
from app.store.history import event, events
from app.store.installation import backup, installation
from app.store.report import foreword, mailings, openings, reports

__all__ = [
    "assessment",
    "award",
    "backup",
    "bulk",
    "city",
    "event",
    "events",
    "file_reading",
    "files",
    "foreword",
    "handover",
    "installation",
    "invitation",
    "job",
    "judged_response",
    "letter",
    "links",
    "mailings",
    "monthly",
    "openings",
    "passkey",
    "people",
    "pieces",
    "planning",
    "portal",
    "program",
    "reports",
    "request",
    "response",
    "retention",
    "review",
    "search",
    "second_step",
    "security_record",
    "sign_in",
    "sign_on",
    "tries",
    "unclaimed_file",
    "upload",
    "version",
]

metadata = SQLModel.metadata
