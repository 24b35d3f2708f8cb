"""Reports that were mailed: to whom, by whom, and what became of it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, Session, SQLModel, col, select

from app.rules.report.mailing import MailState
from app.store.database.engine import Utc, now


class ReportMail(SQLModel, table=True):
    """One mail to one recipient: a person of the city, whose address is looked up when it leaves, or a typed address.

    `handed` counts how often it was given to the server; `message_id` stays the same, so that a mail which comes twice is seen once.
    `issue_id` is the month's issue that it is part of, where it is a monthly report.
    """

    __tablename__ = "report_mail"
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    report_id: int = Field(foreign_key="report.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    address: str = Field(default="", max_length=320)
    asked_by: int = Field(foreign_key="person.id")
    message_id: str = Field(max_length=200)
    issue_id: int | None = Field(default=None, foreign_key="monthly_issue.id", index=True)
    state: str = Field(default=MailState.WAITING.value, max_length=10)
    problem: str = Field(default="", sa_column=Column(Text, nullable=False))
    handed: int = 0
    asked_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))
    sent_at: datetime | None = Field(default=None, sa_column=Column(Utc))


def add_report_mail(session: Session, mail: ReportMail) -> None:
    session.add(mail)
    session.flush()


def hold_report_mail(session: Session, city_id: int, mail_id: int) -> ReportMail | None:
    """The mail, which nobody else changes before the transaction ends."""
    query = select(ReportMail).where(ReportMail.city_id == city_id, ReportMail.id == mail_id)
    return session.exec(query.with_for_update().execution_options(populate_existing=True)).first()


def list_report_mails(session: Session, city_id: int, report_id: int, most: int) -> list[ReportMail]:
    """The newest first."""
    query = select(ReportMail).where(ReportMail.city_id == city_id, ReportMail.report_id == report_id)
    return list(session.exec(query.order_by(col(ReportMail.id).desc()).limit(most)))


def list_issue_mails(session: Session, city_id: int, issue_ids: Collection[int]) -> list[ReportMail]:
    """Those of monthly reports, in the order in which they were asked for."""
    query = select(ReportMail).where(ReportMail.city_id == city_id, col(ReportMail.issue_id).in_(issue_ids))
    return list(session.exec(query.order_by(col(ReportMail.id))))
