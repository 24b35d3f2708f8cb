"""The second step of signing in: set up, removed, and reset by an administrator for whoever has lost it."""

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.errors import Invalid
from app.services.account import second_step
from app.services.account.tries import TooManyAttempts
from app.services.people import lost_second_step
from app.web.access import Ask, RowId, Visit, reads, token_of, visits, writes
from app.web.forms import TypedForm, typed_form
from app.web.steps import form_again
from app.web.templating import redirect_to, show_page

router = APIRouter()
STEP_PAGE = "account/second_step.html"
RESET_PAGE = "people/second_step.html"


def _load_page(visit: Visit, setup: str = "") -> second_step.SecondStepPage:
    return second_step.load_second_step(visit.session, visit.site, token_of(visit.request), setup)


@router.get("/account/second-step", name="second_step")
async def show_second_step(visit: Visit = visits()) -> Response:
    is_required = "required" in visit.request.query_params
    return show_page(visit, STEP_PAGE, _load_page(visit), is_required=is_required)


@router.post("/account/second-step", name="second_step_post")
def set_up_app(visit: Visit = visits(), form: TypedForm = typed_form()) -> Response:
    setup, problems = form.text("setup"), (Invalid, TooManyAttempts)
    with form_again(visit, {}, STEP_PAGE, lambda: _load_page(visit, setup), problems, is_required=False):
        codes = second_step.set_up_app(visit.site, token_of(visit.request), setup, form.text("one_time_code"))
    return show_page(visit, "account/recovery_codes.html", {"codes": codes})


@router.post("/account/second-step/remove", name="second_step_remove_post")
def remove_app(visit: Visit = visits()) -> Response:
    is_left = second_step.remove_app(visit.site, token_of(visit.request))
    return redirect_to(visit, "/account", "app-removed" if is_left else "second-step-removed")


@router.post("/account/recovery-codes", name="recovery_codes_post")
def renew_codes(visit: Visit = visits()) -> Response:
    codes = second_step.renew_codes(visit.site, token_of(visit.request))
    return show_page(visit, "account/recovery_codes.html", {"codes": codes})


@router.get("/{city}/people/{membership_id}/second-step")
async def show_reset(membership_id: RowId, ask: Ask = reads("people.write")) -> Response:
    return show_page(ask, RESET_PAGE, lost_second_step.load_reset(ask.desk, membership_id))


@router.post("/{city}/people/{membership_id}/second-step")
def reset_second_step(
    membership_id: RowId, ask: Ask = writes("people.write", fresh=True), form: TypedForm = typed_form()
) -> Response:
    with form_again(ask, form, RESET_PAGE, lambda: lost_second_step.load_reset(ask.desk, membership_id), Invalid):
        lost_second_step.reset_second_step(ask.desk, membership_id, confirmed=bool(form.text("confirmed")))
    return redirect_to(ask, f"/{ask.who.city.slug}/people/{membership_id}", "second-step-reset")
