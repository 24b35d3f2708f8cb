"""Signing in and out, and the passphrase once more before a sensitive step. What was typed before travels along."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.rules.account.passkey import PasskeyRefused
from app.rules.errors import Invalid
from app.rules.installation.database_trouble import DatabaseBusy, DatabaseClosed, DatabaseFull
from app.services.account import sessions, sign_in, sign_on
from app.services.account.sign_in import ComingIn, SecondStepAsked, SignedIn
from app.services.account.tries import TooManyAttempts
from app.services.site import Site
from app.settings import LANGUAGES
from app.web import cookies, languages
from app.web.access import Visit, site_of, token_of, visits, visits_writing
from app.web.account.doors import CODE_PAGE, CONFIRM_PAGE, DOORS, SIGN_IN_PAGE, load_door_ways
from app.web.addresses import local_path, page_of
from app.web.city.entry import start_path
from app.web.cookies import DEVICE_COOKIE, SESSION_COOKIE
from app.web.forms import TypedForm, typed_form
from app.web.templating import redirect_to, show_page, show_page_again

router = APIRouter()
KEPT_PREFIX = "kept."


def empty_page(visit: Visit, template: str = SIGN_IN_PAGE) -> dict[str, Any]:
    """A page at the door that nothing was sent to yet."""
    return {
        "next": local_path(visit.request.query_params.get("next", "/")),
        "kept": [],
        "files_lost": False,
        "unused": sessions.has_no_city(visit.session),
    } | load_door_ways(visit.request, visit.session, template)


def _sent_page(form: TypedForm) -> dict[str, Any]:
    """The page again, with the form that waits behind it."""
    fields = [(name.removeprefix(KEPT_PREFIX), value) for name, value in form.pairs() if name.startswith(KEPT_PREFIX)]
    sent = {"next": local_path(form.text("next")), "kept": fields, "ticket": form.text("ticket")}
    sent["steps"] = form.text("steps").split()
    return sent | {"files_lost": False, "unused": False}


@router.get("/sign-in", name="sign_in")
async def show_sign_in(visit: Visit = visits()) -> Response:
    return show_page(visit, SIGN_IN_PAGE, empty_page(visit))


@router.post("/sign-in/email", name="sign_in_email_post")
def find_way(visit: Visit = visits(), form: TypedForm = typed_form()) -> Response:
    """On to the sign-in service of the address; where there is none, or several, the page says how to go on.

    The page leads on by itself: a redirect would be stopped on its way from a form to another site (form-action).
    """
    page = empty_page(visit) | {"next": local_path(form.text("next")), "first": False}
    ways = sign_on.find_ways_of(visit.session, form.text("email")[:300])
    reply = show_page(visit, SIGN_IN_PAGE, page | {"ways": ways}, typed={"email": form.text("email")})
    if len(ways) == 1:
        reply.headers["Refresh"] = f"0; url=/sign-on/{ways[0][0]}?next={quote(page['next'])}"
    return reply


@router.post("/sign-in", name="sign_in_post")
def sign_in_person(request: Request, form: TypedForm = typed_form()) -> Response:
    return _enter_by_passphrase(request, form, form.text("email"), form.text("pass_phrase"))


def sign_in_with_new(request: Request, email: str, pass_phrase: str) -> Response:
    """Let in who has just chosen this passphrase, which need not be typed once more; a second step is asked for all the same."""
    return _enter_by_passphrase(request, TypedForm(FormData([("email", email)])), email, pass_phrase)


def _enter_by_passphrase(request: Request, form: TypedForm, email: str, pass_phrase: str) -> Response:
    def check_entry() -> SignedIn | SecondStepAsked:
        return sign_in.sign_in(
            site_of(request),
            email=email,
            pass_phrase=pass_phrase,
            coming=coming_in(request),
        )

    return enter_or_show_again(request, form, SIGN_IN_PAGE, check_entry, target_after_sign_in, partial(let_in, request))


@router.post("/sign-in/code", name="sign_in_code_post")
def take_code(request: Request, form: TypedForm = typed_form()) -> Response:
    def check_entry() -> SignedIn:
        return sign_in.finish_sign_in(
            site_of(request),
            ticket=form.text("ticket"),
            code=form.text("one_time_code"),
            coming=coming_in(request),
        )

    return enter_or_show_again(request, form, CODE_PAGE, check_entry, target_after_sign_in, partial(let_in, request))


def coming_in(request: Request) -> ComingIn:
    """What the browser of whoever signs in brings."""
    device = cookies.read_cookie(request, DEVICE_COOKIE)
    return ComingIn(device, token_of(request), languages.door_language(request))


def let_in(request: Request, signed_in: SignedIn, reply: Response) -> Response:
    """The cookies of whoever has signed in."""
    site = site_of(request)
    cookies.set_cookie(reply, site, DEVICE_COOKIE, signed_in.device, seconds=sign_in.DEVICE_DAYS * 86_400)
    languages.hand_over_choice(request, reply, site, signed_in.language, signed_in.person_id)
    return set_session_cookie(reply, site, signed_in.token)


def show_door_again(request: Request, form: TypedForm, language: str) -> Response | None:
    """The door that the form comes from, in another language, with the address typed and what waits behind; None for other pages."""
    template = DOORS.get(request.query_params.get("door", ""))
    if template is None or language not in LANGUAGES:
        return None
    with site_of(request).database.reading() as session:
        visit = Visit(request, site_of(request), session, language)
        page = _sent_page(form) | load_door_ways(request, session, template)
        return show_page(visit, template, page, typed={"email": form.text("email")})


@router.get("/confirm", name="confirm_passphrase")
async def show_confirmation(visit: Visit = visits()) -> Response:
    sessions.need_signed_in(visit.session, token_of(visit.request))
    return show_page(visit, CONFIRM_PAGE, empty_page(visit, CONFIRM_PAGE))


@router.post("/confirm", name="confirm_passphrase_post")
def confirm_passphrase(request: Request, form: TypedForm = typed_form()) -> Response:
    def check_entry() -> str:
        device = cookies.read_cookie(request, DEVICE_COOKIE)
        return sign_in.confirm_passphrase(site_of(request), token_of(request), form.text("pass_phrase"), device)

    return enter_or_show_again(
        request, form, CONFIRM_PAGE, check_entry, lambda target, _: target, partial(lead_on_renewed, request)
    )


def lead_on_renewed(request: Request, token: str, reply: Response) -> Response:
    """The session goes on under its new token."""
    return set_session_cookie(reply, site_of(request), token)


def enter_or_show_again(
    request: Request,
    form: TypedForm,
    template: str,
    check_entry: Callable[[], Any],
    target: Callable[[str, Any], str],
    lead_on: Callable[[Any, Response], Response],
) -> Response:
    """Look at a passphrase, and lead on to the page asked for or to the form that waits; what is wrong is said on the page again."""
    site, page = site_of(request), _sent_page(form)
    try:
        entered = check_entry()
    except (Invalid, PasskeyRefused, TooManyAttempts, DatabaseBusy, DatabaseClosed, DatabaseFull) as problem:
        with site.database.reading() as session:
            visit = Visit(request, site, session, languages.best_language(request))
            page |= load_door_ways(request, session, template)
            return show_page_again(visit, {"email": form.text("email")}, template, lambda: page, problem)
    if isinstance(entered, SecondStepAsked):
        return _show_code_page(request, page | {"ticket": entered.ticket, "steps": entered.steps})
    if not page["kept"]:
        return lead_on(entered, RedirectResponse(target(viewable_target(request, page["next"]), entered), 303))
    with site.database.reading() as session:
        visit = Visit(request, site, session, languages.best_language(request))
        context = {**page, "back": page_of(request, page["next"]), "confirmed": template == CONFIRM_PAGE}
        return lead_on(entered, show_page(visit, "account/continue.html", context))


def _show_code_page(request: Request, page: dict[str, Any]) -> Response:
    site = site_of(request)
    with site.database.reading() as session:
        return show_page(Visit(request, site, session, languages.best_language(request)), CODE_PAGE, page)


def viewable_target(request: Request, target: str) -> str:
    """The address, or the page that it belongs to where it only takes forms."""
    page = page_of(request, target)
    return target if page == target.partition("?")[0] else page


def target_after_sign_in(target: str, signed_in: SignedIn) -> str:
    if target != "/":
        return target
    if len(signed_in.cities) != 1:
        return "/cities"
    slug, _, role = signed_in.cities[0]
    return start_path(slug, role)


def set_session_cookie(reply: Response, site: Site, token: str) -> Response:
    cookies.set_cookie(reply, site, SESSION_COOKIE, token, seconds=site.settings.session_hours * 3600)
    return reply


@router.post("/sign-out", name="sign_out_post")
def sign_out(visit: Visit = visits_writing()) -> Response:
    sign_in.sign_out(visit.session, token_of(visit.request))
    reply = redirect_to(visit, "/sign-in", "signed-out")
    cookies.drop_cookie(reply, visit.site, SESSION_COOKIE)
    return reply
