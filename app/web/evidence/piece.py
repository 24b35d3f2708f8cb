"""The page of one piece of evidence, and the steps that it offers."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import Invalid
from app.rules.evidence.entry import NUMBER_FIELDS, EvidenceEntry, entered_change
from app.rules.message import Message
from app.services.evidence import changing, links, new_file, opening, removing
from app.services.evidence import page as evidence
from app.web.access import Ask, RowId, reads, works, writes
from app.web.evidence.form import read_entry, read_numbers
from app.web.evidence.paths import criterion_path, piece_path
from app.web.forms import TypedForm, typed_form
from app.web.page_cache import IS_CHANGING, show_kept_page
from app.web.steps import form_again
from app.web.templating import redirect_to, show_page, wants_fragment

router = APIRouter()


@router.get("/{city}/evidence/change")
async def preview_change(ask: Ask = reads("evidence.write")) -> Response:
    """The change that the numbers typed so far show, as a fragment."""
    query_params = ask.request.query_params
    unread: dict[str, Message] = {}
    typed = {name: query_params.get(name, "") for name in NUMBER_FIELDS}
    numbers: dict[str, Any] = read_numbers(typed, ask.language, unread)
    entry = EvidenceEntry(EvidenceKind.FIGURE, unread=unread, **numbers)
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
    return show_kept_page(ask, template, build, IS_CHANGING, came_from=_read_origin(ask))


def _read_origin(ask: Ask) -> tuple[str, str] | None:
    """Where the person comes from, as `from=review-LC2` or `from=criteria-LC2` says it; whether there is such a criterion is not asked."""
    section, _, code = ask.request.query_params.get("from", "").partition("-")
    may_return = ask.who.may("review.read") if section == "review" else section == "criteria"
    return (section, code) if may_return and code.isascii() and code.isalnum() and len(code) < 10 else None


def piece_again(ask: Ask, form: TypedForm | Mapping[str, Any], evidence_id: int) -> AbstractContextManager[None]:
    """The page of a piece with what stands in the way. That it was looked at is recorded as for the page itself."""

    def build() -> evidence.PiecePage:
        opening.record_page_opening(ask.site, ask.who, evidence_id)
        return evidence.load_piece_page(ask.desk, evidence_id)

    return form_again(ask, form, "evidence/show.html", build)


@router.post("/{city}/evidence/{evidence_id}")
def change_piece(evidence_id: RowId, form: TypedForm = typed_form(), ask: Ask = writes("evidence.write")) -> Response:
    with piece_again(ask, form, evidence_id):
        entry = read_entry(form, EvidenceKind.NOTE, ask.language)
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
        return redirect_to(ask, criterion_path(ask, code), "evidence-unlinked")
    address = (
        f"{criterion_path(ask, code)}?{urlencode({'undo': evidence_id})}" if code else piece_path(ask, evidence_id)
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
