"""Adding, showing and changing evidence, the library, and the way of files in and out."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response, StreamingResponse

from app.rules.criteria import EvidenceKind
from app.rules.errors import CityReadyError, Invalid, NotFound, Problem
from app.rules.evidence.entry import DAYS, NUMBERS, TEXTS, Entry, change_entered
from app.rules.files.kinds import safe_name
from app.rules.message import Said, say
from app.services import upload
from app.services.evidence import adding, claims, library, links, new_file
from app.services.evidence import page as evidence
from app.services.evidence.adding import Outcome, Upload
from app.services.evidence.library import STATES, AddPage, Search
from app.web.access import Ask, Id, reads, receives, works, writes
from app.web.forms import Typed, typed
from app.web.templating import MOVES, again, go, show, show_kept, status_of, step, wants_fragment

router = APIRouter()

FILE_HEADERS = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}
"""A file that people brought must not run or fetch anything, whatever it was made to be."""


def _criterion(ask: Ask, code: str) -> str:
    return f"/{ask.who.city.slug}/criteria/{quote(code, safe='')}"


def _piece(ask: Ask, evidence_id: int) -> str:
    return f"/{ask.who.city.slug}/evidence/{evidence_id}"


def _search(ask: Ask) -> Search:
    asked = ask.request.query_params
    page = asked.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    more = {name: asked.get(name, "")[:40] for name in ("area", "department", "visibility", "state")}
    return Search(asked.get("show", ""), asked.get("q", ""), max(1, number), **more)


def _entry(form: Typed, kind: EvidenceKind) -> Entry:
    unread: dict[str, Said] = {}
    texts: dict[str, Any] = {name: form.text(name) for name in (*TEXTS, *NUMBERS)}
    days: dict[str, Any] = {name: _day(form, name, unread) for name in DAYS}
    return Entry(kind=kind, items=tuple(form.all("item")), unread=unread, **texts, **days)


def _day(form: Typed, name: str, unread: dict[str, Said]) -> date | None:
    try:
        return form.day(name)
    except Invalid as problem:
        unread.update(problem.fields)
        return None


@router.get("/{city}/criteria/{code}/evidence/new")
async def new(code: str, ask: Ask = reads("evidence.write")) -> Response:
    asked = ask.request.query_params
    build = lambda: library.begin(  # noqa: E731
        ask.desk, code, asked.get("kind", ""), _search(ask)
    )
    return show_kept(ask, "evidence/new.html", build, chosen=asked.getlist("item"))


@router.get("/{city}/criteria/{code}/evidence")
async def add_instead(code: str, ask: Ask = reads("evidence.write")) -> Response:
    """A form that came back with an error stands at this address; whoever loads that anew gets the empty form."""
    library.begin(ask.desk, code, "", _search(ask))
    query = ask.request.url.query
    return RedirectResponse(f"{_criterion(ask, code)}/evidence/new" + (f"?{query}" if query else ""), 303)


@router.post("/{city}/criteria/{code}/evidence")
def add(code: str, ask: Ask = receives("evidence.write"), form: Typed = typed()) -> Response:
    """Add what the form holds."""
    kind = _kind(form.text("kind"))
    try:
        if kind is EvidenceKind.FILE:
            return _add_files(code, form, ask)
        adding.add(ask.site, ask.who, code, _entry(form, kind))
    except Problem as problem:
        return _add_again(ask, code, kind, problem, form)
    return go(ask, _criterion(ask, code), "evidence-added")


def _kind(text: str) -> EvidenceKind:
    if text not in set(EvidenceKind):
        raise NotFound(say("There is no such kind of evidence."))
    return EvidenceKind(text)


def _add_files(code: str, form: Typed, ask: Ask) -> Response:
    tokens = form.all("upload")
    sender = upload.sender_of_person(ask.who)
    uploads = _uploads(form)
    uploads += [upload.assemble_file(ask.site, sender, token) for token in tokens]
    outcomes = adding.add_files(ask.site, ask.who, code, _entry(form, EvidenceKind.FILE), uploads)
    status = 422 if any(outcome.problem for outcome in outcomes) else 200
    for token in tokens if status == 200 else ():
        upload.remove_upload(ask.site, sender, token)
    if wants_fragment(ask.request):
        return show(ask, "evidence/_outcomes.html", {"outcomes": outcomes}, status=status)
    if status == 422:
        page = _add_page(ask, code, EvidenceKind.FILE, outcomes)
        errors = {"outcomes": say("Not every file could be kept.")}
        return show(ask, "evidence/new.html", page, status=status, typed=form.kept, errors=errors, chosen=[])
    known = all(outcome.known for outcome in outcomes)
    return go(ask, _criterion(ask, code), "evidence-known" if known else "evidence-added")


def _add_page(ask: Ask, code: str, kind: str, outcomes: tuple[Outcome, ...] = ()) -> AddPage:
    return library.add_page(ask.desk, code, kind, outcomes=outcomes)


def _add_again(ask: Ask, code: str, kind: EvidenceKind, problem: CityReadyError, form: Typed) -> Response:
    """The page once more; to the script that sends one file at a time, only the sentence about it."""
    names = [safe_name(file.filename or "") for file in form.files("file")]
    names = names or [safe_name(form.text("upload_name"))] * bool(form.all("upload"))
    if names and wants_fragment(ask.request):
        outcomes = [Outcome(name, problem=problem.said) for name in names]
        return show(ask, "evidence/_outcomes.html", {"outcomes": outcomes}, status=status_of(problem))
    return again(ask, "evidence/new.html", lambda: _add_page(ask, code, kind), problem, form.kept, chosen=[])


@router.post("/{city}/criteria/{code}/evidence/{evidence_id}")
def use_here(code: str, evidence_id: Id, form: Typed = typed(), ask: Ask = writes("evidence.write")) -> Response:
    try:
        evidence.use_here(ask.desk, code, evidence_id, form.all("item"))
    except Problem as problem:
        build = lambda: _add_page(ask, code, library.LIBRARY)  # noqa: E731
        return again(ask, "evidence/new.html", build, problem, form.kept, chosen=[])
    return go(ask, _criterion(ask, code), "evidence-added")


@router.get("/{city}/evidence")
async def index(ask: Ask = reads("evidence.read")) -> Response:
    build = lambda: library.library(ask.desk, _search(ask))  # noqa: E731
    return show_kept(ask, "evidence/index.html", build, states=STATES)


@router.get("/{city}/evidence/change")
async def change_preview(ask: Ask = reads("evidence.write")) -> Response:
    """The change that the numbers typed so far show, as a fragment."""
    asked = ask.request.query_params
    numbers: dict[str, Any] = {name: asked.get(name, "") for name in NUMBERS}
    entry = Entry(EvidenceKind.FIGURE, **numbers)
    try:
        return show(ask, "evidence/_change.html", {"change": change_entered(entry)})
    except Invalid as problem:
        return show(ask, "evidence/_change.html", {"change": None}, errors=problem.fields)


@router.get("/{city}/evidence/{evidence_id}")
def piece(evidence_id: Id, ask: Ask = works("evidence.read")) -> Response:
    """The page of one piece; to htmx, which asks while a link is being checked or a file is being read, only that part.

    In a thread, since it is recorded who looks at a restricted one; before a page that was kept leaves, too.
    """
    evidence.note_shown(ask.site, ask.who, evidence_id)
    part = "evidence/_inside.html" if ask.request.query_params.get("part") == "inside" else "evidence/_link_state.html"
    template = part if wants_fragment(ask.request) else "evidence/show.html"
    build = lambda: evidence.show(ask.desk, evidence_id)  # noqa: E731
    return show_kept(ask, template, build, MOVES)


def piece_again(
    ask: Ask, evidence_id: int, problem: CityReadyError, typed: Mapping[str, Any] | None = None
) -> Response:
    """The page of a piece with what stands in the way; `typed` is what was typed, of a form with fields.

    That it was looked at is recorded as for the page itself.
    """
    ask.site.database.undo(ask.session)
    evidence.note_shown(ask.site, ask.who, evidence_id)
    build = lambda: evidence.show(ask.desk, evidence_id)  # noqa: E731
    return again(ask, "evidence/show.html", build, problem, typed or {})


def piece_step(ask: Ask, evidence_id: int, form: Typed, take: Callable[[int], object], done: str) -> Response:
    """Take a step of one button, which leads back to the page of the piece."""
    return step(ask, form, take, partial(piece_again, ask, evidence_id), _piece(ask, evidence_id), done)


@router.post("/{city}/evidence/{evidence_id}")
def change(evidence_id: Id, form: Typed = typed(), ask: Ask = writes("evidence.write")) -> Response:
    try:
        entry = _entry(form, EvidenceKind.NOTE)
        why = new_file.check_why(form.text("why"))
        evidence.change(ask.desk, evidence_id, entry, form.version(), why)
    except Problem as problem:
        return piece_again(ask, evidence_id, problem, form.kept)
    return go(ask, _piece(ask, evidence_id), "evidence-changed")


@router.post("/{city}/evidence/{evidence_id}/withdraw")
def withdraw(evidence_id: Id, form: Typed = typed(), ask: Ask = writes("evidence.write")) -> Response:
    """Leads back to the criterion that it was removed from, where `undo` in the address names the piece to put back."""
    code = form.text("code")
    try:
        withdrawn = evidence.withdraw(ask.desk, evidence_id, form.version(), code)
    except Problem as problem:
        return piece_again(ask, evidence_id, problem)
    if not withdrawn:
        return go(ask, _criterion(ask, code), "evidence-unlinked")
    back = f"{_criterion(ask, code)}?{urlencode({'undo': evidence_id})}" if code else _piece(ask, evidence_id)
    return go(ask, back, "evidence-withdrawn")


@router.post("/{city}/evidence/{evidence_id}/restore")
def restore(evidence_id: Id, form: Typed = typed(), ask: Ask = writes("evidence.write")) -> Response:
    take = partial(evidence.restore, ask.desk, evidence_id)
    return piece_step(ask, evidence_id, form, take, "evidence-restored")


@router.post("/{city}/evidence/{evidence_id}/link-check")
def link_check(evidence_id: Id, ask: Ask = writes("evidence.write")) -> Response:
    links.check_link(ask.desk, evidence_id)
    return go(ask, _piece(ask, evidence_id), "link-asked")


@router.post("/{city}/evidence/{evidence_id}/link-address")
def link_address(evidence_id: Id, form: Typed = typed(), ask: Ask = writes("evidence.write")) -> Response:
    """Take the address that the site says the page has now."""
    take = partial(links.accept_address, ask.desk, evidence_id)
    return piece_step(ask, evidence_id, form, take, "link-accepted")


@router.get("/{city}/evidence/{evidence_id}/copy")
def copy(evidence_id: Id, ask: Ask = works("evidence.read")) -> Response:
    """What the linked page said when it was visited."""
    found = evidence.download_copy(ask.desk, evidence_id)
    return stream(found, view=ask.request.query_params.get("view") == "1")


@router.post("/{city}/evidence/{evidence_id}/approval")
def approve(evidence_id: Id, form: Typed = typed(), ask: Ask = writes("claim.approve")) -> Response:
    take = partial(claims.approve, ask.desk, evidence_id)
    return piece_step(ask, evidence_id, form, take, "claim-approved")


@router.post("/{city}/evidence/{evidence_id}/approval/withdraw")
def withdraw_approval(evidence_id: Id, form: Typed = typed(), ask: Ask = writes("claim.approve")) -> Response:
    take = partial(claims.withdraw, ask.desk, evidence_id)
    return piece_step(ask, evidence_id, form, take, "claim-withdrawn")


@router.get("/{city}/evidence/{evidence_id}/file")
def file(evidence_id: Id, ask: Ask = works("evidence.read")) -> Response:
    """The file as it was kept, to be saved; with `?view=1` shown, where a browser does that by itself."""
    found = evidence.download(ask.desk, evidence_id)
    return stream(found, view=ask.request.query_params.get("view") == "1")


@router.post("/{city}/evidence/{evidence_id}/file")
def replace_file(evidence_id: Id, ask: Ask = receives("evidence.write"), form: Typed = typed()) -> Response:
    """A new version."""
    try:
        why, files = form.text("why"), _uploads(form)
        new_file.replace_file(ask.site, ask.who, evidence_id, form.version(), why, files)
    except Problem as problem:
        return piece_again(ask, evidence_id, problem, form.kept)
    return go(ask, _piece(ask, evidence_id), "evidence-replaced")


@router.post("/{city}/evidence/{evidence_id}/redacted")
def add_redacted(evidence_id: Id, ask: Ask = receives("evidence.write"), form: Typed = typed()) -> Response:
    try:
        made = new_file.add_redacted(ask.site, ask.who, evidence_id, form.version(), _uploads(form))
    except Problem as problem:
        return piece_again(ask, evidence_id, _at_the_copy(problem))
    return go(ask, _piece(ask, made), "evidence-redacted")


def _at_the_copy(problem: Problem) -> Problem:
    """What is wrong with the file stands at the field of the copy, not at the one for a newer file above it."""
    if not isinstance(problem, Invalid):
        return problem
    return Invalid({"redacted" if name == "file" else name: said for name, said in problem.fields.items()})


def _uploads(form: Typed) -> list[Upload]:
    return [Upload(safe_name(file.filename or ""), file.file) for file in form.files("file")]


@router.get("/{city}/evidence/{evidence_id}/versions/{number}/file")
def version_file(evidence_id: Id, number: Id, ask: Ask = works("evidence.read")) -> Response:
    return stream(new_file.download_version(ask.desk, evidence_id, number), view=False)


def stream(found: evidence.Download, *, view: bool) -> Response:
    """A stored file on its way out; shown rather than saved only where it is asked for and a browser does that by itself."""
    view = view and found.viewable
    headers = {
        "Content-Disposition": disposition("inline" if view else "attachment", found.name),
        "Content-Length": str(found.size_bytes),
        **FILE_HEADERS,
    }
    return StreamingResponse(found.chunks, media_type=found.media_type, headers=headers)


def disposition(how: str, name: str) -> str:
    """The header's value: the name in ASCII for old programs, and whole as RFC 6266 and RFC 8187 say."""
    plain = "".join(
        letter if letter.isascii() and letter.isprintable() and letter not in '"\\%' else "_" for letter in name
    )
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
