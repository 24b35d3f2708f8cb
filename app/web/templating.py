"""From a page dataclass to HTML: one Jinja environment per language, made once, and the answers that handlers give."""

from collections.abc import Callable, Hashable, Mapping
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment
from jinja2.runtime import Macro
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.adapters import translations
from app.adapters.pdf.fonts import say_unprinted
from app.adapters.state_words import STATE_WORDS, STATES
from app.adapters.templates import make_environment
from app.rules.errors import CityReadyError, Invalid
from app.rules.menu import menu_for
from app.rules.message import Message
from app.rules.report.blocks import read_text
from app.services.menu import load_counts
from app.settings import LANGUAGES
from app.web import assets
from app.web.access import Ask, Visit
from app.web.addresses import current_path, menu_section, return_address, trail_of
from app.web.constants import FoldingEnvironment
from app.web.forms import sent_fields, texts_in
from app.web.notices import DONE_MESSAGES
from app.web.statuses import headers_of, status_of

MOST_FRAGMENTS = 5_000
"""Parts of pages that are kept in each language under what they say; most are rows of about half a kilobyte."""


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
    """Pages in a language, with what they call and name."""
    env = make_environment(language, FoldingEnvironment)
    texts, tongue = _gettext_globals(language), translations.load_translator(language)

    @lru_cache(maxsize=MOST_FRAGMENTS)
    def kept(macro: Macro, *values: Hashable) -> Markup:
        return Markup(macro(*values))  # noqa: S704  (what a macro writes is escaped already)

    env.folded = {"_": texts["_"], "gettext": texts["gettext"], "asset": assets.asset_address}
    env.folded_states = STATES
    env.folded_words = {
        name: {state: tongue.say(word) for state, word in words.items()} for name, words in STATE_WORDS.items()
    }
    env.folded_macros = dict.fromkeys(("icon", "tag", "spoken"), "base/_macros.html")
    env.filters.update(unprinted=say_unprinted, blocks=read_text)
    env.globals.update(
        texts,
        on_web=True,
        asset=assets.asset_address,
        section=menu_section,
        menu_for=menu_for,
        trail_of=trail_of,
        texts_in=texts_in,
        kept=kept,
        languages=LANGUAGES,
        language=language,
        DONE=DONE_MESSAGES,
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
        counts=_menu_counts(visit, status),
        there=return_address(visit.request),
        done=visit.request.query_params.get("done") if status < 400 else None,
        typed=typed or {},
        errors=errors or {},
        sent=texts_in(sent_fields(visit.request)) if errors else [],
        **more,
    )
    return Response(html, status, media_type="text/html")


def _menu_counts(visit: Visit, status: int) -> tuple[tuple[str, int], ...]:
    """What waits at the entries of the menu; nothing is asked where a step was just taken, since its session has ended."""
    if not isinstance(visit, Ask) or (visit.request.method == "POST" and status < 400):
        return ()
    return load_counts(visit.site.kept.seen_by(visit.session, visit.who.city), visit.who)


def commit_step(visit: Visit) -> None:
    """Commit what a step wrote, before the page about it is made: others who write must not wait for that."""
    visit.site.database.keep(visit.session)


def show_page_again(
    visit: Visit,
    typed: Mapping[str, Any],
    template: str,
    build: Callable[[], Any],
    problem: CityReadyError,
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


def redirect_to(visit: Visit, path: str, done: str = "") -> Response:
    """Redirect after a step (303); htmx is told in its own header, so that the whole page changes."""
    address, mark, place = path.partition("#")
    target = address + (f"{'&' if '?' in address else '?'}done={quote(done)}" if done else "") + mark + place
    if wants_fragment(visit.request):
        return Response(status_code=204, headers={"HX-Redirect": target})
    return RedirectResponse(target, 303)
