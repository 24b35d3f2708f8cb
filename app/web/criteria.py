"""The list of criteria, the page of one, and what a department does on it."""

from contextlib import AbstractContextManager
from functools import partial

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.errors import CityReadyError
from app.rules.listing.query import ListName
from app.services.criteria import criteria_list, criterion_page, wording
from app.services.response import answering, submission
from app.services.response.answering import NarrativeChanged
from app.services.review import asking, judging
from app.services.submitted import load_submitted_page
from app.web.access import Ask, RowId, reads, writes
from app.web.forms import TypedForm, typed_form
from app.web.lists import show_list
from app.web.page_cache import IS_CHANGING, show_kept_page
from app.web.steps import answer_problems, form_again
from app.web.templating import commit_step, redirect_to, show_page, show_page_again, wants_fragment

router = APIRouter()
PAGE = "criteria/show.html"
AFTER_CHANGE = "criteria/_after_change.html"


def _criterion_path(ask: Ask, code: str) -> str:
    return f"/{ask.who.city.slug}/criteria/{code}"


@router.get("/{city}/criteria")
async def show_criteria(ask: Ask = reads("criteria.read")) -> Response:
    build = partial(criteria_list.list_criteria, ask.desk)
    return show_list(ask, ListName.CRITERIA, "criteria/index.html", build)


@router.get("/{city}/criteria/{code}")
async def show_criterion(code: str, ask: Ask = reads("criteria.read"), undo: str = "") -> Response:
    """`undo` is the id of a piece of evidence that was just removed, `ticked` in the address are items that evidence has just ticked."""
    undo, ticked = undo if undo.isdecimal() else "", ask.request.query_params.getlist("ticked")
    more = {"conflict": None, "undo": undo, "ticked": ticked}
    return show_kept_page(ask, PAGE, lambda: _load_page(ask, code), IS_CHANGING, **more)


def _load_page(ask: Ask, code: str) -> criterion_page.CriterionPage:
    return criterion_page.load_criterion_page(ask.desk, code)


def _show_change(ask: Ask, code: str, part: str) -> Response:
    """After a small change: for htmx the changed part and the checks, otherwise the page again."""
    if not wants_fragment(ask.request):
        return redirect_to(ask, _criterion_path(ask, code) + f"#{part}", "saved")
    commit_step(ask)
    return show_page(ask, AFTER_CHANGE, _load_page(ask, code), part=part, conflict=None)


def _narrative_again(ask: Ask, form: TypedForm, code: str, template: str) -> AbstractContextManager[None]:
    """With both texts where someone else has saved another one meanwhile."""

    def show_problem(problem: CityReadyError) -> Response:
        conflict = problem.found if isinstance(problem, NarrativeChanged) else None
        return show_page_again(ask, form.kept, template, lambda: _load_page(ask, code), problem, conflict=conflict)

    return answer_problems(show_problem)


@router.post("/{city}/criteria/{code}/narrative")
def save_narrative(code: str, ask: Ask = writes("response.write"), form: TypedForm = typed_form()) -> Response:
    own_text, keeps_both = form.text("narrative"), form.text("both")
    template = "criteria/_narrative_problem.html" if wants_fragment(ask.request) else PAGE
    with _narrative_again(ask, form, code, template):
        version = form.integer("overwrite") or form.integer("both") or form.version("narrative_version")
        text = f"{form.text('theirs')}\n\n{own_text}" if keeps_both else own_text
        answering.write_narrative(ask.desk, code, text, version, form.text("narrative_language"))
    if keeps_both or form.text("overwrite"):
        return redirect_to(ask, _criterion_path(ask, code), "saved")
    return _show_change(ask, code, "narrative")


def _part_again(ask: Ask, form: TypedForm, code: str, part: str) -> AbstractContextManager[None]:
    """For htmx, which sends one choice at a time, the part as it is kept; otherwise the page with everything that was chosen."""
    is_fragment = wants_fragment(ask.request)
    template, typed = AFTER_CHANGE if is_fragment else PAGE, {} if is_fragment else form.kept
    return form_again(ask, typed, template, lambda: _load_page(ask, code), part=part, conflict=None)


