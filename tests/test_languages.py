"""A language that people can choose is whole: messages, criteria, common words, and the page for when nothing else works."""

import pytest

from app.adapters.criteria.editions import check_edition, list_edition_ids
from app.adapters.stop_words import load_text_language
from app.rules.evidence.also_proves import PAPER_WORDS, STEMMERS
from app.settings import LANGUAGES, ROOT
from app.web.last_resort import WORDS

OTHERS = [language for language in LANGUAGES if language != "en"]


@pytest.mark.parametrize("edition", list_edition_ids())
def test_every_edition_is_in_every_language(edition: str) -> None:
    assert check_edition(ROOT / "criteria" / edition, LANGUAGES) == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_its_messages(language: str) -> None:
    assert (ROOT / "locale" / language / "LC_MESSAGES" / "messages.po").is_file()


def test_every_language_has_the_words_that_tell_nothing() -> None:
    assert LANGUAGES.keys() <= STEMMERS.keys()
    assert LANGUAGES.keys() <= PAPER_WORDS.keys()
    assert all(load_text_language(language).stop_words for language in LANGUAGES)


def test_the_last_resort_speaks_every_language_with_all_its_words() -> None:
    assert WORDS.keys() == LANGUAGES.keys()
    assert {frozenset(words) for words in WORDS.values()} == {frozenset(WORDS["en"])}
