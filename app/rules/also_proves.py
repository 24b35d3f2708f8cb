"""Which other items of the standard a piece of evidence may prove: a suggestion from shared words, never decided by itself."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import log

from app.rules.criteria import Criterion
from app.rules.search import words_of

SHORTEST = 5
"""Letters of a word that can tell one item from another; shorter ones are in nearly all texts."""
FEWEST_SHARED = 2
SUGGESTIONS = 5


@dataclass(frozen=True)
class Suggestion:
    """An item that shares words with the piece, and which these are."""

    code: str
    item: str
    words: tuple[str, ...]


def suggest(
    texts: Collection[str], criteria: Mapping[str, Criterion], supported: Collection[tuple[str, str]]
) -> tuple[Suggestion, ...]:
    """The items that share most with the piece's texts, at most SUGGESTIONS, without those that it supports already.

    A word weighs more the fewer items have it. Expected evidence of a criterion counts for each of its items. `supported` has pairs of
    a criterion's code and an item's id, or an empty one for the criterion as a whole.
    """
    mine = {_stem(word) for word in words_of(texts) if len(word) >= SHORTEST}
    of_item = {
        (code, item.id): _words(criterion, item.text)
        for code, criterion in criteria.items()
        for item in criterion.checklist
    }
    spread = {word: sum(word in words for words in of_item.values()) for word in mine}
    codes = {code for code, _ in supported}
    scored = []
    for place, (key, words) in enumerate(of_item.items()):
        shared = mine & words.keys()
        if key[0] not in codes and len(shared) >= FEWEST_SHARED:
            weight = sum(log(len(of_item) / spread[word]) for word in shared)
            scored.append((-weight, place, Suggestion(*key, tuple(sorted(words[word] for word in shared)))))
    best = {suggestion.code: suggestion for _, _, suggestion in reversed(sorted(scored)[: SUGGESTIONS * 3])}
    ordered = [suggestion for _, _, suggestion in sorted(scored) if best.get(suggestion.code) is suggestion]
    return tuple(ordered[:SUGGESTIONS])


def _words(criterion: Criterion, item: str) -> dict[str, str]:
    """The words of an item and of what is expected for its criterion, each by its stem."""
    texts = [item, criterion.title, *(expected.text for expected in criterion.evidence)]
    return {_stem(word): word for word in words_of(texts) if len(word) >= SHORTEST}


def _stem(word: str) -> str:
    """Enough of a word's beginning that its plural and its tenses are the same."""
    return word[: max(SHORTEST, len(word) - 3)]
