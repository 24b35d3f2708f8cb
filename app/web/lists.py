"""Lists that are narrowed in their address: what they are asked, and what a person last asked of them."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from app.rules.listing.query import AGAIN, LIST_FIELDS, ListName, ListQuery, asks_something, read_query
from app.services.lists.list_choice import changed_choices, find_choice
from app.web.access import Ask
from app.web.page_cache import show_kept_page
from app.web.wire.session_use import ask_to_keep


def read_list_query(ask: Ask, name: ListName) -> ListQuery:
    """What the address asks of this list."""
    return read_query(ask.request.query_params, LIST_FIELDS[name])


def show_list(ask: Ask, name: ListName, template: str, build: Callable[[ListQuery], Any], **more: Any) -> Response:
    """The list as its address asks. One that asks nothing goes on to how the person last narrowed this list."""
    return _last_narrowed(ask, name) or _show_narrowed(ask, name, template, build, **more)


def _last_narrowed(ask: Ask, name: ListName) -> Response | None:
    params = ask.request.query_params
    choice = "" if asks_something(params.keys(), LIST_FIELDS[name]) else find_choice(ask.who, name)
    if not choice:
        return None
    told = urlencode([(each, value) for each, value in params.multi_items() if each != AGAIN])
    return RedirectResponse(f"{ask.request.url.path}?{choice}&{AGAIN}=1{f'&{told}' if told else ''}", 303)


def _show_narrowed(ask: Ask, name: ListName, template: str, build: Callable[[ListQuery], Any], **more: Any) -> Response:
    query = read_list_query(ask, name)
    choices = None if query.is_again else changed_choices(ask.who, name, query.lasting)
    reply = show_kept_page(ask, template, lambda: build(query), **more)
    if choices is not None and asks_something(ask.request.query_params.keys(), LIST_FIELDS[name]):
        ask_to_keep(ask.request, ask.who, choices)
    return reply
