"""Taking a former member's personal data out, after a confirmation."""

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.errors import CorrectableProblem
from app.services.people import scrubbing
from app.web.access import Ask, RowId, reads, writes
from app.web.forms import TypedForm, typed_form
from app.web.templating import redirect_to, show_page, show_page_again

router = APIRouter()


@router.get("/{city}/people/{membership_id}/scrub")
async def show_scrubbing_form(membership_id: RowId, ask: Ask = reads("people.write")) -> Response:
    return show_page(ask, "people/scrub.html", scrubbing.load_scrubbing(ask.desk, membership_id))


@router.post("/{city}/people/{membership_id}/scrub")
def scrub_member(
    membership_id: RowId, ask: Ask = writes("people.write", fresh=True), form: TypedForm = typed_form()
) -> Response:
    try:
        scrubbing.scrub_person(ask.desk, membership_id, form.version(), confirmed=form.ticked("confirmed"))
    except CorrectableProblem as problem:
        build = lambda: scrubbing.load_scrubbing(ask.desk, membership_id)  # noqa: E731
        return show_page_again(ask, "people/scrub.html", build, problem, form.kept)
    return redirect_to(ask, f"/{ask.who.city.slug}/people", "person-scrubbed")
