"""The result on any day with every rule on the way, as a page and as data."""

from datetime import date

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from app.rules.errors import Invalid
from app.services.scoring import page
from app.web.access import Ask, reads
from app.web.forms import read_day
from app.web.page_cache import show_kept_page
from app.web.steps import form_again

router = APIRouter()
PAGE = "scoring/show.html"


def _load_page(ask: Ask, day: date | None = None) -> page.ScoringPage:
    return page.load_scoring(ask.desk, day)


@router.get("/{city}/scoring")
async def show_scoring(as_of: str = "", ask: Ask = reads("scoring.read")) -> Response:
    """`as_of` is a date as year-month-day; today when it is left out."""
    with form_again(ask, {"as_of": as_of}, PAGE, lambda: _load_page(ask), Invalid):
        day = read_day("as_of", as_of)
        return show_kept_page(ask, PAGE, lambda: _load_page(ask, day))


@router.get("/{city}/scoring.json")
async def show_trace(as_of: str = "", ask: Ask = reads("scoring.read")) -> Response:
    """The same trace as on the page and from the command line; a date that cannot be read is answered with 422 and a sentence."""
    try:
        return JSONResponse(page.trace_data(ask.desk, read_day("as_of", as_of)))
    except Invalid as problem:
        return JSONResponse({"error": str(problem)}, 422)
