"""How long reports are kept, and what disposal takes away."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select as select_rows
from sqlmodel import Session, col, select, update

from app.rules.report.mailing import MailState
from app.rules.report.state import ReportState
from app.store.report.mailings import ReportMail
from app.store.report.reports import Report


class KeptReport(NamedTuple):
    """What a list says of keeping a report, without its content."""

    number: int
    language: str
    length: str
    made_at: datetime
    version: int
    hold_reason: str
    disposal_by: int | None
    disposal_reason: str
    disposed_at: datetime | None


_COLUMNS = (
    col(Report.number), col(Report.language), col(Report.length), col(Report.made_at), col(Report.version), col(Report.hold_reason),
    col(Report.disposal_by), col(Report.disposal_reason), col(Report.disposed_at),
)  # fmt: skip


def list_kept_reports(session: Session, city_id: int, made_before: datetime | None, most: int) -> list[KeptReport]:
    """Those that were made before the moment, are held or proposed, or were disposed of, the oldest first; without a moment no others."""
    concerned = (
        (col(Report.hold_reason) != "") | col(Report.disposal_by).is_not(None) | col(Report.disposed_at).is_not(None)
    )
    if made_before:
        concerned = concerned | ((col(Report.state) == ReportState.READY) & (col(Report.made_at) < made_before))
    query = select_rows(*_COLUMNS).where(col(Report.city_id) == city_id, col(Report.made_at).is_not(None), concerned)
    return [KeptReport(*values) for values in session.execute(query.order_by(col(Report.number)).limit(most))]


def save_keeping(session: Session, report: Report, version: int, **values: object) -> bool:
    """Write the columns if nobody changed what is said of keeping the report since `version`."""
    same = (col(Report.city_id) == report.city_id, col(Report.id) == report.id, col(Report.version) == version)
    changed = update(Report).where(*same).values(**values, version=version + 1)
    saved = session.exec(changed.execution_options(synchronize_session=False)).rowcount == 1
    session.refresh(report)
    return saved


def list_reports_proposed_by(session: Session, city_id: int, person_id: int) -> Sequence[Report]:
    """What this person has proposed to dispose of, and what is there yet."""
    query = select(Report).where(Report.city_id == city_id, Report.disposal_by == person_id)
    return session.exec(query.where(col(Report.disposed_at).is_(None)).order_by(col(Report.number))).all()


def forget_report_addresses(session: Session, city_id: int, report_id: int) -> None:
    """Take away to whom outside of the city it was mailed; what waits does not leave any more."""
    mails = update(ReportMail).where(col(ReportMail.city_id) == city_id, col(ReportMail.report_id) == report_id)
    waiting = mails.where(col(ReportMail.state) == MailState.WAITING)
    session.exec(waiting.values(state=MailState.FAILED.value).execution_options(synchronize_session=False))
    session.exec(mails.values(address="", problem="").execution_options(synchronize_session=False))


def forget_typed_addresses(session: Session, asked_before: datetime) -> int:
    """Of all cities, those of mails that were asked for before the moment; returns how many there were."""
    typed = update(ReportMail).where(
        col(ReportMail.asked_at) < asked_before, (col(ReportMail.address) != "") | (col(ReportMail.problem) != "")
    )
    typed = typed.where(col(ReportMail.person_id).is_(None), col(ReportMail.state) != MailState.WAITING)
    return session.exec(typed.values(address="", problem="").execution_options(synchronize_session=False)).rowcount
