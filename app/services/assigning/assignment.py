"""Which department, and within it which person, answers for which criterion, and by when."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from app.rules.criteria.edition import Area
from app.rules.days.typed_day import check_year_between
from app.rules.errors import Conflict, Invalid, NotAllowed, NotFound
from app.rules.history.verbs import Verb
from app.rules.listing.bar import ListBar
from app.rules.message import say
from app.rules.people.permissions import STAFF
from app.rules.people.standing_in import may_pass_on
from app.services.assessment.ground import load_open_assessment
from app.services.desk import Desk
from app.services.people.members import CHANGED_MEANWHILE
from app.store import assessment, city, people
from app.store.assessment import Assessment, Assignment


@dataclass(frozen=True)
class CriterionTask:
    """A criterion with who answers for it; ids are None and names empty where nobody does. `version` is 0 before the first time."""

    code: str
    title: str
    department_id: int | None
    department: str
    person_id: int | None
    person: str
    due_on: date | None
    version: int
    deputy_id: int | None = None
    deputy: str = ""


@dataclass(frozen=True)
class AreaTasks:
    """A practice area's tasks; `version` changes when any of them does, also one that is not shown: then it is that of all."""

    area: Area
    tasks: tuple[CriterionTask, ...]
    version_of_all: int | None = None

    @property
    def version(self) -> int:
        return sum(task.version for task in self.tasks) if self.version_of_all is None else self.version_of_all

    @property
    def unassigned(self) -> int:
        return sum(task.department_id is None for task in self.tasks)


@dataclass(frozen=True)
class AssignmentsPage:
    """All criteria by area; `editing` is the code whose row is open; `departments` and `people` can be chosen, as (id, name).

    With a `bar` only what fits is in the areas, of which those in `open_areas` are unfolded.
    """

    areas: tuple[AreaTasks, ...]
    departments: tuple[tuple[int, str], ...]
    people: tuple[tuple[int, str], ...]
    editing: str
    unassigned: int
    edition: str
    assessment_id: int
    bar: ListBar | None = None
    open_areas: frozenset[str] = frozenset()


def list_assignments(desk: Desk, editing: str = "") -> AssignmentsPage:
    """Every criterion and who answers for it. Raises NotFound without an open assessment."""
    open_assessment = load_open_assessment(desk.session, desk.who.city)
    departments, writers = _department_names(desk), list_writers(desk)
    names = people.load_names(desk.session, desk.city_id)
    assignments = assessment.load_assignments(desk.session, desk.city_id, open_assessment.id)
    edition = desk.site.edition(open_assessment.edition, desk.who.language)

    def build_task(code: str) -> CriterionTask:
        assignment, title = assignments.get(code), edition.criteria[code].title
        if assignment is None:
            return CriterionTask(code, title, None, "", None, "", None, 0)
        owner, person = departments.get(assignment.department_id, ""), names.get(assignment.person_id or 0, "")
        return CriterionTask(
            code,
            title,
            assignment.department_id,
            owner,
            assignment.person_id,
            person,
            assignment.due_on,
            assignment.version,
            assignment.deputy_id,
            names.get(assignment.deputy_id or 0, ""),
        )

    return AssignmentsPage(
        areas=tuple(AreaTasks(area, tuple(map(build_task, area.criteria))) for area in edition.areas),
        departments=tuple(departments.items()),
        people=tuple(writers.items()),
        editing=editing if editing in edition.criteria else "",
        unassigned=sum(code not in assignments for code in edition.criteria),
        edition=open_assessment.edition,
        assessment_id=open_assessment.id,
    )


def _department_names(desk: Desk) -> dict[int, str]:
    return {row.id: row.name for row in city.list_departments(desk.session, desk.city_id)}


def list_writers(desk: Desk) -> dict[int, str]:
    """Those who can write a response now: names by person id."""
    return {
        person.id: person.name
        for membership, person in people.list_members(desk.session, desk.city_id)
        if membership.ended_at is None and membership.role in STAFF
    }


def assign_criterion(
    desk: Desk,
    code: str,
    *,
    department: int | None,
    person: int | None,
    due_on: date | None,
    version: int,
    deputy: int | None = None,
) -> None:
    """Give a criterion to a department, or to nobody when `department` is None. Raises Invalid, Conflict, NotFound."""
    open_assessment = load_open_assessment(desk.session, desk.who.city)
    if code not in desk.site.edition(open_assessment.edition, "en").criteria:
        raise NotFound(say("There is no criterion %(code)s in this edition.", code=code[:12]))
    _check_choice(desk, department, person)
    _check_deputy(desk, person, deputy)
    check_due_day(due_on, desk.who.today)
    people.lock_memberships(desk.session, desk.city_id)
    save_choice(desk, open_assessment, code, AssignmentChoice(department, person, deputy, due_on), version)


def _check_choice(desk: Desk, department: int | None, person: int | None) -> None:
    if department is not None and department not in _department_names(desk):
        raise Invalid({"department": say("Choose a department of this city.")})
    if person is not None and person not in list_writers(desk):
        raise Invalid({"person": say("Choose someone who works in this city.")})
    if department is None and person is not None:
        raise Invalid({"department": say("Choose the department too, since the criterion stays with it.")})


