"""All tables, imported once so that the metadata is whole for migrations."""

from sqlmodel import SQLModel

from app.store import (
    account,
    assessment,
    city,
    evidence,
    history,
    job,
    people,
    planning,
    portal,
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
    "history",
    "job",
    "people",
    "planning",
    "portal",
    "report",
    "request",
    "response",
    "review",
    "search",
]

metadata = SQLModel.metadata
