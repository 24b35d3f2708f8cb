"""What was found in stored files when each was read once, and what people answered to what was found."""

from collections.abc import Collection
from datetime import date, datetime
from functools import cache
from itertools import islice

from sqlalchemy import Column, Executable, Text, UniqueConstraint, and_, bindparam, exists
from sqlmodel import Field, Session, SQLModel, col, select

from app.rules.files.file_reading import READER
from app.rules.files.scanning import LOCKING
from app.rules.installation.job import JobKind
from app.store import job
from app.store.database.engine import Utc, now
from app.store.database.rows import read_rows
from app.store.evidence.files import StoredFile
from app.store.evidence.pieces import Evidence

PERSONAL_DATA = "personal_data"
PERIOD = "period"
"""What an answer may be about."""


class FileReading(SQLModel, table=True):
    """One for each file that was read: `state` is ok or failed, `trouble` why something is missing.

    `findings`, `sheets`, `stretches`, `unread`, `pictured` and `picture_keys` are JSON; the pictures are in storage, put there before this row
    is written. `reader` is the `file_reading.READER` that read it; `found_at` when the findings became what they are.
    `pictured` are the pages that are only pictures, of which some may wait to be read.
    """

    __tablename__ = "file_reading"
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    file_id: int = Field(foreign_key="stored_file.id", unique=True)
    read_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))
    found_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))
    reader: int = READER
    state: str = Field(max_length=10)
    trouble: str = Field(default="", max_length=20)
    title: str = Field(default="", max_length=200)
    made_on: date | None = None
    changed_on: date | None = None
    pages: int | None = None
    findings: str = Field(default="[]", sa_column=Column(Text, nullable=False))
    checked: bool = True
    unread: str = Field(default="[]", sa_column=Column(Text, nullable=False))
    pictured: str = Field(default="", sa_column=Column(Text, nullable=False))
    pictures_wait: bool = False
    text: str = Field(default="", sa_column=Column(Text, nullable=False))
    stretches: str = Field(default="[]", sa_column=Column(Text, nullable=False))
    sheets: str = Field(default="[]", sa_column=Column(Text, nullable=False))
    picture_keys: str = Field(default="[]", sa_column=Column(Text, nullable=False))


class FileReadingAnswer(SQLModel, table=True):
    """That someone has answered for a piece: `about` is PERSONAL_DATA or PERIOD; `visibility` is the piece's at that time."""

    __tablename__ = "file_reading_answer"
    __table_args__ = (UniqueConstraint("evidence_id", "about"),)
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    evidence_id: int = Field(foreign_key="evidence.id")
    about: str = Field(max_length=20)
    visibility: str = Field(default="", max_length=12)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


def add_reading(session: Session, reading: FileReading) -> None:
    session.add(reading)
    session.flush()


def find_reading(session: Session, city_id: int, file_id: int | None) -> FileReading | None:
    """None also for None, which takes no query."""
    if file_id is None:
        return None
    query = select(FileReading).where(FileReading.city_id == city_id, FileReading.file_id == file_id)
    return session.exec(query).first()


def find_new_reading(session: Session, city_id: int, file_id: int | None) -> FileReading | None:
    """As `find_reading`; None also for one by readers that saw less than those of today."""
    reading = find_reading(session, city_id, file_id)
    return reading if reading and reading.reader >= READER else None


def load_readings(session: Session, city_id: int, file_ids: Collection[int]) -> dict[int, FileReading]:
    """What was read, by file, in one query, or in none when there is nothing to look for."""
    if not file_ids:
        return {}
    query = select(FileReading).where(FileReading.city_id == city_id, col(FileReading.file_id).in_(file_ids))
    return {reading.file_id: reading for reading in session.exec(query)}


def enqueue_reading(session: Session, city_id: int, file_id: int) -> None:
    """Have the file read soon, unless it was read already."""
    if find_new_reading(session, city_id, file_id) is None:
        job.enqueue_job(session, city_id, JobKind.READ_FILE, file=file_id)


def enqueue_pictures(session: Session, city_id: int, file_id: int) -> None:
    """Have the words in pictures of its pages read, after the files that wait for that already."""
    job.enqueue_job(session, city_id, JobKind.READ_PICTURES, file=file_id)


