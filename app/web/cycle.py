"""From one assessment to the next: beginning it, taking that back, confirming what came along, comparing two, reading a closed one."""

from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.cycle.confirming import CONFIRMATION_NAMES
from app.services.criteria import criterion_page
from app.services.cycle import beginning, closed, comparing, confirming, page, preview
from app.web.access import Ask, RowId, reads, writes
from app.web.forms import TypedForm, typed_form
from app.web.page_cache import show_kept_page
from app.web.steps import form_again
from app.web.templating import redirect_to

router = APIRouter()


def _cycle_path(ask: Ask) -> str:
    return f"/{ask.who.city.slug}/cycle"


@router.get("/{city}/cycle", name="cycle")
async def show_cycle(ask: Ask = reads("cycle.read")) -> Response:
    return show_kept_page(ask, "cycle/index.html", lambda: page.load_cycle_page(ask.desk))


@router.get("/{city}/cycle/new")
async def preview_cycle(
    ask: Ask = reads("cycle.write"), edition: str = "", name: str = "", due_on: str = ""
) -> Response:
    """The preview; what was typed so far comes along when another edition is looked at."""
    typed_values = {"due_on": due_on[:20]} if due_on else {}
    return show_kept_page(
        ask,
        "cycle/new.html",
        lambda: preview.preview_cycle(ask.desk, edition, name[:200]),
        typed=typed_values,
    )


@router.get("/{city}/cycle/compare")
async def compare_assessments(ask: Ask = reads("cycle.read")) -> Response:
    query_params = ask.request.query_params
    chosen = (query_params.get("from", ""), query_params.get("to", ""))
    return show_kept_page(ask, "cycle/compare.html", lambda: comparing.compare_assessments(ask.desk, *chosen))


@router.get("/{city}/cycle/confirm")
async def show_confirmation(ask: Ask = reads("response.write")) -> Response:
    return show_kept_page(ask, "cycle/confirm.html", lambda: _load_confirmation(ask), answers=CONFIRMATION_NAMES)


@router.get("/{city}/cycle/{assessment_id}")
async def show_closed_assessment(assessment_id: RowId, ask: Ask = reads("cycle.read")) -> Response:
    if not closed.is_closed(ask.desk, assessment_id):
        return redirect_to(ask, f"/{ask.who.city.slug}/board")
    return show_kept_page(ask, "cycle/closed.html", lambda: closed.load_closed_board(ask.desk, assessment_id))


@router.get("/{city}/cycle/{assessment_id}/criteria/{code}")
async def show_closed_criterion(assessment_id: RowId, code: str, ask: Ask = reads("cycle.read")) -> Response:
    if not closed.is_closed(ask.desk, assessment_id):
        return redirect_to(ask, f"/{ask.who.city.slug}/criteria/{quote(code)}")
    build = lambda: closed.load_closed_criterion(ask.desk, assessment_id, code)  # noqa: E731
    return show_kept_page(ask, "cycle/closed_criterion.html", build)


def _load_confirmation(ask: Ask) -> confirming.ConfirmPage:
    return confirming.load_confirm_page(ask.desk)


@router.post("/{city}/cycle")
def begin_assessment(ask: Ask = writes("cycle.write"), form: TypedForm = typed_form()) -> Response:
    name, edition = form.text("name"), form.text("edition")
    with form_again(ask, form, "cycle/new.html", lambda: preview.preview_cycle(ask.desk, edition)):
        beginning.begin_assessment(
            ask.desk,
            name=name,
            due_on=form.day("due_on"),
            edition=edition,
            shown_edition=form.text("shown"),
            version=form.version(),
        )
    return redirect_to(ask, _cycle_path(ask), "cycle-begun")


@router.post("/{city}/cycle/undo")
def undo_beginning(ask: Ask = writes("cycle.write"), form: TypedForm = typed_form()) -> Response:
    with form_again(ask, form, "cycle/index.html", lambda: page.load_cycle_page(ask.desk)):
        page.undo_beginning(ask.desk, form.version())
    return redirect_to(ask, _cycle_path(ask), "cycle-undone")


@router.post("/{city}/cycle/confirm")
def confirm_responses(ask: Ask = writes("response.write"), form: TypedForm = typed_form()) -> Response:
    """`answer.CODE` and `version.CODE` for each criterion; what has no answer is left alone, or given the one of the button `rest`."""
    with form_again(ask, form, "cycle/confirm.html", lambda: _load_confirmation(ask), answers=CONFIRMATION_NAMES):
        rest = form.text("rest")
        field = "version." if rest else "answer."
        codes = [name.removeprefix(field) for name in form.kept if name.startswith(field)]
        answers = {code: (form.text(f"answer.{code}") or rest, form.version(f"version.{code}")) for code in codes}
        confirming.confirm_responses(ask.desk, answers)
    return redirect_to(ask, f"{_cycle_path(ask)}/confirm", "confirmed")


@router.post("/{city}/criteria/{code}/confirmation")
def confirm_response(code: str, ask: Ask = writes("response.write"), form: TypedForm = typed_form()) -> Response:
    with form_again(
        ask, form, "criteria/show.html", lambda: criterion_page.load_criterion_page(ask.desk, code), conflict=None
    ):
        confirming.confirm_response(ask.desk, code, form.text("answer"), form.version())
    return redirect_to(ask, f"/{ask.who.city.slug}/criteria/{code}", "confirmed")
