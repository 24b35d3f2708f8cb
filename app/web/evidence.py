"""Adding, showing and changing evidence, the library, and the way of files in and out."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.rules.criteria import EvidenceKind
from app.rules.errors import CityReadyError, Invalid, NotFound
from app.rules.evidence.entry import DAY_FIELDS, NUMBER_FIELDS, TEXT_FIELDS, EvidenceEntry, entered_change
from app.rules.files.kinds import safe_name
from app.rules.message import Message, say
from app.services import upload
from app.services.evidence import adding, changing, library, links, new_file, opening, removing
from app.services.evidence import page as evidence
from app.services.evidence.adding import FileOutcome, IncomingFile
from app.services.evidence.library import LIBRARY_STATES, AddEvidencePage, LibrarySearch
from app.web.access import Ask, RowId, reads, receives, works, writes
from app.web.download import stream_file
from app.web.forms import TypedForm, typed_form
from app.web.page_cache import IS_CHANGING, show_kept_page
from app.web.statuses import status_of
from app.web.steps import answer_problems, form_again
from app.web.templating import redirect_to, show_page, wants_fragment

router = APIRouter()


def _criterion_path(ask: Ask, code: str) -> str:
    return f"/{ask.who.city.slug}/criteria/{quote(code, safe='')}"


def piece_path(ask: Ask, evidence_id: int) -> str:
    return f"/{ask.who.city.slug}/evidence/{evidence_id}"


def _read_search(ask: Ask) -> LibrarySearch:
    query_params = ask.request.query_params
    page = query_params.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    filters = {name: query_params.get(name, "")[:40] for name in ("area", "department", "visibility", "state")}
    return LibrarySearch(query_params.get("show", ""), query_params.get("q", ""), max(1, number), **filters)


def _read_entry(form: TypedForm, kind: EvidenceKind) -> EvidenceEntry:
    unread: dict[str, Message] = {}
    texts: dict[str, Any] = {name: form.text(name) for name in (*TEXT_FIELDS, *NUMBER_FIELDS)}
    days: dict[str, Any] = {name: _read_day(form, name, unread) for name in DAY_FIELDS}
    return EvidenceEntry(kind=kind, items=tuple(form.all("item")), unread=unread, **texts, **days)


def _read_day(form: TypedForm, name: str, unread: dict[str, Message]) -> date | None:
    try:
        return form.day(name)
    except Invalid as problem:
        unread.update(problem.fields)
        return None


@router.get("/{city}/criteria/{code}/evidence/new")
async def show_add_page(code: str, ask: Ask = reads("evidence.write")) -> Response:
    query_params = ask.request.query_params
    build = lambda: library.load_add_page(  # noqa: E731
        ask.desk, code, query_params.get("kind", ""), _read_search(ask)
    )
    return show_kept_page(ask, "evidence/new.html", build, chosen=query_params.getlist("item"))


@router.get("/{city}/criteria/{code}/evidence")
async def redirect_to_add_page(code: str, ask: Ask = reads("evidence.write")) -> Response:
    """A form that came back with an error stands at this address; whoever loads that anew gets the empty form."""
    library.load_add_page(ask.desk, code, "", _read_search(ask))
    query = ask.request.url.query
    return RedirectResponse(f"{_criterion_path(ask, code)}/evidence/new" + (f"?{query}" if query else ""), 303)


@router.post("/{city}/criteria/{code}/evidence")
def add_piece(code: str, ask: Ask = receives("evidence.write"), form: TypedForm = typed_form()) -> Response:
    """Add what the form holds."""
    kind = _read_kind(form.text("kind"))
    with _add_page_again(ask, form, code, kind):
        if kind is EvidenceKind.FILE:
            return _add_files(code, form, ask)
        adding.add_evidence(ask.site, ask.who, code, _read_entry(form, kind))
    return redirect_to(ask, _criterion_path(ask, code), "evidence-added")


def _read_kind(text: str) -> EvidenceKind:
    if text not in set(EvidenceKind):
        raise NotFound(say("There is no such kind of evidence."))
    return EvidenceKind(text)


def _add_files(code: str, form: TypedForm, ask: Ask) -> Response:
    tokens = form.all("upload")
    sender = upload.sender_of_person(ask.who)
    uploads = _read_uploads(form)
    uploads += [upload.assemble_file(ask.site, sender, token) for token in tokens]
    outcomes = adding.add_files(ask.site, ask.who, code, _read_entry(form, EvidenceKind.FILE), uploads)
    status = 422 if any(outcome.problem for outcome in outcomes) else 200
    for token in tokens if status == 200 else ():
        upload.remove_upload(ask.site, sender, token)
    if wants_fragment(ask.request):
        return show_page(ask, "evidence/_outcomes.html", {"outcomes": outcomes}, status=status)
    if status == 422:
        page = _load_add_page(ask, code, EvidenceKind.FILE, outcomes)
        errors = {"outcomes": say("Not every file could be kept.")}
        return show_page(ask, "evidence/new.html", page, status=status, typed=form.kept, errors=errors, chosen=[])
    are_all_known = all(outcome.known for outcome in outcomes)
    return redirect_to(ask, _criterion_path(ask, code), "evidence-known" if are_all_known else "evidence-added")


def _load_add_page(ask: Ask, code: str, kind: str, outcomes: tuple[FileOutcome, ...] = ()) -> AddEvidencePage:
    return library.build_add_page(ask.desk, code, kind, outcomes=outcomes)


def _add_page_again(ask: Ask, form: TypedForm, code: str, kind: str) -> AbstractContextManager[None]:
    """The page once more; to the script that sends one file at a time, only the sentence about it."""
    names = [safe_name(file.filename or "") for file in form.files("file")]
    names = names or [safe_name(form.text("upload_name"))] * bool(form.all("upload"))

    def show_outcomes(problem: CityReadyError) -> Response:
        outcomes = [FileOutcome(name, problem=problem.said) for name in names]
        return show_page(ask, "evidence/_outcomes.html", {"outcomes": outcomes}, status=status_of(problem))

    if names and wants_fragment(ask.request):
        return answer_problems(show_outcomes)
    return form_again(ask, form, "evidence/new.html", lambda: _load_add_page(ask, code, kind), chosen=[])


@router.post("/{city}/criteria/{code}/evidence/{evidence_id}")
def add_existing_piece(
    code: str, evidence_id: RowId, form: TypedForm = typed_form(), ask: Ask = writes("evidence.write")
) -> Response:
    with form_again(ask, form, "evidence/new.html", lambda: _load_add_page(ask, code, library.LIBRARY), chosen=[]):
        removing.use_for_criterion(ask.desk, code, evidence_id, form.all("item"))
    return redirect_to(ask, _criterion_path(ask, code), "evidence-added")


@router.get("/{city}/evidence")
async def show_library(ask: Ask = reads("evidence.read")) -> Response:
    build = lambda: library.search_library(ask.desk, _read_search(ask))  # noqa: E731
    return show_kept_page(ask, "evidence/index.html", build, states=LIBRARY_STATES)


@router.get("/{city}/evidence/change")
async def preview_change(ask: Ask = reads("evidence.write")) -> Response:
    """The change that the numbers typed so far show, as a fragment."""
    query_params = ask.request.query_params
    numbers: dict[str, Any] = {name: query_params.get(name, "") for name in NUMBER_FIELDS}
    entry = EvidenceEntry(EvidenceKind.FIGURE, **numbers)
    try:
        return show_page(ask, "evidence/_change.html", {"change": entered_change(entry)})
    except Invalid as problem:
        return show_page(ask, "evidence/_change.html", {"change": None}, errors=problem.fields)


@router.get("/{city}/evidence/{evidence_id}")
def show_piece(evidence_id: RowId, ask: Ask = works("evidence.read")) -> Response:
    """The page of one piece; to htmx, which asks while a link is being checked or a file is being read, only that part.

    In a thread, since it is recorded who looks at a restricted one; before a page that was kept leaves, too.
    """
    opening.record_page_opening(ask.site, ask.who, evidence_id)
    fragment = (
        "evidence/_inside.html" if ask.request.query_params.get("part") == "inside" else "evidence/_link_state.html"
    )
    template = fragment if wants_fragment(ask.request) else "evidence/show.html"
    build = lambda: evidence.load_piece_page(ask.desk, evidence_id)  # noqa: E731
    return show_kept_page(ask, template, build, IS_CHANGING)


def piece_again(ask: Ask, form: TypedForm | Mapping[str, Any], evidence_id: int) -> AbstractContextManager[None]:
    """The page of a piece with what stands in the way. That it was looked at is recorded as for the page itself."""

    def build() -> evidence.PiecePage:
        opening.record_page_opening(ask.site, ask.who, evidence_id)
        return evidence.load_piece_page(ask.desk, evidence_id)

    return form_again(ask, form, "evidence/show.html", build)


@router.post("/{city}/evidence/{evidence_id}")
def change_piece(evidence_id: RowId, form: TypedForm = typed_form(), ask: Ask = writes("evidence.write")) -> Response:
    with piece_again(ask, form, evidence_id):
        entry = _read_entry(form, EvidenceKind.NOTE)
        why = new_file.check_why(form.text("why"))
        changing.change_piece(ask.desk, evidence_id, entry, form.version(), why)
    return redirect_to(ask, piece_path(ask, evidence_id), "evidence-changed")


@router.post("/{city}/evidence/{evidence_id}/withdraw")
def withdraw_piece(evidence_id: RowId, form: TypedForm = typed_form(), ask: Ask = writes("evidence.write")) -> Response:
    """Leads back to the criterion that it was removed from, where `undo` in the address names the piece to put back."""
    code = form.text("code")
    with piece_again(ask, {}, evidence_id):
        withdrawn = removing.withdraw_piece(ask.desk, evidence_id, form.version(), code)
    if not withdrawn:
        return redirect_to(ask, _criterion_path(ask, code), "evidence-unlinked")
    address = (
        f"{_criterion_path(ask, code)}?{urlencode({'undo': evidence_id})}" if code else piece_path(ask, evidence_id)
    )
    return redirect_to(ask, address, "evidence-withdrawn")


@router.post("/{city}/evidence/{evidence_id}/restore")
def restore_piece(evidence_id: RowId, form: TypedForm = typed_form(), ask: Ask = writes("evidence.write")) -> Response:
    with piece_again(ask, {}, evidence_id):
        removing.restore_piece(ask.desk, evidence_id, form.version())
    return redirect_to(ask, piece_path(ask, evidence_id), "evidence-restored")


@router.post("/{city}/evidence/{evidence_id}/link-check")
def check_link(evidence_id: RowId, ask: Ask = writes("evidence.write")) -> Response:
    links.check_link(ask.desk, evidence_id)
    return redirect_to(ask, piece_path(ask, evidence_id), "link-asked")


@router.post("/{city}/evidence/{evidence_id}/link-address")
def accept_address(evidence_id: RowId, form: TypedForm = typed_form(), ask: Ask = writes("evidence.write")) -> Response:
    """Take the address that the site says the page has now."""
    with piece_again(ask, {}, evidence_id):
        links.accept_address(ask.desk, evidence_id, form.version())
    return redirect_to(ask, piece_path(ask, evidence_id), "link-accepted")


@router.get("/{city}/evidence/{evidence_id}/copy")
def download_copy(evidence_id: RowId, ask: Ask = works("evidence.read")) -> Response:
    """What the linked page said when it was visited."""
    download = opening.download_copy(ask.desk, evidence_id)
    return stream_file(download, view=ask.request.query_params.get("view") == "1")


@router.get("/{city}/evidence/{evidence_id}/file")
def download_file(evidence_id: RowId, ask: Ask = works("evidence.read")) -> Response:
    """The file as it was kept, to be saved; with `?view=1` shown, where a browser does that by itself."""
    download = opening.download_file(ask.desk, evidence_id)
    return stream_file(download, view=ask.request.query_params.get("view") == "1")


@router.post("/{city}/evidence/{evidence_id}/file")
def replace_file(evidence_id: RowId, ask: Ask = receives("evidence.write"), form: TypedForm = typed_form()) -> Response:
    """A new version."""
    with piece_again(ask, form, evidence_id):
        why, files = form.text("why"), _read_uploads(form)
        new_file.replace_file(ask.site, ask.who, evidence_id, form.version(), why, files)
    return redirect_to(ask, piece_path(ask, evidence_id), "evidence-replaced")


@router.post("/{city}/evidence/{evidence_id}/redacted")
def add_redacted_copy(
    evidence_id: RowId, ask: Ask = receives("evidence.write"), form: TypedForm = typed_form()
) -> Response:
    with piece_again(ask, {}, evidence_id), _name_copy_field():
        copy_id = new_file.add_redacted_copy(ask.site, ask.who, evidence_id, form.version(), _read_uploads(form))
    return redirect_to(ask, piece_path(ask, copy_id), "evidence-redacted")


@contextmanager
def _name_copy_field() -> Iterator[None]:
    """What is wrong with the file stands at the field of the copy, not at the one for a newer file above it."""
    try:
        yield
    except Invalid as problem:
        fields = {"redacted" if name == "file" else name: message for name, message in problem.fields.items()}
        raise Invalid(fields) from problem


def _read_uploads(form: TypedForm) -> list[IncomingFile]:
    return [IncomingFile(safe_name(file.filename or ""), file.file) for file in form.files("file")]


@router.get("/{city}/evidence/{evidence_id}/versions/{number}/file")
def download_version(evidence_id: RowId, number: RowId, ask: Ask = works("evidence.read")) -> Response:
    return stream_file(new_file.download_version(ask.desk, evidence_id, number), view=False)
