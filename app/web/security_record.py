"""The security record of a city, for its administrators."""

from fastapi import APIRouter
from starlette.responses import Response

from app.services.account import security_page
from app.web.access import Ask, reads
from app.web.history import whole_number
from app.web.templating import show

router = APIRouter()


@router.get("/{city}/security")
async def index(ask: Ask = reads("security.read", fresh=True)) -> Response:
    asked = ask.request.query_params
    person, before = whole_number(asked.get("person", "")), whole_number(asked.get("before", ""))
    page = security_page.list_security_events(ask.desk, person=person, before=before)
    return show(ask, "security/index.html", page)
