"""In which language a text is kept."""

import pytest

from app.rules.text.text_language import settle_language


@pytest.mark.parametrize(
    ("chosen", "kept", "was_written", "settled"),
    [
        ("en", "es", True, "en"),
        ("", "en", True, "en"),
        ("", "", False, "es"),
        ("", "", True, ""),
        ("xx", "en", True, "en"),
    ],
)
def test_what_was_chosen_wins_and_a_new_text_is_in_the_language_of_the_page(
    chosen: str, kept: str, was_written: bool, settled: str
) -> None:
    assert settle_language(chosen, kept, "es", was_written, ("en", "es")) == settled
