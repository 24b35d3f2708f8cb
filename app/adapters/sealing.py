"""Secrets that have to be read again are kept sealed with the installation's key: the newest key seals, all of them open."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from app.adapters import tokens


def seal_secret(secret_key: str, text: str) -> str:
    """What to store of a secret, so that reading the database tells nothing."""
    return _make_box(secret_key).encrypt(text.encode()).decode("ascii")


def open_secret(secret_key: str, sealed: str, max_age_seconds: int | None = None) -> str | None:
    """The secret; None where it was changed, is too old, or was sealed with a key that is gone."""
    try:
        return _make_box(secret_key).decrypt(sealed.encode(), ttl=max_age_seconds).decode()
    except (InvalidToken, UnicodeError):
        return None


def reseal_secret(secret_key: str, sealed: str) -> str | None:
    """The same secret sealed with the newest key; None where no key opens it."""
    secret = open_secret(secret_key, sealed)
    return None if secret is None else seal_secret(secret_key, secret)


def _make_box(secret_key: str) -> MultiFernet:
    """A key of its own for each of the installation's keys, so that what seals never signs."""
    digests = (hashlib.sha256(f"sealed secrets\0{key}".encode()).digest() for key in tokens.split_keys(secret_key))
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