@router.post("/{city}/criteria/{code}/checklist")
def save_checklist(code: str, ask: Ask = writes("response.write"), form: TypedForm = typed_form()) -> Response:
    with _part_again(ask, form, code, "checklist"):
        answering.tick_changed_items(ask.desk, code, {name: form.text(name) for name in form.kept})
    return _show_change(ask, code, "checklist")


@router.post("/{city}/criteria/{code}/self-rating")
def save_self_rating(code: str, ask: Ask = writes("response.write"), form: TypedForm = typed_form()) -> Response:
    with _part_again(ask, form, code, "rating"):
        answering.set_self_rating(ask.desk, code, form.text("self_rating"), form.version(), form.text("confidence"))
    return _show_change(ask, code, "rating")


@router.post("/{city}/criteria/{code}/submit")
def submit_response(code: str, ask: Ask = writes("response.write"), form: TypedForm = typed_form()) -> Response:
    """The button sends the narrative along, so that a text that was not saved yet is submitted too."""
    with _narrative_again(ask, form, code, PAGE):
        written = form.text("narrative") if "narrative" in form.kept else None
        narrative_version = form.integer("narrative_version") or 0
        language = form.text("narrative_language")
        submission.submit_response(ask.desk, code, form.version(), written, narrative_version, language)
    return redirect_to(ask, f"{_criterion_path(ask, code)}/submitted", "submitted")


@router.get("/{city}/criteria/{code}/submitted")
async def show_submitted(code: str, ask: Ask = reads("response.write")) -> Response:
    """What happens now; once there is a verdict that stands on the criterion's own page."""
    page = load_submitted_page(ask.desk, code)
    return show_page(ask, "criteria/submitted.html", page) if page else redirect_to(ask, _criterion_path(ask, code))


@router.post("/{city}/criteria/{code}/take-back")
def take_back_response(code: str, ask: Ask = writes("response.write"), form: TypedForm = typed_form()) -> Response:
    with form_again(ask, form, PAGE, lambda: _load_page(ask, code), conflict=None):
        submission.take_back_submission(ask.desk, code, form.version())
    return redirect_to(ask, _criterion_path(ask, code), "taken-back")


@router.post("/{city}/criteria/{code}/again")
def answer_again(code: str, ask: Ask = writes("response.write"), form: TypedForm = typed_form()) -> Response:
    with form_again(ask, form, PAGE, lambda: _load_page(ask, code), conflict=None):
        answering.answer_again(ask.desk, code, form.version())
    return redirect_to(ask, _criterion_path(ask, code), "answered-again")


@router.post("/{city}/criteria/{code}/reopening")
def ask_reopening(code: str, ask: Ask = writes("response.write"), form: TypedForm = typed_form()) -> Response:
    with form_again(ask, form, PAGE, lambda: _load_page(ask, code), conflict=None):
        asking.ask_reopening(ask.desk, code, form.text("reopen_reason"))
    return redirect_to(ask, _criterion_path(ask, code), "reopening-asked")


@router.get("/{city}/criteria/{code}/verdicts/{verdict_id}")
async def show_judged_response(code: str, verdict_id: RowId, ask: Ask = reads("criteria.read")) -> Response:
    return show_page(ask, "criteria/judged.html", judging.load_judged_page(ask.desk, code, verdict_id))


@router.get("/{city}/criteria/{code}/wording")
async def edit_wording(code: str, ask: Ask = reads("city.write")) -> Response:
    return show_page(ask, "criteria/wording.html", wording.load_wording(ask.desk, code))


@router.post("/{city}/criteria/{code}/wording")
def set_wording(code: str, ask: Ask = writes("city.write"), form: TypedForm = typed_form()) -> Response:
    with form_again(ask, form, "criteria/wording.html", lambda: wording.load_wording(ask.desk, code)):
        wording.set_wording(
            ask.desk,
            code,
            official=form.text("official_wording"),
            checklist=form.text("checklist"),
            needed=form.integer("needed"),
            version=form.version(),
        )
    return redirect_to(ask, _criterion_path(ask, code), "saved")
