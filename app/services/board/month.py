"""The board by months: on which day what is due and what expires, as pages and as a file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from app.adapters.translations import first_weekday, load_translator
from app.rules.calendar import CalendarDay, MonthDay, lay_out_month, month_after, month_before, read_month
from app.services.assessment.overview import load_overview
from app.services.assessment.stand import Stand
from app.services.calendar import calendar_address, list_overview_days, write_days
from app.services.desk import Desk

MINE = "mine"


@dataclass(frozen=True)
class BoardMonth:
    """One month. `whose` is MINE, the id of a department, or empty for all; `months` are the addresses before and after, as `2026-11`.

    `has_feed` where the person's calendar has an address already. `following` is the next month with anything in it, None for none.
    """

    title: str
    month: date
    today: date
    weekdays: tuple[str, ...]
    weeks: tuple[tuple[MonthDay, ...], ...]
    before: date
    after: date
    following: date | None
    whose: str
    departments: tuple[tuple[int, str], ...]
    has_feed: bool

    @property
    def busy_days(self) -> tuple[MonthDay, ...]:
        """The month's own days on which there is something, for a narrow screen."""
        return tuple(day for week in self.weeks for day in week if day.is_inside and day.entries)


def load_month(desk: Desk, typed_month: str, whose: str) -> BoardMonth:
    """The month such as `2026-11`, or the present one. Raises NotFound without an open assessment."""
    days, whose, departments = _list_days(desk, whose)
    month, words = read_month(typed_month, desk.who.today), load_translator(desk.who.language)
    first = first_weekday(desk.who.city.country)
    return BoardMonth(
        title=words.month_and_year(month),
        month=month,
        today=desk.who.today,
        weekdays=words.weekdays[first:] + words.weekdays[:first],
        weeks=lay_out_month(month, days, first),
        before=month_before(month),
        after=month_after(month),
        following=next((day.on for day in days if day.on >= month_after(month)), None),
        whose=whose,
        departments=departments,
        has_feed=bool(calendar_address(desk)),
    )


def write_month_file(desk: Desk, whose: str) -> bytes:
    """All days that the months show, as a file. Raises NotFound without an open assessment."""
    return write_days(desk.site, desk.who.city, desk.who.language, _list_days(desk, whose)[0])


def _list_days(desk: Desk, whose: str) -> tuple[list[CalendarDay], str, tuple[tuple[int, str], ...]]:
    """The days that the filter lets through, the filter, empty where it names nobody, and the departments to choose from."""
    overview = load_overview(desk.session, desk.site, desk.who.city, desk.who.language)
    departments = tuple(overview.departments.items())
    known = {MINE, *(str(department_id) for department_id, _ in departments)}
    whose = whose if whose in known else ""
    return list_overview_days(overview, _choose_stands(desk, whose)), whose, departments


def _choose_stands(desk: Desk, whose: str) -> Callable[[Stand], bool]:
    if whose == MINE:
        return desk.who.is_assigned
    return lambda stand: not whose or str(stand.department_id) == whose
