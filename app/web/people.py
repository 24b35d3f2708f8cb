"""People, departments, and who answers for which criterion."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.errors import Problem
from app.rules.people import ROLE_MEANINGS, ROLE_NAMES
from app.services import assignment
from app.services.people import invitation, members
from app.web.access import Ask, Id, reads, writes
from app.web.forms import Typed, typed
from app.web.templating import again, go, show, show_kept

router = APIRouter()
ROLES: dict[str, Any] = {"role_names": ROLE_NAMES, "role_meanings": ROLE_MEANINGS}


def _path(ask: Ask, rest: str = "") -> str:
    return f"/{ask.who.city.slug}/people{rest}"


@router.get("/{city}/people")
async def index(ask: Ask = reads("people.read")) -> Response:
    return show_kept(ask, "people/index.html", lambda: members.list_people(ask.desk), form="", **ROLES)


def _index_again(ask: Ask, problem: Problem, form: Typed, which: str) -> Response:
    """The list with the form `which` as typed: `person`, `department`, or a department's id."""
    build = lambda: members.list_people(ask.desk)  # noqa: E731
    return again(ask, "people/index.html", build, problem, form.kept, form=which, **ROLES)


@router.post("/{city}/people")
def add(ask: Ask = writes("people.write", fresh=True), form: Typed = typed()) -> Response:
    try:
        invited = invitation.invite_person(
            ask.session,
            ask.site,
            ask.who.city,
            ask.who.person_id,
            name=form.text("name"),
            email=form.text("email"),
            role=form.text("role"),
            departments=form.all("departments"),
        )
    except Problem as problem:
        return _index_again(ask, problem, form, "person")
    return show(ask, "people/invited.html", invited, added=True)


@router.get("/{city}/people/assignments")
async def assignments(ask: Ask = reads("people.read"), edit: str = "") -> Response:
    return show_kept(ask, "people/assignments.html", lambda: _assignments(ask, edit))


def _assignments(ask: Ask, edit: str) -> assignment.AssignmentsPage:
    return assignment.index(ask.desk, edit)


@router.post("/{city}/people/assignments")
def assign_area(ask: Ask = writes("assignment.write"), form: Typed = typed()) -> Response:
    area = form.text("area")
    try:
        department = form.integer(f"department-{area}")
        assignment.assign_area(ask.desk, area, department, form.version())
    except Problem as problem:
        return again(ask, "people/assignments.html", lambda: _assignments(ask, ""), problem, form.kept)
    return go(ask, _path(ask, "/assignments"), "assigned")


@router.post("/{city}/people/assignments/{code}")
def assign(code: str, ask: Ask = writes("assignment.write"), form: Typed = typed()) -> Response:
    try:
        assignment.assign(
            ask.desk,
            code,
            department=form.integer("department"),
            person=form.integer("person"),
            due_on=form.day("due_on"),
            version=form.version(),
        )
    except Problem as problem:
        return again(ask, "people/assignments.html", lambda: _assignments(ask, code), problem, form.kept)
    return go(ask, _path(ask, "/assignments"), "assigned")


@router.post("/{city}/people/departments")
def add_department(ask: Ask = writes("people.write"), form: Typed = typed()) -> Response:
    try:
        members.add_department(ask.desk, form.text("name"))
    except Problem as problem:
        return _index_again(ask, problem, form, "department")
    return go(ask, _path(ask), "department-added")


@router.post("/{city}/people/departments/{department_id}")
def rename_department(department_id: Id, ask: Ask = writes("people.write"), form: Typed = typed()) -> Response:
    try:
        members.rename_department(ask.desk, department_id, form.text("name"), form.version())
    except Problem as problem:
        return _index_again(ask, problem, form, str(department_id))
    return go(ask, _path(ask), "department-renamed")


@router.get("/{city}/people/{membership_id}")
async def one(membership_id: Id, ask: Ask = reads("people.write")) -> Response:
    return show(ask, "people/show.html", members.load_person(ask.desk, membership_id), **ROLES)


def _one_again(ask: Ask, membership_id: int, problem: Problem, form: Typed) -> Response:
    build = lambda: members.load_person(ask.desk, membership_id)  # noqa: E731
    return again(ask, "people/show.html", build, problem, form.kept, **ROLES)


@router.post("/{city}/people/{membership_id}")
def edit(membership_id: Id, ask: Ask = writes("people.write", fresh=True), form: Typed = typed()) -> Response:
    role, departments = form.text("role"), form.all("departments")
    try:
        signed_out = members.change_member(ask.desk, membership_id, role, departments, form.version())
    except Problem as problem:
        return _one_again(ask, membership_id, problem, form)
    return go(ask, _path(ask), "person-changed" if signed_out else "saved")


@router.post("/{city}/people/{membership_id}/end")
def end(membership_id: Id, ask: Ask = writes("people.write", fresh=True), form: Typed = typed()) -> Response:
    try:
        members.end_access(ask.desk, membership_id, form.version())
    except Problem as problem:
        return _one_again(ask, membership_id, problem, form)
    return go(ask, _path(ask), "person-ended")


@router.post("/{city}/people/{membership_id}/restore")
def restore(membership_id: Id, ask: Ask = writes("people.write", fresh=True), form: Typed = typed()) -> Response:
    try:
        members.restore_access(ask.desk, membership_id, form.version())
    except Problem as problem:
        return _one_again(ask, membership_id, problem, form)
    return go(ask, _path(ask), "person-restored")


@router.post("/{city}/people/{membership_id}/link")
def new_link(membership_id: Id, ask: Ask = writes("people.write", fresh=True)) -> Response:
    return show(ask, "people/invited.html", members.issue_link(ask.desk, membership_id), added=False)
