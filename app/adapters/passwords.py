"""Passphrases are kept as Argon2id hashes only (RFC 9106), and weighed by what those who guess would try first."""

from functools import cache
from importlib import import_module
from typing import Any, Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.rules.account.passphrase import LONGEST, normalize_passphrase
from app.rules.text.bounds import normalize_text

HashStrength = Literal["full", "quick"]
"""`quick` is for tests that make many people; it protects nobody."""

_HASHERS: dict[HashStrength, PasswordHasher] = {
    "full": PasswordHasher(),
    "quick": PasswordHasher(time_cost=1, memory_cost=8, parallelism=1),
}
MOST_WEIGHED = 48
"""Characters that are weighed: what is strong up to here is strong, and the work grows faster than the text."""
KNOWN_WORDS = (
    "passphrase", "cityready", "whatworkscities", "whatworks", "works", "cities", "certification", "bloomberg", "results", "america",
    "department", "municipal", "municipality", "cityhall", "mayor", "council", "administrator", "harborlanterncouncil43",
    "contrasena", "contraseña", "clave", "secreto", "hola", "bienvenido", "bienvenida", "ciudad", "municipio", "municipalidad",
    "intendencia", "alcaldia", "alcaldía", "gobierno", "certificacion", "certificación", "administrador", "usuario", "prueba",
    "argentina", "mexico", "colombia", "chile", "uruguay", "peru", "teamo", "tequiero", "amor", "futbol", "fútbol", "estrella",
    "primavera", "verano", "otono", "otoño", "invierno", "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
    "septiembre", "octubre", "noviembre", "diciembre", "lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo",
)  # fmt: skip
"""What the lists of the package lack: words of this app and of city halls, common ones in Spanish, and the demo's own."""


def hash_passphrase(pass_phrase: str, strength: HashStrength = "full") -> str:
    """What to store; every call gives another text. Takes about a tenth of a second at full strength.

    Raises ValueError for a text longer than any passphrase, before any work on it.
    """
    plain = normalize_passphrase(pass_phrase)
    if plain is None:
        raise ValueError("longer than a passphrase can be")
    return _HASHERS[strength].hash(_encode_text(plain))


def verify_passphrase(stored: str | None, given: str, strength: HashStrength = "full") -> bool:
    """Whether `given` is the passphrase behind `stored`, also when it was pasted with a blank around it.

    For an unknown person or one without a passphrase (None or empty), and for a text that is too long to be one, it does the same
    work and answers no, so that the time taken does not tell who has an account. `strength` is that of the stored hashes.
    """
    return any([_matches_hash(stored, reading, strength) for reading in _possible_texts(given)])  # noqa: C419  (all of them, for the same time)


def _possible_texts(given: str) -> list[str | None]:
    """The text in use since blanks around it are left away, and as it was kept before when it differs."""
    plain = normalize_passphrase(given)
    if plain is None:
        return [None]
    whole = normalize_text("NFKC", given) if len(given) <= LONGEST else plain
    return [plain] if whole == plain else [plain, whole]


def _matches_hash(stored: str | None, text: str | None, strength: HashStrength) -> bool:
    hasher = _HASHERS[strength]
    if not stored or text is None:
        hasher.hash(_encode_text(text or ""))
        return False
    try:
        return hasher.verify(stored, _encode_text(text))
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str, strength: HashStrength = "full") -> bool:
    """Whether the hash was made with other parameters than today's, to be replaced at the next sign-in."""
    return _HASHERS[strength].check_needs_rehash(stored)


def _encode_text(plain: str) -> bytes:
    return plain.encode("utf-8", "surrogatepass")


def estimate_guesses(text: str) -> float:
    """About how many tries the beginning of the text stands against lists of common passphrases, words, names, dates and keys.

    Nothing leaves the machine. Takes some milliseconds, for a hostile text a fifth of a second.
    """
    if not text:
        return 0
    return float(_load_estimator()(text[:MOST_WEIGHED], user_inputs=list(KNOWN_WORDS))["guesses"])


@cache
def _load_estimator() -> Any:
    """Loaded when the first passphrase is chosen: its lists take a tenth of a second, which a start has not."""
    return import_module("zxcvbn").zxcvbn
