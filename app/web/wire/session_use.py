"""Writes down that a session was used, and how a person narrowed a list: after the answer has left and only where something is new,
so that no page waits for it or pays for it.
"""

from collections.abc import Callable
from functools import partial

import structlog
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.rules.errors import CityReadyError
from app.services.account import sessions
from app.services.desk import Who
from app.services.lists import list_choice

log = structlog.get_logger()


def ask_for_touch(request: Request, who: Who, token: str | None) -> None:
    """Have the use of the session written down when this request is over, if it is time again."""
    if token and sessions.is_extension_due(request.app.state.site, who.seen_at):
        request.state.used_session = token


def ask_to_keep(request: Request, who: Who, choices: str) -> None:
    """Have the person's choices of lists kept when this request is over."""
    request.state.list_choices = (who.person_id, choices)


class SessionUse:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)
        state = scope.get("state", {})
        if token := state.get("used_session"):
            await to_thread.run_sync(_write_down, partial(sessions.extend_session, scope["app"].state.site, token))
        if choices := state.get("list_choices"):
            await to_thread.run_sync(_write_down, partial(list_choice.keep_choices, scope["app"].state.site, *choices))


def _write_down(write: Callable[[], None]) -> None:
    """A full disk or a database that is away must not fail what has been answered."""
    try:
        write()
    except (SQLAlchemyError, CityReadyError) as problem:
        log.warning("what was used was not written down", kind=type(problem).__name__)
