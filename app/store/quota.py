"""Sums of what is kept and of what is on its way."""

from sqlmodel import Session, col, func, select

from app.rules.files.upload import Sender
from app.store.database.engine import now
from app.store.evidence.files import StoredFile
from app.store.report.reports import Report
from app.store.request import Contribution
from app.store.upload import Upload


def sum_city_bytes(session: Session, city_id: int) -> tuple[int, int]:
    """Files and reports that are kept, and what is on its way, in bytes."""
    sums = [
        select(func.sum(StoredFile.size_bytes)).where(StoredFile.city_id == city_id),
        select(func.sum(Report.size_bytes)).where(Report.city_id == city_id),
        select(func.sum(Upload.size_bytes)).where(Upload.city_id == city_id, Upload.expires_at > now()),
    ]
    files, reports, incoming = session.exec(select(*(query.scalar_subquery() for query in sums))).one()
    return int(files or 0) + int(reports or 0), int(incoming or 0)


def sum_bytes_of_person(session: Session, city_id: int, person_id: int) -> int:
    """Files that the person was the first to send."""
    query = select(func.sum(StoredFile.size_bytes))
    query = query.where(StoredFile.city_id == city_id, StoredFile.created_by == person_id)
    return int(session.exec(query).one() or 0)


def sum_bytes_of_request(session: Session, city_id: int, request_id: int) -> int:
    """Files that came through the request's links, each once."""
    file_ids = select(Contribution.file_id).where(
        Contribution.city_id == city_id, Contribution.request_id == request_id
    )
    query = select(func.sum(StoredFile.size_bytes)).where(
        StoredFile.city_id == city_id, col(StoredFile.id).in_(file_ids)
    )
    return int(session.exec(query).one() or 0)


def sum_incoming_bytes(session: Session, sender: Sender) -> int:
    """The declared sizes of what is on its way from this sender, in bytes."""
    of_sender = (col(Upload.city_id) == sender.city_id, col(Upload.person_id) == sender.person_id)
    query = select(func.sum(Upload.size_bytes)).where(*of_sender, col(Upload.request_id) == sender.request_id)
    return int(session.exec(query.where(Upload.expires_at > now())).one() or 0)
