"""Files on their way in: what has come so far of an upload that may be paused, cut, or go on after a restart."""

from datetime import datetime

from sqlalchemy import Column, ColumnElement, UniqueConstraint, func
from sqlmodel import Field, Session, SQLModel, col, delete, select

from app.rules.files.upload import Sender
from app.store.database.engine import Utc, now


class Upload(SQLModel, table=True):
    """One file that someone has begun to send; `received_bytes` of it are in storage, as parts."""

    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    request_id: int | None = Field(default=None, foreign_key="evidence_request.id", index=True)
    token: str = Field(max_length=32, unique=True)
    name: str = Field(max_length=200)
    size_bytes: int
    received_bytes: int = 0
    expires_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    created_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


class UploadPart(SQLModel, table=True):
    """A piece of an upload. The row is written after the object, so there is never a row without one."""

    __tablename__ = "upload_part"
    __table_args__ = (UniqueConstraint("upload_id", "begins_at"),)
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    upload_id: int = Field(foreign_key="upload.id", index=True)
    begins_at: int
    size_bytes: int
    key: str = Field(max_length=200, unique=True)


def add_upload(session: Session, upload: Upload) -> None:
    session.add(upload)


def add_part(session: Session, upload: Upload, key: str, begins_at: int, size_bytes: int) -> None:
    """Write down what has come besides, and that the upload holds so much more."""
    columns = {"city_id": upload.city_id, "upload_id": upload.id}
    session.add(UploadPart(**columns, key=key, begins_at=begins_at, size_bytes=size_bytes))
    upload.received_bytes += size_bytes


def find_upload(session: Session, sender: Sender, token: str, *, lock: bool = False) -> Upload | None:
    """The sender's own upload while it has not expired; with `lock` nobody else changes it until the transaction ends."""
    query = select(Upload).where(*_open_upload_conditions(sender), Upload.token == token)
    return session.exec(query.with_for_update() if lock else query).first()


def count_open_uploads(session: Session, sender: Sender) -> int:
    """How many files of the sender may still go on."""
    return session.exec(select(func.count()).select_from(Upload).where(*_open_upload_conditions(sender))).one()


def _open_upload_conditions(sender: Sender) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Upload.city_id) == sender.city_id,
        col(Upload.person_id) == sender.person_id,
        col(Upload.request_id) == sender.request_id,
        col(Upload.expires_at) > now(),
    )


def list_parts(session: Session, upload: Upload) -> list[UploadPart]:
    """In the order of their bytes."""
    query = select(UploadPart).where(UploadPart.city_id == upload.city_id, UploadPart.upload_id == upload.id)
    return list(session.exec(query.order_by(col(UploadPart.begins_at))))


def delete_upload(session: Session, upload: Upload) -> list[str]:
    """Take the upload's rows away; returns the keys of the objects that are of no use now."""
    keys = [part.key for part in list_parts(session, upload)]
    session.exec(delete(UploadPart).where(col(UploadPart.upload_id) == upload.id))
    session.exec(delete(Upload).where(col(Upload.id) == upload.id))
    return keys


def list_expired_uploads(session: Session) -> list[Upload]:
    """Of every city, for the sweep."""
    return list(session.exec(select(Upload).where(Upload.expires_at <= now())))
