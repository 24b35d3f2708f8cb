"""Looks at a web page that somebody named: whether it answers, how it calls itself, where it moved, and a copy of what it says."""

import html
import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

from app.adapters.encodings import decoded
from app.adapters.outside import Answer, AnswerState, Resolver, addresses_of, fetch
from app.rules.files.kinds import KINDS, safe_name
from app.rules.links import is_clean, is_home, is_public, leads_home, same_place, says_not_found
from app.rules.message import Said, say

TITLE_CHARACTERS = 300
TITLE_END = b"</title"
COPY_BYTES = 20_000_000
"""The largest document that a copy is kept of."""
COPY_CHARACTERS = 500_000
_REFRESH = re.compile(rb"<meta[^>]{1,80}refresh[^>]{1,80}url=[\"']?([^\"'>\s]{1,1000})", re.IGNORECASE)


@dataclass(frozen=True)
class Copy:
    """What the page says, to keep: the document as it came, or a page's text; `name` ends as its kind does."""

    name: str
    content: bytes


@dataclass(frozen=True)
class LinkLook:
    """What a visit found: the page answers, it is gone, the app may not go there, or nobody can tell now.

    `moved_to` is the address that the site says the page has for good now, or empty.
    """

    state: AnswerState
    said: Said
    final_url: str
    status: int | None = None
    title: str | None = None
    moved_to: str = ""
    copy: Copy | None = None


def look_at(
    url: str,
    *,
    private_allowed: bool,
    seconds: float = 10,
    max_bytes: int = COPY_BYTES,
    resolve: Resolver = addresses_of,
    public: Callable[[str], bool] = is_public,
) -> LinkLook:
    """Visit the page within the limits and with the care of `outside.fetch`.

    A page that answers is compared with the answer to an address beside it that cannot exist, to find sites that never say that
    something is gone (Bar-Yossef and others, 2004).
    """
    ask = partial(
        fetch, private_allowed=private_allowed, seconds=seconds, max_bytes=max_bytes, resolve=resolve, public=public
    )
    answer = ask(url)
    look = LinkLook(answer.state, answer.said, answer.final_url, answer.status, title_of(answer))
    if answer.state != "ok":
        return look
    if trouble := _hidden_trouble(url, answer, look.title, ask):
        return replace(look, state=trouble[0], said=trouble[1], title=None)
    return replace(
        look,
        moved_to=_moved_to(url, answer, partial(ask, wanted=lambda headers: False)),
        copy=_copy(answer, look.title),
    )


def _hidden_trouble(
    url: str, answer: Answer, title: str | None, ask: Callable[[str], Answer]
) -> tuple[AnswerState, Said] | None:
    """What a friendly answer hides: a page that says it is not there, the first page of the site, or one page for everything."""
    if says_not_found(title):
        return "dead", say("The site shows a page that says “%(title)s”.", title=title)
    if leads_home(url, answer.final_url):
        return "dead", say("The address leads to the first page of the site now.")
    if is_home(url) or not _is_page(answer):
        return None
    beside = ask(_beside(url))
    if beside.state != "ok" or says_not_found(title_of(beside)):
        return None
    if not same_place(url, answer.final_url) and beside.final_url == answer.final_url:
        return "dead", say("The site sends every address that it does not know to the same page.")
    if beside.body == answer.body and beside.body:
        return "unknown", say(
            "The site shows the same page for every address, so nobody can tell whether this one exists."
        )
    return None


def _beside(url: str) -> str:
    """An address in the same folder that cannot exist."""
    return urljoin(url, f"cityready-{secrets.token_hex(6)}")


def _moved_to(url: str, answer: Answer, ask: Callable[[str], Answer]) -> str:
    """Where the page is for good now. What a page says of itself is believed when somebody answers there, on the open internet."""
    refreshed = _REFRESH.search(answer.body[:20_000]) if _is_page(answer) else None
    found = answer.final_url if answer.moved else ""
    if refreshed:
        found = urljoin(answer.final_url, html.unescape(refreshed[1].decode("utf-8", errors="replace")))
    if not is_clean(found) or same_place(url, found):
        return ""
    return "" if refreshed and ask(found).state != "ok" else found


def _is_page(answer: Answer) -> bool:
    return answer.state == "ok" and "html" in answer.headers.get("content-type", "")


def _copy(answer: Answer, title: str | None) -> Copy | None:
    """None for what is too large, came packed or only in part, or is of no kind that is kept."""
    if not answer.whole:
        return None
    name = safe_name(unquote(urlsplit(answer.final_url).path.rpartition("/")[2]) or "page")
    if _is_page(answer):
        text = text_of(decoded(answer.body, answer.charset or "utf-8"))
        return Copy(f"{name.partition('.')[0]}.txt", f"{title or ''}\n\n{text}".strip().encode()) if text else None
    said = answer.headers.get("content-type", "").partition(";")[0].strip()
    kind = next((kind for kind in KINDS if kind.media_type == said), None)
    if kind and name.rpartition(".")[2].lower() not in kind.extensions:
        name = f"{name}.{kind.extensions[0]}"
    return Copy(name, answer.body) if kind else None


class _Words(HTMLParser):
    """Collects what a reader would see, a line for each block."""

    SILENT = frozenset({"script", "style", "noscript", "template", "svg"})
    BLOCKS = frozenset(
        {"p", "div", "li", "tr", "br", "h1", "h2", "h3", "h4", "h5", "h6", "section", "td", "th", "title"}
    )

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in self.SILENT
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in self.SILENT))

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def text_of(page: str) -> str:
    """What a reader would see of a web page, as plain lines; at most COPY_CHARACTERS."""
    words = _Words()
    words.feed(page[: COPY_CHARACTERS * 4])
    lines = (" ".join(line.split()) for line in "".join(words.parts).splitlines())
    text = "\n".join(line for line in lines if line)[:COPY_CHARACTERS]
    return "".join(letter for letter in text if letter == "\n" or unicodedata.category(letter)[0] != "C")


def title_of(answer: Answer) -> str | None:
    """How a web page calls itself; None for anything else."""
    return _title_in(answer.body, answer.charset) if _is_page(answer) else None


def _title_in(body: bytes, charset: str | None) -> str | None:
    """Found by searching forward only: a pattern could be made to take forever."""
    lower = body.lower()
    start = lower.find(b">", lower.find(b"<title"))
    end = lower.find(TITLE_END, start)
    if b"<title" not in lower or start < 0 or end < 0:
        return None
    named = re.search(rb"charset=[\"']?([\w-]{1,40})", lower[:2048])
    encoding = charset or (named[1].decode("ascii") if named else "utf-8")
    text = " ".join(html.unescape(decoded(body[start + 1 : end], encoding)).split())
    return "".join(letter for letter in text if unicodedata.category(letter)[0] != "C")[:TITLE_CHARACTERS] or None
