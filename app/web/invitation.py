"""Where an invitation is opened: by somebody new, who chooses a passphrase, or by whose account it is, who accepts."""

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.errors import Problem
from app.rules.people import ROLE_MEANINGS, ROLE_NAMES
from app.services.people import invitation
from app.web.access import Ask, Id, Visit, token_of, visits, writes
from app.web.city import start
from app.web.forms import Typed, typed
from app.web.templating import again, go, show

router = APIRouter()


def _offer(visit: Visit, token: str) -> invitation.OfferPage:
    return invitation.load_offer(visit.session, visit.site, token, token_of(visit.request))


@router.get("/welcome/{token}", name="welcome")
async def offer(token: str, visit: Visit = visits()) -> Response:
    page = _offer(visit, token)
    return show(visit, "invitation/offer.html", page, token=token, role_names=ROLE_NAMES, role_meanings=ROLE_MEANINGS)


@router.post("/welcome/{token}", name="welcome_post")
def answer(token: str, visit: Visit = visits(), form: Typed = typed()) -> Response:
    try:
        return _answer(token, visit, form)
    except Problem as problem:
        kept = {"name": form.text("name")}
        more = {"token": token, "role_names": ROLE_NAMES, "role_meanings": ROLE_MEANINGS}
        return again(visit, "invitation/offer.html", lambda: _offer(visit, token), problem, kept, **more)


def _answer(token: str, visit: Visit, form: Typed) -> Response:
    site, session_token = visit.site, token_of(visit.request)
    match form.text("answer"):
        case "accept":
            with site.database.writing() as session:
                slug, role = invitation.accept_invitation(session, site, token, session_token)
            return go(visit, start(slug, role), "invitation-accepted")
        case "decline":
            with site.database.writing() as session:
                invitation.decline_invitation(session, site, token, session_token)
            return go(visit, "/sign-in", "invitation-declined")
        case _:
            passphrase, repeated = form.text("pass_phrase"), form.text("again")
            invitation.create_account(site, token, name=form.text("name"), pass_phrase=passphrase, again=repeated)
            return go(visit, "/sign-in", "welcome")


@router.post("/{city}/people/invitations/{invitation_id}/link")
def send_again(invitation_id: Id, ask: Ask = writes("people.write", fresh=True)) -> Response:
    given = invitation.renew_invitation(ask.desk, invitation_id)
    return show(ask, "people/invited.html", given, added=True)


@router.post("/{city}/people/invitations/{invitation_id}/withdraw")
def withdraw(invitation_id: Id, ask: Ask = writes("people.write")) -> Response:
    invitation.withdraw_invitation(ask.desk, invitation_id)
    return go(ask, f"/{ask.who.city.slug}/people", "invitation-withdrawn")
