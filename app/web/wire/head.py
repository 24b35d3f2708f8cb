"""HEAD is answered like GET without the body, as mail programs and link checks expect."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

NOT_THAT_WAY = 405


class HeadLikeGet:
    """ASGI middleware: where no route answers HEAD itself, asks with GET and lets only status and headers through."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        refused = False

        async def unless_refused(message: Message) -> None:
            nonlocal refused
            refused = refused or message.get("status") == NOT_THAT_WAY
            if not refused:
                await send(message)

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope}, receive, unless_refused)
        if refused:
            await self.app({**scope, "method": "GET"}, receive, without_body)
