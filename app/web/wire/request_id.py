"""A number for every request: on the error page, in the answer and in every line that is logged on the way."""

import secrets

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

REQUEST_ID_HEADER = "X-Request-Id"


def request_number(request: Request) -> str:
    """The number that this request was given; empty for one that never came through the app."""
    return str(getattr(request.state, "number", ""))


class RequestNumbers:
    """ASGI middleware: gives the number. What a client sends as one is not taken, since it could be anything."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number = scope.setdefault("state", {})["number"] = secrets.token_hex(4)

        async def with_number(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[REQUEST_ID_HEADER] = number
            await send(message)

        with bound_contextvars(request=number):
            await self.app(scope, receive, with_number)
