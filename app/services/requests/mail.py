"""Letters to partners: the request, a receipt, a question about something that they sent, or thanks for what is not used."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.adapters import mail
from app.adapters.translations import tongue
from app.rules.message import Said, say
from app.rules.request import LINK_OPENS, ContributionState
from app.services.requests.page import link_of
from app.services.site import Site
from app.store import request
from app.store.city import City
from app.store.request import Contribution, EvidenceRequest, Partner

LETTERS: Mapping[str, Said] = {
    "ask": say(
        "Hello %(name)s,\n\n%(city)s asks you for this:\n\n%(what)s\n\nWhy: %(why)s\n\nYou can answer here in two minutes, without an "
        "account:\n\n%(link)s\n\nThe link is for you alone and shows nothing but this request.\n"
    ),
    "receipt": say(
        "Hello %(name)s,\n\n%(city)s has received what you sent for this request:\n\n%(what)s\n\nThank you. You can see here what "
        "becomes of it, and add to it:\n\n%(link)s\n"
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


def send(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job `request.mail`: the letter `payload["what"]` about the request, or with `about` what became of that contribution.

    Nothing is sent where there is no address, or when the request has ended. Raises OutsideUnavailable, so that the job is tried again.
    """
    with site.database.reading() as session:
        row = request.by_id(session, city_id, payload["request"])
        partner = request.partner(session, city_id, row.partner_id) if row and row.partner_id else None
        came = request.contribution(session, city_id, payload["about"]) if "about" in payload else None
        of = session.get_one(City, city_id)
    if row is None or partner is None or not partner.email or row.state not in LINK_OPENS:
        return
    words = tongue(row.language)
    letter = _letter(site, of, partner, row, came, payload["what"])
    subject = say("A question from %(city)s", city=of.name)
    mail.send(site.settings, partner.email, words.say(subject), words.say(letter))


def _letter(site: Site, of: City, partner: Partner, row: EvidenceRequest, came: Contribution | None, what: str) -> Said:
    values = {
        "name": partner.contact or partner.name,
        "city": of.name,
        "what": row.what,
        "why": row.why,
        "link": link_of(site, row),
        "title": came.title if came else "",
        "reason": came.reason if came else "",
    }
    return replace(LETTERS[came.state if came else what], values=values)
