"""Who took which file of a report: noted as it leaves, and told to the data office."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.rules.message import Message, say
from app.rules.report.code import read_code
from app.rules.report.opening import FILE_NAMES, ReportFile
from app.services.account.sessions import today_in
from app.services.desk import Desk
from app.services.report.finding import find_city_report
from app.services.site import Site
from app.store import people
from app.store.city import load_city
from app.store.report import openings, reports
from app.store.report.openings import ReportOpening

MOST_SHOWN = 200
WITH_CODE = say("Someone with the report’s code")


@dataclass(frozen=True)
class OpeningLine:
    """On one day; `at` is the last of its `times`."""

    who: str | Message
    file: Message
    times: int
    at: datetime


def note_opening(desk: Desk, number: int, file: ReportFile) -> None:
    """One of the city's people takes a file. To be called once it is there, and before it leaves: in a short transaction of its own,
    while the reading one holds nothing.
    """
    report_id = find_city_report(desk, number).id
    desk.session.rollback()
    _count_opening(desk.site, desk.city_id, report_id, desk.who.person_id, file)


def note_public_opening(session: Session, site: Site, typed: str) -> None:
    """Someone reads the web edition with the report's code, as `note_opening`."""
    code = read_code(typed)
    known_report = reports.find_report_by_code(session, code) if code else None
    if known_report is None:
        return
    city_id, report_id = known_report.city_id, known_report.id
    session.rollback()
    _count_opening(site, city_id, report_id, None, ReportFile.WEB)


def _count_opening(site: Site, city_id: int, report_id: int, person_id: int | None, file: ReportFile) -> None:
    with site.database.writing() as session:
        opening = ReportOpening(
            city_id=city_id,
            report_id=report_id,
            person_id=person_id,
            file=file.value,
            opened_on=today_in(load_city(session, city_id)),
        )
        openings.count_opening(session, opening)


def list_openings(desk: Desk, report_id: int) -> tuple[OpeningLine, ...]:
    """The newest first; only for those who may read the history."""
    if not desk.who.may("history.read"):
        return ()
    rows = openings.list_openings(desk.session, desk.city_id, report_id, MOST_SHOWN)
    names = people.load_names(desk.session, desk.city_id) if rows else {}
    return tuple(
        OpeningLine(
            names.get(row.person_id, "") if row.person_id else WITH_CODE, FILE_NAMES[row.file], row.times, row.at
        )
        for row in rows
    )
