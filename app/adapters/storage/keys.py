"""What files are called in a store."""

import re
from uuid import uuid4

KEY = re.compile(r"[a-z0-9]+(/[a-z0-9]+)*")
MARK = ".installation"
"""Where the mark is; the dot keeps it out of the keys."""


def new_key() -> str:
    """A key that nobody can guess, spread over 256 folders."""
    name = uuid4().hex
    return f"{name[:2]}/{name}"


def check_key(key: str) -> str:
    if not KEY.fullmatch(key):
        raise ValueError(f"not a storage key: {key!r}")
    return key
