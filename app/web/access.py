"""Who asks, with which right, in which transaction. Every route declares an action here, or is listed in PUBLIC.

`reads` gives a handler a session for reading, in the event loop: measured, that is twice as quick as a thread for the short
queries of a page. `writes` gives one that writes, in a thread, and commits when the handler has returned: only then does the
response leave, because the dependency ends with the function and not after the response. `works` gives one that holds nothing
until it is asked, for what else is done in a thread: slow work, or a service that opens transactions of its own. `receives` is the
same where files come in.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Path
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session
from starlette.requests import Request

from app.rules.installation.database_trouble import DatabaseTrouble
from app.services.account.sessions import find_member, identify_member, need_confirmed
from app.services.desk import Desk, Who
from app.services.requests import personal_link
from app.services.site import Site
from app.web import cookies, languages
from app.web.cookies import SESSION_COOKIE
from app.web.forms import TypedForm, typed_form
from app.web.wire import body
from app.web.wire.session_use import ask_for_touch

FULL_FILES = 4
"""Files of the largest size that one form may bring."""

RowId = Annotated[int, Path(ge=1, le=2**31 - 1)]
"""The number of a row in an address, as large as PostgreSQL's integers go; anything else is a page that does not exist."""

PUBLIC = {
    "home",
    "health",
    "metrics",
    "static",
    "manifest",
    "app_icon",
    "service_worker",
    "offline",
    "language_post",
    "sign_in",
    "sign_in_post",
    "sign_out_post",
    "confirm_passphrase",
    "confirm_passphrase_post",
    "account",
    "account_name_post",
    "account_email_post",
    "account_email_link",
    "account_email_link_post",
    "sign_in_code_post",
    "sign_in_email_post",
    "sign_on",
    "sign_on_answer",
    "second_step",
    "second_step_post",
    "second_step_remove_post",
    "recovery_codes_post",
    "passkey_challenge_post",
    "passkey_post",
    "passkey_remove_post",
    "sign_in_passkey_challenge_post",
    "sign_in_passkey_post",
    "confirm_passkey_challenge_post",
    "confirm_passkey_post",
    "devices",
    "end_session_post",
    "sign_out_elsewhere_post",
    "cities",
    "welcome",
    "welcome_post",
    "forgot",
    "forgot_post",
    "passphrase",
    "passphrase_post",
    "passphrase_link",
    "passphrase_link_post",
    "verify",
    "verify_form",
    "stop_letters",
    "stop_letters_post",
    "calendar",
    "edition",
    "contribute",
    "contribute_post",
    "contribute_upload",
    "contribute_upload_standing",
    "contribute_upload_part",
    "contribute_upload_end",
}
"""Names of the routes that need no account."""


@dataclass(frozen=True)
class Visit:
    """A request from someone who need not be known."""

    request: Request
    site: Site
    session: Session
    language: str


@dataclass(frozen=True)
class Ask(Visit):
    """A request from a member of the city in the address, who has the right that the route declares."""

    who: Who

    @property
    def desk(self) -> Desk:
        """What the use cases get of it."""
        return Desk(self.session, self.site, self.who)


