"""Being away, told by the person or by an administrator."""

from contextlib import AbstractContextManager

from fastapi import APIRouter
from starlette.responses import Response

from app.services.people import absence
from app.web.access import Ask, RowId, reads, writes
from app.web.forms import TypedForm, typed_form
from app.web.steps import form_again
from app.web.templating import redirect_to, show_page

router = APIRouter()
PAGE = "my_work/absence.html"


@router.get("/{city}/my-work/absence")
async def show_own_absence(ask: Ask = reads("work.read")) -> Response:
    return show_page(ask, PAGE, absence.load_absence(ask.desk))


@router.get("/{city}/people/{membership_id}/absence")
async def show_absence(membership_id: RowId, ask: Ask = reads("people.write")) -> Response:
    return show_page(ask, PAGE, absence.load_absence(ask.desk, membership_id))


def _absence_again(ask: Ask, form: TypedForm, membership_id: int | None) -> AbstractContextManager[None]:
    return form_again(ask, form, PAGE, lambda: absence.load_absence(ask.desk, membership_id))


def _note_absence(ask: Ask, form: TypedForm, membership_id: int | None, path: str) -> Response:
    with _absence_again(ask, form, membership_id):
        away_from, away_until = form.day("away_from"), form.day("away_until")
        stand_in = form.integer("stand_in")
        absence.set_absence(ask.desk, membership_id, away_from, away_until, stand_in, form.version())
    return redirect_to(ask, f"/{ask.who.city.slug}{path}", "absence-set")


@router.post("/{city}/my-work/absence")
def note_own_absence(ask: Ask = writes("work.read"), form: TypedForm = typed_form()) -> Response:
    return _note_absence(ask, form, None, "/my-work/absence")


@router.post("/{city}/people/{membership_id}/absence")
def note_absence(membership_id: RowId, ask: Ask = writes("people.write"), form: TypedForm = typed_form()) -> Response:
    return _note_absence(ask, form, membership_id, f"/people/{membership_id}/absence")


@router.post("/{city}/my-work/absence/end")
def end_own_absence(ask: Ask = writes("work.read"), form: TypedForm = typed_form()) -> Response:
    with _absence_again(ask, form, None):
        absence.end_absence(ask.desk, None, form.version(), form.text("first"))
    return redirect_to(ask, f"/{ask.who.city.slug}/my-work/absence", "absence-ended")


@router.post("/{city}/people/{membership_id}/absence/end")
def end_absence(membership_id: RowId, ask: Ask = writes("people.write"), form: TypedForm = typed_form()) -> Response:
    with _absence_again(ask, form, membership_id):
        absence.end_absence(ask.desk, membership_id, form.version(), form.text("first"))
    return redirect_to(ask, f"/{ask.who.city.slug}/people/{membership_id}/absence", "absence-ended")
