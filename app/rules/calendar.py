"""Days of the assessment as a calendar takes them: when something is due, and when evidence stops counting."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.rules.message import Message, say
from app.rules.my_work import WITH_THE_DEPARTMENT
from app.rules.review import ResponseState


class DayKind(StrEnum):
    """What a day is about."""

    DUE = "due"
    EXPIRES = "expires"


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
    """One entry of a calendar, for a whole day."""

    kind: DayKind
    code: str
    title: str
    on: date


DAY_TITLES = {
    DayKind.DUE: say("%(code)s is due: %(title)s"),
    DayKind.EXPIRES: say("Renew the evidence of %(code)s: %(title)s"),
}


def title_day(day: CalendarDay) -> Message:
    """The entry in words."""
    return Message(DAY_TITLES[day.kind].text, values={"code": day.code, "title": day.title})


def list_days(criteria: Iterable[CriterionDays]) -> list[CalendarDay]:
    """The days of these criteria in their order. What waits for the reviewer, or is decided, is not due any more."""
    days = []
    for criterion in criteria:
        if criterion.due_on and criterion.state in WITH_THE_DEPARTMENT:
            days.append(CalendarDay(DayKind.DUE, criterion.code, criterion.title, criterion.due_on))
        if criterion.at_risk_from:
            days.append(CalendarDay(DayKind.EXPIRES, criterion.code, criterion.title, criterion.at_risk_from))
    return sorted(days, key=lambda day: (day.on, day.code, day.kind))
