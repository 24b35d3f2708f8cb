"""Requests for evidence, partners, the inbox, and the page where a partner answers without an account."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial, reduce
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.adapters.translations import load_translator
from app.rules.criteria import EvidenceKind
from app.rules.errors import CityReadyError, Invalid, OutsideUnavailable, Problem
from app.rules.evidence.entry import Entry
from app.rules.files.kinds import safe_name
from app.rules.message import Said, say
from app.rules.request import TEMPLATES
from app.services import upload
from app.services.account.tries import TooManyAttempts
from app.services.evidence.adding import Upload
from app.services.requests import asking, contribution, inbox
from app.services.requests import page as request
from app.services.requests.asking import RequestEntry, RequestFormPage
from app.services.requests.contribution import Sending
from app.services.requests.page import PartnerEntry
from app.settings import LANGUAGES
from app.web import languages
from app.web.access import Ask, Id, Visit, reads, visits, visits_by_link, works, writes
from app.web.evidence import stream
from app.web.forms import Typed, typed
from app.web.templating import MOVES, again, go, settle, show, show_kept, step

router = APIRouter()
FORM = "request/form.html"
CONTRIBUTE = "request/contribute.html"


def _path(ask: Ask, rest: str = "") -> str:
    return f"/{ask.who.city.slug}/requests{rest}"


@router.get("/{city}/requests")
async def index(ask: Ask = reads("request.read")) -> Response:
    return show_kept(ask, "request/index.html", lambda: request.list_requests(ask.desk))


@router.get("/{city}/requests/new")
async def new(code: str = "", ask: Ask = reads("request.write")) -> Response:
    asked = ask.request.query_params
    chosen = {name: asked.get(name, "") for name in ("to", "item")}
    return show_kept(ask, FORM, lambda: _new(ask, code), chosen=chosen)


def _new(ask: Ask, code: str) -> RequestFormPage:
    return asking.begin_request(ask.desk, code)


@router.post("/{city}/requests")
def write(ask: Ask = writes("request.write"), form: Typed = typed()) -> Response:
    """To one or several: sent, with `then=keep` left open, or with `then=fill` only filled in further."""
    then, build = form.text("then"), partial(_new, ask, form.text("code"))
    if then == "fill":
        settle(ask)
        return show(ask, FORM, build(), typed=_filled(form), chosen={})
    try:
        made = asking.write_requests(ask.desk, _asking(form), form.all("to"), sent=then != "keep")
    except Problem as problem:
        return again(ask, FORM, build, problem, form.kept, chosen={})
    place = _path(ask, f"/{made[0]}" if len(made) == 1 else "")
    return go(ask, place, "request-kept" if then == "keep" else "request-sent")


def _filled(form: Typed) -> dict[str, Any]:
    """What was typed, and the chosen opening in the request's language where nothing was typed yet."""
    language = form.text("language")
    opening = TEMPLATES.get(form.text("template"), ())
    words = load_translator(language if language in LANGUAGES else "en")
    written = {
        name: words.say(said)
        for name, said in zip(("what", "why"), opening, strict=False)
        if not form.text(name).strip()
    }
    return {**form.kept, **written}


def _asking(form: Typed) -> RequestEntry:
    texts = {name: form.text(name) for name in ("code", "item", "what", "why", "language")}
    return RequestEntry(**texts, forms=tuple(form.all("forms")), due_on=form.day("due_on"))


@router.get("/{city}/requests/{request_id}")
async def one(request_id: Id, ask: Ask = reads("request.read")) -> Response:
    return show(ask, "request/show.html", _one(ask, request_id))


def _one(ask: Ask, request_id: int) -> request.RequestPage:
    return request.load_request(ask.desk, request_id)


@router.get("/{city}/requests/{request_id}/change")
async def edit(request_id: Id, ask: Ask = reads("request.write")) -> Response:
    return show(ask, FORM, _edit(ask, request_id, ""), chosen={})


def _edit(ask: Ask, request_id: int, code: str) -> RequestFormPage:
    return asking.edit_request(ask.desk, request_id, code)


