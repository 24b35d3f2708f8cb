"""Folders that are there for good once they are made."""

import os
from pathlib import Path


def make_folder(folder: Path) -> None:
    """Make a folder so that it survives a power cut: its name is an entry in its parent."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(0o700, exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
