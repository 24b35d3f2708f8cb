"""Requests for evidence, partners, the inbox, and the page where a partner answers without an account."""

from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.criteria import EvidenceKind
from app.rules.errors import Conflict, Invalid, Refused
from app.rules.evidence_entry import Entry
from app.rules.files import safe_name
from app.rules.request import TEMPLATES
from app.services import contribution, request
from app.services.contribution import Sending
from app.services.evidence_adding import Upload
from app.web.access import Ask, Id, Visit, reads, visits, writes
from app.web.evidence import stream
from app.web.forms import Typed, typed
from app.web.templating import again, go, show, show_kept

router = APIRouter()
PROBLEMS = (Invalid, Conflict, Refused)


def _path(ask: Ask, rest: str = "") -> str:
    return f"/{ask.who.city.slug}/requests{rest}"


@router.get("/{city}/requests")
async def index(ask: Ask = reads("request.read")) -> Response:
    return show_kept(ask, "request/index.html", lambda: request.index(ask.session, ask.who))


@router.get("/{city}/requests/new")
async def new(code: str = "", ask: Ask = reads("request.write")) -> Response:
    asked = ask.request.query_params
    chosen = {"to": asked.get("to", ""), "item": asked.get("item", ""), "template": asked.get("template", "")}
    return show_kept(ask, "request/new.html", lambda: _new(ask, code), templates=TEMPLATES, chosen=chosen)


def _new(ask: Ask, code: str) -> request.NewPage:
    return request.begin(ask.session, ask.site, ask.who, code)


@router.post("/{city}/requests")
def send(ask: Ask = writes("request.write"), form: Typed = typed()) -> Response:
    code = form.text("code")
    try:
        made = request.send(
            ask.session,
            ask.site,
            ask.who,
            code=code,
            item=form.text("item"),
            to=form.text("to"),
            what=form.text("what"),
            why=form.text("why"),
            forms=form.all("forms"),
            due_on=form.day("due_on"),
            language=form.text("language"),
        )
    except PROBLEMS as problem:
        build = lambda: _new(ask, code)  # noqa: E731
        return again(ask, "request/new.html", build, problem, form.kept, templates=TEMPLATES, chosen={})
    return go(ask, _path(ask, f"/{made}"), "request-sent")


@router.get("/{city}/requests/{request_id}")
async def one(request_id: Id, ask: Ask = reads("request.read")) -> Response:
    return show(ask, "request/show.html", _one(ask, request_id))


def _one(ask: Ask, request_id: int) -> request.RequestPage:
    return request.show(ask.session, ask.site, ask.who, request_id)


@router.post("/{city}/requests/{request_id}/close")
def close(request_id: Id, ask: Ask = writes("request.write"), form: Typed = typed()) -> Response:
    try:
        request.close(ask.session, ask.who, request_id, form.version())
    except PROBLEMS as problem:
        return again(ask, "request/show.html", lambda: _one(ask, request_id), problem, form.kept)
    return go(ask, _path(ask, f"/{request_id}"), "request-closed")


@router.post("/{city}/requests/{request_id}/link")
def new_link(request_id: Id, ask: Ask = writes("request.write"), form: Typed = typed()) -> Response:
    try:
        request.new_link(ask.session, ask.site, ask.who, request_id, form.version())
    except PROBLEMS as problem:
        return again(ask, "request/show.html", lambda: _one(ask, request_id), problem, form.kept)
    return go(ask, _path(ask, f"/{request_id}"), "request-renewed")


@router.post("/{city}/requests/{request_id}/done")
def done(request_id: Id, ask: Ask = writes("work.read"), form: Typed = typed()) -> Response:
    """A department's word that it has answered; leads back to its own list."""
    request.done(ask.session, ask.who, request_id, form.version())
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
    return show_kept(ask, "request/inbox.html", lambda: _inbox(ask))


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
