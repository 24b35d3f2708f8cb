"""A real Caddy and a real nginx with the printed configurations: what they let through, what they stop, and a deploy behind them."""

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path

import pytest

from app.services.site import open_site
from app.settings import Settings
from tests.deploy import load, proxies
from tests.deploy.proxies import NAME, Apps, Proxy

PRINTED: dict[str, Callable[[Path, Apps], AbstractContextManager[Proxy]]] = {
    "caddy": proxies.caddy,
    "nginx": proxies.nginx,
}

MOST_SECONDS = 60
"""After which a proxy that does not answer has failed."""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apps]:
    with proxies.apps(tmp_path_factory.mktemp("apps")) as both:
        yield both


@pytest.fixture(scope="module", params=list(PRINTED))
def proxy(request: pytest.FixtureRequest, both: Apps, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with PRINTED[request.param](tmp_path_factory.mktemp(request.param), both) as proxy:
        yield proxy


def test_pages_come_with_the_host_that_people_use(proxy: Proxy) -> None:
    with proxy.client() as client:
        assert client.get("/health").json()["status"] == "ok"
        wrong = client.post("/sign-in", data={"email": "a@alpha.example", "pass_phrase": "wrong"})
        assert wrong.status_code == 422


def test_nobody_chooses_the_address_that_limits_count(proxy: Proxy, both: Apps) -> None:
    """What a client says in X-Forwarded-For never reaches the app: it would choose its own limits."""
    from sqlalchemy import text

    site = open_site(Settings(data_dir=both.folder))
    try:
        with proxy.client() as client:
            form = {"email": f"{proxy.port}@alpha.example", "pass_phrase": "wrong"}
            client.post("/sign-in", data=form, headers={"X-Forwarded-For": "203.0.113.77"})
        with site.database.reading() as session:
            rows = session.connection().execute(text("SELECT * FROM sign_in_attempt")).all()
    finally:
        site.close()
    assert "203.0.113.77" not in repr(rows)
    assert rows


def test_a_large_body_is_refused_by_its_length_and_one_at_the_limit_is_not(proxy: Proxy) -> None:
    head = f"POST /sign-in HTTP/1.1\r\nHost: {NAME}\r\nSec-Fetch-Site: same-origin\r\nContent-Length: %d\r\n\r\n"
    assert _status(proxy, (head % 2_000_000_000).encode()) == 413
    inside = b"email=x&pass_phrase=" + b"y" * 1_000_000
    assert _status(proxy, (head % len(inside)).encode() + inside) in {413, 422}


def _lines(proxy: Proxy, held: ExitStack) -> socket.socket:
    plain = held.enter_context(socket.create_connection(("127.0.0.1", proxy.port)))
    return held.enter_context(proxy.context.wrap_socket(plain, server_hostname="localhost"))


def _status(proxy: Proxy, sent: bytes) -> int:
    """The status that the proxy answers; 0 where it ends the line without a word."""
    with ExitStack() as held:
        line = _lines(proxy, held)
        line.settimeout(MOST_SECONDS)
        with suppress(OSError):  # it has answered already, or will not
            line.sendall(sent)
        try:
            answer = line.recv(100)
        except OSError:
            return 0
    return int(answer.split()[1]) if answer else 0


def test_a_header_without_an_end_is_refused(proxy: Proxy) -> None:
    endless = b"GET / HTTP/1.1\r\nHost: here\r\nX: " + b"x" * 60_000_000
    assert _status(proxy, endless) in {0, 400, 431, 494}
    with proxy.client() as client:
        assert client.get("/health").status_code == 200


def test_half_open_requests_keep_nobody_out_and_are_dropped(proxy: Proxy) -> None:
    with ExitStack() as held:
        lines = [_lines(proxy, held) for _ in range(150)]
        for line in lines:
            line.sendall(b"GET / HTTP/1.1\r\nHost: here\r\nX-Slow: ")
        with proxy.client() as client:
            assert client.get("/health").status_code == 200
        ended = 0
        for line in lines:
            try:
                line.settimeout(MOST_SECONDS)
                ended += not line.recv(1) or 1
            except (ConnectionError, OSError):
                ended += 1
        assert ended == len(lines)


@pytest.mark.parametrize("name", list(PRINTED))
def test_a_deploy_under_load_fails_no_request(name: str, tmp_path: Path) -> None:
    """Small here; `python -m tests.deploy.load` does twenty."""
    figures = load.run(tmp_path, PRINTED[name], deploys=1, readers=2)
    assert figures.failed == []
    assert figures.asked_again <= 2, "at most once for each reader, as the proxy takes up its new settings"
    assert figures.answered > 20