@router.post("/{city}/requests/{request_id}")
def change(request_id: Id, ask: Ask = writes("request.write"), form: Typed = typed()) -> Response:
    build = partial(_edit, ask, request_id, form.text("code"))
    if form.text("then") == "fill":
        settle(ask)
        return show(ask, FORM, build(), typed=_filled(form), chosen={})
    try:
        asking.change_request(ask.desk, request_id, _asking(form), form.version())
    except Problem as problem:
        return again(ask, FORM, build, problem, form.kept, chosen={})
    return go(ask, _path(ask, f"/{request_id}"), "request-kept")


def _step(ask: Ask, request_id: int, form: Typed, take: Callable[[int], None], done: str) -> Response:
    """Take a step of one button, which leads back to the request."""

    def shown(problem: Problem) -> Response:
        return again(ask, "request/show.html", lambda: _one(ask, request_id), problem, form.kept)

    return step(ask, form, take, shown, _path(ask, f"/{request_id}"), done)


@router.post("/{city}/requests/{request_id}/send")
def send(request_id: Id, ask: Ask = writes("request.write"), form: Typed = typed()) -> Response:
    take = partial(asking.send_request, ask.desk, request_id)
    return _step(ask, request_id, form, take, "request-sent")


@router.post("/{city}/requests/{request_id}/reminder")
def remind(request_id: Id, ask: Ask = writes("request.write"), form: Typed = typed()) -> Response:
    take = partial(asking.send_reminder, ask.desk, request_id)
    return _step(ask, request_id, form, take, "request-reminded")


@router.post("/{city}/requests/{request_id}/due")
def ask_until(request_id: Id, ask: Ask = writes("request.write"), form: Typed = typed()) -> Response:
    def take(version: int) -> None:
        asking.ask_until(ask.desk, request_id, form.day("due_on"), version)

    return _step(ask, request_id, form, take, "request-due")


@router.post("/{city}/requests/{request_id}/close")
def close(request_id: Id, ask: Ask = writes("request.write"), form: Typed = typed()) -> Response:
    take = partial(asking.close_request, ask.desk, request_id)
    return _step(ask, request_id, form, take, "request-closed")


@router.post("/{city}/requests/{request_id}/link")
def renew(request_id: Id, ask: Ask = writes("request.write", fresh=True), form: Typed = typed()) -> Response:
    take = partial(asking.renew_link, ask.desk, request_id)
    return _step(ask, request_id, form, take, "request-renewed")


@router.post("/{city}/requests/{request_id}/done")
def done(request_id: Id, ask: Ask = writes("work.read"), form: Typed = typed()) -> Response:
    """A department's word that it has answered; leads back to its own list."""
    asking.mark_done(ask.desk, request_id, form.version())
    return go(ask, f"/{ask.who.city.slug}/my-work", "request-done")


@router.get("/{city}/partners")
async def partners(ask: Ask = reads("request.read")) -> Response:
    return show_kept(ask, "request/partners.html", lambda: request.list_partners(ask.desk))


@router.post("/{city}/partners")
def add_partner(ask: Ask = writes("request.write"), form: Typed = typed()) -> Response:
    try:
        request.add_partner(ask.desk, _partner(form))
    except Problem as problem:
        return _partners_again(ask, problem, form.kept)
    return go(ask, f"/{ask.who.city.slug}/partners", "partner-added")


@router.post("/{city}/partners/{partner_id}")
def change_partner(partner_id: Id, ask: Ask = writes("request.write"), form: Typed = typed()) -> Response:
    try:
        request.change_partner(ask.desk, partner_id, _partner(form), form.version())
    except Problem as problem:
        return _partners_again(ask, problem, {**form.kept, "about": partner_id})
    return go(ask, f"/{ask.who.city.slug}/partners", "partner-changed")


def _partner(form: Typed) -> PartnerEntry:
    return PartnerEntry(form.text("name"), form.text("contact"), form.text("email"), form.text("language"))


def _partners_again(ask: Ask, problem: CityReadyError, kept: Mapping[str, Any]) -> Response:
    build = lambda: request.list_partners(ask.desk)  # noqa: E731
    return again(ask, "request/partners.html", build, problem, kept)


