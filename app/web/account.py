"""Where a person who is signed in is: the cities, the devices, the language."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.services.account import sessions
from app.settings import LANGUAGES
from app.web import cookies
from app.web.access import Visit, site_of, token_of, visits, visits_writing
from app.web.addresses import inside
from app.web.cookies import LANGUAGE_COOKIE
from app.web.templating import go, show

router = APIRouter()


@router.get("/", name="home")
async def home(visit: Visit = visits()) -> Response:
    return RedirectResponse(
        "/cities" if sessions.my_cities(visit.session, token_of(visit.request)) else "/sign-in", 303
    )


@router.get("/cities", name="cities")
async def cities(visit: Visit = visits()) -> Response:
    token = token_of(visit.request)
    found = sessions.my_cities(visit.session, token)
    if not found and not sessions.is_known(visit.session, token):
        return RedirectResponse("/sign-in", 303)
    return show(visit, "account/cities.html", {"cities": found})


@router.get("/devices", name="devices")
async def devices(visit: Visit = visits()) -> Response:
    return show(visit, "account/devices.html", sessions.devices(visit.session, token_of(visit.request)))


@router.post("/devices", name="sign_out_elsewhere_post")
def sign_out_elsewhere(visit: Visit = visits_writing()) -> Response:
    sessions.sign_out_elsewhere(visit.session, visit.site, token_of(visit.request))
    return go(visit, "/devices", "signed-out-elsewhere")


@router.get("/language/{code}", name="language")
async def language(code: str, request: Request) -> Response:
    """Remember the language in a cookie; nothing in the database changes."""
    response = RedirectResponse(inside(request.query_params.get("next", "/")), 303)
    if code in LANGUAGES:
        cookies.put(response, site_of(request), LANGUAGE_COOKIE, code, seconds=365 * 86_400)
    return response
