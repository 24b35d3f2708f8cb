"""What becomes of an error: its page with a status and a sentence; and what a lost session does to a form."""

import errno
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from app.rules.errors import CityReadyError, Refused
from app.rules.installation.database_trouble import (
    DatabaseBusy,
    DatabaseClosed,
    DatabaseFull,
    DatabaseTrouble,
    OutcomeUnknown,
)
from app.rules.message import Message, say
from app.services.account.sessions import ConfirmationRequired, SecondStepRequired, SignInRequired
from app.services.assessment.ground import NoAssessment
from app.services.desk import Who
from app.services.requests.personal_link import LinkEnded
from app.services.response.answering import RESPONSE_CHANGED
from app.web import languages, templating
from app.web.access import find_lost_member
from app.web.account.doors import CONFIRM_PAGE, SIGN_IN_PAGE, load_door_ways
from app.web.addresses import current_path, page_of, return_address
from app.web.forms import has_sent_secrets, read_form, sent_fields, texts_in
from app.web.last_resort import render_last_resort
from app.web.statuses import HTTP_SENTENCES, NOT_NOW, SOMETHING_WRONG, TITLES, headers_of, status_of
from app.web.steps import StepNotTaken
from app.web.wire.request_id import REQUEST_ID_HEADER, request_number
from app.web.wire.security import SECURITY_HEADERS

log = structlog.get_logger()
LOGGED_PATH = 200
"""Characters of an address that a line in the log holds."""

FIRST_BROKEN_STATUS = 500
"""From this status on it is not the fault of whoever asked, and the same form may be sent again."""


def add_handlers(app: FastAPI) -> None:
    app.add_exception_handler(StepNotTaken, answer_step)  # type: ignore[arg-type]
    app.add_exception_handler(SignInRequired, ask_to_sign_in)  # type: ignore[arg-type]
    app.add_exception_handler(ConfirmationRequired, ask_to_confirm)  # type: ignore[arg-type]
    app.add_exception_handler(SecondStepRequired, ask_to_set_up)  # type: ignore[arg-type]
    app.add_exception_handler(LinkEnded, show_ended_link)  # type: ignore[arg-type]
    app.add_exception_handler(CityReadyError, show_named_error)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, show_http_error)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, show_unknown_address)  # type: ignore[arg-type]
    app.add_exception_handler(PoolTimeout, show_busy_database)  # type: ignore[arg-type]
    app.add_exception_handler(OSError, show_full_disk)  # type: ignore[arg-type]
    app.add_exception_handler(IntegrityError, show_collision)  # type: ignore[arg-type]
    app.add_exception_handler(ClientDisconnect, note_cut_connection)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, show_unexpected_error)


DISK_TROUBLES = {
    errno.ENOSPC: DatabaseFull,
    errno.EDQUOT: DatabaseFull,
    errno.EFBIG: DatabaseFull,
    errno.EROFS: DatabaseClosed,
}
WAYS_BACK: dict[str, tuple[str, Message]] = {
    "evidence_id": ("/%(city)s/evidence/%(evidence_id)s", say("Go to this piece of evidence")),
    "code": ("/%(city)s/criteria/%(code)s", say("Go to the criterion")),
}
"""Where someone may go on who could not take a step, by what its address names."""


def _find_way_back(request: Request) -> tuple[str, Message] | None:
    """The page that a step belongs to, as (address, what the button says); None where there is none, or where it is the page itself."""
    path_values = {name: quote(str(value), safe="") for name, value in request.path_params.items()}
    for name, (address, words) in WAYS_BACK.items():
        target = address % path_values if name in path_values and "city" in path_values else ""
        if target and target != request.url.path:
            return target, words
    return None


