"""Passphrases that people choose."""

import pytest

from app.rules.passphrase import check_pass_phrase


@pytest.mark.parametrize(
    "text", ["correct horse battery", "twelve chars", "x" * 199 + "y", "ñandú y mate", "111111111112"]
)
def test_a_long_pass_phrase_is_taken_whatever_it_is_made_of(text: str) -> None:
    assert check_pass_phrase(text, email="lead@newark.example") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "12 characters or more"),
        ("elevenchars", "12 characters or more"),
        ("x" * 200 + "y", "200 characters or fewer"),
        ("lead@newark.example", "e-mail address"),
        (" Lead@Newark.Example ", "e-mail address"),
        ("aaaaaaaaaaaa", "one character"),
        ("aAaAaAaAaAaA", "one character"),
        (" " * 12, "one character"),
    ],
)
def test_a_weak_pass_phrase_is_told_why(text: str, words: str) -> None:
    assert words in str(check_pass_phrase(text, email="lead@newark.example"))
