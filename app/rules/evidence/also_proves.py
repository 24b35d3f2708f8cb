"""Which other items of the standard a piece of evidence may prove: a suggestion from shared words, never decided by itself."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import log

from app.rules.criteria.edition import Criterion
from app.rules.text.search_words import fold_text, written_words

SHORTEST = 5
"""Letters of a word that can tell one item from another; shorter ones are in nearly all texts."""
FEWEST_SHARED = 2
LEAST_WEIGHT = 6.8
"""What the shared words have to weigh together: two that few items have, or three that are more common."""
SUGGESTIONS = 5
MATCHES = 2
"""Items of one criterion that are proposed for one file: who has to untick wrong ones stops reading proposals."""
TEXTS_KEPT = 4_096
"""Texts of items whose words are kept; an edition has about 350 in each language."""

STEMMERS = {"en": "english", "es": "spanish", "fr": "french", "pt": "portuguese"}
"""What the stemmer of each language is called."""

PAPER_WORDS: dict[str, str] = {
    "en": """
        asked attached brought cities coming copies dates documents evidence expected filled finished files group hearing listed marked
        meeting months named notes pages papers people proposed reached reports sections tables texts yearly
    """,
    "es": """
        adjunto archivos audiencia ciudades copias cuadros datos documentos espera evidencia fechas gente grupo informes listas llenado
        marcado meses nombres notas páginas papeles pedido personas propuesto reuniones reunión secciones sección tablas terminado textos
    """,
    "fr": """
        annexe annuel attendu audience copies dates demandé documents données évidence fichiers groupe jointe liste nommé notes pages
        papiers personnes preuves proposé rapports rempli réunion section tableaux terminé textes villes
    """,
    "pt": """
        anexo anual arquivos audiência cidades cópias dados datas documentos esperado evidência ficheiros grupo listas marcado meses nomes
        notas páginas papéis papel pedido pessoas preenchido propostas relatórios relatório reuniões reunião seções seção tabelas
        terminado textos
    """,
}
"""Words of each language for the paper that a text is on, and for whose it is: they tell nothing of what it proves."""


@dataclass(frozen=True)
class TextLanguage:
    """The language that texts are compared in; `stop_words` stand in any text of it, and are written as `fold_text` does."""

    code: str
    stop_words: frozenset[str]


@dataclass(frozen=True)
class ItemSuggestion:
    """An item that shares words with the piece, and which these are."""

    code: str
    item: str
    words: tuple[str, ...]


def suggest_items(
    texts: Collection[str],
    criteria: Mapping[str, Criterion],
    supported: Collection[tuple[str, str]],
    language: TextLanguage,
) -> tuple[ItemSuggestion, ...]:
    """The items that share most with the piece's texts, at most SUGGESTIONS, without those that it supports already.

    A word weighs more the fewer items have it. Expected evidence of a criterion counts for each of its items. `supported` has pairs of
    a criterion's code and an item's id, or an empty one for the criterion as a whole. `language` is that of the criteria: a word can only
    be shared where the piece has one of theirs, so a text in another language gets nothing rather than something wrong.
    """
    piece_stems = _merge_words(_distinctive_words(text, language) for text in texts).keys()
    of_item = {
        (code, item.id): _item_words(criterion, item.text, language)
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


def match_items(texts: Collection[str], criterion: Criterion, language: TextLanguage) -> tuple[ItemSuggestion, ...]:
    """The items of one criterion that a file is about, by the words of its texts, best first, at most MATCHES.

    Only words that not all of its items have can tell them apart. One word is too little, and so is half of what the best one has.
    """
    piece_stems = _merge_words(_distinctive_words(text, language) for text in texts).keys()
    words_by_item = {item.id: _kept_words(item.text, language) for item in criterion.checklist}
    shared_by_all = set.intersection(*(set(words) for words in words_by_item.values())) if words_by_item else set()
    matches = {
        item: tuple(sorted(words[stem] for stem in (piece_stems & words.keys()) - shared_by_all))
        for item, words in words_by_item.items()
    }
    most = max(map(len, matches.values()), default=0)
    enough = [item for item, words in matches.items() if len(words) >= max(FEWEST_SHARED, most / 2 + 0.5)]
    best_first = sorted(enough, key=lambda item: -len(matches[item]))
    return tuple(ItemSuggestion(criterion.code, item, matches[item]) for item in best_first[:MATCHES])


def _item_words(criterion: Criterion, item: str, language: TextLanguage) -> dict[str, str]:
    """The words of an item and of what is expected for its criterion, each by its stem."""
    texts = [item, criterion.title, *(expected.text for expected in criterion.evidence)]
    return _merge_words(_kept_words(text, language) for text in texts)


def _merge_words(parts: Iterable[Mapping[str, str]]) -> dict[str, str]:
    merged: dict[str, str] = {}
    for words in parts:
        merged = {**words, **merged}
    return merged


@lru_cache(TEXTS_KEPT)
def _kept_words(text: str, language: TextLanguage) -> Mapping[str, str]:
    return _distinctive_words(text, language)


def _distinctive_words(text: str, language: TextLanguage) -> dict[str, str]:
    """The words that can tell one item from another, each by its stem. Accents count for stemming, and for nothing after it."""
    silent = language.stop_words
    telling = [word for word in written_words(text) if len(word) >= SHORTEST and fold_text(word) not in silent]
    words_by_stem = dict(zip(_stem_words(telling, language.code), telling, strict=True))
    return {stem: word for stem, word in words_by_stem.items() if stem not in _paper_stems(language.code)}


@cache
def _paper_stems(language: str) -> frozenset[str]:
    return frozenset(_stem_words(PAPER_WORDS[language].split(), language))


def _stem_words(words: Sequence[str], language: str) -> list[str]:
    """The stem of each word, without accents. The stemmer is a new one, since one holds the word it is at and threads must not share it."""
    import snowballstemmer  # here, because it loads two dozen languages, for a page that is seldom asked for

    stemmer = snowballstemmer.stemmer(STEMMERS[language])
    return [fold_text(stem) for stem in stemmer.stemWords(words)]
