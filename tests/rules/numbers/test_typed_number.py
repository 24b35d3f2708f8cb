"""A number is read as its page writes it, and asked about where it can be read in two ways."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.translations import load_number_marks, load_translator
from app.rules.errors import Invalid
from app.rules.evidence.entry import plain_number
from app.rules.evidence.piece import parse_number
from app.rules.numbers.typed_number import settle_number

LANGUAGES = ("en", "es", "pt", "fr")


def value_of(text: str, language: str) -> Decimal | None:
    return parse_number(settle_number(text, "x", load_number_marks(language)), "x")


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("es", "2.500", "2500"),
        ("es", "1.001", "1001"),
        ("es", "-2.500 %", "-2500"),
        ("es", "2,5", "2.5"),
        ("es", "1.250,5", "1250.5"),
        ("pt", "2.500", "2500"),
        ("en", "2,500", "2500"),
        ("en", "2.50", "2.50"),
        ("fr", "2\u202f500", "2500"),
        ("fr", "2 500,75", "2500.75"),
        ("es", "0.125", "0.125"),
        ("en", "0,125", "0.125"),
    ],
)
def test_what_the_page_writes_can_be_typed(language: str, text: str, number: str) -> None:
    assert value_of(text, language) == Decimal(number)


@pytest.mark.parametrize(
    ("language", "text", "sentence"),
    [
        ("en", "1.250", "“1.250” may mean 1250 or 1.25. Write the one that you mean in this way."),
        ("en", "1.251", "“1.251” may mean 1251 or 1.2510. Write the one that you mean in this way."),
        ("es", "1,250", "“1,250” may mean 1250 or 1,25. Write the one that you mean in this way."),
        ("fr", "1.250", "“1.250” may mean 1250 or 1,25. Write the one that you mean in this way."),
        ("pt", "2,000", "“2,000” may mean 2000 or 2,0. Write the one that you mean in this way."),
    ],
)
def test_where_two_readings_are_possible_both_are_shown_and_asked(language: str, text: str, sentence: str) -> None:
    with pytest.raises(Invalid) as asked:
        settle_number(text, "current_value", load_number_marks(language))
    assert str(asked.value.fields["current_value"]) == sentence
    for answer in sentence.partition(" mean ")[2].partition(". Write")[0].split(" or "):
        assert value_of(answer, language) is not None


@given(number=st.decimals(-(10**9), 10**9, places=4), language=st.sampled_from(LANGUAGES))
def test_a_stored_number_comes_back_the_same_from_its_field_and_from_the_page(number: Decimal, language: str) -> None:
    assert value_of(plain_number(number), language) == number
    whole = number.to_integral_value()
    assert value_of(load_translator(language).number(whole), language) == whole


@given(text=st.text(max_size=20), language=st.sampled_from(LANGUAGES))
def test_what_is_no_number_comes_back_as_it_is_or_is_asked(text: str, language: str) -> None:
    try:
        settled = settle_number(text, "x", load_number_marks(language))
    except Invalid:
        return
    assert settled == text or settled.lstrip("+-\u2212").isdecimal()
