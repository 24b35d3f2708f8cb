"""The board: where the city stands, and who has to do what."""

from fastapi import APIRouter
from starlette.responses import Response

from app.services import board
from app.web.access import Ask, reads
from app.web.templating import show_kept

router = APIRouter()


@router.get("/{city}/board", name="board")
async def show(state: str = "", department: str = "", ask: Ask = reads("board.read")) -> Response:
    """`state` and `department` narrow the tiles; both stand in the address, so that a view can be kept and passed on."""
    return show_kept(
        ask,
        "board/show.html",
        lambda: board.show(ask.desk, status=state, department=department),
    )
