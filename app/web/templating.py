"""From a page dataclass to HTML: one Jinja environment per language, made once, and the answers that handlers give."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.runtime import Macro
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.adapters import translations
from app.rules.database_trouble import DatabaseFull, DatabaseTrouble
from app.rules.errors import (
    CityReadyError,
    Conflict,
    CorrectableProblem,
    Invalid,
    NotAllowed,
    NotFound,
    OutsideUnavailable,
    Refused,
)
from app.rules.freshness import FRESHNESS_NAMES
from app.rules.message import Message, say
from app.services.account.sessions import ConfirmationRequired, SignInRequired
from app.services.account.tries import TooManyAttempts
from app.settings import LANGUAGES, ROOT
from app.web import assets
from app.web.access import Ask, Visit
from app.web.addresses import current_path, menu_section, return_address
from app.web.constants import FoldingEnvironment
from app.web.forms import TypedForm, sent_fields, texts_in

MOST_CACHED = 2_000
MOST_FRAGMENTS = 5_000
"""Rows and tiles that are kept in each language under what they say, about half a kilobyte each."""
LONGEST_CACHED_QUERY = 200
"""Characters that an address may ask with for its page to be kept; a person's clicks ask with fewer, and of longer ones there is no end."""

DONE_MESSAGES: dict[str, Message] = {
    "submitted": say("Submitted for review. It is now in the data office’s queue."),
    "taken-back": say("Taken back. You can change it and submit it again."),
    "saved": say("Saved."),
    "evidence-added": say("Evidence added."),
    "evidence-known": say(
        "Your library had this already. That piece, with its title and period, is linked here now; nothing is stored twice."
    ),
    "evidence-changed": say("Evidence changed."),
    "evidence-withdrawn": say("Evidence removed. Nothing is lost: you can put it back."),
    "evidence-restored": say("Evidence put back."),
    "evidence-unlinked": say("Taken out of this criterion. It still supports others."),
    "link-accepted": say("The new address is kept, and is being visited."),
    "evidence-replaced": say("The new file is in place. The one before is kept as a version."),
    "evidence-redacted": say("The redacted copy is added. It is public, and supports the same criteria."),
    "retention-set": say("Saved."),
    "retention-class-removed": say("The class is removed."),
    "disposal-proposed": say("Proposed. Somebody else has to approve it."),
    "disposal-refused": say("It is kept."),
    "disposed": say("Disposed of. Its content is gone."),
    "claim-approved": say("Approved. The sentence is among the press-ready ones now."),
    "claim-withdrawn": say("The approval is taken back."),
    "personal-data-seen": say("Recorded: somebody has looked at the personal data."),
    "evidence-restricted": say(
        "Restricted now: only the data office and those who answer for its criteria can open it. To change that back, choose who may "
        "see it under “Change it” below."
    ),
    "day-taken": say("The period is filled in. You can change it below."),
    "day-refused": say("The date in the file is not proposed any more."),
    "link-asked": say("The link is being checked again."),
    "decided": say("Verdict recorded."),
    "reopened": say("Opened again for review."),
    "commented": say("Comment added."),
    "claimed": say("This response is yours to review now."),
    "released": say("Given back to the queue."),
    "person-added": say("Person added."),
    "person-changed": say("Changes saved. The person has to sign in again to enter this city."),
    "person-ended": say("Access ended. What the person did stays in the history."),
    "person-scrubbed": say("The personal data are removed. What the person did stays."),
    "person-restored": say("Access given again."),
    "department-added": say("Department added."),
    "department-renamed": say("Department renamed."),
    "assigned": say("Assignment saved."),
    "request-sent": say("Sent. A partner’s answer comes to the inbox, a department’s to the criterion."),
    "request-kept": say("Kept. Nothing is sent until you say so."),
    "request-reminded": say("A reminder is on its way, with the same link."),
    "request-due": say("Noted. The request is sent with this date."),
    "request-closed": say("Ended. You can ask again from here."),
    "request-renewed": say("There is a new link now. The old one opens no more."),
    "request-done": say("Thank you. The data office sees that you have answered."),
    "partner-added": say("Partner added."),
    "contribution-accepted": say("Accepted. It is evidence for its criterion now."),
    "contribution-kept": say(
        "Accepted. It is in the library, since its criterion takes nothing in now: add it from there when it is open again."
    ),
    "contribution-returned": say("Sent back with your question."),
    "contribution-rejected": say("Noted: it is not used, and the partner can see why."),
    "partner-changed": say("Saved."),
    "contribution-sent": say("Received, thank you. You can close this page, or add something more."),
    "portal-asked": say("Recorded. The catalog is read next."),
    "portal-done": say("The reading has ended. What came of it is below."),
    "portal-stopped": say("The address is removed. The catalog is not read by itself any more."),
    "portal-accepted": say("Accepted. It is evidence now, with the catalog as its source."),
    "portal-rejected": say("Not used this time. The next reading may propose it again; you can take this back."),
    "portal-never": say("It will not be proposed again in this city. You can take this back."),
    "portal-proposed": say("Proposed again."),
    "scenario-saved": say("Scenario saved."),
    "scenario-shared": say("Shared: everybody in the city can read it now."),
    "scenario-adopted": say("Adopted. The departments have their dates; you can take it back."),
    "adoption-undone": say("Taken back. Dates that nobody changed since are what they were."),
    "scenario-withdrawn": say("Taken out of the lists. You can put it back."),
    "scenario-restored": say("Put back into the lists."),
    "signed-out": say("You are signed out."),
    "signed-out-elsewhere": say("You are signed out everywhere else."),
    "welcome": say("Your passphrase is set. Sign in with it now."),
    "link-mailed": say(
        "If this address has an account, a mail with a link is on its way. The link works once, for one hour."
    ),
    "passphrase-changed": say("Your passphrase is changed. You are signed out everywhere else."),
    "invitation-accepted": say("You have joined this city."),
    "invitation-declined": say("You have declined the invitation. Nothing of it is kept."),
    "invitation-withdrawn": say("The invitation is withdrawn. Its link no longer works."),
    "cycle-begun": say("The assessment is open."),
    "cycle-undone": say("Taken back. The assessment of before is open again, with everything in it."),
    "confirmed": say("Your answers are recorded."),
    "report-kept": say("Nothing has changed since this report was made, so here it is again."),
}
"""What a page may say after a step; the address carries only the key."""


