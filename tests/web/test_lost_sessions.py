"""What a person typed before the session ended: with every form of the app it is there after the next sign-in, whatever has happened meanwhile."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.adapters import passwords
from app.services.site import Site
from app.settings import ROOT
from app.store.people import Person
from app.web.forms import SECRET_FIELDS
from tests.conftest import ClientFor
from tests.web.account.test_places import Fields
from tests.web.test_access import DOORS, IN_TURN, Door, House, always
from tests.world import World

pytestmark = pytest.mark.on_both

PASS_PHRASE = "four words as one"
FROM_THE_SIGN_IN = {"Referer": "http://testserver/sign-in"}
HOSTILE = 'Line one\nline "two" <b>bold</b> </textarea> & é 🏙 '
POSTS = [route for route, door in DOORS.items() if route.startswith("POST") and route != "POST /{city}/uploads"]
CHOSEN = {
    "self_rating", "visibility", "kind", "decision", "level", "by", "pick", "effort", "language", "forms", "to", "role", "departments", "area",
    "department", "person", "length", "edition", "shown", "code", "answer", "lead_days", "years", "due_on", "email",
    "mark", "secret", "codes",
}  # fmt: skip
"""Fields with a value from a list, or with a form of their own; all others take any text."""


@pytest.fixture
def house(client: TestClient, client_for: ClientFor, seeded: World) -> House:
    return House(client, client_for, seeded)


@pytest.fixture
def emails(site: Site, house: House, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The address of each person, who can sign in with PASS_PHRASE, hashed with little work then as now."""
    monkeypatch.setitem(passwords._HASHERS, "full", passwords._HASHERS["quick"])
    hashed = passwords.hash_passphrase(PASS_PHRASE, "quick")
    with site.database.writing() as session:
        for person in people_of(house):
            session.get_one(Person, house.alpha.people[person]).pass_phrase_hash = hashed
    with site.database.reading() as session:
        return {person: session.get_one(Person, house.alpha.people[person]).email for person in people_of(house)}


def people_of(house: House) -> list[str]:
    return [person for person in IN_TURN if person in house.alpha.people]


def _again(house: House, email: str, route: str, door: Door) -> tuple[Any, dict[str, Any], list[str]]:
    """Send the form without a session, sign in, and press "Save it now"; the last answer, what was sent, and the texts in between."""
    nobody = house.clients["nobody"]
    nobody.cookies.clear()
    lost = house.ask("nobody", route, door)
    assert lost.status_code == 401, route
    carried = dict_of(Fields(lost.text).hidden)
    signed_in = nobody.post("/sign-in", data={"email": email, "pass_phrase": PASS_PHRASE, **carried})
    if not any(name.startswith("kept.") for name in carried):
        assert signed_in.status_code == 303, route
        led_to = nobody.get(signed_in.headers["location"]).status_code
        assert led_to in {200, 303, 403, 404, 409}, (route, led_to)
        return None, {}, [lost.text]
    assert (signed_in.status_code, "Your text is still here" in signed_in.text) == (200, True), route
    fields = Fields(signed_in.text)
    (action,) = [action for action in fields.actions if action.startswith("/alpha/")]
    sent = dict_of(fields.hidden)
    assert sent == {name.removeprefix("kept."): value for name, value in carried.items() if name != "next"}
    files = {"file": door.file} if door.file else None
    return nobody.post(action, data=sent, files=files, headers=FROM_THE_SIGN_IN), sent, [lost.text, signed_in.text]


