"""Texts from outside are bounded before anything is done with them."""

import re
import sys
import unicodedata
from functools import cache
from typing import Literal

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
