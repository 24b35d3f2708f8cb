"""Passkeys: on one's own account, at the door, and before a sensitive step. The script asks for a challenge, and sends the form that answers."""

from functools import partial

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.rules.account.passkey import PasskeyRefused
from app.rules.errors import Invalid
from app.services.account import second_step
from app.services.account.passkeys import asking, entering, keeping
from app.services.account.sign_in import SignedIn
from app.services.account.tries import TooManyAttempts
from app.web.access import RowId, Visit, site_of, token_of, visits
from app.web.account.doors import CODE_PAGE, CONFIRM_PAGE, SIGN_IN_PAGE
from app.web.account.second_step import STEP_PAGE
from app.web.account.sign_in import coming_in, enter_or_show_again, lead_on_renewed, let_in, target_after_sign_in
from app.web.forms import TypedForm, typed_form
from app.web.steps import form_again
from app.web.templating import redirect_to, show_page

router = APIRouter()
STEP_ADDRESS = "/account/second-step"


def _give(options: str) -> Response:
    return Response(options, media_type="application/json")


@router.post("/account/passkeys/challenge", name="passkey_challenge_post")
def ask_for_new(request: Request) -> Response:
    return _give(asking.ask_for_new(site_of(request), token_of(request)))


@router.post("/account/passkeys", name="passkey_post")
def add_passkey(visit: Visit = visits(), form: TypedForm = typed_form()) -> Response:
    token, problems = token_of(visit.request), (Invalid, PasskeyRefused, TooManyAttempts)

    def load_page() -> second_step.SecondStepPage:
        return second_step.load_second_step(visit.session, visit.site, token)

    with form_again(visit, form, STEP_PAGE, load_page, problems, is_required=False):
        codes = keeping.add_passkey(visit.site, token, form.text("name"), form.text("credential"))
    if codes:
        return show_page(visit, "account/recovery_codes.html", {"codes": codes})
    return redirect_to(visit, STEP_ADDRESS, "passkey-added")


@router.post("/account/passkeys/{passkey_id}/remove", name="passkey_remove_post")
def remove_passkey(passkey_id: RowId, visit: Visit = visits()) -> Response:
    is_left = keeping.remove_passkey(visit.site, token_of(visit.request), passkey_id)
    return redirect_to(visit, STEP_ADDRESS, "passkey-removed" if is_left else "second-step-removed")


@router.post("/sign-in/passkey/challenge", name="sign_in_passkey_challenge_post")
def ask_to_enter(request: Request, form: TypedForm = typed_form()) -> Response:
    return _give(asking.ask_to_enter(site_of(request), form.text("ticket")))


@router.post("/sign-in/passkey", name="sign_in_passkey_post")
def enter_by_passkey(request: Request, form: TypedForm = typed_form()) -> Response:
    ticket, credential = form.text("ticket"), form.text("credential")

    def check_entry() -> SignedIn:
        if ticket:
            return entering.finish_with_passkey(site_of(request), ticket, credential, coming_in(request))
        return entering.enter_alone(site_of(request), credential, coming_in(request))

    page = CODE_PAGE if ticket else SIGN_IN_PAGE
    return enter_or_show_again(request, form, page, check_entry, target_after_sign_in, partial(let_in, request))


@router.post("/confirm/passkey/challenge", name="confirm_passkey_challenge_post")
def ask_to_confirm(request: Request) -> Response:
    return _give(asking.ask_to_confirm(site_of(request), token_of(request)))


@router.post("/confirm/passkey", name="confirm_passkey_post")
def confirm_by_passkey(request: Request, form: TypedForm = typed_form()) -> Response:
    def check_entry() -> str:
        return entering.confirm_with_passkey(site_of(request), token_of(request), form.text("credential"))

    return enter_or_show_again(
        request, form, CONFIRM_PAGE, check_entry, lambda target, _: target, partial(lead_on_renewed, request)
    )
