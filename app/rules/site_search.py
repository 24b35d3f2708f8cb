"""One box over everything in a city: which words count, and what has them."""

from collections.abc import Iterable

from app.rules.search import words_of

MOST_TYPED = 200
"""Characters that are looked at; nobody types more into one box."""
MOST_LOOKED_FOR = 8


def asked_words(typed: str) -> tuple[str, ...]:
    """The words to look for, without accents and capitals."""
    return words_of([typed[:MOST_TYPED]])[:MOST_LOOKED_FOR]


def has_words(texts: Iterable[str], asked: Iterable[str]) -> bool:
    """Whether each word that was asked for begins one of the texts' words."""
    present = words_of(texts)
    return all(any(word.startswith(wanted) for word in present) for wanted in asked)
