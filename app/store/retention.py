"""Retention classes, and what disposal takes away."""

import json

from sqlalchemy import UniqueConstraint, delete, func, or_
from sqlalchemy import select as select_rows
from sqlmodel import Field, Session, SQLModel, col, select, update

from app.store import file_reading
from app.store.evidence.files import StoredFile
from app.store.evidence.links import LinkCopy
from app.store.evidence.pieces import Evidence
from app.store.evidence.version import EvidenceVersion
from app.store.file_reading import FileReading, FileReadingAnswer
from app.store.request import Contribution
from app.store.search import SearchWord


class RetentionClass(SQLModel, table=True):
    """How many years pieces of this class are kept; `for_reports` is set for the one class that the city's reports have."""

    __tablename__ = "retention_class"
    __table_args__ = (UniqueConstraint("city_id", "name"),)
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    name: str = Field(max_length=60)
    years: int
    for_reports: bool = False
    version: int = 1


def add_retention_class(session: Session, city_id: int, name: str, years: int) -> None:
    session.add(RetentionClass(city_id=city_id, name=name, years=years))


def list_retention_classes(session: Session, city_id: int) -> list[RetentionClass]:
    query = select(RetentionClass).where(RetentionClass.city_id == city_id)
    return list(session.exec(query.order_by(RetentionClass.name)))


def find_retention_class(session: Session, city_id: int, class_id: int) -> RetentionClass | None:
    query = select(RetentionClass).where(RetentionClass.city_id == city_id, RetentionClass.id == class_id)
    return session.exec(query).first()


def save_retention_class(session: Session, city_id: int, class_id: int, version: int, **values: object) -> bool:
    """Write the columns if nobody changed the class since `version`."""
    changed = update(RetentionClass).where(col(RetentionClass.city_id) == city_id, col(RetentionClass.id) == class_id)
    changed = changed.where(col(RetentionClass.version) == version).values(**values, version=version + 1)
    return session.exec(changed).rowcount == 1


def delete_retention_class(session: Session, city_id: int, class_id: int, version: int) -> bool:
    """Take the class away if nobody changed it since `version`. No piece may have it."""
    gone = delete(RetentionClass).where(col(RetentionClass.city_id) == city_id, col(RetentionClass.id) == class_id)
    return session.exec(gone.where(col(RetentionClass.version) == version)).rowcount == 1


def find_reports_class(session: Session, city_id: int) -> RetentionClass | None:
    """The class that all reports of the city have; None where they are kept without end."""
    query = select(RetentionClass).where(RetentionClass.city_id == city_id, col(RetentionClass.for_reports).is_(True))
    return session.exec(query).first()


def choose_reports_class(session: Session, city_id: int, class_id: int | None) -> None:
    """From now on reports have this class, and no other; None for no class."""
    for retention_class in list_retention_classes(session, city_id):
        retention_class.for_reports = retention_class.id == class_id
        session.add(retention_class)
    session.flush()


def count_pieces_by_class(session: Session, city_id: int) -> dict[int, int]:
    """How many pieces have each class, the removed and the disposed ones too; a class that none has is not in it."""
    query = select(Evidence.retention_id, func.count()).where(
        Evidence.city_id == city_id, col(Evidence.retention_id).is_not(None)
    )
    return {class_id or 0: number for class_id, number in session.exec(query.group_by(col(Evidence.retention_id)))}


def list_retention_pieces(session: Session, city_id: int) -> list[Evidence]:
    """The pieces that retention has something to say about: with a class, held, removed, proposed or disposed of."""
    is_concerned = or_(
        col(Evidence.retention_id).is_not(None),
        col(Evidence.hold_reason) != "",
        col(Evidence.withdrawn_at).is_not(None),
        col(Evidence.disposal_by).is_not(None),
    )
    return list(
        session.exec(select(Evidence).where(Evidence.city_id == city_id, is_concerned).order_by(col(Evidence.id)))
    )


def remove_content(session: Session, piece: Evidence) -> list[str]:
    """Take away everything that the piece says; returns the keys of objects that nothing else needs."""
    versions = col(EvidenceVersion.city_id) == piece.city_id, col(EvidenceVersion.evidence_id) == piece.id
    copies = col(LinkCopy.city_id) == piece.city_id, col(LinkCopy.evidence_id) == piece.id
    files = {piece.file_id, *session.exec(select(EvidenceVersion.file_id).where(*versions))}
    files |= set(session.exec(select(LinkCopy.file_id).where(*copies)))
    session.exec(delete(EvidenceVersion).where(*versions))
    session.exec(delete(LinkCopy).where(*copies))
    answers = col(FileReadingAnswer.city_id) == piece.city_id, col(FileReadingAnswer.evidence_id) == piece.id
    session.exec(delete(FileReadingAnswer).where(*answers))
    session.exec(
        delete(SearchWord).where(col(SearchWord.city_id) == piece.city_id, col(SearchWord.evidence_id) == piece.id)
    )
    statement = update(Contribution).where(
        col(Contribution.city_id) == piece.city_id, col(Contribution.evidence_id) == piece.id
    )
    session.exec(statement.values(file_id=None, file_name="", title="", entry="{}", name="", role="", reason=""))
    piece.file_id = None
    session.add(piece)
    session.flush()
    return [key for file_id in files if file_id for key in _remove_unused_file(session, piece.city_id, file_id)]


def _remove_unused_file(session: Session, city_id: int, file_id: int) -> list[str]:
    """Keys of a stored file that nothing points to any more, and of what was read in it, the rows removed; nothing while it is needed."""
    stored_file = session.exec(
        select(StoredFile).where(StoredFile.city_id == city_id, StoredFile.id == file_id)
    ).first()
    if stored_file is None or _is_file_used(session, file_id):
        return []
    reading = file_reading.find_reading(session, city_id, file_id)
    keys = [stored_file.key, *(json.loads(reading.picture_keys) if reading else ())]
    session.exec(delete(FileReading).where(col(FileReading.file_id) == file_id))
    session.exec(delete(StoredFile).where(col(StoredFile.id) == file_id))
    return keys


def _is_file_used(session: Session, file_id: int) -> bool:
    """Whether a row of any table but that of readings points to the stored file; a table that is added later is asked too."""
    pointing = [
        column
        for table in SQLModel.metadata.sorted_tables
        if table.name != FileReading.__tablename__
        for column in table.columns
        if any(key.target_fullname == "stored_file.id" for key in column.foreign_keys)
    ]
    return any(
        session.execute(select_rows(func.count()).select_from(column.table).where(column == file_id)).scalar_one()
        for column in pointing
    )
