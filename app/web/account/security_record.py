"""The security record of a city, for its administrators."""

from fastapi import APIRouter
from starlette.responses import Response

from app.services.account import security_page
from app.web.access import Ask, reads
from app.web.history import whole_number
from app.web.templating import show_page

router = APIRouter()


@router.get("/{city}/security")
async def show_security_record(ask: Ask = reads("security.read", fresh=True)) -> Response:
    query_params = ask.request.query_params
    person, before = whole_number(query_params.get("person", "")), whole_number(query_params.get("before", ""))
    page = security_page.list_security_events(ask.desk, person=person, before=before)
    return show_page(ask, "security/index.html", page)