def show_error(
    request: Request,
    status: int,
    message: Message,
    headers: dict[str, str] | None = None,
    *,
    can_begin: bool = False,
    title: Message | None = None,
    back: tuple[str, Message] | None = None,
) -> Response:
    """The error page, or for htmx just the sentence as an alert.

    `can_begin` when an assessment is all that is missing; `title` where the status does not say it; `back` is an address to go on
    from and what its button says, None for the start.
    """
    fields = [] if request.method == "GET" else sent_fields(request)
    is_outcome_unknown = title == TITLES[OutcomeUnknown]
    is_broken, has_secrets = status >= FIRST_BROKEN_STATUS, has_sent_secrets(request)
    fields_to_resend = fields if is_broken and not has_secrets else []
    values = {"status": status, "said": message, "can_begin": can_begin, "title": title, "back": back}
    values |= {"number": request_number(request) if is_broken else ""}
    values |= {
        "texts": texts_in(fields, short_ones=is_broken and has_secrets),
        "again": fields_to_resend,
        "address": _request_address(request),
    }
    values |= {"look_at": page_of(request) if is_outcome_unknown else ""}
    template = "errors/_alert.html" if templating.wants_fragment(request) else "errors/show.html"
    who = getattr(request.state, "who", None) or (find_lost_member(request) if status == 404 else None)
    language = who.language if who else languages.best_language(request)
    return _render_error(request, language, status, template, values, headers, who=who)


