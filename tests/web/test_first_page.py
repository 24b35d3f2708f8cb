"""What whoever opens a new installation reads first."""

from starlette.testclient import TestClient

from tests.world import World


def test_an_installation_without_a_city_says_how_to_begin(client: TestClient) -> None:
    page = client.get("/sign-in").text
    assert "This installation has no city yet" in page
    assert "cityready city add" in page


def test_one_with_a_city_does_not(client: TestClient, seeded: World) -> None:
    assert "has no city yet" not in client.get("/sign-in").text
