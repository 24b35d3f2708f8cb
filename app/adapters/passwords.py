"""Pass phrases are kept as Argon2id hashes only (RFC 9106)."""

from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.rules.text import normalized

Strength = Literal["full", "quick"]
"""`quick` is for tests that make many people; it protects nobody."""

_HASHERS: dict[Strength, PasswordHasher] = {
    "full": PasswordHasher(),
    "quick": PasswordHasher(time_cost=1, memory_cost=8, parallelism=1),
}


def hash(pass_phrase: str, strength: Strength = "full") -> str:
    """What to store; every call gives another text. Takes about a tenth of a second at full strength."""
    return _HASHERS[strength].hash(_bytes(pass_phrase))


def verify(stored: str | None, given: str, strength: Strength = "full") -> bool:
    """Whether `given` is the pass phrase behind `stored`.

    For somebody unknown or without a pass phrase (None or empty) it does the same work and answers no, so that the time
    taken does not tell who has an account. `strength` is that of the stored hashes.
    """
    hasher = _HASHERS[strength]
    if not stored:
        hasher.hash(_bytes(given))
        return False
    try:
        return hasher.verify(stored, _bytes(given))
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str, strength: Strength = "full") -> bool:
    """Whether the hash was made with other parameters than today's, to be replaced at the next sign-in."""
    return _HASHERS[strength].check_needs_rehash(stored)


def _bytes(pass_phrase: str) -> bytes:
    """The same letters typed on another keyboard are the same pass phrase."""
    return normalized("NFKC", pass_phrase).encode("utf-8", "surrogatepass")
