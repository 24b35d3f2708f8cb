"""Files in storage: one row a content."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from itertools import islice

from sqlalchemy import Column, UniqueConstraint, bindparam
from sqlmodel import Field, Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.rules.files.scanning import ScanState
from app.rules.installation.job import JobKind
from app.store import job
from app.store.database.engine import Utc, now


class StoredFile(SQLModel, table=True):
    """A file in storage. The row is written after the object, so there is never a row without a file.

    `scan`: empty where no virus scanner is set, else waiting, clean or infected; asked for one from before the scanner that it will look
    at. One content is kept once, whoever sends it: how each
    sender called it stands beside what was sent, and `name` is only what the first one called it.
    """

    __tablename__ = "stored_file"
    __table_args__ = (UniqueConstraint("city_id", "sha256"),)
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    key: str = Field(max_length=200, unique=True)
    sha256: str = Field(max_length=64)
    size_bytes: int
    media_type: str = Field(max_length=120)
    name: str = Field(max_length=200)
    scan: str = Field(default=ScanState.UNSCANNED.value, max_length=10)
    created_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


def add_file(session: Session, stored_file: StoredFile) -> int:
    """Returns its id. The object is in storage already."""
    session.add(stored_file)
    session.flush()
    return stored_file.id


def find_file_by_hash(session: Session, city_id: int, sha256: str, *, hold: bool = False) -> StoredFile | None:
    """With `hold` nobody takes the row away before the transaction ends, where the database locks rows."""
    query = select(StoredFile).where(StoredFile.city_id == city_id, StoredFile.sha256 == sha256)
    return session.exec(query.with_for_update(read=True, key_share=True) if hold else query).first()


def find_file(session: Session, city_id: int, file_id: int | None) -> StoredFile | None:
    """None also for None, which takes no query."""
    if file_id is None:
        return None
    return session.exec(select(StoredFile).where(StoredFile.city_id == city_id, StoredFile.id == file_id)).first()


def load_fingerprints(session: Session, city_id: int, file_ids: Collection[int]) -> dict[int, str]:
    """The SHA-256 of these files by id, in one query; none for no ids."""
    if not file_ids:
        return {}
    query = select(StoredFile.id, StoredFile.sha256).where(StoredFile.city_id == city_id)
    return dict(session.exec(query.where(col(StoredFile.id).in_(sorted(file_ids)))).all())


def list_unscanned_files(session: Session, most: int) -> list[StoredFile]:
    """Files of every city that no scanner was asked about, oldest first; locked where the database locks rows, those of others left out."""
    query = select(StoredFile).where(StoredFile.scan == "").order_by(col(StoredFile.id)).limit(most)
    return list(session.exec(query.with_for_update(skip_locked=True)))


def list_files_awaiting_scan(session: Session, before: datetime, most: int) -> list[StoredFile]:
    """Files of every city, kept before then, that wait for the scanner without a job that asks it."""
    query = select(StoredFile).where(
        col(StoredFile.scan).in_((ScanState.WAITING, ScanState.ASKED)), StoredFile.created_at < before
    )
    scheduled_ids = job.load_open_values(session, JobKind.SCAN_FILE, "file")
    return list(
        islice(
            (
                stored_file
                for stored_file in session.exec(query.order_by(col(StoredFile.id)))
                if stored_file.id not in scheduled_ids
            ),
            most,
        )
    )


def load_files(session: Session, city_id: int, file_ids: Collection[int]) -> dict[int, StoredFile]:
    """Stored files by id, in one query, or in none when there is nothing to look for."""
    if not file_ids:
        return {}
    return {
        stored_file.id: stored_file
        for stored_file in session.exec(_files(), params={"city": city_id, "ids": sorted(file_ids)})
    }


@cache
def _files() -> SelectOfScalar[StoredFile]:
    these = col(StoredFile.id).in_(bindparam("ids", expanding=True))
    return select(StoredFile).where(col(StoredFile.city_id) == bindparam("city"), these)
