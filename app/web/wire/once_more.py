"""A request that the database was away for is done once more by itself, as soon as the database answers again.

Only where nothing of it was committed, so that nothing is done twice, and only with a form that is small enough to be kept meanwhile.
Nobody holds a thread while waiting, and of all who wait one asks whether the database is back.
"""

import time

import structlog
from anyio import CancelScope, Lock, sleep, to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.rules.installation.database_trouble import DatabaseAway
from app.services.site import counting_commits
from app.web.wire import body

log = structlog.get_logger()
PATIENCE_SECONDS = 20
"""How long someone waits for the database to come back before the page says that it is away; a restart takes a few seconds."""
ASK_AGAIN_SECONDS = 0.25


class OnceMore:
    """ASGI middleware, around everything that reads the request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._turn: Lock | None = None
        self._back_at = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        first = _FirstAttempt(scope, receive, send)
        with counting_commits() as commits:
            await self.app(scope, first.receive, first.send)
            if not first.is_held:
                return
            if not commits and not first.is_too_large and await self._is_back(scope):
                first.forget()
                await self.app(scope, first.receive_again, send)
            else:
                await first.let_go()

    async def _is_back(self, scope: Scope) -> bool:
        """Wait until the database answers, or for as long as someone waits for a page."""
        began = time.monotonic()
        self._turn = self._turn or Lock()
        database = scope["app"].state.site.database
        while time.monotonic() - began < PATIENCE_SECONDS:
            async with self._turn:
                if self._back_at > began:
                    return True
                with CancelScope(shield=True):
                    if await to_thread.run_sync(database.answers):
                        self._back_at = time.monotonic()
                        return True
                await sleep(ASK_AGAIN_SECONDS)
        return False


class _FirstAttempt:
    """The first try: what the client sends is written down, and an answer that says "away" is held back."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._before = scope, dict(scope)
        self._state = dict(scope.setdefault("state", {}))
        self.is_held = self.is_too_large = False
        self._client, self._send = receive, send
        self._came: list[Message] = []
        self._bytes = 0
        self._answer: list[Message] = []

    async def receive(self) -> Message:
        message = await self._client()
        self._bytes += len(message.get("body", b""))
        self.is_too_large = self._bytes > body.MOST_BYTES
        if self.is_too_large:
            self._came.clear()
        elif message["type"] == "http.request":
            self._came.append(message)
        return message

    async def receive_again(self) -> Message:
        return self._came.pop(0) if self._came else await self._client()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            trouble = self._scope["state"].get("database_trouble")
            self.is_held = type(trouble) is DatabaseAway
        if self.is_held:
            self._answer.append(message)
        else:
            await self._send(message)

    def forget(self) -> None:
        """What the first try noted about the request is gone; the request itself stays."""
        self._scope.clear()
        self._scope.update(self._before, state=self._state)

    async def let_go(self) -> None:
        for message in self._answer:
            await self._send(message)
