"""Where a passphrase is forgotten, chosen through a link, or changed."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.rules.errors import Invalid
from app.services.account import passphrase, sessions, sign_in
from app.services.account.tries import TooManyAttempts
from app.web import cookies
from app.web.access import Visit, site_of, token_of, visits
from app.web.account.sign_in import sign_in_with_new
from app.web.cookies import DEVICE_COOKIE, SESSION_COOKIE
from app.web.forms import TypedForm, typed_form
from app.web.steps import form_again
from app.web.templating import redirect_to, show_page

router = APIRouter()
SIGNED_IN = 303
REFUSED = 400


def _forgot_page(visit: Visit) -> dict[str, bool]:
    return {"mails": bool(visit.site.settings.smtp_host)}


@router.get("/passphrase/forgot", name="forgot")
async def show_forgot_form(visit: Visit = visits()) -> Response:
    return show_page(visit, "passphrase/forgot.html", _forgot_page(visit))


@router.post("/passphrase/forgot", name="forgot_post")
def ask_for_link(visit: Visit = visits(), form: TypedForm = typed_form()) -> Response:
    if not visit.site.settings.smtp_host:
        return show_page(visit, "passphrase/forgot.html", _forgot_page(visit))
    with form_again(
        visit, {"email": form.text("email")}, "passphrase/forgot.html", lambda: _forgot_page(visit), TooManyAttempts
    ):
        passphrase.ask_for_link(visit.site, form.text("email"))
    return redirect_to(visit, "/sign-in", "link-mailed")


@router.get("/passphrase", name="passphrase")
async def show_change_form(visit: Visit = visits()) -> Response:
    return show_page(visit, "passphrase/change.html", sessions.need_signed_in(visit.session, token_of(visit.request)))


@router.post("/passphrase", name="passphrase_post")
def change_passphrase(request: Request, visit: Visit = visits(), form: TypedForm = typed_form()) -> Response:
    person = sessions.need_signed_in(visit.session, token_of(request))
    visit.session.rollback()  # hashing takes long, and no connection is held meanwhile
    device = cookies.read_cookie(request, DEVICE_COOKIE)
    problems = (Invalid, TooManyAttempts)
    passphrases = {"old": form.text("current"), "new": form.text("pass_phrase"), "again": form.text("again")}
    with form_again(visit, {}, "passphrase/change.html", lambda: person, problems):
        token = sign_in.change_passphrase(site_of(request), token_of(request), device, **passphrases)
    reply = redirect_to(visit, "/devices", "passphrase-changed")
    cookies.set_cookie(reply, visit.site, SESSION_COOKIE, token, seconds=visit.site.settings.session_hours * 3600)
    return reply


@router.get("/passphrase/{token}", name="passphrase_link")
async def show_choose_form(token: str, visit: Visit = visits()) -> Response:
    return show_page(visit, "passphrase/choose.html", _find_link_owner(visit, token))


def _find_link_owner(visit: Visit, token: str) -> passphrase.LinkOwner:
    return passphrase.find_link_owner(visit.session, visit.site, token)


@router.post("/passphrase/{token}", name="passphrase_link_post")
def choose_passphrase(token: str, visit: Visit = visits(), form: TypedForm = typed_form()) -> Response:
    try:
        with form_again(visit, {}, "passphrase/choose.html", lambda: _find_link_owner(visit, token), Invalid):
            owner = passphrase.set_passphrase_by_link(visit.site, token, form.text("pass_phrase"), form.text("again"))
    except passphrase.LinkUsed as used:
        return _enter_once_more(visit, used, form.text("pass_phrase"))
    visit.session.rollback()  # hashing takes long, and no connection is held meanwhile
    reply = sign_in_with_new(visit.request, owner.email, form.text("pass_phrase"))
    if owner.shown_to is None and reply.status_code != SIGNED_IN:
        # whoever reads the mailbox is the owner, and is not kept out by others' wrong tries
        device = sign_in.remember_device(visit.site, cookies.read_cookie(visit.request, DEVICE_COOKIE), owner.person_id)
        cookies.set_cookie(reply, visit.site, DEVICE_COOKIE, device, seconds=sign_in.DEVICE_DAYS * 86_400)
    return reply


def _enter_once_more(visit: Visit, used: passphrase.LinkUsed, pass_phrase: str) -> Response:
    """Let in whoever pressed the button twice, or never got the answer: the passphrase is the one chosen a moment ago.

    Raises what is known of the link for everyone else; wrong ones count as they do at the door.
    """
    visit.session.rollback()
    reply = sign_in_with_new(visit.request, used.email, pass_phrase)
    if reply.status_code >= REFUSED:
        raise used
    return reply
