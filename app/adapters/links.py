"""Looks at a web page that someone named: whether it answers, how it calls itself, where it moved, and a copy of what it says."""

import html
import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urljoin

from app.adapters.encodings import decode_safely
from app.adapters.outside import HttpReply, Resolver, fetch_url, resolve_host
from app.adapters.web_text import visible_text
from app.rules.evidence.links import (
    LinkState,
    is_clean_url,
    is_home,
    is_public_address,
    is_same_place,
    is_sign_in,
    leads_home,
    leads_to_door,
    leads_to_sign_in,
)
from app.rules.evidence.page_titles import asks_at_the_door, says_closed, says_not_found, says_sign_in
from app.rules.evidence.piece import name_page_copy
from app.rules.files.kinds import FILE_KINDS, TEXT
from app.rules.message import Message, say

TITLE_CHARACTERS = 300
TITLE_END = b"</title"
COPY_BYTES = 20_000_000
"""The largest document that a copy is kept of."""
COPY_CHARACTERS = 500_000
_META = re.compile(rb"<meta\b[^>]{1,1200}>", re.IGNORECASE)
_REFRESHES = re.compile(rb"http-equiv\s*=\s*[\"']?refresh\b", re.IGNORECASE)
_TARGET = re.compile(
    rb"content\s*=\s*[\"']?\s*(\d{0,9})[\d.]*\s*[;,]\s*url\s*=\s*[\"']?([^\"'>\s]{1,1000})", re.IGNORECASE
)
LONGEST_WAIT = 30
"""Seconds after which a page that goes to another does so because nobody did anything, such as one that signs people out."""


@dataclass(frozen=True)
class PageCopy:
    """What the page says, to keep: the document as it came, or a page's text; `name` ends as its kind does."""

    name: str
    content: bytes


@dataclass(frozen=True)
class PageVisit:
    """What a visit found: the page answers, it is gone, the app may not go there, or nobody can tell now.

    `moved_to` is the address that the site says the page has for good now, or empty.
    """

    state: LinkState
    said: Message
    final_url: str
    status: int | None = None
    title: str | None = None
    moved_to: str = ""
    copy: PageCopy | None = None


def visit_page(
    url: str,
    *,
    private_allowed: bool,
    seconds: float = 10,
    max_bytes: int = COPY_BYTES,
    resolve: Resolver = resolve_host,
    public: Callable[[str], bool] = is_public_address,
) -> PageVisit:
    """Visit the page within the limits and with the care of `outside.fetch_url`.

    A page that answers is compared with the answer to an address beside it that cannot exist, to find sites that never say that
    something is gone (Bar-Yossef and others, 2004).
    """
    ask = partial(
        fetch_url, private_allowed=private_allowed, seconds=seconds, max_bytes=max_bytes, resolve=resolve, public=public
    )
    reply = ask(url)
    visit = PageVisit(reply.state, reply.said, reply.final_url, reply.status, page_title(reply))
    if reply.state != LinkState.OPENS:
        return visit
    if trouble := _find_hidden_trouble(url, reply, visit.title, ask):
        return replace(visit, state=trouble[0], said=trouble[1], title=None)
    return replace(
        visit,
        moved_to=_find_new_address(url, reply, partial(ask, wanted=lambda headers: False)),
        copy=_copy_page(reply, visit.title),
    )


def _find_hidden_trouble(
    url: str, reply: HttpReply, title: str | None, ask: Callable[[str], HttpReply]
) -> tuple[LinkState, Message] | None:
    """What a friendly answer hides: a page that says it is not there, one at a door, the first page of the site, or one page for everything."""
    if says_not_found(title):
        return LinkState.GONE, say("The site shows a page that says “%(title)s”.", title=title)
    if trouble := _find_closed_door(url, _find_refresh(reply) or reply.final_url, title):
        return LinkState.UNKNOWN, trouble
    if leads_home(url, reply.final_url):
        return LinkState.GONE, say("The address leads to the first page of the site now.")
    if is_home(url) or not _is_web_page(reply):
        return None
    return _compare_with_neighbor(url, reply, ask)


