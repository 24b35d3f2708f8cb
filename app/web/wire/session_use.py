"""Writes down that a session was used, after the answer has left and only now and then, so that no page waits for it or pays for it."""

import structlog
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.rules.errors import CityReadyError
from app.services.account import sessions
from app.services.desk import Who
from app.services.site import Site

log = structlog.get_logger()


def ask_for_touch(request: Request, who: Who, token: str | None) -> None:
    """Have the use of the session written down when this request is over, if it is time again."""
    if token and sessions.is_extension_due(request.app.state.site, who.seen_at):
        request.state.used_session = token


class SessionUse:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)
        token = scope.get("state", {}).get("used_session")
        if token:
            await to_thread.run_sync(_touch_session, scope["app"].state.site, token)


def _touch_session(site: Site, token: str) -> None:
    """A full disk or a database that is away must not fail what has been answered."""
    try:
        sessions.extend_session(site, token)
    except (SQLAlchemyError, CityReadyError) as problem:
        log.warning("use of a session was not written down", kind=type(problem).__name__)
