"""Taking a former member's personal data out, after a confirmation."""

from fastapi import APIRouter
from starlette.responses import Response

from app.services.people import scrubbing
from app.web.access import Ask, RowId, reads, writes
from app.web.forms import TypedForm, typed_form
from app.web.steps import form_again
from app.web.templating import redirect_to, show_page

router = APIRouter()


@router.get("/{city}/people/{membership_id}/scrub")
async def show_scrubbing_form(membership_id: RowId, ask: Ask = reads("people.write")) -> Response:
    return show_page(ask, "people/scrub.html", scrubbing.load_scrubbing(ask.desk, membership_id))


@router.post("/{city}/people/{membership_id}/scrub")
def scrub_member(
    membership_id: RowId, ask: Ask = writes("people.write", fresh=True), form: TypedForm = typed_form()
) -> Response:
    with form_again(ask, form, "people/scrub.html", lambda: scrubbing.load_scrubbing(ask.desk, membership_id)):
        scrubbing.scrub_person(ask.desk, membership_id, form.version(), confirmed=form.ticked("confirmed"))
    return redirect_to(ask, f"/{ask.who.city.slug}/people", "person-scrubbed")
