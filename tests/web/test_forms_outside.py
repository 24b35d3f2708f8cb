"""The forms outside a city, sent in a browser on a small phone: one's account, the ways in, and what people without an account send.

As in test_forms.py what was done is read and spoken, and stands in view with what it was done to.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, select

from app.services.account import passphrase
from app.services.city import find_city
from app.services.outbox import writing
from app.services.people import invitation
from app.services.requests import page as request
from app.store.city import city_values
from app.store.letter import Letter, LetterEntry
from app.store.people import Person
from app.store.request import EvidenceRequest
from tests import world
from tests.conftest import BrowserPage, Live
from tests.form_scripts import FILL, IN_VIEW
from tests.web.test_forms import faults_in_place, faults_in_saying, on_a_small_phone
from tests.world import World

PASS_PHRASE, NEXT_PASS_PHRASE = "a lamp above the harbor", "three boats under the bridge"
BOTH = {"pass_phrase": PASS_PHRASE, "again": PASS_PHRASE}


@dataclass(frozen=True)
class OutsideForm:
    """What is sent from which page. `stays` is what it acts on; without one another page comes, or the same begins anew, and its
    heading or message is seen. `says` is false where the page itself shows what was done.
    """

    page: str
    fields: dict[str, str] = field(default_factory=dict)
    form: str = "main form"
    stays: str = ""
    says: bool = True


FORMS = {
    "a first passphrase": OutsideForm("{welcome}", {"name": "Nora Diaz", **BOTH}, "main form:has([name=again])"),
    "the way out": OutsideForm("/cities", {}, "main form[action*='/sign-out']"),
    "a forgotten passphrase": OutsideForm("{reset}", BOTH),
    "the way in": OutsideForm("/sign-in", {"email": "official@alpha.example", "pass_phrase": PASS_PHRASE}),
    "one's name": OutsideForm("/account", {"name": "Ola Reyes"}, "form[action*='/account/name']", "#own-name"),
    "other devices": OutsideForm("/devices", {}, "form[action^='/devices#']", "#devices"),
    "another passphrase": OutsideForm(
        "/passphrase", {"current": PASS_PHRASE, "pass_phrase": NEXT_PASS_PHRASE, "again": NEXT_PASS_PHRASE}
    ),
    "another language": OutsideForm(
        "/account", {"language": "es"}, "main form[action*='/language']", "#own-language", says=False
    ),
    "the end of letters": OutsideForm("{stop}"),
    "a partner's note": OutsideForm("{contribute}", {"note": "We meet every month.", "name": "Ana Souza"}, "#upload"),
}
"""In this order by one browser, which is first that of someone who is invited, then an official's."""


def _links(live: Live, session: Session, seeded: World) -> dict[str, str]:
    """The personal links that were sent out."""
    city = find_city(session, "alpha")
    official = session.exec(select(Person).where(Person.id == seeded.alpha.people["official"])).one()
    given: dict[str, Any] = {"name": "Nora", "email": "nora@alpha.example", "role": "lead", "departments": []}
    invited = invitation.invite_person(session, live.site, city_values(city), official.id, **given)
    letter = Letter(
        city_id=city.id, person_id=official.id, message_id="<one@alpha.example>", day=official.created_at.date()
    )
    session.add(letter)
    session.flush()
    about: dict[str, Any] = {"city_id": city.id, "person_id": official.id, "letter_id": letter.id}
    session.add(LetterEntry(**about, kind="commented", key="1", subject="LC1", at=official.created_at))
    return {
        "welcome": invited.link or "",
        "reset": passphrase.passphrase_link(live.site, official, None),
        "stop": writing.stop_address(live.site, letter.id),
        "contribute": request.request_link(
            live.site, session.get_one(EvidenceRequest, seeded.alpha.requests["partner"])
        ),
    }


def test_forms_outside_a_city_say_what_was_done_and_keep_it_in_view(
    live: Live, visitor_page: BrowserPage, seeded: World
) -> None:
    with live.site.database.writing() as session:
        links = _links(live, session, seeded)
    page = on_a_small_phone(visitor_page(width=320))
    faults = []
    for name, sent in FORMS.items():
        if name == "other devices":
            world.sign_in(live.site, seeded.alpha.people["official"])
        page.goto(sent.page.format(**links))
        form = page.locator(sent.form).first
        assert form.count(), f"{page.url} has no form for {name}"
        form.evaluate(FILL, {"path": "", "fields": list(sent.fields.items())})
        with page.expect_navigation():
            page.locator("[data-pressed]").click()
        if page.locator("#problems").count():
            faults.append(f"{name} was not taken: {page.locator('#problems').inner_text()}")
        elif sent.stays and page.locator(sent.stays).evaluate(IN_VIEW):
            faults += faults_in_place(page, name) + faults_in_saying(page, name) if sent.says else []
        elif sent.stays:
            faults.append(f"{name} leaves {sent.stays} out of view")
        elif not page.locator("main [data-done], h1, #sent").first.evaluate(IN_VIEW):
            faults.append(f"after {name} neither heading nor message is in view")
    assert not faults, "\n".join(faults)
