"""Keeps the words of a piece of evidence as they are in the piece, in the transaction that changes it."""

from collections.abc import Collection

from sqlmodel import Session

from app.rules.text.search_words import words_of
from app.store import file_reading, search
from app.store.evidence.pieces import Evidence


def list_texts(piece: Evidence) -> tuple[str, ...]:
    """Everything of a piece that someone may look for, its file's name too; what it is called comes first."""
    names = (piece.title, piece.file_name, piece.source, piece.page_pointer, piece.url)
    return (*names, piece.unit, piece.dataset, piece.method, piece.caveat, piece.note)


def index_new_piece(session: Session, piece: Evidence) -> None:
    """As `index_piece`, for a piece that has no words yet."""
    search.add_words(session, piece.city_id, piece.id, _words_of(session, piece))


def index_piece(session: Session, piece: Evidence) -> None:
    """To be called after every change of a piece's texts, those in its file too; `piece` has its id and its new values."""
    search.index_piece(session, piece.city_id, piece.id, _words_of(session, piece))


def _words_of(session: Session, piece: Evidence) -> Collection[str]:
    reading = file_reading.find_reading(session, piece.city_id, piece.file_id)
    return words_of((*list_texts(piece), *((reading.title, reading.text) if reading else ())))
