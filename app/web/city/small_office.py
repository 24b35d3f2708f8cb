"""Decisions by one's own check, where one person does everything."""

from contextlib import AbstractContextManager

from fastapi import APIRouter
from starlette.responses import Response

from app.services.criteria import criterion_page
from app.services.small_office import deciding
from app.web.access import Ask, writes
from app.web.forms import TypedForm, typed_form
from app.web.steps import form_again
from app.web.templating import redirect_to

router = APIRouter()


def _criterion_again(ask: Ask, form: TypedForm, code: str) -> AbstractContextManager[None]:
    def load_page() -> criterion_page.CriterionPage:
        return criterion_page.load_criterion_page(ask.desk, code)

    return form_again(ask, form, "criteria/show.html", load_page, conflict=None)


def _back_to(ask: Ask, code: str, done: str) -> Response:
    return redirect_to(ask, f"/{ask.who.city.slug}/criteria/{code}", done)


@router.post("/{city}/criteria/{code}/own-decision")
def decide_own(code: str, ask: Ask = writes("review.decide"), form: TypedForm = typed_form()) -> Response:
    """The buttons send the narrative along, so that a text that was not saved yet is decided on too."""
    with _criterion_again(ask, form, code):
        written = form.text("narrative") if "narrative" in form.kept else None
        deciding.decide_own(
            ask.desk,
            code,
            form.text("decision"),
            form.text("reason"),
            form.version(),
            written,
            form.integer("narrative_version") or 0,
        )
    return _back_to(ask, code, "own-decided")


@router.post("/{city}/criteria/{code}/own-decision/undo")
def undo_own(code: str, ask: Ask = writes("review.decide"), form: TypedForm = typed_form()) -> Response:
    with _criterion_again(ask, form, code):
        deciding.undo_own(ask.desk, code, form.version())
    return _back_to(ask, code, "own-undone")


@router.post("/{city}/criteria/{code}/own-decision/newer")
def confirm_newer(code: str, ask: Ask = writes("review.decide"), form: TypedForm = typed_form()) -> Response:
    with _criterion_again(ask, form, code):
        deciding.confirm_newer(ask.desk, code, form.version())
    return _back_to(ask, code, "renewal-confirmed")
