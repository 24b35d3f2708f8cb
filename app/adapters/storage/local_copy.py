"""A kept file as a file of this machine, for as long as something reads it by its path."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def copy_locally(chunks: Iterable[bytes]) -> Iterator[Path]:
    """The path of a copy of what comes in chunks; it goes when the block ends. Raises OutsideUnavailable."""
    with tempfile.NamedTemporaryFile(prefix="cityready-file-") as copy:
        for chunk in chunks:
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)