@router.get("/{city}/inbox")
async def waiting(ask: Ask = reads("request.read")) -> Response:
    return show_kept(ask, "request/inbox.html", lambda: _waiting(ask), MOVES)


def _waiting(ask: Ask) -> inbox.Inbox:
    return inbox.load_inbox(ask.desk)


@router.get("/{city}/inbox/{contribution_id}/file")
def file(contribution_id: Id, ask: Ask = works("request.read")) -> Response:
    return stream(inbox.open_contribution_file(ask.desk, contribution_id), view=False)


@router.post("/{city}/inbox/{contribution_id}")
def decide(contribution_id: Id, ask: Ask = writes("request.write"), form: Typed = typed()) -> Response:
    decision, reason = form.text("decision"), form.text("reason")
    try:
        done = inbox.decide_contribution(ask.desk, contribution_id, decision, reason)
    except Problem as problem:
        kept = {**form.kept, "about": contribution_id}
        return again(ask, "request/inbox.html", lambda: _waiting(ask), problem, kept)
    return go(ask, f"/{ask.who.city.slug}/inbox", f"contribution-{done}")


@router.get("/contribute/{token}", name="contribute")
async def contribute(token: str, visit: Visit = visits()) -> Response:
    page = contribution.page(visit.session, visit.site, token)
    return show(replace(visit, language=languages.wanted(visit.request) or page.language), CONTRIBUTE, page)


@router.post("/contribute/{token}", name="contribute_post")
def contribute_post(token: str, visit: Visit = visits_by_link(), form: Typed = typed()) -> Response:
    """Files come with the form, or came before it in parts and are named in `upload`."""
    page = partial(contribution.page, visit.session, visit.site, token)
    tokens = form.all("upload")
    sender = contribution.sender(visit.site, token) if tokens else None
    try:
        come = tuple(upload.assemble_file(visit.site, sender, one) for one in tokens) if sender else ()
        refused = contribution.send(visit.site, token, _sending(form, come))
    except (Problem, TooManyAttempts, OutsideUnavailable) as problem:
        whole = upload.list_completed(visit.site, sender, tokens) if sender else ()
        return again(visit, CONTRIBUTE, page, problem, {**form.kept, "come": whole})
    if sender:
        for one in tokens:
            upload.remove_upload(visit.site, sender, one)
    if refused:
        kept = {name: form.kept[name] for name in ("name", "role", "may_quote") if name in form.kept}
        return again(visit, CONTRIBUTE, page, Invalid({"file": _one_after_another(refused)}), kept)
    return go(visit, f"/contribute/{token}", "contribution-sent")


def _one_after_another(sentences: Sequence[Said]) -> Said:
    """Each sentence, and that the rest is kept."""
    rest = say("Everything else that you sent is kept.")
    return reduce(lambda after, one: say("%(one)s %(after)s", one=one, after=after), reversed(sentences), rest)


PARTS = {
    EvidenceKind.LINK: ("url",),
    EvidenceKind.NOTE: ("note",),
    EvidenceKind.FIGURE: (
        "title", "unit", "baseline_value", "baseline_period", "current_value", "current_period", "published_percent", "source",
    ),
}  # fmt: skip
"""The fields of each part of the partner's form. A part counts as filled in with any of them."""


def _sending(form: Typed, come: tuple[Upload, ...]) -> Sending:
    files = come + tuple(Upload(safe_name(file.filename or ""), file.file) for file in form.files("file"))
    parts = {kind: {name: form.text(name) for name in names} for kind, names in PARTS.items()}
    entries = tuple(_entry(kind, part) for kind, part in parts.items() if any(text.strip() for text in part.values()))
    return Sending(form.text("name"), form.text("role"), form.ticked("may_quote"), entries, files)


def _entry(kind: EvidenceKind, part: Mapping[str, str]) -> Entry:
    """A note has no title of its own: it is called by its first words."""
    title = {"title": " ".join(part["note"].split())[:80]} if kind is EvidenceKind.NOTE else {}
    return Entry(kind=kind, **{**part, **title})  # type: ignore[arg-type]
