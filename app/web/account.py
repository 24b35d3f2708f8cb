"""Signing in and out, choosing a city and a language."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.rules.errors import Invalid
from app.services import account
from app.services.account import SignedIn, TooManyAttempts
from app.services.site import Site
from app.settings import LANGUAGES
from app.web import languages
from app.web.access import SESSION_COOKIE, Visit, site_of, token_of, visits, visits_writing
from app.web.city import start
from app.web.forms import Typed, typed
from app.web.templating import again, go, show

router = APIRouter()
KEPT = "kept."


def inside(path: str) -> str:
    """The path if it stays on this site, else `/`. Refuses `//host`, `/\\host`, `https:host` and the like."""
    plain = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if plain else "/"


@router.get("/", name="home")
async def home(visit: Visit = visits()) -> Response:
    return RedirectResponse("/cities" if account.my_cities(visit.session, token_of(visit.request)) else "/sign-in", 303)


@router.get("/sign-in", name="sign_in")
async def sign_in(visit: Visit = visits()) -> Response:
    page = {"next": inside(visit.request.query_params.get("next", "/")), "kept": [], "files_lost": False}
    return show(visit, "account/sign_in.html", page)


@router.post("/sign-in", name="sign_in_post")
def sign_in_post(request: Request, form: Typed = typed()) -> Response:
    site = site_of(request)
    kept = [(name.removeprefix(KEPT), value) for name, value in form.pairs() if name.startswith(KEPT)]
    page = {"next": inside(form.text("next")), "kept": kept, "files_lost": False}
    with site.database.reading() as session:
        visit = Visit(request, site, session, languages.accepted(request))
        try:
            signed_in = account.sign_in(
                site,
                email=form.text("email"),
                pass_phrase=form.text("pass_phrase"),
                address=request.client.host if request.client else "",
                old_token=token_of(request),
            )
        except (Invalid, TooManyAttempts) as problem:
            return again(visit, "account/sign_in.html", lambda: page, problem, {"email": form.text("email")})
        if kept:
            back = page["next"]
            return _with_cookie(
                show(visit, "account/continue.html", {**page, "back": _page_of(str(back))}), site, signed_in
            )
    return _with_cookie(RedirectResponse(_start(str(page["next"]), signed_in), 303), site, signed_in)


def _page_of(path: str) -> str:
    """The page that a form belongs to: its address up to the criterion, since the form's own may not be opened."""
    return "/".join(path.split("/")[:4])


def _start(target: str, signed_in: SignedIn) -> str:
    if target != "/":
        return target
    if len(signed_in.cities) != 1:
        return "/cities"
    slug, _, role = signed_in.cities[0]
    return start(slug, role)


def _with_cookie(response: Response, site: Site, signed_in: SignedIn) -> Response:
    settings = site.settings
    response.set_cookie(
        SESSION_COOKIE,
        signed_in.token,
        max_age=settings.session_hours * 3600,
        httponly=True,
        samesite="lax",
        secure=settings.public_url.startswith("https:"),
    )
    return response


@router.post("/sign-out", name="sign_out_post")
def sign_out(visit: Visit = visits_writing()) -> Response:
    account.sign_out(visit.session, token_of(visit.request))
    response = go(visit, "/sign-in", "signed-out")
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.get("/cities", name="cities")
async def cities(visit: Visit = visits()) -> Response:
    token = token_of(visit.request)
    found = account.my_cities(visit.session, token)
    if not found and not account.is_known(visit.session, token):
        return RedirectResponse("/sign-in", 303)
    return show(visit, "account/cities.html", {"cities": found})


@router.get("/language/{code}", name="language")
async def language(code: str, request: Request) -> Response:
    """Remember the language in a cookie; nothing in the database changes."""
    response = RedirectResponse(inside(request.query_params.get("next", "/")), 303)
    if code in LANGUAGES:
        response.set_cookie(languages.COOKIE, code, max_age=365 * 86_400, httponly=True, samesite="lax")
    return response
