"""Passphrases at rest."""

from typing import Literal

import pytest
from argon2 import PasswordHasher

from app.adapters import passwords


def test_the_right_pass_phrase_opens_and_no_other_does() -> None:
    stored = passwords.hash_passphrase("a few plain words", "quick")
    assert passwords.verify_passphrase(stored, "a few plain words", "quick")
    for wrong in ("A few plain words", "a few plain  words", "", "a few plain word\ud800", "x" * 100_000):
        assert not passwords.verify_passphrase(stored, wrong, "quick")


def test_a_blank_that_was_pasted_along_keeps_nobody_out() -> None:
    stored = passwords.hash_passphrase("a few plain words\n", "quick")
    for pasted in (
        "a few plain words",
        "a few plain words ",
        " a few plain words\r\n",
        "\ufeffa few plain words\u200b",
    ):
        assert passwords.verify_passphrase(stored, pasted, "quick")


def test_one_that_was_kept_with_its_blank_before_still_opens() -> None:
    stored = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(" a few plain words ")
    assert passwords.verify_passphrase(stored, " a few plain words ", "quick")
    assert not passwords.verify_passphrase(stored, "a few plain words", "quick")


@pytest.mark.parametrize("huge", ["x" * 2_000_000, "a" + "\u0316\u0301" * 160_000, " " * 2_000_000, "\ufdfa" * 200])
def test_what_is_too_long_to_be_one_costs_what_a_wrong_one_costs(huge: str, monkeypatch: pytest.MonkeyPatch) -> None:
    counting = Counting(time_cost=1, memory_cost=8, parallelism=1)
    stored = counting.hash("a few plain words")
    monkeypatch.setitem(passwords._HASHERS, "quick", counting)
    for known in (stored, None):
        counting.worked, counting.longest_bytes = 0, 0
        assert not passwords.verify_passphrase(known, huge, "quick")
        assert (counting.worked, counting.longest_bytes) == (1, 0)
    with pytest.raises(ValueError, match="longer"):
        passwords.hash_passphrase(huge if huge.strip() else "x" * 201, "quick")


def test_the_phrase_cannot_be_read_from_what_is_stored() -> None:
    first, second = (passwords.hash_passphrase("a few plain words", "quick") for _ in range(2))
    assert "plain" not in first
    assert first != second


def test_the_same_letters_from_another_keyboard_are_the_same_phrase() -> None:
    stored = passwords.hash_passphrase("café con leche, señora", "quick")
    assert passwords.verify_passphrase(stored, "cafe\u0301 con leche, sen\u0303ora", "quick")


@pytest.mark.parametrize("stored", [None, "", "nonsense", "$argon2id$v=19$m=8,t=1,p=1$cut"])
def test_without_a_usable_hash_nobody_comes_in(stored: str | None) -> None:
    assert not passwords.verify_passphrase(stored, "", "quick")
    assert not passwords.verify_passphrase(stored, "a few plain words", "quick")


class Counting(PasswordHasher):
    """Hashes for real and counts how often."""

    worked = 0
    longest_bytes = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.worked += 1
        self.longest_bytes = max(self.longest_bytes, len(password))
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.worked += 1
        return super().verify(hash, password)


def test_an_unknown_person_costs_the_same_work_as_a_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    counting = Counting(time_cost=1, memory_cost=8, parallelism=1)
    stored = counting.hash("a few plain words")
    monkeypatch.setitem(passwords._HASHERS, "quick", counting)
    for known in (stored, None, ""):
        before = counting.worked
        passwords.verify_passphrase(known, "wrong", "quick")
        assert counting.worked == before + 1


def test_full_strength_is_the_default_and_a_weaker_hash_is_to_be_replaced() -> None:
    full, quick = (
        passwords.hash_passphrase("a few plain words"),
        passwords.hash_passphrase("a few plain words", "quick"),
    )
    assert "$argon2id$" in full
    assert int(full.split("m=")[1].split(",")[0]) >= 47_104, "memory in KiB that RFC-minded guides ask for"
    assert not passwords.needs_rehash(full)
    assert passwords.needs_rehash(quick)
    assert passwords.verify_passphrase(full, "a few plain words")
