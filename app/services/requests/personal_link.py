"""The personal link of a request: who holds it may contribute without an account."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.adapters import tokens
from app.rules.city.naming import CityValues
from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import NotFound, Refused
from app.rules.files.upload import Sender
from app.rules.message import say
from app.rules.request import LINK_OPENS
from app.services.account.sessions import today_in
from app.services.requests.page import LINK_PURPOSE
from app.services.site import Site
from app.store import request
from app.store.city import load_city
from app.store.database.engine import now
from app.store.request import EvidenceRequest, Partner

YEARS_SECONDS = 3 * 365 * 86_400
"""How long a signature is read at all; the request itself says when its link ends."""


@dataclass(frozen=True)
class OpenedRequest:
    """The request behind a link, for reading."""

    row: EvidenceRequest
    city: CityValues
    partner: Partner
    today: date


def load_sender(site: Site, token: str) -> Sender:
    """Who sends files through the link. Raises LinkEnded, Refused where no files are asked for."""
    with site.database.reading() as session:
        asked_request = open_request(session, site, token).row
    if EvidenceKind.FILE not in asked_request.forms.split():
        raise Refused(say("This request asks for something else. Load the page again."))
    return build_sender(asked_request)


def build_sender(asked_request: EvidenceRequest) -> Sender:
    return Sender(asked_request.city_id, request_id=asked_request.id)


class LinkEnded(NotFound):
    """A link that opens no more. `city` and `language` are those of its request; none for a link that we never made."""

    def __init__(self, city: CityValues | None = None, language: str = "") -> None:
        super().__init__(say("This link no longer works. Ask the person who sent it to you for a new one."))
        self.city = city
        self.language = language


def open_request(session: Session, site: Site, token: str) -> OpenedRequest:
    """The request that the link is for. Raises LinkEnded when it is forged, ended, too old, or replaced by another."""
    asked_request, nonce = _read_signed_link(session, site, token)
    if asked_request is None:
        raise LinkEnded
    requesting_city = load_city(session, asked_request.city_id)
    partner = request.find_partner(session, asked_request.city_id, asked_request.partner_id or 0)
    if partner is None or not _is_link_open(asked_request, nonce):
        raise LinkEnded(requesting_city, asked_request.language)
    return OpenedRequest(asked_request, requesting_city, partner, today_in(requesting_city))


def find_language(session: Session, site: Site, token: str) -> str:
    """The language in which the partner is written to. Raises LinkEnded."""
    return open_request(session, site, token).row.language


def _read_signed_link(session: Session, site: Site, token: str) -> tuple[EvidenceRequest | None, str]:
    """The request that we once signed this link for, and the nonce that the link holds."""
    payload = tokens.read_token(tokens.load_secret_key(site.settings), LINK_PURPOSE, token, YEARS_SECONDS)
    return (request.find_request_of_link(session, payload["request"]), payload["nonce"]) if payload else (None, "")


def _is_link_open(asked_request: EvidenceRequest, nonce: str) -> bool:
    return (
        asked_request.state in LINK_OPENS
        and asked_request.nonce == nonce
        and (asked_request.expires_at is None or asked_request.expires_at >= now())
    )
