"""Handing work over: what a successor got, the own notes for one, and passing work on inside a department."""

from fastapi import APIRouter
from starlette.responses import Response

from app.services.assigning import assignment
from app.services.departments import passing_on
from app.services.handover import leaving
from app.services.handover import page as handover
from app.web.access import Ask, RowId, reads, writes
from app.web.forms import TypedForm, typed_form
from app.web.steps import form_again
from app.web.templating import redirect_to, show_page

router = APIRouter()


def _work_path(ask: Ask, below: str) -> str:
    return f"/{ask.who.city.slug}/my-work{below}"


@router.get("/{city}/my-work/handovers/{handover_id}")
async def show_handover(handover_id: RowId, ask: Ask = reads("work.read")) -> Response:
    return show_page(ask, "handover/show.html", handover.load_handover(ask.desk, handover_id))


@router.post("/{city}/my-work/handovers/{handover_id}/read")
def mark_read(handover_id: RowId, ask: Ask = writes("work.read"), form: TypedForm = typed_form()) -> Response:
    with form_again(ask, form, "handover/show.html", lambda: handover.load_handover(ask.desk, handover_id)):
        handover.mark_read(ask.desk, handover_id, form.version())
    return redirect_to(ask, _work_path(ask, ""), "handover-read")


@router.get("/{city}/my-work/leaving")
async def show_own_notes(ask: Ask = reads("work.read")) -> Response:
    return show_page(ask, "handover/notes.html", leaving.load_leaving(ask.desk, ask.who.membership_id))


@router.post("/{city}/my-work/leaving")
def save_own_notes(ask: Ask = writes("work.read"), form: TypedForm = typed_form()) -> Response:
    build = lambda: leaving.load_leaving(ask.desk, ask.who.membership_id)  # noqa: E731
    with form_again(ask, form, "handover/notes.html", build):
        leaving.save_leaving_notes(ask.desk, form.text("notes"), form.version())
    return redirect_to(ask, _work_path(ask, "/leaving"), "saved")


@router.get("/{city}/my-work/pass-on")
async def show_passing_on(ask: Ask = reads("work.read")) -> Response:
    return show_page(ask, "handover/pass_on.html", passing_on.list_led_criteria(ask.desk))


@router.post("/{city}/my-work/pass-on/{code}")
def pass_criterion_on(code: str, ask: Ask = writes("work.read"), form: TypedForm = typed_form()) -> Response:
    with form_again(ask, form, "handover/pass_on.html", lambda: passing_on.list_led_criteria(ask.desk)):
        assignment.pass_on(ask.desk, code, form.integer(f"person-{code}"), form.version())
    return redirect_to(ask, _work_path(ask, "/pass-on"), "assigned")
