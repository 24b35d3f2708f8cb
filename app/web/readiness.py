"""Whether the city can apply, and the download of the report."""

from fastapi import APIRouter
from starlette.responses import Response

from app.services import readiness
from app.web.access import Ask, reads
from app.web.templating import show_page

router = APIRouter()


@router.get("/{city}/readiness", name="readiness")
async def show_readiness(ask: Ask = reads("readiness.read")) -> Response:
    """Not kept: the list of reports moves while one is being made, which the city's history does not tell."""
    return show_page(ask, "readiness/show.html", readiness.load_readiness(ask.desk))
