"""The city as the lines of a table are compared with it, and the rows behind it."""

import json
from dataclasses import dataclass

from app.rules.bulk.cells import fold_words
from app.rules.bulk.register import BulkChoices, CityRegister, RegisteredPartner, RegisteredPerson, RegisteredTask
from app.rules.people.permissions import Role
from app.services.desk import Desk
from app.services.site import NEWEST_EDITION
from app.store import assessment, city, people, request
from app.store.account import invitation
from app.store.account.invitation import Invitation
from app.store.assessment import Assessment, AssignmentBrief
from app.store.people import Membership, Person
from app.store.request import Partner

PERSON, DEPUTY = "person", "deputy"


@dataclass(frozen=True)
class RegisterRows:
    """The rows of a city that lines may change: departments by folded name, members and invitations by address."""

    departments: dict[str, int]
    members: dict[str, tuple[Membership, Person]]
    invited: dict[str, Invitation]
    partners: dict[str, Partner]
    tasks: dict[str, AssignmentBrief]
    cycle: Assessment | None


def load_rows(desk: Desk) -> RegisterRows:
    """In a fixed number of queries."""
    session, city_id = desk.session, desk.city_id
    cycle = assessment.find_current_assessment(session, city_id)
    return RegisterRows(
        departments={fold_words(row.name): row.id for row in city.list_departments(session, city_id)},
        members={person.email: (member, person) for member, person in people.list_members(session, city_id)},
        invited={row.email: row for row in invitation.list_waiting_invitations(session, city_id)},
        partners={fold_words(row.name): row for row in request.list_partners(session, city_id)},
        tasks=assessment.load_assignments(session, city_id, cycle.id) if cycle else {},
        cycle=cycle,
    )


def build_register(desk: Desk, rows: RegisterRows, choices: BulkChoices) -> CityRegister:
    """What the lines are compared with."""
    edition = desk.site.edition(rows.cycle.edition if rows.cycle else NEWEST_EDITION, desk.who.language)
    names = {row.id: row.name for row in city.list_departments(desk.session, desk.city_id)}
    register = CityRegister(
        titles={code: criterion.title for code, criterion in edition.criteria.items()} if rows.cycle else {},
        today=desk.who.today,
        language=desk.who.city.language,
        choices=choices,
        partners={
            folded: RegisteredPartner(row.name, row.contact, row.email, row.language)
            for folded, row in rows.partners.items()
        },
    )
    register.add_departments(names[department_id] for department_id in rows.departments.values())
    register.people = _register_members(desk, rows, names) | _register_invited(rows, names)
    register.tasks = _register_tasks(rows, names)
    return register


def _register_members(desk: Desk, rows: RegisterRows, names: dict[int, str]) -> dict[str, RegisteredPerson]:
    chosen = people.load_departments_by_member(desk.session, desk.city_id)
    elsewhere = people.list_people_elsewhere(desk.session, desk.city_id)
    return {
        email: RegisteredPerson(
            email,
            person.name,
            Role(member.role),
            frozenset(names[row_id] for row_id in chosen.get(member.id, ()) if row_id in names),
            person.language or "",
            is_fixed=person.id in elsewhere,
            has_left=member.ended_at is not None,
            is_me=person.id == desk.who.person_id,
        )
        for email, (member, person) in rows.members.items()
        if person.scrubbed_at is None
    }


def _register_invited(rows: RegisterRows, names: dict[int, str]) -> dict[str, RegisteredPerson]:
    return {
        email: RegisteredPerson(
            email,
            pending.name,
            Role(pending.role),
            frozenset(names[row_id] for row_id in pending.department_ids if row_id in names),
            pending.language or "",
            is_invited=True,
        )
        for email, pending in rows.invited.items()
    }


def _register_tasks(rows: RegisterRows, names: dict[int, str]) -> dict[str, RegisteredTask]:
    emails = {person.id: email for email, (_, person) in rows.members.items()}
    waiting = {part: tasks_waiting(rows, part) for part in (PERSON, DEPUTY)}
    return {
        code: RegisteredTask(
            names.get(task.department_id, ""),
            emails.get(task.person_id or 0, "") or waiting[PERSON].get(code, ""),
            emails.get(task.deputy_id or 0, "") or waiting[DEPUTY].get(code, ""),
            task.due_on,
        )
        for code, task in rows.tasks.items()
    }


def tasks_waiting(rows: RegisterRows, part: str) -> dict[str, str]:
    """The address of who will answer for a criterion once the invitation is accepted, by code."""
    return {
        code: email
        for email, pending in rows.invited.items()
        for code, as_what in json.loads(pending.tasks).items()
        if as_what == part
    }
