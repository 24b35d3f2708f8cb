"""Where an invitation is opened: by someone new, who chooses a passphrase, or by whose account it is, who accepts."""

from fastapi import APIRouter
from starlette.responses import Response

from app.rules.people.roles import ROLE_MEANINGS, ROLE_NAMES
from app.services.people import invitation, offer
from app.web.access import Ask, RowId, Visit, token_of, visits, writes
from app.web.account.sign_in import sign_in_with_new
from app.web.city.entry import start_path
from app.web.forms import TypedForm, typed_form
from app.web.steps import form_again
from app.web.templating import redirect_to, show_page

router = APIRouter()


def _load_offer(visit: Visit, token: str) -> offer.OfferPage:
    return offer.load_offer(visit.session, visit.site, token, token_of(visit.request))


@router.get("/welcome/{token}", name="welcome")
async def show_offer(token: str, visit: Visit = visits()) -> Response:
    page = _load_offer(visit, token)
    return show_page(
        visit, "invitation/offer.html", page, token=token, role_names=ROLE_NAMES, role_meanings=ROLE_MEANINGS
    )


@router.post("/welcome/{token}", name="welcome_post")
def decide_on_invitation(token: str, visit: Visit = visits(), form: TypedForm = typed_form()) -> Response:
    typed_values = {"name": form.text("name")}
    context = {"token": token, "role_names": ROLE_NAMES, "role_meanings": ROLE_MEANINGS}
    with form_again(visit, typed_values, "invitation/offer.html", lambda: _load_offer(visit, token), **context):
        return _carry_out_decision(token, visit, form)


def _carry_out_decision(token: str, visit: Visit, form: TypedForm) -> Response:
    site, session_token = visit.site, token_of(visit.request)
    match form.text("answer"):
        case "accept":
            with site.database.writing() as session:
                slug, role = offer.accept_invitation(session, site, token, session_token)
            return redirect_to(visit, start_path(slug, role), "invitation-accepted")
        case "decline":
            with site.database.writing() as session:
                offer.decline_invitation(session, site, token, session_token)
            return redirect_to(visit, "/sign-in", "invitation-declined")
        case _:
            passphrase, repeated = form.text("pass_phrase"), form.text("again")
            email = offer.create_account(site, token, name=form.text("name"), pass_phrase=passphrase, again=repeated)
            visit.session.rollback()  # hashing takes long, and no connection is held meanwhile
            return sign_in_with_new(visit.request, email, passphrase)


@router.post("/{city}/people/invitations/{invitation_id}/link")
def renew_invitation(invitation_id: RowId, ask: Ask = writes("people.write", fresh=True)) -> Response:
    personal_link = invitation.renew_invitation(ask.desk, invitation_id)
    return show_page(ask, "people/invited.html", personal_link, added=True)


@router.post("/{city}/people/invitations/{invitation_id}/withdraw")
def withdraw_invitation(invitation_id: RowId, ask: Ask = writes("people.write")) -> Response:
    invitation.withdraw_invitation(ask.desk, invitation_id)
    return redirect_to(ask, f"/{ask.who.city.slug}/people", "invitation-withdrawn")
