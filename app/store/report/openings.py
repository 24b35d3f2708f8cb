"""Who took which file of a report, on which day, and how often."""

from datetime import date, datetime

from sqlalchemy import Column
from sqlmodel import Field, Session, SQLModel, col, select, update

from app.store.database.engine import Utc, now


class ReportOpening(SQLModel, table=True):
    """One row for a person, a file and a day in the city, so that whoever loads a page all day fills no table.

    Without a person it was opened with the report's code, which anyone may have. `at` is the last time.
    """

    __tablename__ = "report_opening"
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    report_id: int = Field(foreign_key="report.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    file: str = Field(max_length=10)
    opened_on: date
    times: int = 1
    at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


def count_opening(session: Session, opening: ReportOpening) -> None:
    """Add it, or raise the count of the row of the same person, file and day."""
    same = update(ReportOpening).where(
        col(ReportOpening.city_id) == opening.city_id,
        col(ReportOpening.report_id) == opening.report_id,
        col(ReportOpening.person_id).is_not_distinct_from(opening.person_id),
        col(ReportOpening.file) == opening.file,
        col(ReportOpening.opened_on) == opening.opened_on,
    )
    counted = same.values(times=col(ReportOpening.times) + 1, at=opening.at)
    if not session.exec(counted.execution_options(synchronize_session=False)).rowcount:
        session.add(opening)


def list_openings(session: Session, city_id: int, report_id: int, most: int) -> list[ReportOpening]:
    """The newest first."""
    query = select(ReportOpening).where(ReportOpening.city_id == city_id, ReportOpening.report_id == report_id)
    return list(session.exec(query.order_by(col(ReportOpening.at).desc(), col(ReportOpening.id).desc()).limit(most)))
