"""Reports: frozen PDFs with number, date, hash and verification code."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select, update

from app.rules.report.parts import ReportAudience, ReportOrder
from app.rules.report.state import PROVEN_STATES, UNFINISHED_STATES, ReportState
from app.store.database.engine import Utc, now


class Report(SQLModel, table=True):
    """`state` is what was noted last; `rules.report.state` tells what it is.

    `history_number` and `history_head` are the end of the record when it was made.

    `parts` names what was asked for beyond the length, in the form that `rules.report` writes and reads.
    `shows_number` is the last event that changed what a report shows: two reports with the same one say the same.

    `hold_reason` keeps it whatever the city's rule says; `disposal_by` has proposed to take its content away and `disposal_reason` says
    why; with `disposed_at` only number, days, code and fingerprint are left.

    `stated` has the few figures that whoever checks a public report is told. `content` is the report's data as JSON, kept so that
    the numbers of a past report can be read without opening the PDF.
    """

    __table_args__ = (UniqueConstraint("city_id", "number"),)
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    assessment_id: int = Field(foreign_key="assessment.id")
    number: int
    language: str = Field(max_length=5)
    length: str = Field(max_length=10)
    parts: str = Field(default="", max_length=80)
    audience: str = Field(default=ReportAudience.INTERNAL.value, max_length=10)
    is_draft: bool = False
    department_id: int | None = Field(default=None, foreign_key="department.id")
    state: str = Field(default=ReportState.WAITING.value, max_length=10, index=True)
    step: str = Field(default="", max_length=40)
    error: str = Field(default="", sa_column=Column(Text, nullable=False))
    code: str = Field(max_length=24, unique=True)
    shows_number: int = 0
    history_number: int = 0
    history_head: str = Field(default="", max_length=64)
    sentence: str = Field(default="", sa_column=Column(Text, nullable=False))
    content: str = Field(default="", sa_column=Column(Text, nullable=False))
    stated: str = Field(default="", sa_column=Column(Text, nullable=False))
    file_key: str | None = Field(default=None, max_length=200)
    sha256: str = Field(default="", max_length=64)
    size_bytes: int = 0
    requested_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))
    made_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    hold_reason: str = Field(default="", max_length=300)
    disposal_by: int | None = Field(default=None, foreign_key="person.id")
    disposal_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    disposal_reason: str = Field(default="", max_length=300)
    disposed_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    version: int = 1


def order_columns(order: ReportOrder) -> dict[str, Any]:
    """The columns of a report's row that say what was asked for."""
    return {
        "language": order.language,
        "length": order.length.value,
        "audience": order.audience.value,
        "is_draft": order.is_draft,
        "department_id": order.department_id,
        "parts": order.parts.write(),
    }


def add_report(session: Session, report: Report) -> None:
    session.add(report)


def find_report(session: Session, city_id: int, number: int) -> Report | None:
    return session.exec(select(Report).where(Report.city_id == city_id, Report.number == number)).first()


def find_report_by_code(session: Session, code: str) -> Report | None:
    """A ready one, or one that was disposed of. The one query without a city: the code itself is the secret that opens the page."""
    return session.exec(select(Report).where(Report.code == code, col(Report.state).in_(PROVEN_STATES))).first()


def find_report_before(session: Session, city_id: int, assessment_id: int, number: int) -> Report | None:
    """The newest finished report of the assessment before this number, in whatever language and length."""
    query = select(Report).where(
        Report.city_id == city_id,
        Report.assessment_id == assessment_id,
        Report.number < number,
        Report.state == ReportState.READY,
    )
    return session.exec(query.order_by(col(Report.number).desc()).limit(1)).first()


def find_newest_report(session: Session, city_id: int, audience: ReportAudience) -> Report | None:
    """The city's last one that is ready and for these readers."""
    query = select(Report).where(Report.city_id == city_id, Report.state == ReportState.READY)
    query = query.where(Report.audience == audience)
    return session.exec(query.order_by(col(Report.number).desc()).limit(1)).first()


def find_neighbours(session: Session, report: Report) -> tuple[Report | None, Report | None]:
    """Of the ready reports of the same kind, the one before and the one after it."""
    same = select(Report).where(
        Report.city_id == report.city_id,
        Report.state == ReportState.READY,
        Report.length == report.length,
        Report.language == report.language,
        Report.audience == report.audience,
        Report.is_draft == report.is_draft,
        Report.department_id == report.department_id,
    )
    before = same.where(Report.number < report.number).order_by(col(Report.number).desc())
    after = same.where(Report.number > report.number).order_by(col(Report.number))
    return session.exec(before.limit(1)).first(), session.exec(after.limit(1)).first()


def list_reports(session: Session, city_id: int, limit: int, *, before: int = 0, **wanted: str) -> list[Report]:
    """The newest first; with `before` those of a lower number, and only those whose columns are as wanted."""
    query = select(Report).where(Report.city_id == city_id)
    query = query.where(*(getattr(Report, name) == value for name, value in wanted.items()))
    query = query.where(Report.number < before) if before else query
    return list(session.exec(query.order_by(col(Report.number).desc()).limit(limit)))


def list_assessment_reports(session: Session, city_id: int, assessment_id: int) -> list[Report]:
    query = select(Report).where(Report.city_id == city_id, Report.assessment_id == assessment_id)
    return list(session.exec(query.order_by(col(Report.number).desc())))


def find_same_report(
    session: Session, city_id: int, shows_number: int, order: ReportOrder, since: datetime
) -> Report | None:
    """A report that was asked for in just these words and says just this, made or being made since then."""
    query = select(Report).where(Report.city_id == city_id, Report.shows_number == shows_number)
    gone = (ReportState.FAILED, ReportState.DISPOSED)
    query = query.where(col(Report.state).not_in(gone), Report.created_at >= since)
    query = query.where(*(getattr(Report, name) == value for name, value in order_columns(order).items()))
    return session.exec(query.order_by(col(Report.number).desc()).limit(1)).first()


def list_unfinished_reports(session: Session) -> list[Report]:
    """Of every city, those that wait or are being made."""
    return list(session.exec(select(Report).where(col(Report.state).in_(UNFINISHED_STATES))))


def hold_unfinished_report(session: Session, city_id: int, report_id: int) -> Report | None:
    """The report while it is not made, and nobody else makes it before the transaction ends."""
    query = select(Report).where(
        Report.city_id == city_id, Report.id == report_id, col(Report.state).in_(UNFINISHED_STATES)
    )
    return session.exec(query.with_for_update().execution_options(populate_existing=True)).first()


def find_last_number(session: Session, city_id: int) -> int:
    number = session.exec(
        select(Report.number).where(Report.city_id == city_id).order_by(col(Report.number).desc()).limit(1)
    ).first()
    return number or 0


def save_progress(session: Session, city_id: int, report_id: int, **values: str) -> None:
    """Write how far the making has come."""
    session.exec(update(Report).where(col(Report.city_id) == city_id, col(Report.id) == report_id).values(**values))


def load_numbers(session: Session, city_id: int, report_ids: Collection[int]) -> dict[int, int]:
    """The numbers of reports by their ids."""
    query = select(Report.id, Report.number).where(Report.city_id == city_id, col(Report.id).in_(report_ids))
    return dict(session.exec(query).all())


def list_anchors(session: Session, city_id: int) -> list[tuple[int, int, str]]:
    """For each finished report its number, and the number and hash of the last event of the record as printed on it."""
    query = select(Report.number, Report.history_number, Report.history_head)
    query = query.where(Report.city_id == city_id, col(Report.made_at).is_not(None))
    return list(session.exec(query.order_by(col(Report.number))))