def site_of(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


def token_of(request: Request) -> str | None:
    return cookies.read_cookie(request, SESSION_COOKIE)


def _identify_asker(request: Request, session: Session, action: str, fresh: bool) -> Who:
    chosen, asked = languages.door_language(request), languages.asked_language(request)
    who = identify_member(session, token_of(request), request.path_params["city"], chosen, asked)
    request.state.who = who
    who.need(action)
    ask_for_touch(request, who, token_of(request))
    if fresh:
        need_confirmed(site_of(request), who.confirmed_at)
    return who


def find_lost_member(request: Request) -> Who | None:
    """Whoever is signed in and opened an address that leads nowhere: the way back is the menu of their city."""
    token = token_of(request)
    if request.method != "GET" or not token or "HX-Request" in request.headers:
        return None
    chosen, asked = languages.door_language(request), languages.asked_language(request)
    slug = request.url.path.strip("/").partition("/")[0]
    try:
        with site_of(request).database.reading() as session:
            return find_member(session, token, slug, chosen, asked)
    except (DatabaseTrouble, PoolTimeout):
        return None


def reads(action: str, *, fresh: bool = False) -> Any:
    """A parameter's default: an `Ask` for a page that changes nothing. `fresh` asks for the passphrase where it was typed long ago."""

    async def open_for_reading(request: Request) -> AsyncIterator[Ask]:
        with site_of(request).database.reading() as session:
            who = _identify_asker(request, session, action, fresh)
            site_of(request).kept.trust_city(session, who.city)
            yield Ask(request, site_of(request), session, who.language, who)

    return _declare_right(open_for_reading, action, fresh)


def writes(action: str, *, fresh: bool = False) -> Any:
    """A parameter's default: an `Ask` whose transaction commits when the handler returns, and rolls back when it raises.

    It waits for the form, so that no lock is held while a slow line delivers it; and it finds out who asks in a transaction of its
    own, so that the lock is taken in the handler's thread. Taken before, those who wait for it would hold every thread that the
    holder needs to go on.
    """

    def open_for_writing(request: Request, _form: TypedForm = typed_form()) -> Iterator[Ask]:
        who = _identify_beforehand(request, action, fresh)
        with site_of(request).database.writing() as session:
            yield Ask(request, site_of(request), session, who.language, who)

    return _declare_right(open_for_writing, action, fresh)


def works(action: str, *, fresh: bool = False) -> Any:
    """A parameter's default: an `Ask` whose session takes no connection before its first query, and only reads.

    One that is held while the handler waits for its thread, or for storage, is missing for those who could end the waiting.
    """

    async def open_for_work(request: Request) -> AsyncIterator[Ask]:
        with _open_ask(request, action, fresh) as opened_ask:
            yield opened_ask

    return _declare_right(open_for_work, action, fresh)


def receives(action: str) -> Any:
    """A parameter's default: the same for a form with files. It stands before the form in the handler's parameters.

    Whoever asks is looked at before the form comes in, since a stranger's files would fill the disk; and again afterwards, since a
    slow line may take longer than a right lasts.
    """

    async def may_send(request: Request) -> None:
        _identify_beforehand(request, action)
        _allow_files(request)

    async def open_for_files(
        request: Request, _may: None = Depends(may_send), _form: TypedForm = typed_form()
    ) -> AsyncIterator[Ask]:
        with _open_ask(request, action) as opened_ask:
            yield opened_ask

    return _declare_right(open_for_files, action)


@contextmanager
def _open_ask(request: Request, action: str, fresh: bool = False) -> Iterator[Ask]:
    who = _identify_beforehand(request, action, fresh)
    with site_of(request).database.reading() as session:
        yield Ask(request, site_of(request), session, who.language, who)


def _identify_beforehand(request: Request, action: str, fresh: bool = False) -> Who:
    """Who asks, found out in a short transaction that ends with it."""
    with site_of(request).database.reading() as session:
        return _identify_asker(request, session, action, fresh)


def _allow_files(request: Request) -> None:
    body.allow_size(request, site_of(request).settings.upload_bytes * FULL_FILES + body.MOST_BYTES)


def visits() -> Any:
    """A parameter's default: a `Visit`, for the routes in PUBLIC. Reads only."""

    async def open_visit(request: Request) -> AsyncIterator[Visit]:
        with site_of(request).database.reading() as session:
            yield Visit(request, site_of(request), session, languages.best_language(request))

    return Depends(open_visit, scope="function")


def visits_writing() -> Any:
    """A parameter's default: a `Visit` whose transaction commits when the handler returns."""

    def open_visit(request: Request) -> Iterator[Visit]:
        with site_of(request).database.writing() as session:
            yield Visit(request, site_of(request), session, languages.best_language(request))

    return Depends(open_visit, scope="function")


def visits_by_link() -> Any:
    """A parameter's default: a `Visit` from whoever holds the partner's link in the address, in the language of the request or the chosen one.

    The link is looked at before the form comes in, which may bring files then. As with `works`, the session holds nothing at first.
    """

    async def open_visit(request: Request) -> AsyncIterator[Visit]:
        site = site_of(request)
        with site.database.reading() as session:
            language = personal_link.find_language(session, site, request.path_params["token"])
        _allow_files(request)
        with site.database.reading() as session:
            yield Visit(request, site, session, languages.chosen_language(request) or language)

    return Depends(open_visit, scope="function")


def _declare_right(ask: Callable[..., Any], action: str, fresh: bool = False) -> Any:
    ask.action, ask.fresh = action, fresh  # type: ignore[attr-defined]  # read by the tests that walk every route
    return Depends(ask, scope="function")