def _find_closed_door(url: str, final_url: str, title: str | None) -> Message | None:
    """Why nobody can tell from here what is behind the page that was shown."""
    if leads_to_sign_in(url, final_url) or (says_sign_in(title) and not is_sign_in(url)):
        return say(
            "The address leads to a page where people sign in, so nobody can tell from here whether this one exists."
        )
    if leads_to_door(url, final_url) or asks_at_the_door(title):
        return say(
            "The address leads to a page that first asks visitors something, so nobody can tell from here whether this one exists."
        )
    return say("The site shows a page that says “%(title)s”.", title=title) if says_closed(title) else None


def _compare_with_neighbor(
    url: str, reply: HttpReply, ask: Callable[[str], HttpReply]
) -> tuple[LinkState, Message] | None:
    """What the answer to an address beside it that cannot exist tells of this one."""
    neighbor = ask(_impossible_address(url))
    if neighbor.state != LinkState.OPENS or says_not_found(page_title(neighbor)):
        return None
    if not is_same_place(url, reply.final_url) and neighbor.final_url == reply.final_url:
        return LinkState.GONE, say("The site sends every address that it does not know to the same page.")
    if neighbor.body and (neighbor.body == reply.body or _read_text(neighbor) == _read_text(reply)):
        return LinkState.UNKNOWN, say(
            "The site shows the same page for every address, so nobody can tell whether this one exists."
        )
    return None


def _impossible_address(url: str) -> str:
    """An address in the same folder that cannot exist."""
    return urljoin(url, f"cityready-{secrets.token_hex(6)}")


def _find_new_address(url: str, reply: HttpReply, ask: Callable[[str], HttpReply]) -> str:
    """Where the page is for good now. What a page says of itself is believed when someone answers there, on the open internet."""
    refreshed = _find_refresh(reply)
    new_url = refreshed or (reply.final_url if reply.moved else "")
    if not is_clean_url(new_url) or is_same_place(url, new_url):
        return ""
    return "" if refreshed and ask(new_url).state != LinkState.OPENS else new_url


def _find_refresh(reply: HttpReply) -> str:
    """Where the page sends its readers by itself, and soon; empty where it does not."""
    tags = (tag[0] for tag in _META.finditer(reply.body[:20_000])) if _is_web_page(reply) else ()
    targets = (_TARGET.search(tag) for tag in tags if _REFRESHES.search(tag))
    target = next((found for found in targets if found and int(found[1] or 0) <= LONGEST_WAIT), None)
    try:
        return urljoin(reply.final_url, html.unescape(target[2].decode("utf-8", errors="replace"))) if target else ""
    except ValueError:
        return ""


def _is_web_page(reply: HttpReply) -> bool:
    return reply.state == LinkState.OPENS and "html" in reply.headers.get("content-type", "")


def _copy_page(reply: HttpReply, title: str | None) -> PageCopy | None:
    """None for what is too large, came packed or only in part, or is of no kind that is kept."""
    if not reply.whole:
        return None
    if _is_web_page(reply):
        text = _read_text(reply)
        name = name_page_copy(reply.final_url, TEXT.media_type)
        return PageCopy(name, f"{title or ''}\n\n{text}".strip().encode()) if text else None
    media_type = reply.headers.get("content-type", "").partition(";")[0].strip()
    if all(kind.media_type != media_type for kind in FILE_KINDS):
        return None
    return PageCopy(name_page_copy(reply.final_url, media_type), reply.body)


def _read_text(reply: HttpReply) -> str:
    """What a reader sees of a web page, whatever else its address changes in it."""
    return visible_text(decode_safely(reply.body, reply.charset or "utf-8"), COPY_CHARACTERS)


def page_title(reply: HttpReply) -> str | None:
    """How a web page calls itself; None for anything else."""
    return _find_title(reply.body, reply.charset) if _is_web_page(reply) else None


def _find_title(body: bytes, charset: str | None) -> str | None:
    """Found by searching forward only: a pattern could be made to take forever."""
    lower = body.lower()
    start = lower.find(b">", lower.find(b"<title"))
    end = lower.find(TITLE_END, start)
    if b"<title" not in lower or start < 0 or end < 0:
        return None
    named = re.search(rb"charset=[\"']?([\w-]{1,40})", lower[:2048])
    encoding = charset or (named[1].decode("ascii") if named else "utf-8")
    text = " ".join(html.unescape(decode_safely(body[start + 1 : end], encoding)).split())
    return "".join(letter for letter in text if unicodedata.category(letter)[0] != "C")[:TITLE_CHARACTERS] or None
