"""Anchors: the number and hash of an event, kept outside the app, by which a record that was rewritten is found.

A chain of hashes does not show that all of it was written again from some event on; one hash kept elsewhere does. Every report prints
one, and `cityready history anchors` writes them to a file.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.rules.errors import Invalid
from app.rules.message import say

MOST_TEXT = 20_000
SHORTEST_HASH = 16
"""What a report prints in its footer."""

_LINE = re.compile(
    r"(?:(?P<slug>[a-z0-9-]{1,40})\s+)?(?P<number>[0-9]{1,9})\s*[:,]\s*(?P<hash>[0-9a-f]{16,64})(?:\s.*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Anchor:
    """Event `number` of a city had this hash, or one that begins so; `slug` is empty where the text did not name the city."""

    number: int
    hash: str
    slug: str = ""

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


def read_anchors(text: str) -> tuple[Anchor, ...]:
    """The anchors in a text, one a line: `214:9f86d0...`, or with the city before it as `cityready history anchors` writes them.

    Empty lines and those that begin with # say nothing. Raises Invalid for `anchor` where a line is something else.
    """
    if len(text) > MOST_TEXT:
        raise Invalid({"anchor": say("This is too long for anchors. Paste only the lines with a number and a hash.")})
    lines = (line.strip() for line in text.lstrip("\ufeff").splitlines())
    return tuple(_read_anchor(line) for line in lines if line and not line.startswith("#"))


def anchors_of_city(anchors: Sequence[Anchor], slug: str) -> tuple[Anchor, ...]:
    """Those of the city, and those that name none. Raises Invalid for `anchor` where all are of other cities."""
    own_anchors = tuple(anchor for anchor in anchors if anchor.slug in ("", slug))
    if anchors and not own_anchors:
        raise Invalid({"anchor": say("None of these anchors is of the city “%(slug)s”.", slug=slug)})
    return own_anchors


def _read_anchor(line: str) -> Anchor:
    match = _LINE.fullmatch(line)
    if match is None:
        raise Invalid(
            {
                "anchor": say(
                    "“%(line)s” is not an anchor. Write the number of the event, a colon, and at least 16 signs of its hash.",
                    line=line[:80],
                )
            }
        )
    return Anchor(int(match["number"]), match["hash"].lower(), (match["slug"] or "").lower())
