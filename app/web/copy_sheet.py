"""The copy sheet for the programme's form: a page, and a workbook with the same."""

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.copy_sheet import CopySheet
from app.rules.files.kinds import XLSX
from app.services import copy_sheet
from app.web.access import Ask, reads, works
from app.web.download import content_disposition
from app.web.page_cache import show_kept_page

router = APIRouter()
MET = "met"


def _build_sheet(ask: Ask, only: str) -> CopySheet:
    return copy_sheet.build_copy_sheet(
        ask.desk.session, ask.desk.site, ask.who.city, ask.language, met_only=only == MET
    )


@router.get("/{city}/program/copy-sheet")
async def show_copy_sheet(ask: Ask = reads("program.read"), only: str = "") -> Response:
    """`only=met` leaves out what our review has not found met."""
    return show_kept_page(ask, "copy_sheet/show.html", lambda: _build_sheet(ask, only))


@router.get("/{city}/program/copy-sheet.xlsx")
def download_copy_sheet(ask: Ask = works("program.read"), only: str = "") -> Response:
    content = copy_sheet.write_copy_sheet(_build_sheet(ask, only), ask.language)
    headers = {"Content-Disposition": content_disposition("attachment", f"{ask.who.city.slug}-copy-sheet.xlsx")}
    return Response(content, media_type=XLSX.media_type, headers=headers)
