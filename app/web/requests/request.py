"""Requests for evidence, partners, the inbox, and the page where a partner answers without an account."""

from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.adapters.translations import load_translator
from app.rules.files.typed_data import MAY_STAND
from app.rules.listing.query import ListName
from app.rules.request import TEMPLATES
from app.services.requests import asking, inbox, listing
from app.services.requests import page as request
from app.services.requests.asking import RequestEntry, RequestFormPage
from app.services.requests.page import PartnerEntry
from app.settings import LANGUAGES
from app.web.access import Ask, RowId, reads, works, writes
from app.web.download import stream_file
from app.web.forms import TypedForm, typed_form
from app.web.lists import show_list
from app.web.page_cache import IS_CHANGING, show_kept_page
from app.web.steps import form_again
from app.web.templating import commit_step, redirect_to, show_page

router = APIRouter()
FORM_TEMPLATE = "request/form.html"


def _request_path(ask: Ask, below: str = "") -> str:
    return f"/{ask.who.city.slug}/requests{below}"


@router.get("/{city}/requests")
async def show_requests(ask: Ask = reads("request.read")) -> Response:
    return show_list(ask, ListName.REQUESTS, "request/index.html", partial(listing.narrow_requests, ask.desk))


@router.get("/{city}/requests/new")
async def show_new_request(code: str = "", ask: Ask = reads("request.write")) -> Response:
    query_params = ask.request.query_params
    chosen = {name: query_params.get(name, "") for name in ("to", "item")}
    return show_kept_page(ask, FORM_TEMPLATE, lambda: _load_new_request(ask, code), chosen=chosen)


def _load_new_request(ask: Ask, code: str) -> RequestFormPage:
    return asking.begin_request(ask.desk, code)


@router.post("/{city}/requests")
def write_request(ask: Ask = writes("request.write"), form: TypedForm = typed_form()) -> Response:
    """To one or several: sent, with `then=keep` left open, or with `then=fill` only filled in further.

    One to all partners is shown first, with everyone that it goes to.
    """
    next_step, build = form.text("then"), partial(_load_new_request, ask, form.text("code"))
    if next_step == "fill":
        commit_step(ask)
        return show_page(ask, FORM_TEMPLATE, build(), typed=_fill_in_opening(form), chosen={})
    with form_again(ask, form, FORM_TEMPLATE, build, chosen={}):
        if asking.ALL_PARTNERS in form.all("to") and not next_step:
            partners = asking.preview_partners(ask.desk, _read_request_entry(form))
            if form.text("partners_seen") != str(len(partners)):
                return show_page(ask, FORM_TEMPLATE, build(), typed=form.kept, chosen={}, partners_asked=partners)
        request_ids = asking.write_requests(
            ask.desk, _read_request_entry(form), form.all("to"), sent=next_step != "keep"
        )
    address = _request_path(ask, f"/{request_ids[0]}" if len(request_ids) == 1 else "")
    return redirect_to(ask, address, "request-kept" if next_step == "keep" else "request-sent")


def _fill_in_opening(form: TypedForm) -> dict[str, Any]:
    """What was typed, and the chosen opening in the request's language where nothing was typed yet."""
    language = form.text("language")
    opening = TEMPLATES.get(form.text("template"), ())
    words = load_translator(language if language in LANGUAGES else "en")
    filled_in = {
        name: words.say(message)
        for name, message in zip(("what", "why"), opening, strict=False)
        if not form.text(name).strip()
    }
    return {**form.kept, **filled_in}


def _read_request_entry(form: TypedForm) -> RequestEntry:
    texts = {name: form.text(name) for name in ("code", "item", "what", "why", "language")}
    return RequestEntry(
        **texts, forms=tuple(form.all("forms")), due_on=form.day("due_on"), may_stand=form.ticked(MAY_STAND)
    )


@router.get("/{city}/requests/{request_id}")
async def show_request(request_id: RowId, ask: Ask = reads("request.read")) -> Response:
    return show_page(ask, "request/show.html", _load_request(ask, request_id))


def _load_request(ask: Ask, request_id: int) -> request.RequestPage:
    return request.load_request(ask.desk, request_id)


@router.get("/{city}/requests/{request_id}/change")
async def edit_request(request_id: RowId, ask: Ask = reads("request.write")) -> Response:
    return show_page(ask, FORM_TEMPLATE, _load_request_form(ask, request_id, ""), chosen={})


def _load_request_form(ask: Ask, request_id: int, code: str) -> RequestFormPage:
    return asking.edit_request(ask.desk, request_id, code)


@router.post("/{city}/requests/{request_id}")
def change_request(request_id: RowId, ask: Ask = writes("request.write"), form: TypedForm = typed_form()) -> Response:
    build = partial(_load_request_form, ask, request_id, form.text("code"))
    if form.text("then") == "fill":
        commit_step(ask)
        return show_page(ask, FORM_TEMPLATE, build(), typed=_fill_in_opening(form), chosen={})
    with form_again(ask, form, FORM_TEMPLATE, build, chosen={}):
        asking.change_request(ask.desk, request_id, _read_request_entry(form), form.version())
    return redirect_to(ask, _request_path(ask, f"/{request_id}"), "request-kept")


