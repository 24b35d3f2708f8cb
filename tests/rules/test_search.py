"""Words are the same whatever their accents and capitals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.criteria.editions import load_edition
from app.rules.evidence.also_proves import suggest_items
from app.rules.search import MOST_WORDS, WORD_LIMIT, fold_text, words_of
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
    assert all(0 < len(word) <= WORD_LIMIT and word == fold_text(word) for word in words)


def test_a_note_on_governance_is_suggested_where_governance_is_asked_for() -> None:
    texts = ["Notes of the data governance group: attendance, decisions, and the table of roles with its data stewards"]
    found = suggest_items(texts, CRITERIA, {("DM2", "catalog")})
    assert found[0].code == "DM1"
    assert "stewards" in found[0].words or "governance" in found[0].words
    assert "DM2" not in [one.code for one in found], "what it supports already is not suggested again"
    assert len({one.code for one in found}) == len(found)


def test_nothing_is_suggested_from_words_that_nothing_shares() -> None:
    assert suggest_items(["Lorem"], CRITERIA, ()) == ()
    assert suggest_items([], CRITERIA, ()) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Those who came to the hearing wrote their names on paper, before and after the meeting",
        "Which pages should there be, and whose section is this",
        "Quienes estan en la audiencia, desde cuando y para cuales documentos; los nombres y las paginas",
    ],
)
def test_words_of_any_text_and_of_the_paper_suggest_nothing(text: str) -> None:
    assert suggest_items([text], CRITERIA, ()) == ()


def test_two_words_that_many_items_have_are_too_little() -> None:
    assert suggest_items(["What the community says in public"], CRITERIA, ()) == ()
    found = suggest_items(["Strategic goals of the city and how their measures progress"], CRITERIA, {("PA1", "")})
    assert {"PA3", "BF1"} <= {one.code for one in found}
