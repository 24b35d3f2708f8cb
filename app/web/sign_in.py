"""Signing in and out, and the passphrase once more before a sensitive step. What was typed before travels along."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.rules.database_trouble import DatabaseBusy, DatabaseClosed, DatabaseFull
from app.rules.errors import Invalid
from app.services.account import sessions, sign_in
from app.services.account.sign_in import SignedIn
from app.services.account.tries import TooManyAttempts
from app.services.site import Site
from app.web import cookies, languages
from app.web.access import Visit, site_of, token_of, visits, visits_writing
from app.web.addresses import inside, page_of
from app.web.city import start
from app.web.cookies import DEVICE_COOKIE, SESSION_COOKIE
from app.web.forms import Typed, typed
from app.web.templating import again, go, show

router = APIRouter()
KEPT = "kept."


def _asked(visit: Visit) -> dict[str, Any]:
    """A sign-in page that nothing was sent to yet."""
    return {
        "next": inside(visit.request.query_params.get("next", "/")),
        "kept": [],
        "files_lost": False,
        "unused": sessions.is_unused(visit.session),
    }


def _sent(form: Typed) -> dict[str, Any]:
    """The page again, with the form that waits behind it."""
    kept = [(name.removeprefix(KEPT), value) for name, value in form.pairs() if name.startswith(KEPT)]
    return {"next": inside(form.text("next")), "kept": kept, "files_lost": False, "unused": False}


@router.get("/sign-in", name="sign_in")
async def sign_in_form(visit: Visit = visits()) -> Response:
    return show(visit, "account/sign_in.html", _asked(visit))


@router.post("/sign-in", name="sign_in_post")
def sign_in_post(request: Request, form: Typed = typed()) -> Response:
    def take() -> SignedIn:
        return sign_in.sign_in(
            site_of(request),
            email=form.text("email"),
            pass_phrase=form.text("pass_phrase"),
            device=cookies.read(request, DEVICE_COOKIE),
            old_token=token_of(request),
        )

    def lead_on(signed_in: SignedIn, response: Response) -> Response:
        cookies.put(response, site_of(request), DEVICE_COOKIE, signed_in.device, seconds=sign_in.DEVICE_DAYS * 86_400)
        return _with_session(response, site_of(request), signed_in.token)

    return _entered(request, form, "account/sign_in.html", take, _start, lead_on)


@router.get("/confirm", name="confirm_passphrase")
async def confirm_form(visit: Visit = visits()) -> Response:
    sessions.need_known(visit.session, token_of(visit.request))
    return show(visit, "account/confirm.html", _asked(visit))


@router.post("/confirm", name="confirm_passphrase_post")
def confirm_post(request: Request, form: Typed = typed()) -> Response:
    def take() -> str:
        device = cookies.read(request, DEVICE_COOKIE)
        return sign_in.confirm_passphrase(site_of(request), token_of(request), form.text("pass_phrase"), device)

    def lead_on(token: str, response: Response) -> Response:
        return _with_session(response, site_of(request), token)

    return _entered(request, form, "account/confirm.html", take, lambda target, _: target, lead_on)


def _entered(
    request: Request,
    form: Typed,
    template: str,
    take: Callable[[], Any],
    target: Callable[[str, Any], str],
    lead_on: Callable[[Any, Response], Response],
) -> Response:
    """Look at a passphrase, and lead on to the page asked for or to the form that waits; what is wrong is said on the page again."""
    site, page = site_of(request), _sent(form)
    try:
        entered = take()
    except (Invalid, TooManyAttempts, DatabaseBusy, DatabaseClosed, DatabaseFull) as problem:
        with site.database.reading() as session:
            visit = Visit(request, site, session, languages.accepted(request))
            return again(visit, template, lambda: page, problem, {"email": form.text("email")})
    if not page["kept"]:
        return lead_on(entered, RedirectResponse(target(_looked_at(request, page["next"]), entered), 303))
    with site.database.reading() as session:
        visit = Visit(request, site, session, languages.accepted(request))
        waiting = {**page, "back": page_of(request, page["next"]), "confirmed": template == "account/confirm.html"}
        return lead_on(entered, show(visit, "account/continue.html", waiting))


def _looked_at(request: Request, target: str) -> str:
    """The address, or the page that it belongs to where it only takes forms."""
    page = page_of(request, target)
    return target if page == target.partition("?")[0] else page


def _start(target: str, signed_in: SignedIn) -> str:
    if target != "/":
        return target
    if len(signed_in.cities) != 1:
        return "/cities"
    slug, _, role = signed_in.cities[0]
    return start(slug, role)


def _with_session(response: Response, site: Site, token: str) -> Response:
    cookies.put(response, site, SESSION_COOKIE, token, seconds=site.settings.session_hours * 3600)
    return response


@router.post("/sign-out", name="sign_out_post")
def sign_out(visit: Visit = visits_writing()) -> Response:
    sign_in.sign_out(visit.session, token_of(visit.request))
    response = go(visit, "/sign-in", "signed-out")
    cookies.drop(response, visit.site, SESSION_COOKIE)
    return response
