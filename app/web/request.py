"""Requests for evidence, partners, the inbox, and the page where a partner answers without an account."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.criteria import EvidenceKind
from app.rules.errors import Conflict, Invalid, Refused
from app.rules.evidence_entry import Entry
from app.rules.files import safe_name
from app.rules.request import TEMPLATES
from app.services import contribution, request, request_asking
from app.services.contribution import Sending
from app.services.evidence_adding import Upload
from app.services.request_asking import Asking, AskingPage
from app.web.access import Ask, Id, Visit, reads, visits, writes
from app.web.evidence import stream
from app.web.forms import Typed, typed
from app.web.templating import MOVES, again, go, show, show_kept

router = APIRouter()
PROBLEMS = (Invalid, Conflict, Refused)
FORM = "request/form.html"


def _path(ask: Ask, rest: str = "") -> str:
    return f"/{ask.who.city.slug}/requests{rest}"


@router.get("/{city}/requests")
async def index(ask: Ask = reads("request.read")) -> Response:
    return show_kept(ask, "request/index.html", lambda: request.index(ask.session, ask.who))


@router.get("/{city}/requests/new")
async def new(code: str = "", ask: Ask = reads("request.write")) -> Response:
    asked = ask.request.query_params
    chosen = {name: asked.get(name, "") for name in ("to", "item", "template")}
    return show_kept(ask, FORM, lambda: _new(ask, code), templates=TEMPLATES, chosen=chosen)


def _new(ask: Ask, code: str) -> AskingPage:
    return request_asking.begin(ask.session, ask.site, ask.who, code)


@router.post("/{city}/requests")
def write(ask: Ask = writes("request.write"), form: Typed = typed()) -> Response:
    """To one or several; sent, or with `then=keep` left open."""
    sent = form.text("then") != "keep"
    try:
        made = request_asking.write(ask.session, ask.site, ask.who, _asking(form), form.all("to"), sent=sent)
    except PROBLEMS as problem:
        build = lambda: _new(ask, form.text("code"))  # noqa: E731
        return again(ask, FORM, build, problem, form.kept, templates=TEMPLATES, chosen={})
    return go(ask, _path(ask, f"/{made[0]}" if len(made) == 1 else ""), "request-sent" if sent else "request-kept")


def _asking(form: Typed) -> Asking:
    texts = {name: form.text(name) for name in ("code", "item", "what", "why", "language")}
    return Asking(**texts, forms=tuple(form.all("forms")), due_on=form.day("due_on"))


@router.get("/{city}/requests/{request_id}")
async def one(request_id: Id, ask: Ask = reads("request.read")) -> Response:
    return show(ask, "request/show.html", _one(ask, request_id))


def _one(ask: Ask, request_id: int) -> request.RequestPage:
    return request.show(ask.session, ask.site, ask.who, request_id)


@router.get("/{city}/requests/{request_id}/change")
async def edit(request_id: Id, code: str = "", ask: Ask = reads("request.write")) -> Response:
    asked = ask.request.query_params
    chosen = {"template": asked.get("template", "")}
    return show(ask, FORM, _edit(ask, request_id, code), templates=TEMPLATES, chosen=chosen)


def _edit(ask: Ask, request_id: int, code: str) -> AskingPage:
    return request_asking.edit(ask.session, ask.site, ask.who, request_id, code)


@router.post("/{city}/requests/{request_id}")
def change(request_id: Id, ask: Ask = writes("request.write"), form: Typed = typed()) -> Response:
    try:
        request_asking.change(ask.session, ask.site, ask.who, request_id, _asking(form), form.version())
    except PROBLEMS as problem:
        build = lambda: _edit(ask, request_id, form.text("code"))  # noqa: E731
        return again(ask, FORM, build, problem, form.kept, templates=TEMPLATES, chosen={})
    return go(ask, _path(ask, f"/{request_id}"), "request-kept")


def _step(ask: Ask, request_id: int, form: Typed, step: Callable[[int], None], said: str) -> Response:
    """Take a step with the version that the page was made from, and lead back to the request."""
    try:
        step(form.version())
    except PROBLEMS as problem:
        return again(ask, "request/show.html", lambda: _one(ask, request_id), problem, form.kept)
    return go(ask, _path(ask, f"/{request_id}"), said)


@router.post("/{city}/requests/{request_id}/send")
def send(request_id: Id, ask: Ask = writes("request.write"), form: Typed = typed()) -> Response:
    step = partial(request_asking.send, ask.session, ask.site, ask.who, request_id)
    return _step(ask, request_id, form, step, "request-sent")


@router.post("/{city}/requests/{request_id}/reminder")
def remind(request_id: Id, ask: Ask = writes("request.write"), form: Typed = typed()) -> Response:
    step = partial(request_asking.remind, ask.session, ask.site, ask.who, request_id)
    return _step(ask, request_id, form, step, "request-reminded")


@router.post("/{city}/requests/{request_id}/due")
def ask_until(request_id: Id, ask: Ask = writes("request.write"), form: Typed = typed()) -> Response:
    def step(version: int) -> None:
        request_asking.ask_until(ask.session, ask.site, ask.who, request_id, form.day("due_on"), version)

    return _step(ask, request_id, form, step, "request-due")


@router.post("/{city}/requests/{request_id}/close")
def close(request_id: Id, ask: Ask = writes("request.write"), form: Typed = typed()) -> Response:
    step = partial(request_asking.close, ask.session, ask.who, request_id)
    return _step(ask, request_id, form, step, "request-closed")


@router.post("/{city}/requests/{request_id}/link")
def renew(request_id: Id, ask: Ask = writes("request.write"), form: Typed = typed()) -> Response:
    step = partial(request_asking.renew, ask.session, ask.site, ask.who, request_id)
    return _step(ask, request_id, form, step, "request-renewed")


@router.post("/{city}/requests/{request_id}/done")
def done(request_id: Id, ask: Ask = writes("work.read"), form: Typed = typed()) -> Response:
    """A department's word that it has answered; leads back to its own list."""
    request_asking.done(ask.session, ask.who, request_id, form.version())
    return go(ask, f"/{ask.who.city.slug}/my-work", "request-done")


