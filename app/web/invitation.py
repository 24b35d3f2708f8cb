"""Where an invited person sets a passphrase."""

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.errors import Invalid
from app.services import invitation
from app.web.access import Visit, visits
from app.web.forms import Typed, typed
from app.web.templating import again, go, show

router = APIRouter()


@router.get("/welcome/{token}", name="welcome")
async def welcome(token: str, visit: Visit = visits()) -> Response:
    return show(visit, "invitation/welcome.html", invitation.invited(visit.session, visit.site, token))


@router.post("/welcome/{token}", name="welcome_post")
def welcome_post(token: str, visit: Visit = visits(), form: Typed = typed()) -> Response:
    try:
        invitation.welcome(visit.site, token, form.text("pass_phrase"), form.text("again"))
    except Invalid as problem:
        person = lambda: invitation.invited(visit.session, visit.site, token)  # noqa: E731
        return again(visit, "invitation/welcome.html", person, problem, {})
    return go(visit, "/sign-in", "welcome")