def _request_again(ask: Ask, form: TypedForm, request_id: int) -> AbstractContextManager[None]:
    return form_again(ask, form, "request/show.html", lambda: _load_request(ask, request_id))


@router.post("/{city}/requests/{request_id}/send")
def send_request(request_id: RowId, ask: Ask = writes("request.write"), form: TypedForm = typed_form()) -> Response:
    with _request_again(ask, form, request_id):
        asking.send_request(ask.desk, request_id, form.version())
    return redirect_to(ask, _request_path(ask, f"/{request_id}"), "request-sent")


@router.post("/{city}/requests/{request_id}/reminder")
def send_reminder(request_id: RowId, ask: Ask = writes("request.write"), form: TypedForm = typed_form()) -> Response:
    with _request_again(ask, form, request_id):
        asking.send_reminder(ask.desk, request_id, form.version())
    return redirect_to(ask, _request_path(ask, f"/{request_id}"), "request-reminded")


@router.post("/{city}/requests/{request_id}/due")
def set_due_day(request_id: RowId, ask: Ask = writes("request.write"), form: TypedForm = typed_form()) -> Response:
    with _request_again(ask, form, request_id):
        asking.ask_until(ask.desk, request_id, form.day("due_on"), form.version())
    return redirect_to(ask, _request_path(ask, f"/{request_id}"), "request-due")


@router.post("/{city}/requests/{request_id}/close")
def close_request(request_id: RowId, ask: Ask = writes("request.write"), form: TypedForm = typed_form()) -> Response:
    with _request_again(ask, form, request_id):
        asking.close_request(ask.desk, request_id, form.version())
    return redirect_to(ask, _request_path(ask, f"/{request_id}"), "request-closed")


@router.post("/{city}/requests/{request_id}/link")
def renew_link(
    request_id: RowId, ask: Ask = writes("request.write", fresh=True), form: TypedForm = typed_form()
) -> Response:
    with _request_again(ask, form, request_id):
        asking.renew_link(ask.desk, request_id, form.version())
    return redirect_to(ask, _request_path(ask, f"/{request_id}"), "request-renewed")


@router.post("/{city}/requests/{request_id}/done")
def mark_request_done(request_id: RowId, ask: Ask = writes("work.read"), form: TypedForm = typed_form()) -> Response:
    """A department's word that it has answered; leads back to its own list."""
    asking.mark_done(ask.desk, request_id, form.version())
    return redirect_to(ask, f"/{ask.who.city.slug}/my-work", "request-done")


@router.get("/{city}/partners")
async def show_partners(ask: Ask = reads("request.read")) -> Response:
    return show_kept_page(ask, "request/partners.html", lambda: request.list_partners(ask.desk))


@router.post("/{city}/partners")
def add_partner(ask: Ask = writes("request.write"), form: TypedForm = typed_form()) -> Response:
    with _partners_again(ask, form):
        request.add_partner(ask.desk, _read_partner(form))
    return redirect_to(ask, f"/{ask.who.city.slug}/partners", "partner-added")


@router.post("/{city}/partners/{partner_id}")
def change_partner(partner_id: RowId, ask: Ask = writes("request.write"), form: TypedForm = typed_form()) -> Response:
    with _partners_again(ask, form, about=partner_id):
        request.change_partner(ask.desk, partner_id, _read_partner(form), form.version())
    return redirect_to(ask, f"/{ask.who.city.slug}/partners", "partner-changed")


def _read_partner(form: TypedForm) -> PartnerEntry:
    return PartnerEntry(form.text("name"), form.text("contact"), form.text("email"), form.text("language"))


def _partners_again(ask: Ask, form: TypedForm, **more: object) -> AbstractContextManager[None]:
    return form_again(ask, {**form.kept, **more}, "request/partners.html", lambda: request.list_partners(ask.desk))


@router.get("/{city}/inbox")
async def show_inbox(ask: Ask = reads("request.read")) -> Response:
    return show_kept_page(ask, "request/inbox.html", lambda: _load_inbox(ask), IS_CHANGING)


def _load_inbox(ask: Ask) -> inbox.Inbox:
    return inbox.load_inbox(ask.desk)


@router.get("/{city}/inbox/{contribution_id}/file")
def download_contribution(contribution_id: RowId, ask: Ask = works("request.read")) -> Response:
    return stream_file(inbox.open_contribution_file(ask.desk, contribution_id), view=False)


@router.post("/{city}/inbox/{contribution_id}")
def decide_contribution(
    contribution_id: RowId, ask: Ask = writes("request.write"), form: TypedForm = typed_form()
) -> Response:
    decision, reason = form.text("decision"), form.text("reason")
    with form_again(ask, {**form.kept, "about": contribution_id}, "request/inbox.html", lambda: _load_inbox(ask)):
        outcome = inbox.decide_contribution(
            ask.desk, contribution_id, decision, reason, may_stand=form.ticked(MAY_STAND)
        )
    return redirect_to(ask, f"/{ask.who.city.slug}/inbox", f"contribution-{outcome}")
