"""The board: where the city stands, and who has to do what."""

from fastapi import APIRouter
from starlette.responses import Response

from app.services.board import page as board
from app.web.access import Ask, reads
from app.web.page_cache import show_kept_page

router = APIRouter()


@router.get("/{city}/board", name="board")
async def show_board(state: str = "", department: str = "", ask: Ask = reads("board.read")) -> Response:
    """`state` and `department` narrow the tiles; both stand in the address, so that a view can be kept and passed on."""
    return show_kept_page(
        ask,
        "board/show.html",
        lambda: board.load_board(ask.desk, status=state, department=department),
    )
