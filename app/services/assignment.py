"""Which department, and within it which person, answers for which criterion, and by when."""

from dataclasses import dataclass
from datetime import date

from app.rules.criteria import Area
from app.rules.errors import Conflict, Invalid, NotFound
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.rules.permissions import STAFF
from app.services.assessment import current
from app.services.desk import Desk
from app.services.people.members import CHANGED_MEANWHILE
from app.store import assessment, city, people
from app.store.assessment import Assessment, Assignment


@dataclass(frozen=True)
class Task:
    """A criterion with who answers for it; ids are None and names empty where nobody does. `version` is 0 before the first time."""

    code: str
    title: str
    department_id: int | None
    department: str
    person_id: int | None
    person: str
    due_on: date | None
    version: int


@dataclass(frozen=True)
class AreaTasks:
    """A practice area's tasks; `version` changes when any of them does."""

    area: Area
    tasks: tuple[Task, ...]

    @property
    def version(self) -> int:
        return sum(task.version for task in self.tasks)


@dataclass(frozen=True)
class AssignmentsPage:
    """All criteria by area; `editing` is the code whose row is open; `departments` and `people` can be chosen, as (id, name)."""

    areas: tuple[AreaTasks, ...]
    departments: tuple[tuple[int, str], ...]
    people: tuple[tuple[int, str], ...]
    editing: str
    unassigned: int


def index(desk: Desk, editing: str = "") -> AssignmentsPage:
    """Every criterion and who answers for it. Raises NotFound without an open assessment."""
    run = current(desk.session, desk.who.city)
    departments, writers = _departments(desk), staff(desk)
    names = people.names(desk.session, desk.city_id)
    stored = assessment.assignments(desk.session, desk.city_id, run.id)
    edition = desk.site.edition(run.edition, desk.who.language)

    def task(code: str) -> Task:
        row, title = stored.get(code), edition.criteria[code].title
        if row is None:
            return Task(code, title, None, "", None, "", None, 0)
        owner, person = departments.get(row.department_id, ""), names.get(row.person_id or 0, "")
        return Task(code, title, row.department_id, owner, row.person_id, person, row.due_on, row.version)

    return AssignmentsPage(
        areas=tuple(AreaTasks(area, tuple(map(task, area.criteria))) for area in edition.areas),
        departments=tuple(departments.items()),
        people=tuple(writers.items()),
        editing=editing if editing in edition.criteria else "",
        unassigned=sum(code not in stored for code in edition.criteria),
    )


def _departments(desk: Desk) -> dict[int, str]:
    return {row.id: row.name for row in city.departments(desk.session, desk.city_id)}


def staff(desk: Desk) -> dict[int, str]:
    """Those who can write a response now: names by person id."""
    return {
        person.id: person.name
        for membership, person in people.members(desk.session, desk.city_id)
        if membership.ended_at is None and membership.role in STAFF
    }


def assign(
    desk: Desk,
    code: str,
    *,
    department: int | None,
    person: int | None,
    due_on: date | None,
    version: int,
) -> None:
    """Give a criterion to a department, or to nobody when `department` is None. Raises Invalid, Conflict, NotFound."""
    run = current(desk.session, desk.who.city)
    if code not in desk.site.edition(run.edition, "en").criteria:
        raise NotFound(say("There is no criterion %(code)s in this edition.", code=code[:12]))
    _check_choice(desk, department, person)
    check_due(due_on, desk.who.today)
    people.one_at_a_time(desk.session, desk.city_id)
    _put(desk, run, code, (department, person, due_on), version)


def _check_choice(desk: Desk, department: int | None, person: int | None) -> None:
    if department is not None and department not in _departments(desk):
        raise Invalid({"department": say("Choose a department of this city.")})
    if person is not None and person not in staff(desk):
        raise Invalid({"person": say("Choose somebody who works in this city.")})
    if department is None and person is not None:
        raise Invalid({"department": say("Choose the department too, since the criterion stays with it.")})


def check_due(due_on: date | None, today: date) -> None:
    """Raises Invalid for a year that can only be a slip of the finger."""
    if due_on and not today.year - 1 <= due_on.year <= today.year + 10:
        raise Invalid({"due_on": say("This year cannot be right. Choose a date within the next ten years.")})


Choice = tuple[int | None, int | None, date | None]


def _put(desk: Desk, run: Assessment, code: str, choice: Choice, version: int) -> None:
    """Store department, person and due date, and record it; nothing happens when they are so already."""
    department, person, due_on = choice
    kept = assessment.assignment(desk.session, desk.city_id, run.id, code)
    if choice == ((kept.department_id, kept.person_id, kept.due_on) if kept else (None, None, due_on)):
        return
    if department is None:
        done = assessment.unassign(desk.session, desk.city_id, run.id, code, version)
        _record(desk, done, Verb.UNASSIGNED, code)
        return
    wanted = Assignment(
        city_id=desk.city_id,
        assessment_id=run.id,
        criterion=code,
        department_id=department,
        person_id=person,
        due_on=due_on,
    )
    done = assessment.assign(desk.session, wanted, version)
    name = _departments(desk)[department]
    _record(desk, done, Verb.ASSIGNED, code, department=name, person=person, due_on=due_on)


def _record(desk: Desk, done: bool, verb: Verb, code: str, **details: object) -> None:
    if not done:
        raise Conflict(CHANGED_MEANWHILE)
    desk.record(verb, code, **details)


def assign_area(desk: Desk, area: str, department: int | None, version: int) -> None:
    """Give all criteria of a practice area to a department. Due dates stay; a person stays only with the department.

    `version` is that of the area's tasks. Raises Invalid, Conflict, NotFound.
    """
    _check_choice(desk, department, None)
    if department is None:
        raise Invalid({f"department-{area}": say("Choose a department of this city.")})
    people.one_at_a_time(desk.session, desk.city_id)
    run = current(desk.session, desk.who.city)
    found = next((one for one in index(desk).areas if one.area.id == area), None)
    if found is None:
        raise NotFound(say("There is no such practice area in this edition."))
    if found.version != version:
        raise Conflict(CHANGED_MEANWHILE)
    for task in found.tasks:
        person = task.person_id if task.department_id == department else None
        _put(desk, run, task.code, (department, person, task.due_on), task.version)
