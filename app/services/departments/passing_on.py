"""Work that a head passes on inside the department."""

from dataclasses import dataclass

from app.services.assessment.overview import load_overview
from app.services.assessment.stand import Stand
from app.services.assigning import assignment
from app.services.desk import Desk
from app.store import assessment


@dataclass(frozen=True)
class LedCriterion:
    """A criterion of a department that the person leads, and the version of its assignment."""

    stand: Stand
    version: int


@dataclass(frozen=True)
class LedDepartment:
    """`people` are those who work there, as (id, name)."""

    id: int
    name: str
    criteria: tuple[LedCriterion, ...]
    people: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class PassingOnPage:
    departments: tuple[LedDepartment, ...]


def list_led_criteria(desk: Desk) -> PassingOnPage:
    """The departments that the person leads, or whose head the person stands in for. Raises NotFound without an open assessment."""
    seen = load_overview(desk.session, desk.site, desk.who.city, desk.who.language)
    tasks = assessment.load_assignments(desk.session, desk.city_id, seen.assessment.id)
    return PassingOnPage(
        tuple(
            LedDepartment(
                id=department_id,
                name=name,
                criteria=tuple(
                    LedCriterion(stand, tasks[stand.code].version)
                    for stand in seen.stands
                    if stand.department_id == department_id
                ),
                people=tuple(assignment.list_colleagues(desk, department_id).items()),
            )
            for department_id, name in seen.departments.items()
            if department_id in desk.who.stand_in.led
        )
    )
