"""The calendar: the file behind a secret address, its switch, and one day."""

from fastapi import APIRouter
from starlette.responses import Response

from app.services import calendar
from app.web.access import Ask, Visit, reads, visits, writes
from app.web.download import CALENDAR_TYPE, calendar_reply
from app.web.forms import TypedForm, typed_form
from app.web.templating import redirect_to

router = APIRouter()


@router.get("/calendar/{token}", name="calendar")
async def show_calendar(token: str, visit: Visit = visits()) -> Response:
    """For calendar programs, which sign in nowhere: whoever has the address may read it."""
    content = calendar.load_calendar(visit.session, visit.site, token)
    return Response(content, headers={"Content-Type": CALENDAR_TYPE})


@router.post("/{city}/letters/calendar")
def switch_calendar(ask: Ask = writes("letter.read"), form: TypedForm = typed_form()) -> Response:
    is_on = form.text("calendar") == "on"
    calendar.switch_calendar(ask.desk, on=is_on)
    return redirect_to(ask, f"/{ask.who.city.slug}/letters", "calendar-on" if is_on else "calendar-off")


@router.get("/{city}/criteria/{code}/due.ics")
async def show_due_day(code: str, ask: Ask = reads("criteria.read")) -> Response:
    return calendar_reply(calendar.load_due_day(ask.desk, code), code)