def _check_deputy(desk: Desk, person: int | None, deputy: int | None) -> None:
    if deputy is None:
        return
    if deputy not in list_writers(desk):
        raise Invalid({"deputy": say("Choose someone who works in this city.")})
    if person is None:
        raise Invalid({"deputy": say("Choose the person too: a deputy stands in for someone.")})
    if person == deputy:
        raise Invalid({"deputy": say("Choose someone else: this is the person who answers for it.")})


def check_due_day(due_on: date | None, today: date) -> None:
    """Raises Invalid for a year that can only be a slip of the finger."""
    problem = say("This year cannot be right. Choose a date within the next ten years.")
    check_year_between("due_on", due_on, today.year - 1, today.year + 10, problem)


class AssignmentChoice(NamedTuple):
    """Who is to answer for a criterion, and by when; ids of department, person and the person's deputy."""

    department: int | None
    person: int | None
    deputy: int | None
    due_on: date | None


def stored_choice(stored: Assignment | None) -> AssignmentChoice:
    """That of an assignment."""
    if stored is None:
        return AssignmentChoice(None, None, None, None)
    return AssignmentChoice(stored.department_id, stored.person_id, stored.deputy_id, stored.due_on)


def save_choice(desk: Desk, open_assessment: Assessment, code: str, choice: AssignmentChoice, version: int) -> None:
    """Store department, person and due date, and record it; nothing happens when they are so already."""
    department, person, deputy, due_on = choice
    stored = assessment.find_assignment(desk.session, desk.city_id, open_assessment.id, code)
    if choice == stored_choice(stored) or (stored is None and department is None):
        return
    if department is None:
        is_saved = assessment.delete_assignment(desk.session, desk.city_id, open_assessment.id, code, version)
        _record_change(desk, is_saved, Verb.UNASSIGNED, code)
        return
    new_assignment = Assignment(
        city_id=desk.city_id,
        assessment_id=open_assessment.id,
        criterion=code,
        department_id=department,
        person_id=person,
        deputy_id=deputy,
        due_on=due_on,
    )
    save_and_record(desk, new_assignment, version)


def save_and_record(desk: Desk, wanted: Assignment, version: int) -> None:
    """Store an assignment that someone checked, and record it. Raises Conflict."""
    is_saved = assessment.save_assignment(desk.session, wanted, version)
    name = _department_names(desk).get(wanted.department_id, "")
    details = {"person": wanted.person_id, "deputy": wanted.deputy_id, "due_on": wanted.due_on}
    _record_change(desk, is_saved, Verb.ASSIGNED, wanted.criterion, department=name, **details)


def _record_change(desk: Desk, is_saved: bool, verb: Verb, code: str, **details: object) -> None:
    if not is_saved:
        raise Conflict(CHANGED_MEANWHILE)
    desk.record(verb, code, **details)


def pass_on(desk: Desk, code: str, person: int | None, version: int) -> None:
    """Give a criterion to another person of its department, as who leads that department; date and department stay.

    Raises NotAllowed, Invalid for a person of another department, Conflict, NotFound.
    """
    people.lock_memberships(desk.session, desk.city_id)
    stored = assessment.find_open_assignment(desk.session, desk.city_id, code)
    if stored is None:
        raise NotFound(say("Nobody answers for this criterion yet."))
    if not may_pass_on(desk.who.stand_in, stored.department_id):
        raise NotAllowed(say("Only the head of its department, or the head’s deputy, passes a criterion on."))
    if person is not None and person not in list_colleagues(desk, stored.department_id):
        raise Invalid({f"person-{code}": say("Choose someone of this department.")})
    deputy = stored.deputy_id if person not in {None, stored.deputy_id} else None
    run = load_open_assessment(desk.session, desk.who.city)
    choice = AssignmentChoice(stored.department_id, person, deputy, stored.due_on)
    save_choice(desk, run, code, choice, version)


def list_colleagues(desk: Desk, department_id: int) -> dict[int, str]:
    """Who works in a department: names by person id."""
    of_member = people.load_departments_by_member(desk.session, desk.city_id)
    writers = list_writers(desk)
    return {
        person.id: person.name
        for membership, person in people.list_members(desk.session, desk.city_id)
        if person.id in writers and department_id in of_member.get(membership.id, ())
    }


def assign_area(desk: Desk, area: str, department: int | None, version: int) -> None:
    """Give all criteria of a practice area to a department. Due dates stay; a person stays only with the department.

    `version` is that of the area's tasks. Raises Invalid, Conflict, NotFound.
    """
    _check_choice(desk, department, None)
    if department is None:
        raise Invalid({f"department-{area}": say("Choose a department of this city.")})
    people.lock_memberships(desk.session, desk.city_id)
    open_assessment = load_open_assessment(desk.session, desk.who.city)
    area_tasks = next((candidate for candidate in list_assignments(desk).areas if candidate.area.id == area), None)
    if area_tasks is None:
        raise NotFound(say("We could not find that practice area."))
    if area_tasks.version != version:
        raise Conflict(CHANGED_MEANWHILE)
    for task in area_tasks.tasks:
        stays = task.department_id == department
        person, deputy = (task.person_id, task.deputy_id) if stays else (None, None)
        choice = AssignmentChoice(department, person, deputy, task.due_on)
        save_choice(desk, open_assessment, task.code, choice, task.version)
