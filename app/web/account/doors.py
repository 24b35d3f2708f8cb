"""The doors: pages that ask who someone is. Which ways each of them offers beside the passphrase."""

from typing import Any

from sqlmodel import Session
from starlette.requests import Request

from app.services.account import sign_on
from app.services.account.passkeys import entering
from app.web.access import token_of

SIGN_IN_PAGE = "account/sign_in.html"
CODE_PAGE = "account/code.html"
CONFIRM_PAGE = "account/confirm.html"
DOORS = {"sign-in": SIGN_IN_PAGE, "confirm": CONFIRM_PAGE, "second-step": CODE_PAGE}
"""Pages behind which a form may wait, by what they call themselves."""


def load_door_ways(request: Request, session: Session, template: str) -> dict[str, Any]:
    """The cities' sign-in services, and whether a passkey is taken: of anyone at the front door, of who is signed in before a step."""
    takes_passkeys = (
        entering.has_passkey(session, token_of(request))
        if template == CONFIRM_PAGE
        else entering.is_entry_open(session)
    )
    return {"ways": sign_on.list_ways(session), "takes_passkeys": takes_passkeys}
