"""One box over everything in a city: which words count, and what has them."""

from collections.abc import Collection, Iterable
from functools import lru_cache

from app.rules.criteria.edition import Criterion
from app.rules.text.search_words import words_of

MOST_TYPED = 200
"""Characters that are looked at; nobody types more into one box."""
MOST_LOOKED_FOR = 8


def asked_words(typed: str) -> tuple[str, ...]:
    """The words to look for, without accents and capitals."""
    return words_of([typed[:MOST_TYPED]])[:MOST_LOOKED_FOR]


def has_words(texts: Iterable[str], asked: Iterable[str]) -> bool:
    """Whether each word that was asked for begins one of the texts' words."""
    return begins_words(words_of(texts), asked)


def begins_words(present: Collection[str], asked: Iterable[str]) -> bool:
    """Whether each word that was asked for begins one of these."""
    return all(any(word.startswith(wanted) for word in present) for wanted in asked)


@lru_cache(maxsize=1_000)
def criterion_words(criterion: Criterion) -> tuple[str, ...]:
    """All words of a criterion's own texts: its names, what is asked and why, the checklist and the hints."""
    hints = (criterion.why, criterion.good, criterion.weak, criterion.part, criterion.owner)
    items = (item.text for item in criterion.checklist)
    expected = (each.text for each in criterion.evidence)
    names = (criterion.code, criterion.title, criterion.short_name, criterion.statement)
    return words_of((*names, *items, *expected, *hints))
