"""Secrets that the app hands out: signed links, session ids, and the key that signs."""

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from app.settings import Settings

SHORTEST_KEY = 32
MOST_KEYS = 5
KEY_FILE = "secret-key"
"""In the data folder."""


def sign_token(secret: str, purpose: str, payload: Any) -> str:
    """A token for a link: `payload` (anything JSON can hold; readable by all, changed by none) signed for one purpose."""
    return _make_signer(secret, purpose).dumps(payload)


def read_token(secret: str, purpose: str, token: str, max_age_seconds: int) -> Any | None:
    """The payload of a token, or None when it is forged, cut, too old or was made for another purpose."""
    try:
        return _make_signer(secret, purpose).loads(token, max_age=max_age_seconds)
    except (BadData, UnicodeError):
        return None


def random_token() -> str:
    """256 bits that nobody can guess, in 43 characters that fit into a cookie or an address."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What to store of a random token, so that reading the database lets nobody in: 64 hexadecimal digits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def load_secret_key(settings: Settings) -> str:
    """The key that signs: the setting, or one made at the first call and kept in data_dir/secret-key for its owner only.

    Both may hold several, see `split_keys`. Processes that start at the same moment agree, because the file appears whole and once.
    Raises OSError when it cannot be kept and ValueError when it was emptied.
    """
    if settings.secret_key:
        return settings.secret_key
    path = settings.data_dir / KEY_FILE
    if not path.exists():
        keep_key(path, random_token())
    key = path.read_text(encoding="ascii").strip()
    if min(map(len, split_keys(key)), default=0) < SHORTEST_KEY:
        raise ValueError(f"{path} holds no usable key; remove the file and start again")
    return key


def split_keys(secret: str) -> list[str]:
    """The keys of a text in which commas or line ends stand between them: the first signs, all verify.

    A key of before that has a comma in it goes on verifying what it signed.
    """
    keys = [part.strip() for part in secret.replace("\n", ",").split(",") if part.strip()]
    return [*keys, secret] if "," in secret else keys


def rotate_key(settings: Settings, *, forget_old: bool) -> int:
    """Sign with a new key from now on, in every process; returns how many older ones go on verifying.

    With `forget_old` none does, and every link that was given out and every known device ends. The file is replaced at once and whole.
    """
    path = settings.data_dir / KEY_FILE
    old = [] if forget_old or not path.exists() else split_keys(load_secret_key(settings))[: MOST_KEYS - 1]
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace_keys(path, [random_token(), *old])
    return len(old)


def forget_old_keys(settings: Settings) -> int:
    """Keep the newest key alone; returns how many older ones are left, which is none."""
    _replace_keys(settings.data_dir / KEY_FILE, split_keys(load_secret_key(settings))[:1])
    return 0


def _replace_keys(path: Path, keys: list[str]) -> None:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        _write_key(draft, "\n".join(keys))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _make_signer(secret: str, purpose: str) -> URLSafeTimedSerializer:
    oldest_first = split_keys(secret)[::-1]
    return URLSafeTimedSerializer(oldest_first, salt=purpose, signer_kwargs={"digest_method": hashlib.sha256})


def keep_key(path: Path, key: str) -> None:
    """Written aside and then linked, which fails when another process was first: its key stands."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        _write_key(draft, key)
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink(missing_ok=True)


def _write_key(path: Path, key: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
