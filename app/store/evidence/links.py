"""Links as evidence: when they are visited, and the copies of what was there."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, Session, SQLModel, col, or_, select

from app.rules.criteria.edition import EvidenceKind
from app.store.database.engine import Utc, now
from app.store.evidence.files import StoredFile
from app.store.evidence.pieces import Evidence


class LinkCopy(SQLModel, table=True):
    """What a linked page said on a day, kept as a file; the newest row is the copy that stands for the link."""

    __tablename__ = "link_copy"
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    evidence_id: int = Field(foreign_key="evidence.id", index=True)
    file_id: int = Field(foreign_key="stored_file.id")
    url: str = Field(max_length=2000)
    at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


def add_link_copy(session: Session, piece: Evidence, file_id: int) -> None:
    """The file holds what the link leads to now."""
    session.add(LinkCopy(city_id=piece.city_id, evidence_id=piece.id, file_id=file_id, url=piece.url))


def find_link_copy(session: Session, city_id: int, evidence_id: int) -> tuple[LinkCopy, StoredFile] | None:
    """The newest copy of what a link leads to, with its file."""
    query = select(LinkCopy, StoredFile).join(StoredFile, col(StoredFile.id) == LinkCopy.file_id)
    query = query.where(LinkCopy.city_id == city_id, LinkCopy.evidence_id == evidence_id)
    return session.exec(query.order_by(col(LinkCopy.id).desc()).limit(1)).first()


def list_due_links(session: Session, at: datetime, most: int) -> list[Evidence]:
    """Links in use, of every city, that should be visited by now; locked where the database locks rows, those of others left out."""
    due = or_(col(Evidence.link_next_at).is_(None), col(Evidence.link_next_at) <= at)
    query = select(Evidence).where(Evidence.kind == EvidenceKind.LINK, col(Evidence.withdrawn_at).is_(None), due)
    return list(session.exec(query.order_by(col(Evidence.id)).limit(most).with_for_update(skip_locked=True)))


def is_any_link_due(session: Session, at: datetime) -> bool:
    due = or_(col(Evidence.link_next_at).is_(None), col(Evidence.link_next_at) <= at)
    query = select(Evidence.id).where(Evidence.kind == EvidenceKind.LINK, col(Evidence.withdrawn_at).is_(None), due)
    return session.exec(query.limit(1)).first() is not None
