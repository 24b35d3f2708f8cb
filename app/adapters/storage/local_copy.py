"""A kept file as a file of this machine, for as long as something reads it by its path."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.adapters.storage.file_store import Storage


@contextmanager
def copy_locally(storage: Storage, key: str) -> Iterator[Path]:
    """The path of a copy that goes when the block ends. Raises OutsideUnavailable."""
    with tempfile.NamedTemporaryFile(prefix="cityready-file-") as copy:
        for chunk in storage.open(key):
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)
