"""One report of a city, and what its files are called."""

from app.rules.city.naming import CityValues
from app.rules.errors import NotFound
from app.rules.message import Message, say
from app.services.account.sessions import today_in
from app.services.desk import Desk
from app.store.report import reports
from app.store.report.reports import Report


def find_city_report(desk: Desk, number: int) -> Report:
    """A report by its number in the city. Raises NotFound."""
    known_report = reports.find_report(desk.session, desk.city_id, number)
    if known_report is None:
        raise NotFound(say("There is no report no. %(number)s in this city.", number=number))
    return known_report


def find_kept_report(desk: Desk, number: int) -> Report:
    """A report whose content is there, or still comes. Raises NotFound, also for one that was disposed of."""
    known_report = find_city_report(desk, number)
    if known_report.disposed_at:
        raise NotFound(say_disposed(desk.who.city, known_report))
    return known_report


def say_disposed(city: CityValues, known_report: Report) -> Message:
    """That nothing is left of the report, and since when."""
    day = today_in(city, known_report.disposed_at) if known_report.disposed_at else today_in(city)
    return say(
        "Report no. %(number)s was disposed of on %(day)s; nothing of it is left.", number=known_report.number, day=day
    )


def name_report_file(desk: Desk, known_report: Report, ending: str) -> str:
    """The name under which a file of the report is downloaded; `ending` such as `pdf`."""
    return (
        f"{desk.who.city.slug}-readiness-{known_report.number}-{known_report.language}-{known_report.length}.{ending}"
    )
