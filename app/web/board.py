"""The board: where the city stands, and who has to do what."""

from fastapi import APIRouter
from starlette.responses import Response

from app.services import first_steps
from app.services.board import page as board
from app.web.access import Ask, reads, writes
from app.web.page_cache import show_kept_page
from app.web.templating import redirect_to

router = APIRouter()


@router.get("/{city}/board", name="board")
async def show_board(state: str = "", department: str = "", ask: Ask = reads("board.read")) -> Response:
    """`state` and `department` narrow the tiles; both stand in the address, so that a view can be kept and passed on."""
    return show_kept_page(
        ask,
        "board/show.html",
        lambda: board.load_board(ask.desk, status=state, department=department),
    )


@router.post("/{city}/board/first-steps")
def put_first_steps_away(ask: Ask = writes("assignment.write")) -> Response:
    first_steps.put_away(ask.desk)
    return redirect_to(ask, f"/{ask.who.city.slug}/board", "saved")
