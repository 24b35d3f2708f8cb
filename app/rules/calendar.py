"""Days of the assessment as a calendar takes them: when something is due, and when evidence stops counting."""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.rules.message import Message, say
from app.rules.my_work import WITH_THE_DEPARTMENT
from app.rules.review.moves import ResponseState


class DayKind(StrEnum):
    """What a day is about."""

    DUE = "due"
    EXPIRES = "expires"
    CYCLE = "cycle"


@dataclass(frozen=True)
class CriterionDays:
    """What is known of one criterion: `at_risk_from` is the day on which the evidence of a met one no longer suffices."""

    code: str
    title: str
    state: ResponseState
    due_on: date | None
    at_risk_from: date | None


@dataclass(frozen=True)
class CalendarDay:
    """One entry of a calendar, for a whole day; of the assessment as a whole the code is empty and the title its name."""

    kind: DayKind
    code: str
    title: str
    on: date


DAY_TITLES = {
    DayKind.DUE: say("%(code)s is due: %(title)s"),
    DayKind.EXPIRES: say("Renew the evidence of %(code)s: %(title)s"),
    DayKind.CYCLE: say("The whole assessment is due: %(title)s"),
}
KIND_NAMES = {DayKind.DUE: say("Due"), DayKind.EXPIRES: say("Renew"), DayKind.CYCLE: say("All due")}
"""What a day is about in a word, where the rest stands beside it."""


def title_day(day: CalendarDay) -> Message:
    """The entry in words."""
    return Message(DAY_TITLES[day.kind].text, values={"code": day.code, "title": day.title})


def list_days(criteria: Iterable[CriterionDays], cycle: CalendarDay | None = None) -> list[CalendarDay]:
    """The days of these criteria in their order, and that of the assessment. What waits for the reviewer, or is decided, is not due any
    more.
    """
    days = [cycle] if cycle else []
    for criterion in criteria:
        if criterion.due_on and criterion.state in WITH_THE_DEPARTMENT:
            days.append(CalendarDay(DayKind.DUE, criterion.code, criterion.title, criterion.due_on))
        if criterion.at_risk_from:
            days.append(CalendarDay(DayKind.EXPIRES, criterion.code, criterion.title, criterion.at_risk_from))
    return sorted(days, key=lambda day: (day.on, day.code, day.kind))


MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
YEARS_AROUND = 20
"""How far from today a month may be looked at: longer than any evidence is kept."""


def read_month(typed: str, today: date) -> date:
    """The first day of the month such as `2026-11`; of the present one where nothing else can be meant."""
    parts = MONTH.fullmatch(typed)
    month = date(int(parts[1]), int(parts[2]), 1) if parts and int(parts[1]) else today.replace(day=1)
    return month if abs(month.year - today.year) <= YEARS_AROUND else today.replace(day=1)


def month_before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def month_after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


@dataclass(frozen=True)
class MonthDay:
    """One cell of a month; `is_inside` where the day belongs to the month itself and not to its neighbors."""

    on: date
    is_inside: bool
    entries: tuple[CalendarDay, ...]


def lay_out_month(month: date, days: Iterable[CalendarDay], first_weekday: int = 0) -> tuple[tuple[MonthDay, ...], ...]:
    """Whole weeks with the days in them; `first_weekday` is 0 for weeks that begin on Monday."""
    by_day: dict[date, list[CalendarDay]] = {}
    for day in days:
        by_day.setdefault(day.on, []).append(day)
    weeks = calendar.Calendar(first_weekday).monthdatescalendar(month.year, month.month)
    return tuple(
        tuple(MonthDay(on, on.month == month.month, tuple(by_day.get(on, ()))) for on in week) for week in weeks
    )
