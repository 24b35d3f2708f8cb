"""Who does whose work: deputies of criteria, heads of departments, and those who stand in for someone away."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from app.rules.days.typed_day import check_year_between
from app.rules.errors import Invalid
from app.rules.message import Message, say


class OwnedTask(Protocol):
    """An assignment: ids of its department, its person and the person's deputy."""

    @property
    def department_id(self) -> int | None: ...

    @property
    def person_id(self) -> int | None: ...

    @property
    def deputy_id(self) -> int | None: ...


@dataclass(frozen=True)
class StandIn:
    """For whom someone does the work today.

    `away` are the people who are away and named this one; `departments` are theirs, as (department, person). `led` are departments of
    which this one is head or the head's deputy. `is_deputy` where a criterion may name this one as deputy.
    """

    away: frozenset[int] = frozenset()
    departments: frozenset[tuple[int, int]] = frozenset()
    led: frozenset[int] = frozenset()
    is_deputy: bool = False

    @property
    def is_for_someone(self) -> bool:
        return self.is_deputy or bool(self.away)

    @property
    def added_departments(self) -> frozenset[int]:
        """What this one may write for besides the own departments."""
        return self.led | {department for department, _ in self.departments}


ONLY_SELF = StandIn()


def is_named(task: OwnedTask, person_id: int, away: Collection[int]) -> bool:
    """Whether a task is someone's by name: as its person, as the deputy, or for one of the people `away`."""
    return person_id in {task.person_id, task.deputy_id} or task.person_id in away


def acted_for(task: OwnedTask, person_id: int, own_departments: Collection[int], stand_in: StandIn) -> int | None:
    """The person for whom someone works on a task; None for the own work."""
    if task.person_id == person_id:
        return None
    if task.person_id is not None and (task.deputy_id == person_id or task.person_id in stand_in.away):
        return task.person_id
    if task.department_id in own_departments or task.department_id in stand_in.led:
        return None
    return next(
        (person for department, person in sorted(stand_in.departments) if department == task.department_id), None
    )


def may_pass_on(stand_in: StandIn, department_id: int) -> bool:
    """Whether someone leads the department, so that its work may be passed on inside it."""
    return department_id in stand_in.led


def is_away(away_from: date | None, away_until: date | None, day: date) -> bool:
    """Both days included."""
    return away_from is not None and away_until is not None and away_from <= day <= away_until


@dataclass(frozen=True, order=True)
class PlannedAbsence:
    """From the first day to the last, both included, someone else does the work."""

    first: date
    last: date
    stand_in_id: int

    def lasts_on(self, day: date) -> bool:
        return self.first <= day <= self.last

    def meets(self, first: date, last: date) -> bool:
        """Whether the two have a day in common."""
        return self.first <= last and first <= self.last


MOST_ABSENCES = 12
"""Planned ones of a person: more than anyone has in a year."""


def write_absences(absences: Iterable[PlannedAbsence]) -> str:
    """As a row keeps them: `first last id;` one after the other, so that a query finds an id between a space and a semicolon."""
    return "".join(f"{absence.first} {absence.last} {absence.stand_in_id};" for absence in absences)


def read_absences(text: str | None) -> list[PlannedAbsence]:
    """What `write_absences` wrote."""
    parts = [part.split() for part in (text or "").split(";") if part]
    return [
        PlannedAbsence(date.fromisoformat(first), date.fromisoformat(last), int(stand_in))
        for first, last, stand_in in parts
    ]


def check_no_overlap(absences: Iterable[PlannedAbsence], first: date, last: date) -> None:
    """Raises Invalid where one of the planned absences has a day in common with these."""
    for absence in absences:
        if absence.meets(first, last):
            days = {"first": absence.first, "last": absence.last}
            raise Invalid(
                {"away_from": say("An absence from %(first)s to %(last)s is planned already. Cancel it first.", **days)}
            )


WRONG_YEAR = say("This year cannot be right. Choose a date within the next two years.")


def check_absence(away_from: date | None, away_until: date | None, today: date) -> tuple[date, date]:
    """First and last day of an absence. Raises Invalid where one is missing, over, or before the other."""
    missing: dict[str, Message] = {}
    if away_from is None:
        missing["away_from"] = say("Enter the first day.")
    if away_until is None:
        missing["away_until"] = say("Enter the last day.")
    if away_from is None or away_until is None:
        raise Invalid(missing)
    for field, day in {"away_from": away_from, "away_until": away_until}.items():
        check_year_between(field, day, today.year - 1, today.year + 2, WRONG_YEAR)
    if away_until < away_from:
        raise Invalid({"away_until": say("The last day is before the first.")})
    if away_until < today:
        raise Invalid({"away_until": say("This absence is over. Choose a last day from today on.")})
    return away_from, away_until
