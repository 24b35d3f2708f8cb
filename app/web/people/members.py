"""People, departments, and who answers for which criterion."""

from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.listing.query import ListName
from app.rules.people.roles import ROLE_MEANINGS, ROLE_NAMES
from app.services.assigning import assignment, assignment_list
from app.services.departments import changing, heads
from app.services.handover import leaving, unowned
from app.services.people import identity, invitation, listing, members
from app.services.people.identity import PersonFacts
from app.web.access import Ask, RowId, reads, writes
from app.web.forms import TypedForm, typed_form
from app.web.lists import read_list_query, show_list
from app.web.page_cache import show_kept_page
from app.web.steps import form_again
from app.web.templating import redirect_to, show_page

router = APIRouter()
ROLE_WORDS: dict[str, Any] = {"role_names": ROLE_NAMES, "role_meanings": ROLE_MEANINGS}


def _people_path(ask: Ask, below: str = "") -> str:
    return f"/{ask.who.city.slug}/people{below}"


@router.get("/{city}/people")
async def show_people(ask: Ask = reads("people.read")) -> Response:
    build = partial(listing.narrow_people, ask.desk)
    return show_list(ask, ListName.PEOPLE, "people/index.html", build, form="", **ROLE_WORDS)


def _people_again(ask: Ask, form: TypedForm, which: str) -> AbstractContextManager[None]:
    """The list with the form `which` as typed: `person`, `department`, or a department's id."""
    build = lambda: listing.narrow_people(ask.desk, read_list_query(ask, ListName.PEOPLE))  # noqa: E731
    return form_again(ask, form, "people/index.html", build, form=which, **ROLE_WORDS)


@router.post("/{city}/people")
def invite_person(ask: Ask = writes("people.write", fresh=True), form: TypedForm = typed_form()) -> Response:
    with _people_again(ask, form, "person"):
        personal_link = invitation.invite_person(
            ask.session,
            ask.site,
            ask.who.city,
            ask.who.person_id,
            name=form.text("name"),
            email=form.text("email"),
            role=form.text("role"),
            departments=form.all("departments"),
        )
    return show_page(ask, "people/invited.html", personal_link, added=True)


@router.get("/{city}/people/assignments")
async def show_assignments(ask: Ask = reads("people.read"), edit: str = "") -> Response:
    build = partial(assignment_list.narrow_assignments, ask.desk, editing=edit)
    return show_list(ask, ListName.ASSIGNMENTS, "people/assignments.html", build)


def _load_assignments(ask: Ask, edit: str) -> assignment.AssignmentsPage:
    return assignment_list.narrow_assignments(ask.desk, read_list_query(ask, ListName.ASSIGNMENTS), edit)


def _assignments_path(ask: Ask, place: str) -> str:
    """The list as it was narrowed, at the place where something was changed."""
    return _people_path(ask, "/assignments") + read_list_query(ask, ListName.ASSIGNMENTS).tail + f"#{place}"


@router.post("/{city}/people/assignments")
def assign_area(ask: Ask = writes("assignment.write"), form: TypedForm = typed_form()) -> Response:
    area = form.text("area")
    with form_again(ask, form, "people/assignments.html", lambda: _load_assignments(ask, "")):
        department = form.integer(f"department-{area}")
        assignment.assign_area(ask.desk, area, department, form.version())
    return redirect_to(ask, _assignments_path(ask, f"area-{area}"), "assigned")


@router.post("/{city}/people/assignments/{code}")
def assign_criterion(code: str, ask: Ask = writes("assignment.write"), form: TypedForm = typed_form()) -> Response:
    with form_again(ask, form, "people/assignments.html", lambda: _load_assignments(ask, code)):
        assignment.assign_criterion(
            ask.desk,
            code,
            department=form.integer("department"),
            person=form.integer("person"),
            deputy=form.integer("deputy"),
            due_on=form.day("due_on"),
            version=form.version(),
        )
    return redirect_to(ask, _assignments_path(ask, code), "assigned")


@router.post("/{city}/people/departments")
def add_department(ask: Ask = writes("people.write"), form: TypedForm = typed_form()) -> Response:
    with _people_again(ask, form, "department"):
        changing.add_department(ask.desk, form.text("name"))
    return redirect_to(ask, _people_path(ask), "department-added")


