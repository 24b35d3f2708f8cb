"""How much a request may bring: little from anyone, and more only from someone who was found to have the right before it is read."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.wire.security import SAFE_METHODS

MOST_BYTES = 2_000_000
"""Of a form without files. The longest text of the app, in letters that a browser sends as twelve bytes each, is an eighth of it."""
_ALLOWED = "most_body_bytes"


def allow_size(request: Request, most_bytes: int) -> None:
    """Let this request bring as much as that, from here on."""
    setattr(request.state, _ALLOWED, most_bytes)


class BodyLimit:
    """ASGI middleware: reading a body that is larger than allowed ends in 413; where its length is told, before any of it is taken.

    Requests that only look are left alone: nobody reads what they bring, and what listens for their end must not fail.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS:
            await self.app(scope, receive, send)
            return
        state, announced, taken = scope.setdefault("state", {}), _announced_length(scope), 0

        async def receive_limited() -> Message:
            nonlocal taken
            most = state.get(_ALLOWED, MOST_BYTES)
            message: Message = {} if announced > most else await receive()
            taken += len(message.get("body", b""))
            if max(announced, taken) > most:
                raise HTTPException(413)
            return message

        await self.app(scope, receive_limited, send)


def _announced_length(scope: Scope) -> int:
    """The length that the client gives beforehand; 0 where it gives none."""
    text = Headers(scope=scope).get("content-length", "")
    return int(text) if text.isdecimal() and len(text) < 20 else 0
