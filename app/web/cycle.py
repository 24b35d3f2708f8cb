"""From one assessment to the next: beginning it, taking that back, confirming what came along, and comparing two."""

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.cycle.confirming import ANSWERS
from app.rules.errors import Problem
from app.services import criteria
from app.services.cycle import beginning, comparing, confirming, page
from app.web.access import Ask, reads, writes
from app.web.forms import Typed, typed
from app.web.templating import again, go, show_kept

router = APIRouter()


def _path(ask: Ask) -> str:
    return f"/{ask.who.city.slug}/cycle"


@router.get("/{city}/cycle", name="cycle")
async def index(ask: Ask = reads("cycle.read")) -> Response:
    return show_kept(ask, "cycle/index.html", lambda: page.index(ask.desk))


@router.get("/{city}/cycle/new")
async def new(ask: Ask = reads("cycle.write"), edition: str = "", name: str = "", due_on: str = "") -> Response:
    """The preview; what was typed so far comes along when another edition is looked at."""
    kept = {"due_on": due_on[:20]} if due_on else {}
    return show_kept(
        ask,
        "cycle/new.html",
        lambda: beginning.preview(ask.desk, edition, name[:200]),
        typed=kept,
    )


@router.get("/{city}/cycle/compare")
async def compare(ask: Ask = reads("cycle.read")) -> Response:
    asked = ask.request.query_params
    chosen = (asked.get("from", ""), asked.get("to", ""))
    return show_kept(ask, "cycle/compare.html", lambda: comparing.compare(ask.desk, *chosen))


@router.get("/{city}/cycle/confirm")
async def confirm_page(ask: Ask = reads("response.write")) -> Response:
    return show_kept(ask, "cycle/confirm.html", lambda: _mine(ask), answers=ANSWERS)


def _mine(ask: Ask) -> confirming.ConfirmPage:
    return confirming.mine(ask.desk)


@router.post("/{city}/cycle")
def begin(ask: Ask = writes("cycle.write"), form: Typed = typed()) -> Response:
    name, edition = form.text("name"), form.text("edition")
    try:
        beginning.begin(
            ask.desk,
            name=name,
            due_on=form.day("due_on"),
            edition=edition,
            shown=form.text("shown"),
            version=form.version(),
        )
    except Problem as problem:
        build = lambda: beginning.preview(ask.desk, edition)  # noqa: E731
        return again(ask, "cycle/new.html", build, problem, form.kept)
    return go(ask, _path(ask), "cycle-begun")


@router.post("/{city}/cycle/undo")
def undo(ask: Ask = writes("cycle.write"), form: Typed = typed()) -> Response:
    try:
        page.undo(ask.desk, form.version())
    except Problem as problem:
        build = lambda: page.index(ask.desk)  # noqa: E731
        return again(ask, "cycle/index.html", build, problem, form.kept)
    return go(ask, _path(ask), "cycle-undone")


@router.post("/{city}/cycle/confirm")
def confirm_several(ask: Ask = writes("response.write"), form: Typed = typed()) -> Response:
    """`answer.CODE` and `version.CODE` for each criterion; what has no answer is left alone."""
    try:
        codes = [name.removeprefix("answer.") for name in form.kept if name.startswith("answer.")]
        answers = {code: (form.text(f"answer.{code}"), form.version(f"version.{code}")) for code in codes}
        confirming.confirm_several(ask.desk, answers)
    except Problem as problem:
        return again(ask, "cycle/confirm.html", lambda: _mine(ask), problem, form.kept, answers=ANSWERS)
    return go(ask, f"{_path(ask)}/confirm", "confirmed")


@router.post("/{city}/criteria/{code}/confirmation")
def confirm(code: str, ask: Ask = writes("response.write"), form: Typed = typed()) -> Response:
    try:
        confirming.confirm(ask.desk, code, form.text("answer"), form.version())
    except Problem as problem:
        build = lambda: criteria.show(ask.desk, code)  # noqa: E731
        return again(ask, "criteria/show.html", build, problem, form.kept, conflict=None)
    return go(ask, f"/{ask.who.city.slug}/criteria/{code}", "confirmed")
