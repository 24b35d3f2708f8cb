"""Departments are added, renamed, merged, split and closed; what they did stays under the name that they had."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.rules.errors import Conflict, Invalid, NotFound, Refused
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.rules.people.roles import check_display_name
from app.services.assigning import assignment
from app.services.departments.heads import find_open_department
from app.services.desk import Desk
from app.services.people.members import CHANGED_MEANWHILE
from app.store import assessment, city, people, request
from app.store.account import invitation
from app.store.assessment import Assignment
from app.store.city import Department
from app.store.database.engine import now


def add_department(desk: Desk, name: str) -> int:
    """Returns its id. Raises Invalid for an empty name or one that is in use, whatever the case of its letters."""
    name = _check_free_name(desk, name, but=None)
    closed = city.list_departments(desk.session, desk.city_id, closed=True)
    again = next((row for row in closed if row.name.casefold() == name.casefold()), None)
    if again is None:
        again = city.add_department(desk.session, desk.city_id, name)
        desk.session.flush()
    else:  # one of this name has closed: it opens again
        values = {"name": name, "closed_at": None, "merged_into": None}
        city.save_department(desk.session, desk.city_id, again.id, again.version, **values)
    desk.record(Verb.DEPARTMENT_ADDED, name)
    return again.id


def rename_department(desk: Desk, department_id: int, name: str, version: int) -> None:
    """Raises Invalid, Conflict, NotFound."""
    department = city.find_department(desk.session, desk.city_id, department_id)
    if department is None:
        raise NotFound(say("We could not find that department."))
    was, name = department.name, _check_free_name(desk, name, but=department_id)
    if not city.save_department(desk.session, desk.city_id, department_id, version, name=name):
        raise Conflict(CHANGED_MEANWHILE)
    desk.record(Verb.DEPARTMENT_RENAMED, name, was=was)


def _check_free_name(desk: Desk, name: str, *, but: int | None) -> str:
    name = check_display_name(name)
    people.lock_memberships(desk.session, desk.city_id)
    taken = {row.name.casefold() for row in city.list_departments(desk.session, desk.city_id) if row.id != but}
    if name.casefold() in taken:
        raise Invalid({"name": say("There is a department “%(name)s” already.", name=name)})
    return name


@dataclass(frozen=True)
class DepartmentPage:
    """One department, what hangs on it, and the others. `criteria` are (code, title), `people` (membership id, name), `others`
    (id, name, version).
    """

    id: int
    name: str
    version: int
    criteria: tuple[tuple[str, str], ...]
    people: tuple[tuple[int, str], ...]
    requests: int
    others: tuple[tuple[int, str, int], ...]


def load_department(desk: Desk, department_id: int) -> DepartmentPage:
    """Raises NotFound, also for one that closed."""
    department = find_open_department(desk, department_id)
    run = assessment.find_current_assessment(desk.session, desk.city_id)
    titles = desk.site.edition(run.edition, desk.who.language).criteria if run else {}
    codes = {task.criterion for task in _list_tasks(desk, department_id)}
    return DepartmentPage(
        id=department.id,
        name=department.name,
        version=department.version,
        criteria=tuple((code, criterion.title) for code, criterion in titles.items() if code in codes),
        people=tuple(_list_people(desk, department_id).items()),
        requests=len(request.list_open_requests(desk.session, desk.city_id, [department_id])),
        others=tuple(
            (row.id, row.name, row.version)
            for row in city.list_departments(desk.session, desk.city_id)
            if row.id != department_id
        ),
    )


def _list_tasks(desk: Desk, department_id: int) -> list[Assignment]:
    run = assessment.find_current_assessment(desk.session, desk.city_id)
    return assessment.list_department_assignments(desk.session, desk.city_id, run.id, department_id) if run else []


def _list_people(desk: Desk, department_id: int) -> dict[int, str]:
    of_member = people.load_departments_by_member(desk.session, desk.city_id)
    return {
        membership.id: person.name
        for membership, person in people.list_members(desk.session, desk.city_id)
        if membership.ended_at is None and department_id in of_member.get(membership.id, ())
    }


def merge_department(desk: Desk, department_id: int, into_id: int | None, version: int, into_version: int) -> None:
    """Give all that a department has to another, and close it. Raises Invalid, Conflict, NotFound."""
    people.lock_memberships(desk.session, desk.city_id)
    department = find_open_department(desk, department_id)
    if into_id is None or into_id == department_id:
        raise Invalid({"into": say("Choose the department that takes over.")})
    into = find_open_department(desk, into_id)
    was, name, head_id, deputy_id = department.name, into.name, department.head_id, department.deputy_id
    heads = {} if into.head_id else {"head_id": head_id, "deputy_id": deputy_id}
    _save_department(desk, into, into_version, **heads)
    _close(desk, department, version, merged_into=into_id)
    for task in _list_tasks(desk, department_id):
        _move_task(desk, task, into_id, keep_person=True)
    _move_people(desk, department_id, into_id, None)
    _move_requests(desk, department_id, into_id)
    _move_invitations(desk, department_id, into_id)
    desk.record(Verb.DEPARTMENT_MERGED, name, was=was)


def split_department(
    desk: Desk, department_id: int, name: str, codes: Sequence[str], members: Collection[int], version: int
) -> int:
    """Make a department of some of another's criteria and people (by membership); returns its id.

    A person who stays keeps no criterion that goes. Raises Invalid, Conflict, NotFound.
    """
    department = find_open_department(desk, department_id)
    tasks = {task.criterion: task for task in _list_tasks(desk, department_id)}
    moved = [tasks[code] for code in codes if code in tasks]
    if not moved:
        raise Invalid({"codes": say("Choose the criteria that go to the new department.")})
    was = department.name
    add_department(desk, name)
    desk.session.flush()
    new = next(row for row in city.list_departments(desk.session, desk.city_id) if row.name == check_display_name(name))
    _save_department(desk, department, version)
    going = _list_people(desk, department_id).keys() & set(members)
    gone = {
        person.id for membership, person in people.list_members(desk.session, desk.city_id) if membership.id in going
    }
    for task in moved:
        _move_task(desk, task, new.id, keep_person=task.person_id in gone)
    _move_people(desk, department_id, new.id, going)
    desk.record(Verb.DEPARTMENT_SPLIT, new.name, was=was)
    return new.id


def close_department(desk: Desk, department_id: int, version: int) -> None:
    """Close a department that has nothing in hand. Raises Refused where it has, Conflict, NotFound."""
    people.lock_memberships(desk.session, desk.city_id)
    page = load_department(desk, department_id)
    if page.criteria or page.requests:
        raise Refused(
            say(
                "%(name)s still has criteria (%(criteria)s) or requests (%(requests)s). Merge it into another department, or "
                "assign them first.",
                name=page.name,
                criteria=len(page.criteria),
                requests=page.requests,
            )
        )
    _close(desk, find_open_department(desk, department_id), version, merged_into=None)
    _move_people(desk, department_id, None, None)
    _move_invitations(desk, department_id, None)
    desk.record(Verb.DEPARTMENT_CLOSED, page.name)


def _close(desk: Desk, department: Department, version: int, merged_into: int | None) -> None:
    ended = {"closed_at": now(), "merged_into": merged_into, "head_id": None, "deputy_id": None}
    _save_department(desk, department, version, **ended)


def _save_department(desk: Desk, department: Department, version: int, **values: object) -> None:
    if not city.save_department(desk.session, desk.city_id, department.id, version, **values):
        raise Conflict(CHANGED_MEANWHILE)


def _move_task(desk: Desk, task: Assignment, department_id: int, *, keep_person: bool) -> None:
    wanted = Assignment(
        city_id=desk.city_id,
        assessment_id=task.assessment_id,
        criterion=task.criterion,
        department_id=department_id,
        person_id=task.person_id if keep_person else None,
        deputy_id=task.deputy_id if keep_person else None,
        due_on=task.due_on,
    )
    assignment.save_and_record(desk, wanted, task.version)


def _move_people(desk: Desk, department_id: int, into_id: int | None, only: Collection[int] | None) -> None:
    """Take people out of a department and into another, where one is given; all of them, or `only` these memberships."""
    for membership_id, departments in people.load_departments_by_member(desk.session, desk.city_id).items():
        if department_id in departments and (only is None or membership_id in only):
            stays = frozenset(departments - {department_id} | ({into_id} if into_id else set()))
            people.set_departments(desk.session, desk.city_id, membership_id, stays)


def _move_requests(desk: Desk, department_id: int, into_id: int) -> None:
    for asked in request.list_unfinished_requests(desk.session, desk.city_id, department_id):
        if not request.save_request(desk.session, desk.city_id, asked.id, asked.version, department_id=into_id):
            raise Conflict(CHANGED_MEANWHILE)


def _move_invitations(desk: Desk, department_id: int, into_id: int | None) -> None:
    for waiting in invitation.list_waiting_invitations(desk.session, desk.city_id):
        if department_id in waiting.department_ids:
            stays = waiting.department_ids - {department_id} | ({into_id} if into_id else set())
            invitation.set_invited_departments(desk.session, waiting, stays)
