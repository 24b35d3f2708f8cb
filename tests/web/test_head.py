"""HEAD is answered like GET, without the body."""

import pytest
from starlette.testclient import TestClient

from tests.conftest import ClientFor
from tests.world import World


@pytest.mark.only_sqlite
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sign-in", 200),
        ("/", 303),
        ("/health", 200),
        ("/static/x/app.css", 200),
        ("/nothing/here", 404),
        ("/welcome/x", 404),
    ],
)
def test_head_gives_what_get_gives_but_the_body(client: TestClient, seeded: World, path: str, status: int) -> None:
    head, get = client.head(path), client.get(path)
    assert head.status_code == get.status_code == status
    assert head.content == b""
    for name in ("content-type", "content-length", "location"):
        assert head.headers.get(name) == get.headers.get(name)


@pytest.mark.only_sqlite
def test_head_opens_no_more_than_get_does(client_for: ClientFor, seeded: World) -> None:
    assert client_for("lead").head("/alpha/board").status_code == 200
    assert client_for("lead").head("/beta/board").status_code == 404
