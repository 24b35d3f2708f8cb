"""Texts from outside are bounded before anything is done with them, and how long each may be is checked in one place."""

import re
import sys
import unicodedata
from functools import cache
from typing import Literal

from app.rules.errors import Invalid
from app.rules.message import Message, say

MOST_MARKS = 30
"""Marks in a row on one letter that are put in order; no language writes as many (Unicode, UAX #15, Stream-Safe Text Format)."""
JOINER = "\u034f"
"""The sign that UAX #15 sets after MOST_MARKS marks. It is invisible, and the marks before it are not compared with those after."""
FIRST_MARK = "\u0300"


def normalize_text(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """The text in one of Unicode's normal forms, in time that grows with its length alone.

    Normalizing puts the marks of a letter in order, which takes the square of their number: 160,000 of them took half a minute.
    """
    return unicodedata.normalize(form, stream_safe(text))


def stream_safe(text: str) -> str:
    """The text with a JOINER after every MOST_MARKS marks in a row, which no text that anyone reads has."""
    if max(text, default="") < FIRST_MARK:
        return text
    return _pile_pattern().sub(rf"\1{JOINER}", text)


@cache
def _pile_pattern() -> re.Pattern[str]:
    """MOST_MARKS marks that another follows. Made at the first text with a mark, since it looks at every character there is."""
    marks = "".join(character for character in map(chr, range(sys.maxunicode + 1)) if unicodedata.combining(character))
    return re.compile(f"([{marks}]{{{MOST_MARKS}}})(?=[{marks}])")


def single_line(text: str) -> str:
    """The text with single spaces and without NUL."""
    return " ".join(text.replace("\x00", "").split())


def check_length(field: str, text: str, limit: int, too_long: Message | None = None) -> str:
    """The text as it is. Raises Invalid at the field over `limit` characters, in the words of `too_long` where there are any."""
    if len(text) > limit:
        raise Invalid({field: too_long or say("At most %(limit)s characters fit here.", limit=limit)})
    return text


def check_name(field: str, name: str, limit: int, missing: Message) -> str:
    """A name as one line. Raises Invalid at the field when it is empty, with `missing`, or over `limit` characters."""
    name = single_line(name)
    if not name:
        raise Invalid({field: missing})
    return check_length(field, name, limit, say("The name may have at most %(limit)s characters.", limit=limit))
