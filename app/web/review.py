"""The review queue, the panel with the verdict, and comments on a response."""

from fastapi import APIRouter
from starlette.responses import Response

from app.adapters.translations import load_translator
from app.rules.errors import Problem
from app.rules.review import REASONS
from app.services import review
from app.services.review import TABS, ReviewFilters
from app.web.access import Ask, reads, writes
from app.web.forms import Typed, typed
from app.web.templating import MOVES, again, go, show_kept

router = APIRouter()


def _filters(ask: Ask) -> ReviewFilters:
    asked = ask.request.query_params
    tab = asked.get("tab", "waiting")
    return ReviewFilters(
        tab=tab if tab in TABS else "waiting",
        area=asked.get("area", ""),
        department=asked.get("department", ""),
        claimed=asked.get("claimed", ""),
    )


def _address(ask: Ask, code: str = "") -> str:
    return f"/{ask.who.city.slug}/review{f'/{code}' if code else ''}{_filters(ask).query()}"


@router.get("/{city}/review")
async def index(ask: Ask = reads("review.read")) -> Response:
    return show_kept(ask, "review/index.html", lambda: review.list_review_queue(ask.desk, _filters(ask)))


@router.get("/{city}/review/{code}")
async def panel(code: str, ask: Ask = reads("review.read")) -> Response:
    return show_kept(ask, "review/show.html", lambda: _panel(ask, code), MOVES, reasons=REASONS)


def _panel(ask: Ask, code: str) -> review.ReviewPanel:
    return review.load_panel(ask.desk, code, _filters(ask))


def _panel_again(ask: Ask, code: str, problem: Problem, form: Typed) -> Response:
    return again(ask, "review/show.html", lambda: _panel(ask, code), problem, form.kept, reasons=REASONS)


@router.post("/{city}/review/{code}/verdict")
def decide(code: str, ask: Ask = writes("review.decide"), form: Typed = typed()) -> Response:
    try:
        upcoming = review.give_verdict(
            ask.desk,
            code,
            form.text("decision"),
            _reason(ask, form),
            form.version(),
            _filters(ask),
        )
    except Problem as problem:
        return _panel_again(ask, code, problem, form)
    return go(ask, _address(ask, upcoming or ""), "decided")


def _reason(ask: Ask, form: Typed) -> str:
    """The reason as typed, behind the opening chosen from the list by somebody without JavaScript."""
    opening = REASONS.get(form.text("opening"))
    return (load_translator(ask.language).say(opening) if opening else "") + form.text("reason")


@router.post("/{city}/review/{code}/claim")
def claim(code: str, ask: Ask = writes("review.decide"), form: Typed = typed()) -> Response:
    try:
        review.assign_to_me(ask.desk, code, form.version())
    except Problem as problem:
        return _panel_again(ask, code, problem, form)
    return go(ask, _address(ask, code), "claimed")


@router.post("/{city}/review/{code}/release")
def release(code: str, ask: Ask = writes("review.decide"), form: Typed = typed()) -> Response:
    try:
        review.unassign_reviewer(ask.desk, code, form.version())
    except Problem as problem:
        return _panel_again(ask, code, problem, form)
    return go(ask, _address(ask, code), "released")


@router.post("/{city}/review/{code}/reopen")
def reopen(code: str, ask: Ask = writes("review.decide"), form: Typed = typed()) -> Response:
    try:
        review.reopen_response(ask.desk, code, form.text("why"), form.version())
    except Problem as problem:
        return _panel_again(ask, code, problem, form)
    return go(ask, _address(ask, code), "reopened")


@router.post("/{city}/criteria/{code}/comments")
def comment(code: str, ask: Ask = writes("response.comment"), form: Typed = typed()) -> Response:
    """Answers to the page that the comment was written on: `back` is `review` on the reviewer's panel."""
    from_panel = form.text("back") == "review" and ask.who.may("review.read")
    try:
        review.add_comment(ask.desk, code, form.text("text"))
    except Problem as problem:
        if from_panel:
            return _panel_again(ask, code, problem, form)
        return again(ask, "review/comment.html", lambda: {"code": code}, problem, form.kept)
    return go(ask, _address(ask, code) if from_panel else f"/{ask.who.city.slug}/criteria/{code}", "commented")