def _gettext_globals(language: str) -> dict[str, Callable[..., Markup]]:
    """What templates call for their words. Jinja's own takes four calls for each text of a page, of which there are hundreds."""
    texts = translations.load_translations(language)

    @cache
    def translate_fixed(text: str) -> Markup:
        return Markup(texts.ugettext(text)) % {}  # noqa: S704  (our own text; values are escaped)

    def gettext(text: str, /, **values: Any) -> Markup:
        return Markup(texts.ugettext(text)) % values if values else translate_fixed(text)  # noqa: S704

    def ngettext(singular: str, plural: str, number: int, /, **values: Any) -> Markup:
        return Markup(texts.ungettext(singular, plural, number)) % {"num": number, **values}  # noqa: S704

    return {"_": gettext, "gettext": gettext, "ngettext": ngettext}


@cache
def template_environment(language: str) -> Environment:
    """Templates in a language. Autoescape is on for every file name."""
    env = FoldingEnvironment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    tongue = translations.load_translator(language)
    env.install_gettext_translations(translations.load_translations(language), newstyle=True)  # type: ignore[attr-defined]
    env.filters.update(
        say=tongue.say, day=tongue.day, moment=tongue.moment, number=tongue.number, percent=tongue.percent
    )
    texts = _gettext_globals(language)

    @lru_cache(maxsize=MOST_FRAGMENTS)
    def kept(macro: Macro, *values: Hashable) -> Markup:
        return Markup(macro(*values))  # noqa: S704  (what a macro writes is escaped already)

    env.folded = {"_": texts["_"], "gettext": texts["gettext"], "asset": assets.asset_address}
    env.folded_macros = dict.fromkeys(("icon", "tag", "spoken"), "base/_macros.html")
    env.globals.update(
        texts,
        asset=assets.asset_address,
        section=menu_section,
        texts_in=texts_in,
        kept=kept,
        languages=LANGUAGES,
        language=language,
        DONE=DONE_MESSAGES,
        freshness_names=FRESHNESS_NAMES,
    )
    return env


def render_template(language: str, template: str, **values: Any) -> str:
    return template_environment(language).get_template(template).render(**values)


def wants_fragment(request: Request) -> bool:
    """Whether htmx asks for a part of the page rather than the whole."""
    return request.headers.get("hx-request") == "true" and request.headers.get("hx-request-type") != "full"


def show_page(
    visit: Visit,
    template: str,
    page: Any,
    *,
    status: int = 200,
    typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, Message] | None = None,
    **more: Any,
) -> Response:
    """The template with one object called `page`; `typed` and `errors` fill a form that is shown again.

    What was done before is not said beside what did not work now. Texts that the page has no field for any more are shown beside what
    is wrong, so that nothing typed is lost.
    """
    if status < 400:
        commit_step(visit)
    html = render_template(
        visit.language,
        template,
        page=page,
        who=visit.who if isinstance(visit, Ask) else None,
        here=current_path(visit.request),
        there=return_address(visit.request),
        done=visit.request.query_params.get("done") if status < 400 else None,
        typed=typed or {},
        errors=errors or {},
        sent=texts_in(sent_fields(visit.request)) if errors else [],
        **more,
    )
    return Response(html, status, media_type="text/html")


def commit_step(visit: Visit) -> None:
    """Commit what a step wrote, before the page about it is made: others who write must not wait for that."""
    visit.site.database.keep(visit.session)


