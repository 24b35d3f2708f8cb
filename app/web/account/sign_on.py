"""Where people are sent to their city's own sign-in service, and come back from it."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.rules.account.sign_on import SignOnRefused
from app.services.account import sessions, sign_on
from app.services.account.sign_on import ComingBack
from app.web import cookies, languages
from app.web.access import RowId, Visit, site_of, token_of
from app.web.account.sign_in import empty_page, let_in, set_session_cookie, target_after_sign_in, viewable_target
from app.web.addresses import local_path
from app.web.cookies import DEVICE_COOKIE, SIGN_ON_COOKIE
from app.web.templating import show_page

router = APIRouter()
PURPOSES = {"confirm", "connect"}


@router.get("/sign-on/answer", name="sign_on_answer")
def take_answer(request: Request) -> Response:
    site = site_of(request)
    back = ComingBack(
        sealed=cookies.read_cookie(request, SIGN_ON_COOKIE),
        query={name: value[:8_000] for name, value in request.query_params.items()},
        token=token_of(request),
        device=cookies.read_cookie(request, DEVICE_COOKIE),
        language=languages.door_language(request),
    )
    try:
        done = sign_on.finish_sign_on(site, back, sessions.present_moment().timestamp())
    except SignOnRefused as problem:
        reply = _show_refused(request, problem)
    else:
        target = viewable_target(request, done.target)
        reply = RedirectResponse(target_after_sign_in(target, done.signed_in) if done.signed_in else target, 303)
        if done.signed_in:
            let_in(request, done.signed_in, reply)
        elif done.renewed:
            set_session_cookie(reply, site, done.renewed)
    cookies.drop_cookie(reply, site, SIGN_ON_COOKIE)
    return reply


@router.get("/sign-on/{provider_id}", name="sign_on")
def send_to_provider(provider_id: RowId, request: Request) -> Response:
    query, site = request.query_params, site_of(request)
    purpose = query.get("for", "") if query.get("for", "") in PURPOSES else ""
    target = local_path(query.get("next", "/"))
    try:
        address, sealed = sign_on.begin_sign_on(site, provider_id, target, purpose, token_of(request))
    except SignOnRefused as problem:
        return _show_refused(request, problem)
    reply = RedirectResponse(address, 303)
    cookies.set_cookie(reply, site, SIGN_ON_COOKIE, sealed, seconds=sign_on.BEGUN_SECONDS)
    return reply


def _show_refused(request: Request, problem: SignOnRefused) -> Response:
    """The sign-in page, with what was wrong with the answer."""
    site = site_of(request)
    with site.database.reading() as session:
        visit = Visit(request, site, session, languages.best_language(request))
        return show_page(visit, "account/sign_in.html", empty_page(visit), status=403, errors={"": problem.said})
