"""Sums of what is kept and of what is on its way."""

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from app.store.database import now
from app.store.evidence import StoredFile
from app.store.report import Report
from app.store.request import Contribution
from app.store.upload import Upload


def kept_by_city(session: Session, city_id: int) -> int:
    """Files and reports, in bytes."""
    files = select(func.sum(StoredFile.size_bytes)).where(StoredFile.city_id == city_id)
    reports = select(func.sum(Report.size_bytes)).where(Report.city_id == city_id)
    return sum(int(session.exec(query).one() or 0) for query in (files, reports))


def kept_by_person(session: Session, city_id: int, person_id: int) -> int:
    """Files that the person was the first to send."""
    query = select(func.sum(StoredFile.size_bytes))
    query = query.where(StoredFile.city_id == city_id, StoredFile.created_by == person_id)
    return int(session.exec(query).one() or 0)


def kept_by_request(session: Session, city_id: int, request_id: int) -> int:
    """Files that came through the request's links, each once."""
    sent = select(Contribution.file_id).where(Contribution.city_id == city_id, Contribution.request_id == request_id)
    query = select(func.sum(StoredFile.size_bytes)).where(StoredFile.city_id == city_id, col(StoredFile.id).in_(sent))
    return int(session.exec(query).one() or 0)


def coming(session: Session, city_id: int, person_id: int | None = None, request_id: int | None = None) -> int:
    """The declared sizes of what is on its way: to the city, or from this person or request only."""
    whose: list[ColumnElement[bool]] = [col(Upload.city_id) == city_id, col(Upload.expires_at) > now()]
    whose += [col(Upload.person_id) == person_id] if person_id else []
    whose += [col(Upload.request_id) == request_id] if request_id else []
    return int(session.exec(select(func.sum(Upload.size_bytes)).where(*whose)).one() or 0)
