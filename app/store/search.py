"""The words by which a city's pieces of evidence are found: an index of their own, alike on both databases."""

from collections.abc import Collection

from sqlalchemy import Column, ForeignKey, Integer, Select, String, and_, delete, insert
from sqlalchemy import select as select_rows
from sqlmodel import Field, Session, SQLModel, col

LAST = "\U0010ffff"
"""Comes after every letter, so that `abc` to `abc` + LAST is everything that begins with abc."""


class SearchWord(SQLModel, table=True):
    """That a piece has a word. Words are compared letter by letter, whatever language the database was set up in."""

    __tablename__ = "search_word"
    city_id: int = Field(sa_column=Column(Integer, ForeignKey("city.id"), primary_key=True))
    word: str = Field(
        sa_column=Column(String(40).with_variant(String(40, collation="C"), "postgresql"), primary_key=True)
    )
    evidence_id: int = Field(sa_column=Column(Integer, ForeignKey("evidence.id"), primary_key=True, index=True))


def index_piece(session: Session, city_id: int, evidence_id: int, words: Collection[str]) -> None:
    """Make these the words of the piece."""
    of_piece = and_(col(SearchWord.city_id) == city_id, col(SearchWord.evidence_id) == evidence_id)
    session.exec(delete(SearchWord).where(of_piece))
    add_words(session, city_id, evidence_id, words)


def add_words(session: Session, city_id: int, evidence_id: int, words: Collection[str]) -> None:
    """Give the piece these words, none of which it has."""
    if words:
        rows = [{"city_id": city_id, "word": word, "evidence_id": evidence_id} for word in words]
        session.execute(insert(SearchWord), rows)


def ids_having_word(city_id: int, word: str) -> Select[int]:
    """A query for the ids of pieces that have the word, or one that begins with it; to be used inside another."""
    query = select_rows(col(SearchWord.evidence_id)).where(col(SearchWord.city_id) == city_id)
    return query.where(col(SearchWord.word) >= word, col(SearchWord.word) < word + LAST)
