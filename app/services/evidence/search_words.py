"""Keeps the words of a piece of evidence as they are in the piece, in the transaction that changes it."""

from sqlmodel import Session

from app.rules.search import words_of
from app.store import file_reading, search
from app.store.evidence.pieces import Evidence


def texts_of(row: Evidence) -> tuple[str, ...]:
    """Everything of a piece that somebody may look for, its file's name too; what it is called comes first."""
    called = (row.title, row.file_name, row.source, row.page_pointer, row.url)
    return (*called, row.unit, row.dataset, row.method, row.caveat, row.note)


def index(session: Session, row: Evidence) -> None:
    """To be called after every change of a piece's texts, those in its file too; `row` has its id and its new values."""
    reading = file_reading.of_file(session, row.city_id, row.file_id)
    inside = reading.text if reading else ""
    search.index(session, row.city_id, row.id, words_of((*texts_of(row), inside)))