def _request_address(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _render_error(
    request: Request,
    language: str,
    status: int,
    template: str,
    values: dict[str, Any],
    headers: dict[str, str] | None = None,
    who: Who | None = None,
) -> Response:
    """The page of an error; where even that cannot be made, the last resort, with what was typed."""
    try:
        html = templating.render_template(
            language, template, page=values, who=who, here=current_path(request), there=return_address(request), done=None, typed={}, errors={},
        )  # fmt: skip
    except Exception as problem:
        log.error(
            "no error page",
            request=request_number(request),
            path=request.url.path[:LOGGED_PATH],
            kind=type(problem).__name__,
            exc_info=problem,
        )
        html = render_last_resort(language, status, texts_in(sent_fields(request)), request_number(request))
    return Response(html, status, media_type="text/html", headers=headers)


async def show_named_error(request: Request, problem: CityReadyError) -> Response:
    status = status_of(problem)
    title = TITLES.get(type(problem), NOT_NOW if isinstance(problem, Refused) else None)
    back = _find_way_back(request) if status == 409 else None
    if isinstance(problem, DatabaseTrouble):
        log.warning("database in trouble", kind=type(problem).__name__, path=request.url.path)
        request.state.database_trouble = problem
    headers = headers_of(problem)
    return show_error(
        request, status, problem.said, headers, can_begin=isinstance(problem, NoAssessment), title=title, back=back
    )


async def answer_step(request: Request, problem: StepNotTaken) -> Response:
    """The page that the step began from, made while its transaction was still open."""
    return problem.reply


async def show_ended_link(request: Request, problem: LinkEnded) -> Response:
    """For a partner, who has no account: there is nowhere to go on from here, only someone to ask."""
    language = languages.chosen_language(request) or problem.language or languages.best_language(request)
    return _render_error(request, language, 404, "request/ended.html", {"said": problem.said, "city": problem.city})


async def show_http_error(request: Request, problem: HTTPException) -> Response:
    return show_error(
        request,
        problem.status_code,
        HTTP_SENTENCES.get(problem.status_code, SOMETHING_WRONG),
        dict(problem.headers or {}),
    )


async def show_unknown_address(request: Request, problem: RequestValidationError) -> Response:
    """Forms are read by hand, so what FastAPI cannot read is a part of the address."""
    return show_error(request, 404, HTTP_SENTENCES[404])


async def show_collision(request: Request, problem: IntegrityError) -> Response:
    """Two people began the same thing in the same moment, and the database let only the first through."""
    if "unique" not in str(problem.orig).lower():
        return await show_unexpected_error(request, problem)
    return show_error(request, 409, RESPONSE_CHANGED)


async def show_busy_database(request: Request, problem: PoolTimeout) -> Response:
    """So many are in the database that no connection came free."""
    return await show_named_error(request, DatabaseBusy())


async def show_full_disk(request: Request, problem: OSError) -> Response:
    """A disk that is full, or cannot be written, where a form or a file was put aside."""
    trouble = DISK_TROUBLES.get(problem.errno or 0)
    if trouble is None:
        raise problem
    return await show_named_error(request, trouble())


async def show_unexpected_error(request: Request, problem: Exception) -> Response:
    log.error(
        "unexpected",
        request=request_number(request),
        path=request.url.path[:LOGGED_PATH],
        kind=type(problem).__name__,
        exc_info=problem,
    )
    reply = show_error(request, 500, SOMETHING_WRONG)
    reply.headers.update(
        {"Cache-Control": "no-store", REQUEST_ID_HEADER: request_number(request), **SECURITY_HEADERS}
    )  # it leaves outside of everything that adds them
    return reply


async def ask_to_sign_in(request: Request, problem: SignInRequired) -> Response:
    """Ask to sign in. Text typed under a session that has ended travels along and is offered again afterwards."""
    if templating.wants_fragment(request):
        return show_error(
            request,
            401,
            say(
                "You have been signed out. Your text is still on this page: sign in again in a new tab, then go on typing."
            ),
        )
    if request.method in {"GET", "HEAD"}:
        return RedirectResponse(f"/sign-in?next={quote(_request_address(request))}", 303)
    fields, has_lost_files = await _carry_form(request)
    values = {
        "next": _request_address(request),
        "kept": fields,
        "files_lost": has_lost_files,
        "unused": False,
        **_list_ways(request, SIGN_IN_PAGE),
    }
    return _render_error(request, languages.best_language(request), 401, SIGN_IN_PAGE, values)


async def ask_to_set_up(request: Request, problem: SecondStepRequired) -> Response:
    """Lead to where the second step is set up; a form is answered with the sentence and what was typed."""
    if request.method in {"GET", "HEAD"} and not templating.wants_fragment(request):
        return RedirectResponse("/account/second-step?required=1", 303)
    return await show_named_error(request, problem)


async def ask_to_confirm(request: Request, problem: ConfirmationRequired) -> Response:
    """Ask for the passphrase before a sensitive step. What the step's form holds travels along and is offered again afterwards."""
    if templating.wants_fragment(request):
        return show_error(
            request, 401, say("Load this page again and type your passphrase once more, then repeat the step.")
        )
    if request.method in {"GET", "HEAD"}:
        return RedirectResponse(f"/confirm?next={quote(_request_address(request))}", 303)
    fields, has_lost_files = await _carry_form(request)
    who = getattr(request.state, "who", None)
    values = {
        "next": _request_address(request),
        "kept": fields,
        "files_lost": has_lost_files,
        "asks_again": True,
        **_list_ways(request, CONFIRM_PAGE),
    }
    language = who.language if who else languages.best_language(request)
    return _render_error(request, language, 401, CONFIRM_PAGE, values, who=who)


def _list_ways(request: Request, template: str) -> dict[str, Any]:
    with request.app.state.site.database.reading() as session:
        return load_door_ways(request, session, template)


async def _carry_form(request: Request) -> tuple[list[tuple[str, str]], bool]:
    """The texts of a form, and whether anything of it is lost: its files, or all of it where it is more than anyone may send."""
    try:
        form = await read_form(request)
        return form.pairs(), any(form.files(name) for name in form.form)
    except HTTPException as problem:
        if problem.status_code != 413:
            raise
        return [], True
    finally:
        await request.close()


async def note_cut_connection(request: Request, problem: ClientDisconnect) -> Response:
    """The line was cut or the page was left while something was on its way; nobody is there to read an answer."""
    log.info("cut off while sending", path=request.url.path[:LOGGED_PATH])
    return Response(status_code=400)
