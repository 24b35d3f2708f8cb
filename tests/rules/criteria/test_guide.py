"""Words of the glossary in texts: whole words only, the longest form first, each term once."""

import pytest

from app.adapters.criteria.guide import check_guide, load_guide
from app.rules.criteria.guide import GlossaryTerm, ProgramTopic, TextPart, link_terms
from app.settings import LANGUAGES, ROOT

FOLDER = ROOT / "criteria" / "wwc-2022"
STEWARD = GlossaryTerm("steward", "Data steward", ("data stewards", "stewards", "steward"), "Who looks after data")
DATA = GlossaryTerm("dataset", "Dataset", ("dataset", "datasets"), "Data on one subject")


def linked(*texts: str) -> list[tuple[str, str]]:
    """What is linked, and to which term."""
    return [(part.text, part.term) for parts in link_terms(texts, [STEWARD, DATA]) for part in parts if part.term]


def test_a_text_is_the_same_with_its_links() -> None:
    (parts,) = link_terms(["Data stewards keep datasets."], [STEWARD, DATA])
    assert parts == (
        TextPart("Data stewards", "steward"),
        TextPart(" keep "),
        TextPart("datasets", "dataset"),
        TextPart("."),
    )


def test_only_the_first_of_all_texts_is_linked() -> None:
    assert linked("A steward and a steward", "Stewards of a dataset") == [
        ("steward", "steward"),
        ("dataset", "dataset"),
    ]


@pytest.mark.parametrize("text", ["stewardship", "a co-steward", "steward-like", "metadatasets", ""])
def test_a_word_inside_another_is_left_alone(text: str) -> None:
    assert linked(text) == []


def test_without_a_glossary_a_text_stays_whole() -> None:
    assert link_terms(["A steward"], []) == ((TextPart("A steward"),),)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_guide_is_whole_in_every_language(language: str) -> None:
    guide = load_guide(FOLDER, language)
    assert check_guide(FOLDER) == []
    assert len(guide.terms) >= 20
    assert {"steward", "charter", "disaggregate", "solicitation", "baseline"} <= {term.id for term in guide.terms}
    assert [topic for topic, _ in guide.facts_by_topic] == list(ProgramTopic)
    assert guide.checked_on


def test_a_translation_says_each_thing_anew_and_keeps_how_sure_it_is() -> None:
    there, here = load_guide(FOLDER), load_guide(FOLDER, "es")
    assert [(fact.topic, fact.sure, fact.link) for fact in here.facts] == [
        (fact.topic, fact.sure, fact.link) for fact in there.facts
    ]
    assert not {fact.text for fact in here.facts} & {fact.text for fact in there.facts}
    assert [term.id for term in here.terms] == [term.id for term in there.terms]
    assert not {term.meaning for term in here.terms} & {term.meaning for term in there.terms}


def test_an_edition_without_a_guide_has_an_empty_one() -> None:
    assert load_guide(ROOT / "criteria" / "wwc-2018").terms == ()
