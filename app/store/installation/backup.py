"""When this installation was last backed up, for those who watch it."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, Session, SQLModel, col, select

from app.store.database.engine import Utc, now


class BackupRecord(SQLModel, table=True):
    """A backup that was whole and read back as it was written: its folder's name, and how much is in it."""

    __tablename__ = "backup_record"
    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=80)
    file_count: int
    row_count: int
    made_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


def record_backup(session: Session, name: str, *, file_count: int, row_count: int, made_at: datetime) -> None:
    """Remember a backup that is known to be good."""
    session.add(BackupRecord(name=name, file_count=file_count, row_count=row_count, made_at=made_at))


def find_last_backup(session: Session) -> BackupRecord | None:
    """The newest good backup; `made_at` is the moment whose state it holds. For doctor, and for a figure that a monitor reads."""
    return session.exec(select(BackupRecord).order_by(col(BackupRecord.made_at).desc()).limit(1)).first()