@router.post("/{city}/people/departments/{department_id}")
def rename_department(
    department_id: RowId, ask: Ask = writes("people.write"), form: TypedForm = typed_form()
) -> Response:
    with _people_again(ask, form, str(department_id)):
        changing.rename_department(ask.desk, department_id, form.text("name"), form.version())
    return redirect_to(ask, _people_path(ask), "department-renamed")


@router.post("/{city}/people/departments/{department_id}/heads")
def set_heads(department_id: RowId, ask: Ask = writes("people.write"), form: TypedForm = typed_form()) -> Response:
    with _people_again(ask, form, f"heads-{department_id}"):
        heads.set_heads(ask.desk, department_id, form.integer("head"), form.integer("deputy"), form.version())
    return redirect_to(ask, _people_path(ask), "saved")


@router.get("/{city}/people/unowned")
async def show_unowned(ask: Ask = reads("people.read")) -> Response:
    return show_kept_page(ask, "people/unowned.html", lambda: unowned.list_unowned(ask.desk))


@router.get("/{city}/people/{membership_id}")
async def show_person(membership_id: RowId, ask: Ask = reads("people.write")) -> Response:
    return show_page(ask, "people/show.html", members.load_person(ask.desk, membership_id), **ROLE_WORDS)


def _person_again(ask: Ask, form: TypedForm, membership_id: int) -> AbstractContextManager[None]:
    build = lambda: members.load_person(ask.desk, membership_id)  # noqa: E731
    return form_again(ask, form, "people/show.html", build, **ROLE_WORDS)


@router.post("/{city}/people/{membership_id}")
def change_member(
    membership_id: RowId, ask: Ask = writes("people.write", fresh=True), form: TypedForm = typed_form()
) -> Response:
    role, departments = form.text("role"), form.all("departments")
    with _person_again(ask, form, membership_id):
        signed_out = members.change_member(ask.desk, membership_id, role, departments, form.version())
    return redirect_to(ask, _people_path(ask), "person-changed" if signed_out else "saved")


@router.get("/{city}/people/{membership_id}/end")
async def show_leaving(membership_id: RowId, ask: Ask = reads("people.write")) -> Response:
    return show_page(ask, "people/end.html", leaving.load_leaving(ask.desk, membership_id))


@router.post("/{city}/people/{membership_id}/identity")
def change_identity(
    membership_id: RowId, ask: Ask = writes("people.write", fresh=True), form: TypedForm = typed_form()
) -> Response:
    typed = PersonFacts(form.text("name"), form.text("email"), form.text("language"))
    with _person_again(ask, form, membership_id):
        identity.change_identity(ask.desk, membership_id, typed, form.version())
    return redirect_to(ask, _people_path(ask, f"/{membership_id}"), "identity-changed")


@router.post("/{city}/people/{membership_id}/end")
def end_access(
    membership_id: RowId, ask: Ask = writes("people.write", fresh=True), form: TypedForm = typed_form()
) -> Response:
    typed = {name: form.text(name) for name in form.form if name == "to" or name.startswith("to-")}
    build = lambda: leaving.load_leaving(ask.desk, membership_id)  # noqa: E731
    with form_again(ask, form, "people/end.html", build):
        handed = leaving.end_and_hand_over(ask.desk, membership_id, form.version(), typed, form.text("notes"))
    return redirect_to(ask, _people_path(ask), "handed-over" if handed else "person-ended")


@router.post("/{city}/people/{membership_id}/restore")
def restore_access(
    membership_id: RowId, ask: Ask = writes("people.write", fresh=True), form: TypedForm = typed_form()
) -> Response:
    with _person_again(ask, form, membership_id):
        members.restore_access(ask.desk, membership_id, form.version())
    return redirect_to(ask, _people_path(ask), "person-restored")


@router.post("/{city}/people/{membership_id}/link")
def issue_link(membership_id: RowId, ask: Ask = writes("people.write", fresh=True)) -> Response:
    return show_page(ask, "people/invited.html", members.issue_link(ask.desk, membership_id), added=False)
