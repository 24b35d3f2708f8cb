"""Words are the same whatever their accents and capitals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.criteria_files import load_edition
from app.rules.also_proves import suggest
from app.rules.search import MOST_WORDS, WORD_LIMIT, plain, words_of
from app.settings import ROOT

CRITERIA = load_edition(ROOT / "criteria" / "wwc-2022").criteria


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
    assert all(0 < len(word) <= WORD_LIMIT and word == plain(word) for word in words)


def test_a_note_on_governance_is_suggested_where_governance_is_asked_for() -> None:
    texts = ["Notes of the data governance group: attendance, decisions, and the table of roles with its data stewards"]
    found = suggest(texts, CRITERIA, {("DM2", "catalog")})
    assert found[0].code == "DM1"
    assert "stewards" in found[0].words or "governance" in found[0].words
    assert "DM2" not in [one.code for one in found], "what it supports already is not suggested again"
    assert len({one.code for one in found}) == len(found)


def test_nothing_is_suggested_from_words_that_nothing_shares() -> None:
    assert suggest(["Lorem"], CRITERIA, ()) == ()
    assert suggest([], CRITERIA, ()) == ()
