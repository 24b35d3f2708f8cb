"""Who asks, with which right, in which transaction. Every route declares an action here, or is listed in PUBLIC.

`reads` gives a handler a session for reading, in the event loop: measured, that is twice as quick as a thread for the short
queries of a page. `writes` gives one that writes, in a thread, and commits when the handler has returned: only then does the
response leave, because the dependency ends with the function and not after the response.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Path
from sqlmodel import Session
from starlette.requests import Request

from app.services.account import Who, identify
from app.services.site import Site
from app.web import languages
from app.web.forms import Typed, typed

SESSION_COOKIE = "cityready_session"

Id = Annotated[int, Path(ge=1, le=2**31 - 1)]
"""The number of a row in an address, as large as PostgreSQL's integers go; anything else is a page that does not exist."""

PUBLIC = {
    "home",
    "health",
    "static",
    "language",
    "sign_in",
    "sign_in_post",
    "sign_out_post",
    "cities",
    "welcome",
    "welcome_post",
    "verify",
    "contribute",
    "contribute_post",
}
"""Names of the routes that need no account."""


@dataclass(frozen=True)
class Visit:
    """A request from somebody who need not be known."""

    request: Request
    site: Site
    session: Session
    language: str


@dataclass(frozen=True)
class Ask(Visit):
    """A request from a member of the city in the address, who has the right that the route declares."""

    who: Who


def site_of(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


def token_of(request: Request) -> str | None:
    return request.cookies.get(SESSION_COOKIE)


def _who(request: Request, session: Session, action: str) -> Who:
    who = identify(session, token_of(request), request.path_params["city"], languages.wanted(request))
    who.need(action)
    request.state.who = who
    return who


def reads(action: str) -> Any:
    """A parameter's default: an `Ask` for a page that changes nothing."""

    async def ask(request: Request) -> AsyncIterator[Ask]:
        with site_of(request).database.reading() as session:
            who = _who(request, session, action)
            yield Ask(request, site_of(request), session, who.language, who)

    return _declared(ask, action)


def writes(action: str) -> Any:
    """A parameter's default: an `Ask` whose transaction commits when the handler returns, and rolls back when it raises.

    It waits for the form, so that no lock is held while a slow line delivers it; and it finds out who asks in a transaction of its
    own, so that the lock is taken in the handler's thread. Taken before, those who wait for it would hold every thread that the
    holder needs to go on.
    """

    def ask(request: Request, _form: Typed = typed()) -> Iterator[Ask]:
        database = site_of(request).database
        with database.reading() as session:
            who = _who(request, session, action)
        with database.writing() as session:
            yield Ask(request, site_of(request), session, who.language, who)

    return _declared(ask, action)


def visits() -> Any:
    """A parameter's default: a `Visit`, for the routes in PUBLIC. Reads only."""

    async def visit(request: Request) -> AsyncIterator[Visit]:
        with site_of(request).database.reading() as session:
            yield Visit(request, site_of(request), session, languages.accepted(request))

    return Depends(visit, scope="function")


def visits_writing() -> Any:
    """A parameter's default: a `Visit` whose transaction commits when the handler returns."""

    def visit(request: Request) -> Iterator[Visit]:
        with site_of(request).database.writing() as session:
            yield Visit(request, site_of(request), session, languages.accepted(request))

    return Depends(visit, scope="function")


def _declared(ask: Callable[..., Any], action: str) -> Any:
    ask.action = action  # type: ignore[attr-defined]  # read by the test that walks every route
    return Depends(ask, scope="function")
