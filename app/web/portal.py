"""The open-data catalog: its address, its last reading, and what becomes of each proposal."""

from collections.abc import Iterable
from contextlib import AbstractContextManager

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.evidence.public_advice import PUBLIC_ADVICE
from app.rules.portal.counting import FactState
from app.services.evidence.adding import IncomingFile
from app.services.portal import deciding, many
from app.services.portal import page as portal
from app.web.access import Ask, RowId, reads, receives, works, writes
from app.web.download import stream_file
from app.web.forms import TypedForm, typed_form
from app.web.steps import form_again
from app.web.templating import redirect_to, show_page, wants_fragment

router = APIRouter()


def _portal_path(ask: Ask) -> str:
    return f"/{ask.who.city.slug}/portal"


def _load_page(ask: Ask) -> portal.PortalPage:
    return portal.load_portal_page(ask.desk)


def _portal_again(ask: Ask, form: TypedForm, **more: object) -> AbstractContextManager[None]:
    return form_again(ask, {**form.kept, **more}, "portal/index.html", lambda: _load_page(ask))


@router.get("/{city}/portal")
async def show_portal(ask: Ask = reads("portal.read")) -> Response:
    """The page; asked for as a fragment, only whether the reading is still under way."""
    page = _load_page(ask)
    if wants_fragment(ask.request):
        return (
            show_page(ask, "portal/_under_way.html", page)
            if page.under_way
            else redirect_to(ask, _portal_path(ask), "portal-done")
        )
    undo = _read_ids(ask.request.query_params.get("undo", "")[:1_000].split("-"))
    return show_page(ask, "portal/index.html", page, undo=undo)


@router.post("/{city}/portal")
def set_address(ask: Ask = writes("portal.write"), form: TypedForm = typed_form()) -> Response:
    with _portal_again(ask, form):
        has_address = portal.set_address(ask.desk, form.text("url"), form.version())
    return redirect_to(ask, _portal_path(ask), "portal-asked" if has_address else "portal-stopped")


@router.post("/{city}/portal/file")
def upload_catalog(ask: Ask = receives("portal.write"), form: TypedForm = typed_form()) -> Response:
    with _portal_again(ask, form):
        portal.upload_catalog(
            ask.site, ask.who, [IncomingFile(file.filename or "", file.file) for file in form.files("file")]
        )
    return redirect_to(ask, _portal_path(ask), "portal-asked")


@router.post("/{city}/portal/reading")
def read_catalog(ask: Ask = writes("portal.write"), form: TypedForm = typed_form()) -> Response:
    with _portal_again(ask, form):
        portal.ask_for_reading(ask.desk, form.version())
    return redirect_to(ask, _portal_path(ask), "portal-asked")


@router.get("/{city}/portal/readings/{reading_id}/file")
def download_snapshot(reading_id: RowId, ask: Ask = works("portal.read")) -> Response:
    return stream_file(portal.open_snapshot(ask.desk, reading_id), view=False)


@router.post("/{city}/portal/facts")
def decide_facts(ask: Ask = writes("portal.write"), form: TypedForm = typed_form()) -> Response:
    """Those that are ticked, with one of three buttons; `undo` takes back what was accepted a moment ago."""
    with _portal_again(ask, form):
        decision, chosen = form.text("decision"), _read_ids(form.all("fact"))
        if decision == "undo":
            many.take_back_facts(ask.desk, chosen)
            return redirect_to(ask, _portal_path(ask), "portal-undone")
        many.decide_facts(ask.desk, chosen, decision, advised=form.ticked(PUBLIC_ADVICE))
    undo = f"?undo={'-'.join(map(str, chosen))}" if decision == FactState.ACCEPTED else ""
    return redirect_to(ask, _portal_path(ask) + undo, f"portal-many-{decision}")


def _read_ids(texts: Iterable[str]) -> list[int]:
    """Numbers of proposals; what is none is left out."""
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10]


@router.post("/{city}/portal/facts/{fact_id}")
def decide_fact(fact_id: RowId, ask: Ask = writes("portal.write"), form: TypedForm = typed_form()) -> Response:
    with _portal_again(ask, form, about=fact_id):
        state = deciding.decide_fact(ask.desk, fact_id, form.text("decision"), advised=form.ticked(PUBLIC_ADVICE))
    return redirect_to(ask, _portal_path(ask), f"portal-{state.value}")
