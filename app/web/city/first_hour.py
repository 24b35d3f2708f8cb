"""Eight questions for a first picture."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.rules.city.first_hour import ANSWER_NAMES
from app.services import first_hour
from app.web.access import Ask, reads
from app.web.templating import show_page

router = APIRouter()


@router.get("/{city}/first-hour")
async def show_first_hour(request: Request, ask: Ask = reads("board.read")) -> Response:
    """The answers stand in the address, so that nothing has to be kept to show what follows from them."""
    page = first_hour.load_first_hour(ask.desk, request.query_params)
    return show_page(ask, "first_hour/show.html", page, answer_names=ANSWER_NAMES)
