"""Passphrases that people choose."""

import random
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.passwords import estimate_guesses
from app.rules.account import passphrase
from app.rules.account.passphrase import LONGEST, PassphraseChooser, check_passphrase, normalize_passphrase
from app.rules.text.bounds import normalize_text

ANA = PassphraseChooser("ana.sol@sanjuan.gob.example", ("Ana Sol", "San Juan"))
COMMON = [
    "password1234", "Password2024", "P@ssw0rd1234", "passwordpassword", "Pass word 1234!", "123456789012", "qwertyuiop12", "1q2w3e4r5t6y",
    "iloveyou1234", "letmein12345", "welcome12345", "Welcome2025!!", "administrator", "adminadmin12", "Summer2024!!", "summer winter 12",
    "november2025", "changemechangeme", "111111111112", "abcdefghijkl", "asdfghjkl123", "thisismypassword", "iamthebest12",
    "contraseña1234", "holahola1234", "bienvenido12", "ciudad2024!!", "municipalidad", "whatworkscities", "passphrase123",
    "harbor lantern council 43", "Harbor-Lantern-Council 43",
]  # fmt: skip
"""What people choose most, with small changes; and the demo's own, which is published."""
OWN = [
    "Ana Sol San Juan 2026",
    "sanjuan sanjuan 1",
    "San Juan 2026!!",
    "anasol anasol 1",
    "SÁN JUÁN, SÁN JUÁN",
    "ana.sol@sanjuan 1",
]


@pytest.mark.parametrize(
    "text",
    [
        "correct horse battery staple", "ferry lantern onion bicycle", "la mesa de madera verde", "xK9#vL2!pQ7$", "482916037451",
        "San Juan ferry lantern onion bicycle", "banana ferry onion bicycle", "ferry " * 7 + "lantern onion bicycle",
    ],
)  # fmt: skip
def test_a_long_passphrase_is_taken_whatever_it_is_made_of(text: str) -> None:
    assert check_passphrase(text, ANA, estimate_guesses) is None


def test_random_words_pass_up_to_the_last_character_that_fits() -> None:
    words = [
        "ferry",
        "lantern",
        "onion",
        "bicycle",
        "velvet",
        "marble",
        "thunder",
        "pepper",
        "canyon",
        "ribbon",
        "walnut",
        "anchor",
    ]
    for seed in range(20):
        chosen = random.Random(seed).sample(words, k=12) * 4
        assert check_passphrase(" ".join(chosen[:4]), ANA, estimate_guesses) is None
        assert check_passphrase(" ".join(chosen)[:LONGEST], ANA, estimate_guesses) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "12 characters or more"),
        ("elevenchars", "12 characters or more"),
        ("elevenchars" + " " * 5, "12 characters or more"),
        ("x" * 200 + "y", "200 characters or fewer"),
        ("\ufdfa" * 12, "200 characters or fewer"),
        ("ana.sol@sanjuan.gob.example", "e-mail address"),
        (" Ana.Sol@SanJuan.gob.example ", "e-mail address"),
        ("aaaaaaaaaaaa", "one character"),
        ("aAaAaAaAaAaA", "one character"),
        (" " * 12, "12 characters or more"),
        *((text, "a common passphrase") for text in COMMON),
        *((text, "your city’s name") for text in OWN),
    ],
)
def test_a_weak_passphrase_is_told_why(text: str, words: str) -> None:
    assert words in str(check_passphrase(text, ANA, estimate_guesses))


@pytest.mark.parametrize(
    "typed",
    ["ferry onion velvet", " ferry onion velvet\r\n", "\ufeffferry onion velvet\u200b", "ｆｅｒｒｙ onion velvet"],
)
def test_one_passphrase_stays_the_same_however_it_is_typed_or_pasted(typed: str) -> None:
    assert normalize_passphrase(typed) == "ferry onion velvet"


def test_a_text_that_is_too_long_is_refused_before_any_work_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    worked: list[int] = []

    def counted(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
        worked.append(len(text))
        return normalize_text(form, text)

    monkeypatch.setattr(passphrase, "normalize_text", counted)
    marks = "a" + "\u0316\u0301" * 160_000
    assert normalize_passphrase(marks) is None
    assert "200 characters or fewer" in str(check_passphrase(marks, ANA, estimate_guesses))
    assert worked == []
    assert normalize_passphrase("a" + "\u0316\u0301" * 80) is not None
    assert worked == [161]


@given(st.text(max_size=60))
def test_every_text_can_be_weighed(text: str) -> None:
    check_passphrase(text, ANA, estimate_guesses)
    assert estimate_guesses(text) >= 0