def dict_of(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in pairs:
        fields[name] = [*fields[name], value] if name in fields else [value]
    return {name: values[0] if len(values) == 1 else values for name, values in fields.items()}


@pytest.mark.only_sqlite
def test_every_form_can_be_sent_after_signing_in_again(house: House, emails: dict[str, str]) -> None:
    for route in POSTS:
        door = DOORS[route]
        person = next(person for person in IN_TURN if person in door.opens)
        answer, _, _ = _again(house, emails[person], route, door)
        if answer is not None:
            asks_for_secret = 422 if "secret" in door.form(house.alpha) else 303  # which does not travel along
            assert answer.status_code in {200, 303, door.answers, asks_for_secret}, (
                route,
                answer.status_code,
                answer.text[-2000:],
            )


MEANWHILE: dict[str, dict[str, Any]] = {
    "saved": {},
    "decided": {"code": "LC4"},
    "submitted": {"code": "LC2", "asked": "partner"},
    "removed": {"code": "DM2", "piece": "removed", "asked": "department"},
}
"""What a colleague did while the session was over: the things of the table, in states in which most forms cannot be sent."""


@pytest.mark.only_sqlite
@pytest.mark.parametrize(
    ("change", "version"), [("saved", "0"), ("saved", ""), ("decided", "77"), ("submitted", "77"), ("removed", "77")]
)
def test_what_was_typed_comes_back_when_it_cannot_be_saved_after_signing_in_again(
    house: House, emails: dict[str, str], version: str, change: str
) -> None:
    for route in POSTS:
        person = next(person for person in IN_TURN if person in DOORS[route].opens)
        spoilt = _spoilt(DOORS[route].form(house.alpha), version)
        texts = {name: value for name, value in spoilt.items() if value and _is_text(name)}
        door = replace(DOORS[route], form=always(spoilt), **MEANWHILE[change])
        answer, _, between = _again(house, emails[person], route, door)
        pages = [*between, answer.text] if answer is not None and answer.status_code >= 400 else between
        assert answer is None or answer.status_code < 500, (route, answer.status_code)
        for page in pages:
            assert page.count("<h1") == 1, route
            missing = [name for name, text in texts.items() if _plain(text) not in _plain(unescape(page))]
            assert not missing, (route, missing, answer.status_code)


@pytest.mark.only_sqlite
@pytest.mark.parametrize("person", ["official", "colleague"])
def test_whoever_may_not_save_it_any_more_still_gets_the_text_back(
    house: House, emails: dict[str, str], person: str
) -> None:
    route = "POST /{city}/criteria/{code}/narrative"
    door = replace(DOORS[route], form=lambda _: {"narrative": HOSTILE, "narrative_version": "1"})
    answer, _, _ = _again(house, emails[person], route, door)
    assert answer.status_code == 403
    assert _plain(HOSTILE) in _plain(unescape(answer.text))


def test_in_a_conflict_after_signing_in_again_both_texts_stand_side_by_side(
    house: House, emails: dict[str, str]
) -> None:
    route = "POST /{city}/criteria/{code}/narrative"
    theirs = {"narrative": "What a colleague saved meanwhile.", "narrative_version": "1"}
    assert house.clients["reviewer"].post("/alpha/criteria/LC1/narrative", data=theirs).status_code == 303
    door = replace(DOORS[route], form=lambda _: {"narrative": HOSTILE, "narrative_version": "1"})
    answer, _, _ = _again(house, emails["lead"], route, door)
    assert answer.status_code == 409
    their_text, my_text = (
        _between(answer.text, f'id="{name}">', "</blockquote>") for name in ("their-text", "my-text")
    )
    assert (their_text, _plain(my_text)) == (theirs["narrative"], _plain(HOSTILE))
    assert 'action="/language?page=/alpha/criteria/LC1"' in answer.text


@pytest.mark.only_sqlite
def test_several_choices_that_could_not_be_saved_stay_chosen(house: House) -> None:
    lead = house.clients["lead"]
    form = {"was.messages": "0", "version.messages": "0", "item.messages": "on"}
    assert house.clients["admin"].post("/alpha/criteria/LC1/checklist", data=form).status_code == 303
    late = {"was.messages": "0", "version.messages": "0", "was.announced": "0", "version.announced": "0"}
    shown = lead.post("/alpha/criteria/LC1/checklist", data=late | {"item.messages": "on"})
    assert shown.status_code in {303, 409, 422}
    rating = lead.post(
        "/alpha/criteria/EVAL1/self-rating", data={"self_rating": "met", "confidence": "unsure", "version": "0"}
    )
    assert rating.status_code == 409
    assert re.search(r'id="rating-met"[^>]* checked', rating.text)
    assert re.search(r'id="confidence-unsure"[^>]* checked', rating.text)


def _between(text: str, start: str, end: str) -> str:
    return unescape(text.split(start)[1].split(end)[0])


def _is_text(name: str) -> bool:
    return name not in CHOSEN and not re.search(r"version|^was|^item|department-|answer", name)


def _spoilt(form: dict[str, Any], version: str) -> dict[str, Any]:
    """The form with texts that can be recognized, and with versions that the app has never given."""
    texts = {name: f"{HOSTILE}{name}" for name in form if _is_text(name)}
    return form | texts | {name: version for name in form if "version" in name}


def _plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.only_sqlite
def test_a_secret_is_never_sent_along(client: TestClient) -> None:
    templates = "\n".join(path.read_text("utf-8") for path in (ROOT / "templates").rglob("*.html"))
    secret = set(re.findall(r'field\(\s*"(\w+)"[^}]*kind="password"', templates))
    assert secret
    assert secret <= SECRET_FIELDS
    assert 'type="password"' not in templates
