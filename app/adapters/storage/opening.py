"""Which store the settings name."""

from pathlib import Path

from app.adapters.storage.file_store import Storage
from app.adapters.storage.local import LocalStorage
from app.settings import Settings


def open_storage(settings: Settings) -> Storage:
    """The store that the settings name: s3://bucket/prefix, otherwise a folder."""
    if settings.storage.startswith("s3://"):
        # here, because most installations keep files in a folder, and its library takes room
        from app.adapters.storage.s3 import ObjectStorage

        return ObjectStorage(settings)
    return LocalStorage(Path(settings.storage))