@router.get("/{city}/partners")
async def partners(ask: Ask = reads("request.read")) -> Response:
    return show_kept(ask, "request/partners.html", lambda: request.partners(ask.session, ask.who))


@router.post("/{city}/partners")
def add_partner(ask: Ask = writes("request.write"), form: Typed = typed()) -> Response:
    names = ("name", "contact", "email", "language")
    try:
        request.add_partner(ask.session, ask.who, **{name: form.text(name) for name in names})
    except PROBLEMS as problem:
        build = lambda: request.partners(ask.session, ask.who)  # noqa: E731
        return again(ask, "request/partners.html", build, problem, form.kept)
    return go(ask, f"/{ask.who.city.slug}/partners", "partner-added")


@router.get("/{city}/inbox")
async def inbox(ask: Ask = reads("request.read")) -> Response:
    return show_kept(ask, "request/inbox.html", lambda: _inbox(ask), MOVES)


def _inbox(ask: Ask) -> contribution.Inbox:
    return contribution.inbox(ask.session, ask.who)


@router.get("/{city}/inbox/{contribution_id}/file")
def file(contribution_id: Id, ask: Ask = reads("request.read")) -> Response:
    return stream(contribution.open_file(ask.session, ask.site, ask.who, contribution_id), view=False)


@router.post("/{city}/inbox/{contribution_id}")
def decide(contribution_id: Id, ask: Ask = writes("request.write"), form: Typed = typed()) -> Response:
    decision, reason = form.text("decision"), form.text("reason")
    try:
        contribution.decide(ask.session, ask.site, ask.who, contribution_id, decision, reason)
    except PROBLEMS as problem:
        kept = {**form.kept, "about": contribution_id}
        return again(ask, "request/inbox.html", lambda: _inbox(ask), problem, kept)
    return go(ask, f"/{ask.who.city.slug}/inbox", "contribution-decided")


def _in_their_language(visit: Visit, token: str) -> Visit:
    return replace(visit, language=contribution.language_of(visit.session, visit.site, token))


@router.get("/contribute/{token}", name="contribute")
async def contribute(token: str, visit: Visit = visits()) -> Response:
    page = contribution.page(visit.session, visit.site, token)
    return show(_in_their_language(visit, token), "request/contribute.html", page)


@router.post("/contribute/{token}", name="contribute_post")
def contribute_post(token: str, form: Typed = typed(), visit: Visit = visits()) -> Response:
    """The session of `visit` only reads: files go to storage before their own transaction begins."""
    visit = _in_their_language(visit, token)
    client = visit.request.client
    try:
        contribution.send(visit.site, token, _sending(form), client.host if client else "")
    except Invalid as problem:
        build = lambda: contribution.page(visit.session, visit.site, token)  # noqa: E731
        return again(visit, "request/contribute.html", build, problem, form.kept)
    return go(visit, f"/contribute/{token}", "contribution-sent")


FILLED = {
    EvidenceKind.LINK: ("url",),
    EvidenceKind.NOTE: ("note",),
    EvidenceKind.FIGURE: ("current_value", "published_percent", "baseline_value"),
}
"""Which fields show that a part of the partner's form was used."""


def _sending(form: Typed) -> Sending:
    files = tuple(Upload(safe_name(file.filename or ""), file.file) for file in form.files("file"))
    kinds = [kind for kind, names in FILLED.items() if any(form.text(name).strip() for name in names)]
    entries = tuple(_entry(form, kind) for kind in kinds)
    return Sending(form.text("name"), form.text("role"), form.ticked("may_quote"), entries, files)


def _entry(form: Typed, kind: EvidenceKind) -> Entry:
    """The part of the form for a kind; a note without a title of its own is called by its first words."""
    names = {
        EvidenceKind.LINK: ("url",),
        EvidenceKind.NOTE: ("note",),
        EvidenceKind.FIGURE: (
            "unit", "baseline_value", "baseline_period", "current_value", "current_period", "published_percent", "source",
        ),
    }[kind]  # fmt: skip
    values: dict[str, Any] = {name: form.text(name) for name in names}
    title = form.text("title") if kind is EvidenceKind.FIGURE else " ".join(form.text("note").split())[:80]
    return Entry(kind=kind, title="" if kind is EvidenceKind.LINK else title, **values)
