"""The glossary, and the page about the program and this tool."""

from fastapi import APIRouter
from starlette.responses import Response

from app.services.criteria import guide
from app.web.access import Ask, reads
from app.web.page_cache import show_kept_page

router = APIRouter()


@router.get("/{city}/glossary")
async def show_glossary(ask: Ask = reads("criteria.read")) -> Response:
    return show_kept_page(ask, "guide/glossary.html", lambda: guide.load_guide_page(ask.desk))


@router.get("/{city}/program")
async def show_program(ask: Ask = reads("criteria.read")) -> Response:
    return show_kept_page(ask, "guide/program.html", lambda: guide.load_guide_page(ask.desk))
