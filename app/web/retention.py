"""How long evidence is kept, and disposing of it."""

from functools import partial

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.errors import Problem
from app.services import retention
from app.web.access import Ask, Id, reads, works, writes
from app.web.evidence import piece_again
from app.web.forms import Typed, typed
from app.web.templating import again, go, show_kept, step

router = APIRouter()


def _path(ask: Ask) -> str:
    return f"/{ask.who.city.slug}/retention"


def _page(ask: Ask) -> retention.RetentionPage:
    return retention.list_retention(ask.desk)


def _again(ask: Ask, problem: Problem) -> Response:
    return again(ask, "retention/index.html", lambda: _page(ask), problem, {}, form="")


def _set_class(ask: Ask, form: Typed, class_id: int | None) -> Response:
    """Keep the class; else show its form again, which the page knows by the class's id, or by `new`."""
    try:
        version = form.version() if class_id else 0
        retention.set_class(ask.desk, class_id, form.text("name"), form.integer("years"), version)
    except Problem as problem:
        which = str(class_id or "new")
        return again(ask, "retention/index.html", lambda: _page(ask), problem, form.kept, form=which)
    return go(ask, _path(ask), "retention-set")


@router.get("/{city}/retention")
async def index(ask: Ask = reads("retention.read")) -> Response:
    return show_kept(ask, "retention/index.html", lambda: _page(ask), form="")


@router.post("/{city}/retention/classes")
def add_class(ask: Ask = writes("retention.write"), form: Typed = typed()) -> Response:
    return _set_class(ask, form, None)


@router.post("/{city}/retention/classes/{class_id}")
def change_class(class_id: Id, ask: Ask = writes("retention.write"), form: Typed = typed()) -> Response:
    return _set_class(ask, form, class_id)


@router.post("/{city}/retention/classes/{class_id}/remove")
def remove_class(class_id: Id, ask: Ask = writes("retention.write"), form: Typed = typed()) -> Response:
    take = partial(retention.remove_class, ask.desk, class_id)
    return step(ask, form, take, partial(_again, ask), _path(ask), "retention-class-removed")


@router.post("/{city}/evidence/{evidence_id}/retention")
def keep(evidence_id: Id, ask: Ask = writes("retention.write"), form: Typed = typed()) -> Response:
    try:
        chosen, reason = form.integer("retention"), form.text("hold_reason")
        retention.set_retention(ask.desk, evidence_id, chosen, reason, form.version())
    except Problem as problem:
        return piece_again(ask, evidence_id, problem, form.kept)
    return go(ask, f"/{ask.who.city.slug}/evidence/{evidence_id}", "retention-set")


@router.post("/{city}/evidence/{evidence_id}/disposal")
def propose(evidence_id: Id, ask: Ask = writes("retention.write"), form: Typed = typed()) -> Response:
    take = partial(retention.propose_disposal, ask.desk, evidence_id)
    return step(ask, form, take, partial(_again, ask), _path(ask), "disposal-proposed")


@router.post("/{city}/evidence/{evidence_id}/disposal/refuse")
def refuse(evidence_id: Id, ask: Ask = writes("retention.write"), form: Typed = typed()) -> Response:
    take = partial(retention.refuse_disposal, ask.desk, evidence_id)
    return step(ask, form, take, partial(_again, ask), _path(ask), "disposal-refused")


@router.post("/{city}/evidence/{evidence_id}/disposal/approve")
def dispose(evidence_id: Id, form: Typed = typed(), ask: Ask = works("retention.write", fresh=True)) -> Response:
    take = partial(retention.dispose_of_piece, ask.site, ask.who, evidence_id)
    return step(ask, form, take, partial(_again, ask), _path(ask), "disposed")
