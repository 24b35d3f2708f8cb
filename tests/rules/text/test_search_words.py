"""Words are the same whatever their accents and capitals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.text.search_words import MOST_WORDS, WORD_LIMIT, fold_text, words_of, written_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Évaluación 2025", ("evaluacion", "2025")),
        ("EVALUACION", ("evaluacion",)),
        ("São João, São-Paulo", ("sao", "joao", "paulo")),
        ("Straße_neu", ("strasse", "neu")),
        ("план ПЛАН", ("план",)),
        ("\U0001d468lan", ("alan",)),
        ("  – … ", ()),
    ],
)
def test_words_are_compared_without_accents_and_capitals(text: str, words: tuple[str, ...]) -> None:
    assert words_of([text]) == words


@given(st.text())
def test_any_text_gives_words_that_can_be_kept(text: str) -> None:
    words = words_of([text])
    assert len(words) <= MOST_WORDS
    assert all(0 < len(word) <= WORD_LIMIT and word == fold_text(word) for word in words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Évaluation, l'ÉVALUATION", ("évaluation", "l")),
        ("E\u0301valuation", ("évaluation",)),
        ("  – … ", ()),
    ],
)
def test_words_for_grammar_keep_their_accents(text: str, words: tuple[str, ...]) -> None:
    assert written_words(text) == words
