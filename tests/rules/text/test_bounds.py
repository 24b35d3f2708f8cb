"""Texts are bounded before they are normalized."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.text.bounds import JOINER, MOST_MARKS, normalize_text, stream_safe

MARKS = "\u0301\u0323\u0f71\u3099"


def longest_pile(text: str) -> int:
    """Most marks in a row that normalizing would put in order together."""
    longest = pile = 0
    for character in unicodedata.normalize("NFKD", text):
        pile = pile + 1 if unicodedata.combining(character) else 0
        longest = max(longest, pile)
    return longest


@pytest.mark.parametrize("text", ["", "plain", "Évaluación", "a\u0323\u0301 x", "e" + "\u0301" * MOST_MARKS, "план"])
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert stream_safe(text) == text
    assert normalize_text("NFC", text) == unicodedata.normalize("NFC", text)


def test_a_pile_of_marks_is_cut_into_bounded_ones_and_none_is_lost() -> None:
    text = "e" + "\u0301\u0323" * 50 + "o"
    assert stream_safe(text).replace(JOINER, "") == text
    assert longest_pile(stream_safe(text)) == MOST_MARKS
    assert normalize_text("NFC", text) == normalize_text("NFC", normalize_text("NFC", text))


@given(st.text(st.sampled_from("aé" + MARKS), max_size=200), st.integers(1, 90))
def test_no_text_gives_more_marks_in_a_row_than_the_standard_allows(text: str, times: int) -> None:
    assert longest_pile(stream_safe(text + "\u0344" * times)) <= 3 * MOST_MARKS, (
        "a mark may stand for two, and a letter bring some"
    )


def test_a_form_full_of_marks_is_put_in_order_at_once() -> None:
    """A form of 2 MB has room for a million; unbounded, this test would take a quarter of an hour."""
    assert len(normalize_text("NFKC", "e" + "\u0301\u0323" * 500_000)) > 1_000_000
