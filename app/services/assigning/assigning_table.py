"""One table that assigns all criteria: filtered, filled in for many rows at once, and saved together, each row with its version."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.rules.assigning import RowOwner, propose_department, write_row
from app.rules.errors import Invalid
from app.rules.message import Message, say
from app.services.assessment.ground import load_open_assessment
from app.services.assigning.assignment import AssignmentChoice, check_due_day, list_writers, save_choice, stored_choice
from app.services.desk import Desk
from app.store import assessment, city, people
from app.store.account import invitation
from app.store.account.invitation import Invitation

CHANGED_ROW = say("Someone changed this row meanwhile. What you chose is kept here: save again to use it.")
PICKED, EVERY = "picked", "shown"


@dataclass(frozen=True)
class TableFilter:
    """Which rows are shown: of an area, of a department, and "open" for those without one or "core" for the core criteria."""

    area: str = ""
    department: int | None = None
    only: str = ""


@dataclass(frozen=True)
class TableRow:
    """A criterion with who answers for it; `shown` is what the form carries along, `now` what stands there in words."""

    code: str
    title: str
    area: str
    core: bool
    owner: RowOwner
    shown: str
    now: str
    usual_owner: str
    proposed: int | None


@dataclass(frozen=True)
class AssigningTable:
    """The rows that the filter shows, and what can be chosen; areas as (id, title), people as (value, label)."""

    rows: tuple[TableRow, ...]
    areas: tuple[tuple[str, str], ...]
    departments: tuple[tuple[int, str], ...]
    people: tuple[tuple[str, str], ...]
    filter: TableFilter
    unassigned: int
    total: int


def load_table(desk: Desk, wanted: TableFilter) -> AssigningTable:
    """Raises NotFound without an open assessment."""
    run = load_open_assessment(desk.session, desk.who.city)
    edition = desk.site.edition(run.edition, desk.who.language)
    tasks = assessment.load_assignments(desk.session, desk.city_id, run.id)
    departments = {row.id: row.name for row in city.list_departments(desk.session, desk.city_id)}
    waiting = _tasks_of_invited(invitation.list_waiting_invitations(desk.session, desk.city_id))
    choices = _people_choices(desk)
    labels = dict(choices)
    rows = []
    for area in edition.areas:
        for code in area.criteria:
            task, criterion = tasks.get(code), edition.criteria[code]
            owner = RowOwner(task.department_id, task.person_id, None, task.due_on) if task else RowOwner()
            owner = owner if owner.person else replace(owner, invited=waiting.get(code))
            told = (departments.get(owner.department or 0, ""), labels.get(person_value(owner), ""), owner.due_on)
            rows.append(
                TableRow(
                    code, criterion.title, area.id, criterion.core, owner, write_row(owner, task.version if task else 0),
                    " · ".join(str(part) for part in told if part), criterion.owner,
                    None if owner.department else propose_department(criterion.owner, departments),
                )
            )  # fmt: skip
    return AssigningTable(
        tuple(row for row in rows if _is_wanted(row, wanted)),
        tuple((area.id, area.title) for area in edition.areas),
        tuple(departments.items()),
        choices,
        wanted,
        sum(row.owner.department is None for row in rows),
        len(rows),
    )


def _is_wanted(row: TableRow, wanted: TableFilter) -> bool:
    fits_area = not wanted.area or row.area == wanted.area
    fits_department = wanted.department is None or row.owner.department == wanted.department
    fits = {"open": row.owner.department is None, "core": row.core}.get(wanted.only, True)
    return fits_area and fits_department and fits


def person_value(owner: RowOwner) -> str:
    """As the choice of a person has it."""
    return f"i{owner.invited}" if owner.invited else str(owner.person or "")


def _people_choices(desk: Desk) -> tuple[tuple[str, str], ...]:
    """Those who can write, and those who are invited to; who shares a name is told apart by the address."""
    writers = list_writers(desk)
    emails = {person.id: person.email for _, person in people.list_members(desk.session, desk.city_id)}
    invited = invitation.list_waiting_invitations(desk.session, desk.city_id)
    names = [name.casefold() for name in writers.values()] + [pending.name.casefold() for pending in invited]

    def label(name: str, email: str) -> str:
        return f"{name} <{email}>" if names.count(name.casefold()) > 1 else name

    here = [(str(person_id), label(name, emails[person_id])) for person_id, name in writers.items()]
    return (*here, *((f"i{pending.id}", f"{label(pending.name, pending.email)} ✉") for pending in invited))


def _tasks_of_invited(pending_invitations: list[Invitation]) -> dict[str, int]:
    return {
        code: pending.id
        for pending in pending_invitations
        for code, part in json.loads(pending.tasks).items()
        if part == "person"
    }


@dataclass(frozen=True)
class RowChange:
    """A row as it came back: what was shown, with which version, and what was chosen."""

    shown: RowOwner
    version: int
    chosen: RowOwner


def save_rows(desk: Desk, changes: Mapping[str, RowChange], *, takes_outsiders: bool) -> int:
    """Save every row that was changed, all or none; returns how many. Raises Invalid with a sentence for each row that cannot be saved.

    A row that someone else changed meanwhile is named, and so is a person of another department, unless that is meant.
    """
    people.lock_memberships(desk.session, desk.city_id)
    run = load_open_assessment(desk.session, desk.who.city)
    edition = desk.site.edition(run.edition, "en")
    changed = {
        code: change for code, change in changes.items() if code in edition.criteria and change.chosen != change.shown
    }
    problems: dict[str, Message] = {}
    for code, change in changed.items():
        stored = assessment.find_assignment(desk.session, desk.city_id, run.id, code)
        if (stored.version if stored else 0) != change.version:
            problems[f"row.{code}"] = CHANGED_ROW
        else:
            problems |= _check_row(desk, code, change.chosen, takes_outsiders)
    if problems:
        raise Invalid(problems)
    for code, change in changed.items():
        stored = assessment.find_assignment(desk.session, desk.city_id, run.id, code)
        chosen, before = change.chosen, stored_choice(stored)
        stays = before.person == chosen.person and before.department == chosen.department
        deputy = before.deputy if stays else None
        choice = AssignmentChoice(chosen.department, chosen.person, deputy, chosen.due_on)
        save_choice(desk, run, code, choice, change.version)
        _let_wait(desk, code, chosen.invited)
    return len(changed)


def _check_row(desk: Desk, code: str, chosen: RowOwner, takes_outsiders: bool) -> dict[str, Message]:
    names = {row.id: row.name for row in city.list_departments(desk.session, desk.city_id)}
    if chosen.department is not None and chosen.department not in names:
        return {f"department.{code}": say("Choose a department of this city.")}
    if chosen.department is None and (chosen.person or chosen.invited):
        return {f"department.{code}": say("Choose the department too, since the criterion stays with it.")}
    try:
        check_due_day(chosen.due_on, desk.who.today)
    except Invalid as problem:
        return {f"due_on.{code}": problem.said}
    if chosen.person is None and chosen.invited is None:
        return {}
    found = _find_person(desk, chosen)
    if found is None:
        return {f"person.{code}": say("Choose someone who works in this city.")}
    name, departments = found
    if chosen.department in departments or takes_outsiders:
        return {}
    said = say("%(name)s does not belong to %(department)s.", name=name, department=names[chosen.department or 0])
    return {f"person.{code}": said, "takes_outsiders": say("Tick this if people of other departments are meant.")}


def _find_person(desk: Desk, chosen: RowOwner) -> tuple[str, frozenset[int]] | None:
    """Name and departments of who was chosen; None for someone who cannot be."""
    if chosen.invited is not None:
        waiting = invitation.list_waiting_invitations(desk.session, desk.city_id)
        pending = next((one_waiting for one_waiting in waiting if one_waiting.id == chosen.invited), None)
        return (pending.name, pending.department_ids) if pending else None
    writers = list_writers(desk)
    if chosen.person not in writers:
        return None
    membership = people.find_membership(desk.session, desk.city_id, chosen.person)
    if membership is None:
        return None
    return writers[chosen.person], people.load_department_ids(desk.session, desk.city_id, membership.id)


def _let_wait(desk: Desk, code: str, invited: int | None) -> None:
    """The criterion waits for the person of this invitation, and for nobody else any more."""
    for pending in invitation.list_waiting_invitations(desk.session, desk.city_id):
        tasks = json.loads(pending.tasks)
        was = tasks.get(code)
        if pending.id == invited:
            tasks[code] = "person"
        elif was == "person":
            del tasks[code]
        if tasks.get(code) != was:
            pending.tasks = json.dumps(tasks)


def fill_rows(changes: Mapping[str, RowChange], chosen: RowOwner, *, codes: frozenset[str]) -> dict[str, RowChange]:
    """The rows with what was chosen for many at once; what was left empty there stays. Another department leaves no person behind."""
    filled = {}
    for code, change in changes.items():
        owner = change.chosen
        if code in codes:
            moved = chosen.department is not None and chosen.department != owner.department
            owner = RowOwner(
                chosen.department if chosen.department is not None else owner.department,
                chosen.person if chosen.person or chosen.invited or moved else owner.person,
                chosen.invited if chosen.person or chosen.invited or moved else owner.invited,
                chosen.due_on or owner.due_on,
            )
        filled[code] = replace(change, chosen=owner)
    return filled


def due_text(due_on: date | None) -> str:
    return due_on.isoformat() if due_on else ""
