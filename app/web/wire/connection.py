"""What a connection may cost before it is answered: so many bytes of headers, so many seconds, and no place that others need.

The server itself takes headers without an end, waits for the rest of a request for ever, and answers 503 to all when half-open
requests fill its places.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

MOST_HEAD_BYTES = 64_000
"""Address and headers of one request. What browsers send is a tenth of it."""
TOO_LARGE = b"The headers of this request are too large."


class BoundedConnection(HttpToolsProtocol):
    """A connection whose request must come whole in time; while a request waits for its answer nothing is measured."""

    head_seconds = 20.0
    """For all of the headers."""
    body_seconds = 60.0
    """Between two pieces of a body, where the app is ready to read."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._in_head, self._head_bytes, self._refused = True, 0, False
        self._timer: asyncio.TimerHandle | None = None
        self._since = self.loop.time()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        if (
            self.limit_concurrency and len(self.connections) >= self.limit_concurrency - 1
        ):  # the last place is answered 503
            self._make_room()
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        if not self._in_head or self._timer is None:  # the headers have one time for all of them
            self._wait()
        self._since = self.loop.time()
        self._head_bytes += len(data) if self._in_head else 0
        super().data_received(data)
        if self._in_head and self._head_bytes > MOST_HEAD_BYTES:
            self._refuse()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._told = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        self._told += len(name) + len(value)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head, self._head_bytes = False, 0
        if self._told + len(self.url) > MOST_HEAD_BYTES:
            self._refuse()
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._in_head = True
        self._stop_waiting()
        if not self._refused:
            super().on_message_complete()

    def _make_room(self) -> None:
        """End the connection that has had no request in hand for longest, if there is one."""
        idle = [other for other in self.connections if isinstance(other, BoundedConnection) and other._is_idle()]
        if idle:
            longest = min(idle, key=lambda other: other._since)
            self.connections.discard(longest)
            longest.transport.abort()

    def _is_idle(self) -> bool:
        return self._in_head and (self.cycle is None or self.cycle.response_complete)

    def _refuse(self) -> None:
        self._refused = True
        length = str(len(TOO_LARGE)).encode()
        head = (
            STATUS_LINE[431]
            + b"content-type: text/plain\r\ncontent-length: "
            + length
            + b"\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head + TOO_LARGE)
        self.transport.close()

    def _wait(self) -> None:
        self._stop_waiting()
        self._timer = self.loop.call_later(self.head_seconds if self._in_head else self.body_seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = None

    def _give_up(self) -> None:
        if self.flow.read_paused:  # the app is slow here, not the line
            self._wait()
        else:
            self.transport.abort()
