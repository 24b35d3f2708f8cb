"""Where a passphrase is forgotten, chosen through a link, or changed."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.rules.errors import Invalid
from app.services.account import passphrase, sessions, sign_in
from app.services.account.tries import TooManyAttempts
from app.web import cookies
from app.web.access import Visit, site_of, token_of, visits
from app.web.cookies import DEVICE_COOKIE, SESSION_COOKIE
from app.web.forms import Typed, typed
from app.web.templating import again, go, show

router = APIRouter()


def _forgot(visit: Visit) -> dict[str, bool]:
    return {"mails": bool(visit.site.settings.smtp_host)}


@router.get("/passphrase/forgot", name="forgot")
async def forgot(visit: Visit = visits()) -> Response:
    return show(visit, "passphrase/forgot.html", _forgot(visit))


@router.post("/passphrase/forgot", name="forgot_post")
def ask_for_link(visit: Visit = visits(), form: Typed = typed()) -> Response:
    if not visit.site.settings.smtp_host:
        return show(visit, "passphrase/forgot.html", _forgot(visit))
    try:
        passphrase.ask_for_link(visit.site, form.text("email"))
    except TooManyAttempts as problem:
        kept = {"email": form.text("email")}
        return again(visit, "passphrase/forgot.html", lambda: _forgot(visit), problem, kept)
    return go(visit, "/sign-in", "link-mailed")


@router.get("/passphrase", name="passphrase")
async def change_form(visit: Visit = visits()) -> Response:
    return show(visit, "passphrase/change.html", sessions.need_known(visit.session, token_of(visit.request)))


@router.post("/passphrase", name="passphrase_post")
def change(request: Request, visit: Visit = visits(), form: Typed = typed()) -> Response:
    known = sessions.need_known(visit.session, token_of(request))
    visit.session.rollback()  # hashing takes long, and no connection is held meanwhile
    device = cookies.read(request, DEVICE_COOKIE)
    typed_now = {"old": form.text("current"), "new": form.text("pass_phrase"), "again": form.text("again")}
    try:
        token = sign_in.change_passphrase(site_of(request), token_of(request), device, **typed_now)
    except (Invalid, TooManyAttempts) as problem:
        return again(visit, "passphrase/change.html", lambda: known, problem, {})
    response = go(visit, "/devices", "passphrase-changed")
    cookies.put(response, visit.site, SESSION_COOKIE, token, seconds=visit.site.settings.session_hours * 3600)
    return response


@router.get("/passphrase/{token}", name="passphrase_link")
async def choose_form(token: str, visit: Visit = visits()) -> Response:
    return show(visit, "passphrase/choose.html", passphrase.find_link_owner(visit.session, visit.site, token).person)


@router.post("/passphrase/{token}", name="passphrase_link_post")
def choose(token: str, visit: Visit = visits(), form: Typed = typed()) -> Response:
    try:
        owner = passphrase.set_passphrase_by_link(visit.site, token, form.text("pass_phrase"), form.text("again"))
    except Invalid as problem:
        person = lambda: passphrase.find_link_owner(visit.session, visit.site, token).person  # noqa: E731
        return again(visit, "passphrase/choose.html", person, problem, {})
    response = go(visit, "/sign-in", "welcome")
    if owner.shown_to is None:  # whoever reads the mailbox is the owner, and is not kept out by others' wrong tries
        device = sign_in.remember_device(visit.site, cookies.read(visit.request, DEVICE_COOKIE), owner.person.id)
        cookies.put(response, visit.site, DEVICE_COOKIE, device, seconds=sign_in.DEVICE_DAYS * 86_400)
    return response
