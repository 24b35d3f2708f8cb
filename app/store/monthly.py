"""Reports that go out by mail each month: what is wanted, to whom, and each month's one."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import Column, Date, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, delete, func, select

from app.rules.monthly import IssueState
from app.store.city import City
from app.store.database.engine import Utc, now


class MonthlyReport(SQLModel, table=True):
    """`starts_on` is the first day that counts: what was due before it was made, resumed or moved to another day is not made up for."""

    __tablename__ = "monthly_report"
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    length: str = Field(max_length=10)
    audience: str = Field(max_length=10)
    language: str = Field(max_length=5)
    day: int
    is_attached: bool = False
    starts_on: date = Field(sa_column=Column(Date, nullable=False))
    is_paused: bool = False
    set_by: int = Field(foreign_key="person.id")
    version: int = 1
    created_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Utc))


class MonthlyReader(SQLModel, table=True):
    """Someone who gets it: a person of the city, or a typed address until a day."""

    __tablename__ = "monthly_reader"
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    monthly_id: int = Field(foreign_key="monthly_report.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    address: str = Field(default="", max_length=320)
    until: date | None = Field(default=None, sa_column=Column(Date))


class MonthlyIssue(SQLModel, table=True):
    """The one of a month, such as 2026-11; there is no second one for it."""

    __tablename__ = "monthly_issue"
    __table_args__ = (UniqueConstraint("monthly_id", "month"),)
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    monthly_id: int = Field(foreign_key="monthly_report.id")
    month: str = Field(max_length=7)
    report_id: int | None = Field(default=None, foreign_key="report.id")
    state: str = Field(default=IssueState.MADE.value, max_length=10, index=True)
    problem: str = Field(default="", max_length=20)
    at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


def save_row(session: Session, row: MonthlyReport | MonthlyIssue) -> None:
    session.add(row)
    session.flush()


def list_monthly(session: Session, city_id: int) -> list[MonthlyReport]:
    """Those that are not ended first, and of each the oldest first."""
    query = select(MonthlyReport).where(MonthlyReport.city_id == city_id)
    return list(session.exec(query.order_by(col(MonthlyReport.ended_at).is_not(None), col(MonthlyReport.id))))


def count_active(session: Session, city_id: int) -> int:
    query = select(func.count()).where(MonthlyReport.city_id == city_id, col(MonthlyReport.ended_at).is_(None))
    return session.exec(query).one()


def find_monthly(session: Session, city_id: int, monthly_id: int) -> MonthlyReport | None:
    return session.exec(
        select(MonthlyReport).where(MonthlyReport.city_id == city_id, MonthlyReport.id == monthly_id)
    ).first()


def find_monthly_of_issue(session: Session, city_id: int, issue_id: int) -> MonthlyReport | None:
    query = select(MonthlyReport).join(MonthlyIssue, col(MonthlyIssue.monthly_id) == col(MonthlyReport.id))
    return session.exec(query.where(MonthlyIssue.city_id == city_id, MonthlyIssue.id == issue_id)).first()


def hold_monthly(session: Session, city_id: int, monthly_id: int) -> MonthlyReport | None:
    """The row, which nobody else changes before the transaction ends."""
    query = select(MonthlyReport).where(MonthlyReport.city_id == city_id, MonthlyReport.id == monthly_id)
    return session.exec(query.with_for_update().execution_options(populate_existing=True)).first()


def list_running(session: Session) -> list[tuple[MonthlyReport, str]]:
    """Of every city, those that are neither paused nor ended, with the city's time zone."""
    query = select(MonthlyReport, City.time_zone).join(City, col(City.id) == col(MonthlyReport.city_id))
    query = query.where(col(MonthlyReport.ended_at).is_(None), col(MonthlyReport.is_paused).is_(False))
    return [(monthly, zone) for monthly, zone in session.exec(query.order_by(col(MonthlyReport.id)))]


def find_issue(session: Session, city_id: int, monthly_id: int, month: str) -> MonthlyIssue | None:
    query = select(MonthlyIssue).where(MonthlyIssue.city_id == city_id, MonthlyIssue.monthly_id == monthly_id)
    return session.exec(query.where(MonthlyIssue.month == month)).first()


def load_issued_months(session: Session, monthly_ids: Collection[int], months: Collection[str]) -> set[tuple[int, str]]:
    """Which of these months there is something for already."""
    query = select(MonthlyIssue.monthly_id, MonthlyIssue.month)
    query = query.where(col(MonthlyIssue.monthly_id).in_(monthly_ids), col(MonthlyIssue.month).in_(months))
    return set(session.exec(query))


def list_issues_being_made(session: Session) -> list[tuple[int, int]]:
    """Of every city: the city and the issue."""
    query = select(MonthlyIssue.city_id, MonthlyIssue.id).where(MonthlyIssue.state == IssueState.MADE)
    return list(session.exec(query.order_by(col(MonthlyIssue.id))))


def hold_issue(session: Session, city_id: int, issue_id: int) -> MonthlyIssue | None:
    """The row, which nobody else changes before the transaction ends."""
    query = select(MonthlyIssue).where(MonthlyIssue.city_id == city_id, MonthlyIssue.id == issue_id)
    return session.exec(query.with_for_update().execution_options(populate_existing=True)).first()


def list_issues(session: Session, city_id: int, monthly_id: int, most: int) -> list[MonthlyIssue]:
    """The newest first."""
    query = select(MonthlyIssue).where(MonthlyIssue.city_id == city_id, MonthlyIssue.monthly_id == monthly_id)
    return list(session.exec(query.order_by(col(MonthlyIssue.month).desc()).limit(most)))


def list_readers(session: Session, city_id: int, monthly_ids: Collection[int]) -> list[MonthlyReader]:
    query = select(MonthlyReader).where(
        MonthlyReader.city_id == city_id, col(MonthlyReader.monthly_id).in_(monthly_ids)
    )
    return list(session.exec(query.order_by(col(MonthlyReader.id))))


def replace_readers(session: Session, city_id: int, monthly_id: int, readers: Iterable[MonthlyReader]) -> None:
    session.exec(
        delete(MonthlyReader).where(col(MonthlyReader.city_id) == city_id, col(MonthlyReader.monthly_id) == monthly_id)
    )
    session.add_all(readers)
    session.flush()


def has_past_readers(session: Session, day: date) -> bool:
    """Whether any typed address had its last day before this one."""
    return session.exec(select(MonthlyReader.id).where(col(MonthlyReader.until) < day).limit(1)).first() is not None


def forget_past_readers(session: Session, day: date) -> None:
    """Of every city: take out typed addresses whose last day was before this one."""
    session.exec(delete(MonthlyReader).where(col(MonthlyReader.until) < day))
