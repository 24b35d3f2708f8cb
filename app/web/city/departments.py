"""Departments: added, renamed, led, merged, split and closed."""

from contextlib import AbstractContextManager

from fastapi import APIRouter
from starlette.responses import Response

from app.services.departments import changing
from app.web.access import Ask, RowId, reads, writes
from app.web.forms import TypedForm, typed_form
from app.web.steps import form_again
from app.web.templating import redirect_to, show_page

router = APIRouter()


@router.get("/{city}/people/departments/{department_id}")
async def show_department(department_id: RowId, ask: Ask = reads("people.write")) -> Response:
    return show_page(ask, "people/department.html", changing.load_department(ask.desk, department_id), form="")


def _department_again(ask: Ask, form: TypedForm, department_id: int, which: str) -> AbstractContextManager[None]:
    build = lambda: changing.load_department(ask.desk, department_id)  # noqa: E731
    return form_again(ask, form, "people/department.html", build, form=which)


@router.post("/{city}/people/departments/{department_id}/merge")
def merge_department(
    department_id: RowId, ask: Ask = writes("people.write"), form: TypedForm = typed_form()
) -> Response:
    with _department_again(ask, form, department_id, "merge"):
        into = form.integer("into")
        into_version = form.integer(f"version-{into}") or 0
        changing.merge_department(ask.desk, department_id, into, form.version(), into_version)
    return redirect_to(ask, f"/{ask.who.city.slug}/people", "department-merged")


@router.post("/{city}/people/departments/{department_id}/split")
def split_department(
    department_id: RowId, ask: Ask = writes("people.write"), form: TypedForm = typed_form()
) -> Response:
    with _department_again(ask, form, department_id, "split"):
        members = {int(text) for text in form.all("members") if text.isascii() and text.isdigit() and len(text) < 10}
        changing.split_department(
            ask.desk, department_id, form.text("name"), form.all("codes"), members, form.version()
        )
    return redirect_to(ask, f"/{ask.who.city.slug}/people", "department-split")


@router.post("/{city}/people/departments/{department_id}/close")
def close_department(
    department_id: RowId, ask: Ask = writes("people.write"), form: TypedForm = typed_form()
) -> Response:
    with _department_again(ask, form, department_id, "close"):
        changing.close_department(ask.desk, department_id, form.version())
    return redirect_to(ask, f"/{ask.who.city.slug}/people", "department-closed")
