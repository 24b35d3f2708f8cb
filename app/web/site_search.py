"""The one box of every page."""

from fastapi import APIRouter
from starlette.responses import Response

from app.services.lists import site_search
from app.web.access import Ask, reads
from app.web.templating import show_page

router = APIRouter()


@router.get("/{city}/search")
async def search_city(q: str = "", ask: Ask = reads("criteria.read")) -> Response:
    """`q` stands in the address, so that a search can be kept and passed on."""
    return show_page(ask, "search/show.html", site_search.search_city(ask.desk, q.replace("\x00", "")))
