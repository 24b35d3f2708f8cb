"""An address that leads nowhere: whoever is signed in keeps the menu of the own city, and a link that ended says so."""

import pytest
from starlette.testclient import TestClient

from tests.conftest import ClientFor

pytestmark = pytest.mark.only_sqlite


@pytest.mark.parametrize("address", ["/alpha/nothing-here", "/nothing-here", "/beta/board", "/alpha/criteria/XX9"])
def test_an_address_that_leads_nowhere_keeps_the_menu_and_the_city(client_for: ClientFor, address: str) -> None:
    answer = client_for("lead").get(address)
    assert answer.status_code == 404
    assert "Alpha City" in answer.text
    assert 'href="/alpha/my-work"' in answer.text
    assert "Beta Town" not in answer.text


def test_whoever_is_signed_out_is_told_nothing_of_a_city(client: TestClient, client_for: ClientFor) -> None:
    answer = client.get("/alpha/nothing-here")
    assert answer.status_code == 404
    assert "Alpha City" not in answer.text
    assert "my-work" not in answer.text


def test_what_is_sent_nowhere_is_answered_without_a_look_at_who_sent_it(client_for: ClientFor) -> None:
    answer = client_for("lead").post("/alpha/nothing-here")
    assert answer.status_code == 404
    assert "Alpha City" not in answer.text


@pytest.mark.parametrize(
    "address", ["/welcome/x", "/passphrase/x", "/account/email/x", "/letters/stop/x", "/contribute/x"]
)
def test_a_tampered_link_says_that_it_ended(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert "<h1>This link no longer works</h1>" in answer.text