def list_unread_pictures(session: Session, before: datetime, most: int) -> list[FileReading]:
    """Readings of every city, made before then, of files with pages that wait to be read in their pictures and no job for it."""
    query = select(FileReading).where(col(FileReading.pictures_wait).is_(True), FileReading.read_at < before)
    scheduled_ids = job.load_open_values(session, JobKind.READ_PICTURES, "file")
    readings = session.exec(query.order_by(col(FileReading.id)))
    return list(islice((reading for reading in readings if reading.file_id not in scheduled_ids), most))


def list_unread_files(session: Session, before: datetime, most: int) -> list[StoredFile]:
    """Files of every city, kept before then and used by a piece, that nobody has read as well as today, and no job will read."""
    is_read = exists().where(col(FileReading.file_id) == col(StoredFile.id), col(FileReading.reader) >= READER)
    is_used = exists().where(col(Evidence.file_id) == col(StoredFile.id), col(Evidence.disposed_at).is_(None))
    query = select(StoredFile).where(StoredFile.created_at < before, col(StoredFile.scan).not_in(LOCKING))
    stored_files = session.exec(query.where(is_used, ~is_read).order_by(col(StoredFile.id)))
    scheduled_ids = job.load_open_values(session, JobKind.READ_FILE, "file")
    return list(islice((stored_file for stored_file in stored_files if stored_file.id not in scheduled_ids), most))


def list_all_pieces_of_file(session: Session, city_id: int, file_id: int) -> list[Evidence]:
    """Every piece that holds the file, the removed ones too, oldest first."""
    query = select(Evidence).where(Evidence.city_id == city_id, Evidence.file_id == file_id)
    return list(session.exec(query.order_by(col(Evidence.id))))


def load_answers(
    session: Session, city_id: int, evidence_ids: Collection[int]
) -> dict[tuple[int, str], FileReadingAnswer]:
    """Answers by piece and what they are about, in one query, or in none when there is nothing to look for."""
    if not evidence_ids:
        return {}
    query = select(FileReadingAnswer).where(
        FileReadingAnswer.city_id == city_id, col(FileReadingAnswer.evidence_id).in_(evidence_ids)
    )
    return {(answer.evidence_id, answer.about): answer for answer in session.exec(query)}


def list_findings(
    session: Session, city_id: int, evidence_ids: Collection[int]
) -> list[tuple[int, str, str, str | None]]:
    """Of pieces whose file was read: id, visibility, the findings, and the visibility for which someone said that these may be there."""
    if not evidence_ids:
        return []
    given = {"city": city_id, "ids": sorted(evidence_ids)}
    return [
        (evidence_id, visibility, findings, allowed_for)
        for evidence_id, visibility, findings, allowed_for in read_rows(session, _findings_query(), given)
    ]


@cache
def _findings_query() -> Executable:
    is_allowed = and_(
        col(FileReadingAnswer.evidence_id) == col(Evidence.id),
        col(FileReadingAnswer.about) == PERSONAL_DATA,
        col(FileReadingAnswer.at) >= col(FileReading.found_at),
    )
    these = (col(Evidence.city_id) == bindparam("city"), col(Evidence.id).in_(bindparam("ids", expanding=True)))
    return (
        select(Evidence.id, Evidence.visibility, FileReading.findings, FileReadingAnswer.visibility)
        .join(FileReading, col(FileReading.file_id) == col(Evidence.file_id))
        .join(FileReadingAnswer, is_allowed, isouter=True)
        .where(*these, FileReading.findings != "[]")
    )


def save_answer(session: Session, piece: Evidence, about: str, person_id: int) -> None:
    """Write down who answered, in place of an answer that was given when others could see the piece."""
    earlier = load_answers(session, piece.city_id, [piece.id]).get((piece.id, about))
    given_answer = earlier or FileReadingAnswer(city_id=piece.city_id, evidence_id=piece.id, about=about)
    given_answer.visibility, given_answer.person_id, given_answer.at = piece.visibility, person_id, now()
    session.add(given_answer)


def forget_answer(session: Session, piece: Evidence, about: str) -> None:
    """What was answered was about something else than there is now; that it was answered stays in the record."""
    answer = load_answers(session, piece.city_id, [piece.id]).get((piece.id, about))
    if answer:
        session.delete(answer)
        session.flush()
