"""The open-data catalog: its address, its last reading, and what becomes of each proposal."""

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.errors import Problem
from app.services.evidence.adding import Upload
from app.services.portal import deciding
from app.services.portal import page as portal
from app.web.access import Ask, Id, reads, receives, works, writes
from app.web.evidence import stream
from app.web.forms import Typed, typed
from app.web.templating import again, go, show, wants_fragment

router = APIRouter()


def _path(ask: Ask) -> str:
    return f"/{ask.who.city.slug}/portal"


def _page(ask: Ask) -> portal.PortalPage:
    return portal.load_portal_page(ask.desk)


@router.get("/{city}/portal")
async def index(ask: Ask = reads("portal.read")) -> Response:
    """The page; asked for as a fragment, only whether the reading is still under way."""
    page = _page(ask)
    if wants_fragment(ask.request):
        return show(ask, "portal/_under_way.html", page) if page.under_way else go(ask, _path(ask), "portal-done")
    return show(ask, "portal/index.html", page)


@router.post("/{city}/portal")
def place(ask: Ask = writes("portal.write"), form: Typed = typed()) -> Response:
    try:
        kept = portal.set_address(ask.desk, form.text("url"), form.version())
    except Problem as problem:
        return again(ask, "portal/index.html", lambda: _page(ask), problem, form.kept)
    return go(ask, _path(ask), "portal-asked" if kept else "portal-stopped")


@router.post("/{city}/portal/file")
def upload(ask: Ask = receives("portal.write"), form: Typed = typed()) -> Response:
    try:
        portal.upload_catalog(
            ask.site, ask.who, [Upload(file.filename or "", file.file) for file in form.files("file")]
        )
    except Problem as problem:
        return again(ask, "portal/index.html", lambda: _page(ask), problem, form.kept)
    return go(ask, _path(ask), "portal-asked")


@router.post("/{city}/portal/reading")
def read(ask: Ask = writes("portal.write"), form: Typed = typed()) -> Response:
    try:
        portal.ask_for_reading(ask.desk, form.version())
    except Problem as problem:
        return again(ask, "portal/index.html", lambda: _page(ask), problem, form.kept)
    return go(ask, _path(ask), "portal-asked")


@router.get("/{city}/portal/readings/{reading_id}/file")
def file(reading_id: Id, ask: Ask = works("portal.read")) -> Response:
    return stream(portal.open_snapshot(ask.desk, reading_id), view=False)


@router.post("/{city}/portal/facts/{fact_id}")
def decide(fact_id: Id, ask: Ask = writes("portal.write"), form: Typed = typed()) -> Response:
    try:
        state = deciding.decide_fact(ask.desk, fact_id, form.text("decision"))
    except Problem as problem:
        kept = {**form.kept, "about": fact_id}
        return again(ask, "portal/index.html", lambda: _page(ask), problem, kept)
    return go(ask, _path(ask), f"portal-{state.value}")
