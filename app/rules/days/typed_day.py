"""Days that a person typed: whether they can be meant."""

from datetime import date

from app.rules.errors import Invalid
from app.rules.message import Message


def check_day_between(field: str, day: date | None, first: date, last: date, problem: Message) -> None:
    """Raises Invalid at the field, with `problem`, for a day outside the two; no day is right."""
    if day and not first <= day <= last:
        raise Invalid({field: problem})


def check_year_between(field: str, day: date | None, first: int, last: int, problem: Message) -> None:
    """Raises Invalid at the field for a day in a year outside the two, which can only be a slip of the finger."""
    check_day_between(field, day, date(first, 1, 1), date(last, 12, 31), problem)


def years_after(today: date, years: int) -> date:
    """The same day so many years later; February 28 for the day that not every year has."""
    is_leap_day = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year + years, day=28 if is_leap_day else today.day)
