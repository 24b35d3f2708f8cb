"""Pages that are kept as long as nothing changes what they show."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from operator import attrgetter
from typing import Any

from starlette.responses import Response

from app.web.access import Ask
from app.web.templating import show_page, wants_fragment

MOST_CACHED = 2_000
LONGEST_CACHED_QUERY = 200
"""Characters that an address may ask with for its page to be kept; a person's clicks ask with fewer, and of longer ones there is no end."""


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


IS_CHANGING: Callable[[Any], bool] = attrgetter("is_changing")
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
        who.has_read_public_advice, ask.language, who.today, template, url.path, url.query, wants_fragment(ask.request),
    )  # fmt: skip
