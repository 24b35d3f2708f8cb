"""My account: name, address, language, passphrase and devices of whoever is signed in."""

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.errors import Conflict, Invalid, Refused
from app.services.account import email_change, own, sessions
from app.services.account.tries import TooManyAttempts
from app.web.access import RowId, Visit, token_of, visits, visits_writing
from app.web.forms import TypedForm, typed_form
from app.web.steps import form_again
from app.web.templating import redirect_to, show_page

router = APIRouter()
ACCOUNT_PAGE = "account/show.html"


def _load_account(visit: Visit) -> own.OwnAccount:
    return own.load_account(visit.session, visit.site, token_of(visit.request))


@router.get("/account", name="account")
async def show_account(visit: Visit = visits()) -> Response:
    return show_page(visit, ACCOUNT_PAGE, _load_account(visit))


@router.post("/account/name", name="account_name_post")
def rename_self(visit: Visit = visits_writing(), form: TypedForm = typed_form()) -> Response:
    with form_again(visit, form, ACCOUNT_PAGE, lambda: _load_account(visit), (Invalid, Conflict)):
        own.rename_self(visit.session, token_of(visit.request), form.text("name"), form.text("mark"))
    return redirect_to(visit, "/account", "saved")


@router.post("/account/email", name="account_email_post")
def ask_for_change(visit: Visit = visits(), form: TypedForm = typed_form()) -> Response:
    problems = (Invalid, Refused, TooManyAttempts)
    with form_again(visit, form, ACCOUNT_PAGE, lambda: _load_account(visit), problems):
        email_change.ask_for_change(visit.site, token_of(visit.request), form.text("email"))
    return redirect_to(visit, "/account", "email-link-mailed")


@router.get("/account/email/{token}", name="account_email_link")
async def show_email_change(token: str, visit: Visit = visits()) -> Response:
    return show_page(visit, "account/email.html", email_change.read_change(visit.session, visit.site, token))


@router.post("/account/email/{token}", name="account_email_link_post")
def confirm_change(token: str, visit: Visit = visits()) -> Response:
    email_change.confirm_change(visit.site, token)
    return redirect_to(visit, "/sign-in" if _is_signed_out(visit) else "/account", "email-changed")


def _is_signed_out(visit: Visit) -> bool:
    return not sessions.is_signed_in(visit.session, token_of(visit.request))


@router.post("/devices/{session_id}/end", name="end_session_post")
def end_session(session_id: RowId, visit: Visit = visits_writing()) -> Response:
    sessions.end_own_session(visit.session, token_of(visit.request), session_id)
    return redirect_to(visit, "/devices", "signed-out-there")
