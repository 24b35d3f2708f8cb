"""What a connection may cost before it is answered, on a real server with few places."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
import uvicorn

from app.web.wire.connection import MOST_HEAD_BYTES, BoundedConnection

PLACES = 40
Address = tuple[str, int]


async def _echo(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answers with the length of what it was sent."""
    taken, more = 0, True
    while more:
        message = await receive()
        taken, more = taken + len(message.get("body", b"")), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(taken).encode()})


@contextmanager
def _served(protocol: type[asyncio.Protocol]) -> Iterator[Address]:
    with socket.create_server(("127.0.0.1", 0), backlog=256) as door:
        config = uvicorn.Config(
            _echo, http=protocol, lifespan="off", log_config=None, limit_concurrency=PLACES, timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([door],), daemon=True)
        thread.start()
        try:
            yield door.getsockname()
        finally:
            server.should_exit = True
            thread.join(20)


@pytest.fixture
def address() -> Iterator[Address]:
    with _served(BoundedConnection) as address:
        yield address


def _ask(address: Address, *pieces: bytes) -> bytes:
    """The whole answer to what is sent; what is cut off while it is sent has the answer that came before."""
    with socket.create_connection(address) as line:
        for piece in pieces:
            try:
                line.sendall(piece)
            except OSError:
                break
        answer = b""
        try:
            while more := line.recv(65_536):
                answer += more
        except ConnectionError:
            pass
        return answer


GET = b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
HALF = b"GET / HTTP/1.1\r\nHost: here\r\nX-Slow: "


def test_headers_are_bounded_however_they_come(address: Address) -> None:
    assert _ask(address, GET).startswith(b"HTTP/1.1 200 ")
    large = b"GET / HTTP/1.1\r\nX: " + b"x" * (MOST_HEAD_BYTES + 1)
    assert _ask(address, large).startswith(b"HTTP/1.1 431 ")
    assert _ask(address, large + b"\r\n\r\n").startswith(b"HTTP/1.1 431 ")
    many = b"GET / HTTP/1.1\r\n" + b"X: 1\r\n" * MOST_HEAD_BYTES
    assert _ask(address, many + b"\r\n").startswith(b"HTTP/1.1 431 ")
    address_alone = b"GET /" + b"a" * MOST_HEAD_BYTES + b" HTTP/1.1\r\n\r\n"
    assert _ask(address, address_alone).startswith(b"HTTP/1.1 431 ")
    allowed = b"GET / HTTP/1.1\r\nConnection: close\r\nX: " + b"x" * (MOST_HEAD_BYTES - 1_000) + b"\r\n\r\n"
    assert _ask(address, allowed).startswith(b"HTTP/1.1 200 ")


def test_a_body_is_no_header_and_two_requests_share_a_connection(address: Address) -> None:
    body = b"y" * (3 * MOST_HEAD_BYTES)
    post = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n" % len(body)
    answer = _ask(address, post, body[:100], body[100:], post + body, GET)
    assert answer.count(b"HTTP/1.1 200 ") == 3
    assert answer.count(str(len(body)).encode()) == 2


def test_half_open_requests_never_keep_others_out(address: Address) -> None:
    with ExitStack() as held:
        lines = [held.enter_context(socket.create_connection(address)) for _ in range(3 * PLACES)]
        for line in lines:
            line.sendall(HALF)
        for _ in range(3):
            assert _ask(address, GET).startswith(b"HTTP/1.1 200 ")


class Hasty(BoundedConnection):
    head_seconds = body_seconds = 0.2


def test_a_request_that_does_not_come_whole_is_dropped() -> None:
    with _served(Hasty) as address:
        assert _ask(address, HALF) == b""
        assert _ask(address, b"") == b""
        assert _ask(address, b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab") == b""
        assert _ask(address, GET).startswith(b"HTTP/1.1 200 ")
