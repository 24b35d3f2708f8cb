"""Letters to partners: the request, a receipt, a question about something that they sent, or thanks for what is not used."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.rules.city.naming import CityValues
from app.rules.message import Message, say
from app.rules.request import LINK_OPENS, ContributionState
from app.services.letters import mail_letter
from app.services.requests.page import request_link
from app.services.site import Site
from app.store import request
from app.store.city import load_city
from app.store.request import Contribution, EvidenceRequest, Partner

LETTERS: Mapping[str, Message] = {
    "ask": say(
        "Hello %(name)s,\n\n%(city)s asks you for this:\n\n%(what)s\n\nWhy: %(why)s\n\nYou can answer here in two minutes, without an "
        "account:\n\n%(link)s\n\nThe link is for you alone and shows nothing but this request.\n"
    ),
    "receipt": say(
        "Hello %(name)s,\n\n%(city)s has received what you sent for this request:\n\n%(what)s\n\nThank you. You can check its status here, "
        "and add to it:\n\n%(link)s\n"
    ),
    ContributionState.RETURNED: say(
        "Hello %(name)s,\n\nthank you for “%(title)s”. %(city)s has a question about it:\n\n%(reason)s\n\nYou can answer here, "
        "without an account:\n\n%(link)s\n"
    ),
    ContributionState.REJECTED: say(
        "Hello %(name)s,\n\nthank you for “%(title)s”. %(city)s will not use it:\n\n%(reason)s\n\nIf you have something else, "
        "you can add it here:\n\n%(link)s\n"
    ),
}
"""By what is written about; the states of a contribution for an answer to it."""


def send_letter(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job `request.mail`: the letter `payload["what"]` about the request, or with `about` what became of that contribution.

    Nothing is sent where there is no address, or when the request has ended. Raises OutsideUnavailable, so that the job is tried again.
    """
    with site.database.reading() as session:
        asked_request = request.find_request(session, city_id, payload["request"])
        partner = (
            request.find_partner(session, city_id, asked_request.partner_id)
            if asked_request and asked_request.partner_id
            else None
        )
        contribution = request.hold_contribution(session, city_id, payload["about"]) if "about" in payload else None
        city = load_city(session, city_id)
    if asked_request is None or partner is None or not partner.email or asked_request.state not in LINK_OPENS:
        return
    letter = _write_letter(site, city, partner, asked_request, contribution, payload["what"])
    subject = say("A question from %(city)s", city=city.name)
    mail_letter(site, partner.email, asked_request.language, subject, letter)


def _write_letter(
    site: Site,
    city: CityValues,
    partner: Partner,
    asked_request: EvidenceRequest,
    contribution: Contribution | None,
    what: str,
) -> Message:
    values = {
        "name": partner.contact or partner.name,
        "city": city.name,
        "what": asked_request.what,
        "why": asked_request.why,
        "link": request_link(site, asked_request),
        "title": contribution.title if contribution else "",
        "reason": contribution.reason if contribution else "",
    }
    return replace(LETTERS[contribution.state if contribution else what], values=values)
