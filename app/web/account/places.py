"""Where a person who is signed in is: the cities, the devices, the language."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.services.account import sessions
from app.services.account.language import keep_language
from app.settings import LANGUAGES
from app.web import languages
from app.web.access import Visit, site_of, token_of, visits, visits_writing
from app.web.account.sign_in import show_door_again
from app.web.addresses import local_path
from app.web.forms import TypedForm, typed_form
from app.web.templating import redirect_to, show_page

router = APIRouter()


@router.get("/", name="home")
async def redirect_home(visit: Visit = visits()) -> Response:
    return RedirectResponse(
        "/cities" if sessions.list_own_cities(visit.session, token_of(visit.request)) else "/sign-in", 303
    )


@router.get("/cities", name="cities")
async def show_cities(visit: Visit = visits()) -> Response:
    token = token_of(visit.request)
    member_of = sessions.list_own_cities(visit.session, token)
    if not member_of and not sessions.is_signed_in(visit.session, token):
        return RedirectResponse("/sign-in", 303)
    return show_page(visit, "account/cities.html", {"cities": member_of})


@router.get("/devices", name="devices")
async def show_devices(visit: Visit = visits()) -> Response:
    return show_page(visit, "account/devices.html", sessions.load_devices_page(visit.session, token_of(visit.request)))


@router.post("/devices", name="sign_out_elsewhere_post")
def sign_out_elsewhere(visit: Visit = visits_writing()) -> Response:
    sessions.sign_out_elsewhere(visit.session, visit.site, token_of(visit.request))
    return redirect_to(visit, "/devices", "signed-out-elsewhere")


@router.post("/language", name="language_post")
def choose_language(request: Request, form: TypedForm = typed_form()) -> Response:
    """Remember the language on this device and, where someone is signed in, with the person; lead back to the page.

    A door is shown at once, with the form that waits behind it.
    """
    language, site = form.text("language"), site_of(request)
    reply = show_door_again(request, form, language) or RedirectResponse(
        local_path(request.query_params.get("page", "/")), 303
    )
    if language in LANGUAGES:
        person_id = keep_language(site, token_of(request), language)
        languages.keep_choice(reply, site, language, person_id)
    return reply
