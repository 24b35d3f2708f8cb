"""All tables, imported once so that the metadata is whole for migrations."""

from sqlmodel import SQLModel

from app.store import (
    account,
    assessment,
    city,
    evidence,
    file_reading,
    history,
    job,
    people,
    planning,
    report,
    request,
    response,
    review,
    search,
)

__all__ = [
    "account",
    "assessment",
    "city",
    "evidence",
    "file_reading",
    "history",
    "job",
    "people",
    "planning",
    "report",
    "request",
    "response",
    "review",
    "search",
]

metadata = SQLModel.metadata
