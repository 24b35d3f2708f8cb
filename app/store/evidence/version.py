"""What a piece of evidence said at each time, and who opened it where that is restricted."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Column, Text, UniqueConstraint, func
from sqlalchemy import select as select_rows
from sqlmodel import Field, Session, SQLModel, col, select

from app.store.database.engine import Utc, now
from app.store.database.rows import read_rows


class EvidenceVersion(SQLModel, table=True):
    """One state of a piece; rows are only added. `content` is JSON, `sha256` its fingerprint, which the record holds too."""

    __tablename__ = "evidence_version"
    __table_args__ = (UniqueConstraint("evidence_id", "number"),)
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    evidence_id: int = Field(foreign_key="evidence.id", index=True)
    number: int
    content: str = Field(sa_column=Column(Text, nullable=False))
    sha256: str = Field(max_length=64)
    file_id: int | None = Field(default=None, foreign_key="stored_file.id")
    file_name: str = Field(default="", max_length=200)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    why: str = Field(default="", max_length=300)
    at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


class EvidenceOpening(SQLModel, table=True):
    """That someone saw something restricted; `what` is `file`, each time, or once a day `page` or `picture`."""

    __tablename__ = "evidence_opening"
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    evidence_id: int = Field(foreign_key="evidence.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    what: str = Field(max_length=10)
    at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


def add_version(session: Session, version: EvidenceVersion) -> None:
    session.add(version)
    session.flush()


def add_opening(session: Session, opening: EvidenceOpening) -> None:
    session.add(opening)


def list_versions(session: Session, city_id: int, evidence_id: int) -> list[EvidenceVersion]:
    """The newest first."""
    query = select(EvidenceVersion).where(
        EvidenceVersion.city_id == city_id, EvidenceVersion.evidence_id == evidence_id
    )
    return list(session.exec(query.order_by(col(EvidenceVersion.number).desc())))


def find_newest_version(session: Session, city_id: int, evidence_id: int) -> EvidenceVersion | None:
    query = select(EvidenceVersion).where(
        EvidenceVersion.city_id == city_id, EvidenceVersion.evidence_id == evidence_id
    )
    return session.exec(query.order_by(col(EvidenceVersion.number).desc()).limit(1)).first()


def load_newest_numbers(session: Session, city_id: int, evidence_ids: Collection[int]) -> dict[int, int]:
    """The number of each piece's newest version, in one query; pieces of which none was kept are left out."""
    newest = func.max(col(EvidenceVersion.number))
    query = select_rows(col(EvidenceVersion.evidence_id), newest).where(
        col(EvidenceVersion.city_id) == city_id, col(EvidenceVersion.evidence_id).in_(evidence_ids)
    )
    rows = read_rows(session, query.group_by(col(EvidenceVersion.evidence_id)))
    return {evidence_id: number for evidence_id, number in rows}  # noqa: C416  (rows are no pairs to a type checker)


def is_opening_noted(
    session: Session, city_id: int, evidence_id: int, person_id: int, what: str, since: datetime
) -> bool:
    """Whether it is noted already that the person has opened this since then."""
    query = select(EvidenceOpening.id).where(
        EvidenceOpening.city_id == city_id, EvidenceOpening.evidence_id == evidence_id, EvidenceOpening.what == what
    )
    query = query.where(EvidenceOpening.person_id == person_id, EvidenceOpening.at >= since)
    return session.exec(query.limit(1)).first() is not None


def list_openings(session: Session, city_id: int, evidence_id: int, most: int) -> list[EvidenceOpening]:
    """The newest first."""
    query = select(EvidenceOpening).where(
        EvidenceOpening.city_id == city_id, EvidenceOpening.evidence_id == evidence_id
    )
    return list(session.exec(query.order_by(col(EvidenceOpening.id).desc()).limit(most)))
