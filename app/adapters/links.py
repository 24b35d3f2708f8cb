"""Looks at a web page that somebody named: whether it answers, and how it calls itself."""

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from app.adapters.outside import Answer, AnswerState, Resolver, addresses_of, fetch
from app.rules.links import is_public
from app.rules.wording import Said

TITLE_CHARACTERS = 300
TITLE_END = b"</title"


@dataclass(frozen=True)
class LinkLook:
    """What a visit found: the page answers, it is gone, the app may not go there, or nobody can tell now."""

    state: AnswerState
    said: Said
    final_url: str
    status: int | None = None
    title: str | None = None


def look_at(
    url: str,
    *,
    private_allowed: bool,
    seconds: float = 10,
    max_bytes: int = 1_000_000,
    resolve: Resolver = addresses_of,
    public: Callable[[str], bool] = is_public,
) -> LinkLook:
    """Visit the page and read its title, within the limits and with the care of `outside.fetch`."""
    answer = fetch(
        url, private_allowed=private_allowed, seconds=seconds, max_bytes=max_bytes, resolve=resolve, public=public
    )
    return LinkLook(answer.state, answer.said, answer.final_url, answer.status, title_of(answer))


def title_of(answer: Answer) -> str | None:
    """How a web page calls itself; None for anything else."""
    is_page = answer.state == "ok" and "html" in answer.headers.get("content-type", "")
    return _title_in(answer.body, answer.charset) if is_page else None


def _title_in(body: bytes, charset: str | None) -> str | None:
    """Found by searching forward only: a pattern could be made to take forever."""
    lower = body.lower()
    start = lower.find(b">", lower.find(b"<title"))
    end = lower.find(TITLE_END, start)
    if b"<title" not in lower or start < 0 or end < 0:
        return None
    named = re.search(rb"charset=[\"']?([\w-]{1,40})", lower[:2048])
    encoding = charset or (named[1].decode("ascii") if named else "utf-8")
    text = " ".join(html.unescape(_decoded(body[start + 1 : end], encoding)).split())
    return "".join(letter for letter in text if unicodedata.category(letter)[0] != "C")[:TITLE_CHARACTERS] or None


def _decoded(text: bytes, encoding: str) -> str:
    try:
        return text.decode(encoding, errors="replace")
    except (LookupError, ValueError):
        return text.decode("utf-8", errors="replace")
