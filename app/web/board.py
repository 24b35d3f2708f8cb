"""The board: where the city stands, and who has to do what."""

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.listing.query import ListName
from app.services import first_steps
from app.services.board import month as board_month
from app.services.board import page as board
from app.web.access import Ask, reads, writes
from app.web.download import calendar_reply
from app.web.lists import show_list
from app.web.page_cache import show_kept_page
from app.web.templating import redirect_to

router = APIRouter()


@router.get("/{city}/board", name="board")
async def show_board(state: str = "", department: str = "", ask: Ask = reads("board.read")) -> Response:
    """`state` and `department` narrow the criteria; both stand in the address, so that a view can be kept and passed on. Whether they
    are a list or tiles is kept for the person.
    """
    return show_list(
        ask,
        ListName.BOARD,
        "board/show.html",
        lambda query: board.load_board(ask.desk, status=state, department=department, view=query.value("view")),
    )


@router.get("/{city}/board/month")
async def show_month(ask: Ask = reads("board.read"), month: str = "", whose: str = "") -> Response:
    """`month` such as `2026-11`; `whose` is `mine` or the id of a department."""
    return show_kept_page(ask, "board/month.html", lambda: board_month.load_month(ask.desk, month[:7], whose[:20]))


@router.get("/{city}/board/days.ics")
async def download_days(ask: Ask = reads("board.read"), whose: str = "") -> Response:
    return calendar_reply(board_month.write_month_file(ask.desk, whose[:20]), ask.who.city.slug)


@router.post("/{city}/board/first-steps")
def put_first_steps_away(ask: Ask = writes("assignment.write")) -> Response:
    first_steps.put_away(ask.desk)
    return redirect_to(ask, f"/{ask.who.city.slug}/board", "saved")
