"""The forewords of a city's reports, one for each language."""

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, select


class Foreword(SQLModel, table=True):
    """What the mayor or manager says in a language, and who signs it; without a text there is none."""

    __table_args__ = (UniqueConstraint("city_id", "language"),)
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    language: str = Field(max_length=5)
    text: str = Field(default="", sa_column=Column(Text, nullable=False))
    name: str = Field(default="", max_length=80)
    office: str = Field(default="", max_length=80)
    version: int = 1


def list_forewords(session: Session, city_id: int) -> list[Foreword]:
    """Also those whose text was taken out."""
    return list(session.exec(select(Foreword).where(Foreword.city_id == city_id)))


def find_foreword(session: Session, city_id: int, language: str) -> Foreword | None:
    return session.exec(select(Foreword).where(Foreword.city_id == city_id, Foreword.language == language)).first()


def save_foreword(session: Session, foreword: Foreword) -> None:
    session.add(foreword)
    session.flush()
