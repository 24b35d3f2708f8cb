"""The list of what a person still has to do."""

from fastapi import APIRouter
from starlette.responses import Response

from app.services import my_work
from app.services.small_office.page import load_small_office
from app.web.access import Ask, reads
from app.web.page_cache import show_kept_page

router = APIRouter()


@router.get("/{city}/my-work", name="my_work")
async def show_my_work(ask: Ask = reads("work.read")) -> Response:
    if ask.who.in_small_office:
        return show_kept_page(ask, "small_office/show.html", lambda: load_small_office(ask.desk))
    return show_kept_page(ask, "my_work/show.html", lambda: my_work.load_my_work(ask.desk))
