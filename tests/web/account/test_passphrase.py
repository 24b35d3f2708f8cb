"""Passphrases as they are typed and pasted into forms."""

from typing import Literal

import pytest
from starlette.testclient import TestClient

from app.adapters import passwords
from app.rules.account import passphrase, sign_up
from app.rules.text.bounds import normalize_text
from app.services.site import Site
from app.store.people import Person
from tests.world import World

PASSPHRASE = "ferry lantern onion bicycle"
MARKS = "a" + "\u0316\u0301" * 160_000


@pytest.fixture
def lead(site: Site, seeded: World) -> str:
    with site.database.writing() as session:
        person = session.get_one(Person, seeded.alpha.people["lead"])
        person.pass_phrase_hash = passwords.hash_passphrase(PASSPHRASE, "quick")
    return "lead@alpha.example"


@pytest.mark.only_sqlite
@pytest.mark.parametrize(
    ("email", "passphrase"),
    [
        ("{}", f"{PASSPHRASE} "),
        ("{}", f"\u200b{PASSPHRASE}\r\n"),
        ("{}\u200b", PASSPHRASE),
        (" {} ", PASSPHRASE),
    ],
)
def test_what_a_copy_brings_along_keeps_nobody_out(client: TestClient, lead: str, email: str, passphrase: str) -> None:
    answer = client.post("/sign-in", data={"email": email.format(lead), "pass_phrase": passphrase})
    assert answer.status_code == 303


@pytest.mark.only_sqlite
@pytest.mark.parametrize(("email", "typed"), [("lead@alpha.example", MARKS), ("nobody@x.example", MARKS), (MARKS, "x")])
def test_a_text_that_would_take_minutes_to_normalize_is_wrong_at_once(
    client: TestClient, lead: str, monkeypatch: pytest.MonkeyPatch, email: str, typed: str
) -> None:
    longest = [0]

    def measured(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
        longest.append(len(text))
        return normalize_text(form, text)

    for module in (passphrase, sign_up, passwords):
        monkeypatch.setattr(module, "normalize_text", measured)
    assert client.post("/sign-in", data={"email": email, "pass_phrase": typed}).status_code == 422
    assert max(longest) <= 254
