"""The filters that several lists have, and what passes them."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from app.rules.board import STATUS_NAMES
from app.rules.criteria.edition import Area
from app.rules.listing.bar import ListFilter
from app.rules.message import Message, say

ON = "1"
MINE = ListFilter("mine", say("Mine"), ((ON, say("Mine")),))
CORE = ListFilter("core", say("Core criteria"), ((ON, say("Core criteria")),))
STATUS = ListFilter("state", say("State"), tuple(STATUS_NAMES.items()))
SOON_DAYS = 30


class DueChoice(StrEnum):
    """When something is due."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"
    UNDATED = "undated"


DUE_NAMES: dict[DueChoice, Message] = {
    DueChoice.OVERDUE: say("Overdue"),
    DueChoice.SOON: say("Within 30 days"),
    DueChoice.LATER: say("Later"),
    DueChoice.UNDATED: say("No date"),
}
DUE = ListFilter("due", say("Due"), tuple(DUE_NAMES.items()))


def due_choice(due_on: date | None, is_open: bool, today: date) -> DueChoice | None:
    """Where a date falls; None for what is done, or waits for someone else: no date matters there."""
    if not is_open:
        return None
    if due_on is None:
        return DueChoice.UNDATED
    if due_on < today:
        return DueChoice.OVERDUE
    return DueChoice.SOON if due_on <= today + timedelta(days=SOON_DAYS) else DueChoice.LATER


def area_filter(areas: Iterable[Area]) -> ListFilter:
    return ListFilter("area", say("Practice area"), tuple((area.id, area.title) for area in areas))


NO_DEPARTMENT = "none"


def department_filter(departments: Iterable[tuple[int, str]]) -> ListFilter:
    """The departments by id and name, and what none of them has."""
    named = tuple((str(department_id), name) for department_id, name in departments)
    return ListFilter("department", say("Department"), (*named, (NO_DEPARTMENT, say("No department yet"))))


def is_of_department(department_id: int | None, wanted: str) -> bool:
    """Whether something of this department passes the filter."""
    return wanted == (str(department_id) if department_id else NO_DEPARTMENT)
