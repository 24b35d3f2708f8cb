"""Words to search by: the same for every language, whatever its accents and capitals."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

from app.rules.text.bounds import normalize_text


class LibraryState(StrEnum):
    """What a piece of the library needs care for."""

    DUE_SOON = "due_soon"
    LAPSED = "lapsed"
    UNKNOWN = "unknown"
    UNUSED = "unused"
    DEAD = "dead"


WORD_LIMIT = 40
MOST_WORDS = 50_000
"""Different words by which one piece can be found; those after them are not. A report of a hundred pages has about 5,000."""
_WORD = re.compile(r"[^\W_]+")


def fold_text(text: str) -> str:
    """The text without accents and capitals: `Évaluación` and `evaluacion` are the same."""
    parted = normalize_text("NFKD", normalize_text("NFKD", text).casefold())  # a letter may hide a capital
    return "".join(letter for letter in parted if not unicodedata.combining(letter))


def words_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The different words of some texts as they are compared, each cut at WORD_LIMIT characters, in their order."""
    words = dict.fromkeys(word[:WORD_LIMIT] for text in texts for word in _WORD.findall(fold_text(text)))
    return tuple(words)[:MOST_WORDS]


def written_words(text: str) -> tuple[str, ...]:
    """The different words of a text with their accents, for what knows a language's grammar; cut and limited like those to search by."""
    composed = normalize_text("NFC", text.casefold())
    return tuple(dict.fromkeys(word[:WORD_LIMIT] for word in _WORD.findall(composed)))[:MOST_WORDS]
