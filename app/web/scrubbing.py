"""Taking a former member's personal data out, after a confirmation."""

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.errors import Problem
from app.services.people import scrubbing
from app.web.access import Ask, Id, reads, writes
from app.web.forms import Typed, typed
from app.web.templating import again, go, show

router = APIRouter()


@router.get("/{city}/people/{membership_id}/scrub")
async def form(membership_id: Id, ask: Ask = reads("people.write")) -> Response:
    return show(ask, "people/scrub.html", scrubbing.load_scrubbing(ask.desk, membership_id))


@router.post("/{city}/people/{membership_id}/scrub")
def scrub(membership_id: Id, ask: Ask = writes("people.write", fresh=True), form: Typed = typed()) -> Response:
    try:
        scrubbing.scrub_person(ask.desk, membership_id, form.version(), confirmed=form.ticked("confirmed"))
    except Problem as problem:
        build = lambda: scrubbing.load_scrubbing(ask.desk, membership_id)  # noqa: E731
        return again(ask, "people/scrub.html", build, problem, form.kept)
    return go(ask, f"/{ask.who.city.slug}/people", "person-scrubbed")