def show_page_again(
    visit: Visit,
    template: str,
    build: Callable[[], Any],
    problem: CityReadyError,
    typed: Mapping[str, Any],
    **more: Any,
) -> Response:
    """Show a form once more with what was typed and what is wrong.

    Whatever the failed step wrote is rolled back first, and the page made from what can be read then: others who write must not wait for it.
    """
    visit.site.database.undo(visit.session)
    errors = problem.fields if isinstance(problem, Invalid) else {"": problem.said}
    reply = show_page(visit, template, build(), status=status_of(problem), typed=typed, errors=errors, **more)
    reply.headers.update(headers_of(problem))
    return reply


ERROR_STATUSES: dict[type[CityReadyError], int] = {
    SignInRequired: 401,
    ConfirmationRequired: 401,
    NotAllowed: 403,
    NotFound: 404,
    Refused: 409,
    Conflict: 409,
    Invalid: 422,
    TooManyAttempts: 429,
    DatabaseFull: 507,
    OutsideUnavailable: 503,
}
"""The status of each named error. Those of app.rules.errors and of signing in; a subclass has that of its kind."""


def status_of(problem: CityReadyError) -> int:
    return next(code for kind, code in ERROR_STATUSES.items() if isinstance(problem, kind))


RETRY_SECONDS = 10
"""After how long it is worth asking a database in trouble again."""


def headers_of(problem: CityReadyError) -> dict[str, str]:
    """What else an answer says to programs: when to try again."""
    if isinstance(problem, TooManyAttempts):
        return {"Retry-After": str(problem.seconds)}
    return {"Retry-After": str(RETRY_SECONDS)} if isinstance(problem, DatabaseTrouble) else {}


class PageCache:
    """Rendered pages by everything they depend on, the least recently used thrown out first.

    A city's history moves with every change in it, in the same transaction; its count is therefore the version of all its pages.
    """

    def __init__(self, most: int = MOST_CACHED) -> None:
        self._pages: OrderedDict[tuple[Any, ...], tuple[bytes, str]] = OrderedDict()
        self._most = most

    def __len__(self) -> int:
        return len(self._pages)

    def find(self, key: tuple[Any, ...]) -> tuple[bytes, str] | None:
        """The page's bytes and its mark, where they are kept."""
        cached = self._pages.get(key)
        if cached:
            self._pages.move_to_end(key)
        return cached

    def keep(self, key: tuple[Any, ...], body: bytes) -> tuple[bytes, str]:
        """Keep the page under the key; returns its bytes and its mark."""
        cached = self._pages[key] = (body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
        if len(self._pages) > self._most:
            self._pages.popitem(last=False)
        return cached


IS_CHANGING: Callable[[Any], bool] = attrgetter("moves")
"""Whether a page of those that say so changes by itself, without an event in the record."""


def show_kept_page(
    ask: Ask,
    template: str,
    build: Callable[[], Any],
    is_changing: Callable[[Any], bool] = lambda page: False,
    **more: Any,
) -> Response:
    """Like `show_page` for a page that depends on nothing but the city's record, the person, the language and the day.

    One that `is_changing` is not kept, nor one with a long query. Answers 304 without a body when the browser has this very page.
    """
    key, cache = _cache_key(ask, template), ask.request.app.state.pages
    cached = cache.find(key)
    if cached is None:
        page = build()
        reply = show_page(ask, template, page, **more)
        if is_changing(page) or len(ask.request.url.query) > LONGEST_CACHED_QUERY:
            return reply
        cached = cache.keep(key, bytes(reply.body))
    body, mark = cached
    headers = {"ETag": mark, "Cache-Control": "private, no-cache", "Vary": "Cookie, HX-Request, Accept-Language"}
    if ask.request.headers.get("if-none-match", "").removeprefix("W/") == mark:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="text/html", headers=headers)


def _cache_key(ask: Ask, template: str) -> tuple[Any, ...]:
    """Everything that a kept page depends on."""
    who, url = ask.who, ask.request.url
    return (
        who.city_id, who.city.history_count, who.person_id, who.role, who.departments,
        ask.language, who.today, template, url.path, url.query, wants_fragment(ask.request),
    )  # fmt: skip


def redirect_to(visit: Visit, path: str, done: str = "") -> Response:
    """Redirect after a step (303); htmx is told in its own header, so that the whole page changes."""
    target = path + (f"{'&' if '?' in path else '?'}done={quote(done)}" if done else "")
    if wants_fragment(visit.request):
        return Response(status_code=204, headers={"HX-Redirect": target})
    return RedirectResponse(target, 303)


def take_step(
    visit: Visit,
    form: TypedForm,
    take: Callable[[int], object],
    show_problem: Callable[[CorrectableProblem], Response],
    path: str,
    done: str,
) -> Response:
    """Take a step with the version that the page was made from, and lead on with the message `done`.

    What stands in the way is `show_problem` on the page that the step began from.
    """
    try:
        take(form.version())
    except CorrectableProblem as problem:
        return show_problem(problem)
    return redirect_to(visit, path, done)
