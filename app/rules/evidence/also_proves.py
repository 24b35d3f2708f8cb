"""Which other items of the standard a piece of evidence may prove: a suggestion from shared words, never decided by itself."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import log

from app.rules.criteria import Criterion
from app.rules.search import words_of

SHORTEST = 5
"""Letters of a word that can tell one item from another; shorter ones are in nearly all texts."""
FEWEST_SHARED = 2
LEAST_WEIGHT = 6.5
"""What the shared words have to weigh together: two that few items have, or three that are more common."""
SUGGESTIONS = 5

COMMON: dict[str, str] = {
    "en": """
        about above across after again against along already among another around because before behind being below between beyond both
        could during either enough every first given having itself later least might months needs never often other others ought rather
        since should still taken their themselves there these those three through together toward under until using which while whole
        whose within without would years yearly
        asked brings coming dates expected found meant people reached
        attached copies documents files group hearing lists meeting names named notes pages papers section texts
    """,
    "es": """
        ademas algun alguna algunos ambos antes aquel aquella aquellos aunque cada cerca contra cuales cuando cuanto debajo deben dentro
        desde despues donde durante entre estan estas estos fuera hacen hacer hasta luego mayor menos mientras mismo misma mucho muchos
        nunca otras otros parte porque primera primero puede pueden quienes segun siempre sobre tambien tanto tener tiene tienen todas
        todos traves
        espera fechas gente personas pedido
        adjunto audiencia copias documentos archivos grupo listas meses nombres notas paginas papel papeles reunion reuniones seccion
    """,
}
"""Words of each language that stand in any text, and those for the paper that a text is on: they tell nothing of what it proves."""


@dataclass(frozen=True)
class ItemSuggestion:
    """An item that shares words with the piece, and which these are."""

    code: str
    item: str
    words: tuple[str, ...]


def suggest_items(
    texts: Collection[str], criteria: Mapping[str, Criterion], supported: Collection[tuple[str, str]]
) -> tuple[ItemSuggestion, ...]:
    """The items that share most with the piece's texts, at most SUGGESTIONS, without those that it supports already.

    A word weighs more the fewer items have it. Expected evidence of a criterion counts for each of its items. `supported` has pairs of
    a criterion's code and an item's id, or an empty one for the criterion as a whole.
    """
    piece_stems = _distinctive_words(texts).keys()
    of_item = {
        (code, item.id): _item_words(criterion, item.text)
        for code, criterion in criteria.items()
        for item in criterion.checklist
    }
    spread = {word: sum(word in words for words in of_item.values()) for word in piece_stems}
    codes = {code for code, _ in supported}
    scored = []
    for place, (key, words) in enumerate(of_item.items()):
        shared = piece_stems & words.keys()
        weight = sum(log(len(of_item) / spread[word]) for word in shared)
        if key[0] not in codes and len(shared) >= FEWEST_SHARED and weight >= LEAST_WEIGHT:
            scored.append((-weight, place, ItemSuggestion(*key, tuple(sorted(words[word] for word in shared)))))
    best = {suggestion.code: suggestion for _, _, suggestion in reversed(sorted(scored)[: SUGGESTIONS * 3])}
    ordered = [suggestion for _, _, suggestion in sorted(scored) if best.get(suggestion.code) is suggestion]
    return tuple(ordered[:SUGGESTIONS])


def _item_words(criterion: Criterion, item: str) -> dict[str, str]:
    """The words of an item and of what is expected for its criterion, each by its stem."""
    texts = [item, criterion.title, *(expected.text for expected in criterion.evidence)]
    return _distinctive_words(texts)


def _distinctive_words(texts: Collection[str]) -> dict[str, str]:
    """The words that can tell one item from another, each by its stem."""
    words_by_stem = {_word_stem(word): word for word in words_of(texts) if len(word) >= SHORTEST}
    return {stem: word for stem, word in words_by_stem.items() if stem not in _COMMON}


def _word_stem(word: str) -> str:
    """Enough of a word's beginning that its plural and its tenses are the same."""
    return word[: max(SHORTEST, len(word) - 3)]


_COMMON = frozenset(_word_stem(word) for words in COMMON.values() for word in words.split())
