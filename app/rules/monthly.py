"""Reports that go out by mail each month: on which day, to whom, and what became of each month's."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.rules.days.typed_day import check_day_between, years_after
from app.rules.errors import Invalid
from app.rules.message import Message, say
from app.rules.report.names import LENGTH_NAMES
from app.rules.report.parts import ReportAudience, ReportLength, ReportOrder

MOST_MONTHLY = 12
"""Monthly reports that a city has at a time."""
LONGEST_YEARS = 2
"""How long a typed address is written to at most before someone has to confirm it by a new date."""
MOST_ATTACHED_BYTES = 5_000_000
"""A mail carries a file as text of four thirds its size, and many servers take no mail above 10 MB."""
MONTHLY_LENGTHS: dict[str, Message] = {
    length: LENGTH_NAMES[length] for length in (ReportLength.ONE_PAGE, ReportLength.SUMMARY, ReportLength.FULL)
}


class IssueState(StrEnum):
    """One month's report: being MADE, then MAILED, or FAILED with a problem, or DROPPED because it was paused or ended by then."""

    MADE = "made"
    MAILED = "mailed"
    FAILED = "failed"
    DROPPED = "dropped"


ISSUE_STATE_NAMES: dict[str, Message] = {
    IssueState.MADE: say("being made"),
    IssueState.MAILED: say("sent"),
    IssueState.FAILED: say("not sent"),
    IssueState.DROPPED: say("not sent: it was paused or ended by then"),
}


class IssueProblem(StrEnum):
    """Why a month's report was not sent."""

    NOT_MADE = "not_made"
    NO_ASSESSMENT = "no_assessment"
    NOBODY = "nobody"


ISSUE_PROBLEMS: dict[str, Message] = {
    IssueProblem.NOT_MADE: say("The report could not be made."),
    IssueProblem.NO_ASSESSMENT: say("No assessment was open on that day."),
    IssueProblem.NOBODY: say("Nobody was left on its list."),
}


@dataclass(frozen=True)
class MonthlyWish:
    """What the data office wants each month: the report, the day, and whether the mail carries it as a file."""

    order: ReportOrder
    day: int
    is_attached: bool

    @property
    def columns(self) -> dict[str, Any]:
        """As a row keeps it."""
        return {
            "length": self.order.length.value,
            "audience": self.order.audience.value,
            "language": self.order.language,
            "day": self.day,
            "is_attached": self.is_attached,
        }


def check_wish(wish: MonthlyWish) -> None:
    """Raises Invalid for a length that is not sent monthly, a day that no month has, and a file that is not for everyone."""
    wrong: dict[str, Message] = {}
    if wish.order.length not in MONTHLY_LENGTHS:
        wrong["length"] = say("Choose how long the report should be.")
    if not 1 <= wish.day <= 31:
        wrong["day"] = say("Write a day of the month from 1 to 31.")
    if wish.is_attached and wish.order.audience != ReportAudience.PUBLIC:
        wrong["attached"] = say(
            "Only a report for the public is attached. For others the mail has a link to sign in by."
        )
    if wrong:
        raise Invalid(wrong)


def check_until(until: date | None, has_addresses: bool, today: date) -> date | None:
    """Until when typed addresses get it; None where there are none. Raises Invalid at `until`."""
    if not has_addresses:
        return None
    if until is None:
        raise Invalid({"until": say("Choose until when these addresses get the report.")})
    last = years_after(today, LONGEST_YEARS)
    check_day_between("until", until, today, last, say("Choose a day from today to %(last)s.", last=last))
    return until


def due_day(year: int, month: int, day: int) -> date:
    """The day of a month, or its last one where it is shorter."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def month_of(day: date) -> str:
    """A month as a row keeps it, such as 2026-11."""
    return f"{day:%Y-%m}"


def is_due(day: int, starts_on: date, today: date) -> bool:
    """Whether this month's has come and was to be sent since `starts_on`. A day that passed without a worker is made up for while it is
    still the same month.
    """
    return starts_on <= due_day(today.year, today.month, day) <= today


def find_next_day(day: int, starts_on: date, today: date, has_this_month: bool) -> date:
    """When the next one goes out."""
    begin = max(today, starts_on)
    this_month = due_day(begin.year, begin.month, day)
    is_over = this_month < starts_on or (has_this_month and month_of(begin) == month_of(today))
    if not is_over:
        return max(this_month, today)
    year, month = divmod(begin.year * 12 + begin.month, 12)
    return due_day(year, month + 1, day)


def is_file_attached(is_wanted: bool, audience: str, size_bytes: int) -> bool:
    """Whether a mail carries the report itself, and not only the link to it."""
    return is_wanted and audience == ReportAudience.PUBLIC and 0 < size_bytes <= MOST_ATTACHED_BYTES
