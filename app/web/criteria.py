"""The list of criteria, the page of one, and what a department does on it."""

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.errors import Conflict, Invalid, Problem, Refused
from app.services import criteria, response
from app.services.response import NarrativeChanged
from app.web.access import Ask, reads, writes
from app.web.forms import Typed, typed
from app.web.templating import MOVES, again, go, settle, show, show_kept, wants_fragment

router = APIRouter()
PAGE = "criteria/show.html"
AFTER = "criteria/_after_change.html"


def _path(ask: Ask, code: str) -> str:
    return f"/{ask.who.city.slug}/criteria/{code}"


@router.get("/{city}/criteria")
async def index(ask: Ask = reads("criteria.read"), q: str = "") -> Response:
    return show_kept(ask, "criteria/index.html", lambda: criteria.index(ask.desk, q[:200]))


@router.get("/{city}/criteria/{code}")
async def one(code: str, ask: Ask = reads("criteria.read"), undo: str = "") -> Response:
    """`undo` is the id of a piece of evidence that was just removed."""
    undo = undo if undo.isdecimal() else ""
    return show_kept(ask, PAGE, lambda: _page(ask, code), MOVES, conflict=None, undo=undo)


def _page(ask: Ask, code: str) -> criteria.CriterionPage:
    return criteria.show(ask.desk, code)


def _changed(ask: Ask, code: str, part: str) -> Response:
    """After a small change: for htmx the changed part and the checks, otherwise the page again."""
    if not wants_fragment(ask.request):
        return go(ask, _path(ask, code) + f"#{part}")
    settle(ask)
    return show(ask, AFTER, _page(ask, code), part=part, conflict=None)


@router.post("/{city}/criteria/{code}/narrative")
def narrative(code: str, ask: Ask = writes("response.write"), form: Typed = typed()) -> Response:
    mine, both = form.text("narrative"), form.text("both")
    try:
        version = form.integer("overwrite") or form.integer("both") or form.version("narrative_version")
        text = f"{form.text('theirs')}\n\n{mine}" if both else mine
        response.write_narrative(ask.desk, code, text, version)
    except (Invalid, Refused, NarrativeChanged) as problem:
        found = problem.found if isinstance(problem, NarrativeChanged) else None
        template = "criteria/_narrative_problem.html" if wants_fragment(ask.request) else PAGE
        return again(ask, template, lambda: _page(ask, code), problem, form.kept, conflict=found)
    if both or form.text("overwrite"):
        return go(ask, _path(ask, code), "saved")
    return _changed(ask, code, "narrative")


def _part_again(ask: Ask, code: str, problem: Problem, form: Typed, part: str) -> Response:
    """For htmx, which sends one choice at a time, the part as it is kept; otherwise the page with everything that was chosen."""
    template, typed = (AFTER, {}) if wants_fragment(ask.request) else (PAGE, form.kept)
    return again(ask, template, lambda: _page(ask, code), problem, typed, part=part, conflict=None)


@router.post("/{city}/criteria/{code}/checklist")
def checklist(code: str, ask: Ask = writes("response.write"), form: Typed = typed()) -> Response:
    try:
        response.tick_changed_items(ask.desk, code, {name: form.text(name) for name in form.kept})
    except (Invalid, Refused, Conflict) as problem:
        return _part_again(ask, code, problem, form, "checklist")
    return _changed(ask, code, "checklist")


@router.post("/{city}/criteria/{code}/self-rating")
def self_rating(code: str, ask: Ask = writes("response.write"), form: Typed = typed()) -> Response:
    try:
        response.set_self_rating(ask.desk, code, form.text("self_rating"), form.version(), form.text("confidence"))
    except (Invalid, Refused, Conflict) as problem:
        return _part_again(ask, code, problem, form, "rating")
    return _changed(ask, code, "rating")


@router.post("/{city}/criteria/{code}/submit")
def submit(code: str, ask: Ask = writes("response.write"), form: Typed = typed()) -> Response:
    """The button sends the narrative along, so that a text that was not saved yet is submitted too."""
    try:
        written = form.text("narrative") if "narrative" in form.kept else None
        narrative_version = form.integer("narrative_version") or 0
        response.submit_response(ask.desk, code, form.version(), written, narrative_version)
    except (Invalid, Refused, Conflict) as problem:
        found = problem.found if isinstance(problem, NarrativeChanged) else None
        return again(ask, PAGE, lambda: _page(ask, code), problem, form.kept, conflict=found)
    return go(ask, _path(ask, code), "submitted")


@router.post("/{city}/criteria/{code}/take-back")
def take_back(code: str, ask: Ask = writes("response.write"), form: Typed = typed()) -> Response:
    try:
        response.take_back_submission(ask.desk, code, form.version())
    except (Invalid, Refused, Conflict) as problem:
        return again(ask, PAGE, lambda: _page(ask, code), problem, form.kept, conflict=None)
    return go(ask, _path(ask, code), "taken-back")


@router.get("/{city}/criteria/{code}/wording")
async def wording(code: str, ask: Ask = reads("city.write")) -> Response:
    return show(ask, "criteria/wording.html", criteria.wording(ask.desk, code))


@router.post("/{city}/criteria/{code}/wording")
def set_wording(code: str, ask: Ask = writes("city.write"), form: Typed = typed()) -> Response:
    try:
        criteria.set_wording(
            ask.desk,
            code,
            official=form.text("official_wording"),
            text=form.text("checklist"),
            needed=form.integer("needed"),
            version=form.version(),
        )
    except (Invalid, Conflict) as problem:
        build = lambda: criteria.wording(ask.desk, code)  # noqa: E731
        return again(ask, "criteria/wording.html", build, problem, form.kept)
    return go(ask, _path(ask, code), "saved")
