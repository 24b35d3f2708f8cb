"""Which department, and within it which person, answers for which criterion, and by when."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.rules.criteria import Area
from app.rules.errors import Conflict, Invalid, NotFound
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.rules.permissions import STAFF
from app.services.assessment import current
from app.services.desk import Who
from app.services.people.members import CHANGED_MEANWHILE
from app.services.site import Site
from app.store import assessment, city, people
from app.store.assessment import Assessment, Assignment
from app.store.history import events


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


def index(session: Session, site: Site, who: Who, editing: str = "") -> AssignmentsPage:
    """Every criterion and who answers for it. Raises NotFound without an open assessment."""
    run = current(session, who.city)
    departments, writers = _departments(session, who), staff(session, who)
    names = people.names(session, who.city_id)
    stored = assessment.assignments(session, who.city_id, run.id or 0)
    edition = site.edition(run.edition, who.language)

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


def _departments(session: Session, who: Who) -> dict[int, str]:
    return {row.id or 0: row.name for row in city.departments(session, who.city_id)}


def staff(session: Session, who: Who) -> dict[int, str]:
    """Those who can write a response now: names by person id."""
    return {
        person.id or 0: person.name
        for membership, person in people.members(session, who.city_id)
        if membership.ended_at is None and membership.role in STAFF
    }


def assign(
    session: Session,
    site: Site,
    who: Who,
    code: str,
    *,
    department: int | None,
    person: int | None,
    due_on: date | None,
    version: int,
) -> None:
    """Give a criterion to a department, or to nobody when `department` is None. Raises Invalid, Conflict, NotFound."""
    run = current(session, who.city)
    if code not in site.edition(run.edition, "en").criteria:
        raise NotFound(say("There is no criterion %(code)s in this edition.", code=code[:12]))
    _check_choice(session, who, department, person)
    check_due(due_on, who.today)
    people.one_at_a_time(session, who.city_id)
    _put(session, who, run, code, (department, person, due_on), version)


def _check_choice(session: Session, who: Who, department: int | None, person: int | None) -> None:
    if department is not None and department not in _departments(session, who):
        raise Invalid({"department": say("Choose a department of this city.")})
    if person is not None and person not in staff(session, who):
        raise Invalid({"person": say("Choose somebody who works in this city.")})
    if department is None and person is not None:
        raise Invalid({"department": say("Choose the department too, since the criterion stays with it.")})


def check_due(due_on: date | None, today: date) -> None:
    """Raises Invalid for a year that can only be a slip of the finger."""
    if due_on and not today.year - 1 <= due_on.year <= today.year + 10:
        raise Invalid({"due_on": say("This year cannot be right. Choose a date within the next ten years.")})


Choice = tuple[int | None, int | None, date | None]


def _put(session: Session, who: Who, run: Assessment, code: str, choice: Choice, version: int) -> None:
    """Store department, person and due date, and record it; nothing happens when they are so already."""
    department, person, due_on = choice
    kept = assessment.assignment(session, who.city_id, run.id or 0, code)
    if choice == ((kept.department_id, kept.person_id, kept.due_on) if kept else (None, None, due_on)):
        return
    if department is None:
        done = assessment.unassign(session, who.city_id, run.id or 0, code, version)
        _record(session, who, done, Verb.UNASSIGNED, code)
        return
    wanted = Assignment(
        city_id=who.city_id,
        assessment_id=run.id or 0,
        criterion=code,
        department_id=department,
        person_id=person,
        due_on=due_on,
    )
    done = assessment.assign(session, wanted, version)
    name = _departments(session, who)[department]
    _record(session, who, done, Verb.ASSIGNED, code, department=name, person=person, due_on=due_on)


def _record(session: Session, who: Who, done: bool, verb: Verb, code: str, **details: object) -> None:
    if not done:
        raise Conflict(CHANGED_MEANWHILE)
    events.record(session, who.city_id, who.person_id, verb, code, **details)


def assign_area(session: Session, site: Site, who: Who, area: str, department: int | None, version: int) -> None:
    """Give all criteria of a practice area to a department. Due dates stay; a person stays only with the department.

    `version` is that of the area's tasks. Raises Invalid, Conflict, NotFound.
    """
    _check_choice(session, who, department, None)
    if department is None:
        raise Invalid({f"department-{area}": say("Choose a department of this city.")})
    people.one_at_a_time(session, who.city_id)
    run = current(session, who.city)
    found = next((one for one in index(session, site, who).areas if one.area.id == area), None)
    if found is None:
        raise NotFound(say("There is no such practice area in this edition."))
    if found.version != version:
        raise Conflict(CHANGED_MEANWHILE)
    for task in found.tasks:
        person = task.person_id if task.department_id == department else None
        _put(session, who, run, task.code, (department, person, task.due_on), task.version)
