"""Where files wait that no row knows, each under the day on which it was put there, before they are deleted for good.

In a folder they are moved to `.trash/2026-11-28/KEY` beside the others, in a bucket copied there and then deleted; the dot keeps
both out of what the storage lists.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from app.adapters.folders import make_folder, sync_folder
from app.adapters.storage.file_store import named_errors
from app.adapters.storage.keys import KEY, check_key
from app.settings import Settings

if TYPE_CHECKING:
    from app.adapters.storage.s3 import Bucket

PLACE = re.compile(rf"\.trash/(?P<day>\d{{4}}-\d\d-\d\d)/(?P<key>{KEY.pattern})")


class TrashedFile(NamedTuple):
    """One file in the trash, and since which day it is there."""

    key: str
    day: date
    size_bytes: int

    @property
    def place(self) -> str:
        return trash_place(self.key, self.day)


def trash_place(key: str, day: date) -> str:
    return f".trash/{day.isoformat()}/{check_key(key)}"


class Trash(Protocol):
    """Every method may raise OutsideUnavailable; one that is told of a file that is gone raises NotFound."""

    def discard(self, key: str, day: date) -> None:
        """Move a file of the storage here."""

    def restore(self, file: TrashedFile) -> None:
        """Move it to where it was."""

    def delete(self, file: TrashedFile) -> None:
        """For good; a missing one is no error."""

    def list_files(self) -> Iterator[TrashedFile]:
        """Everything in the trash."""


def open_trash(settings: Settings) -> Trash:
    """The trash of the storage that the settings name."""
    if settings.storage.startswith("s3://"):
        from app.adapters.storage.s3 import Bucket  # here, because most keep files in a folder, and it takes room

        return BucketTrash(Bucket(settings))
    return FolderTrash(Path(settings.storage))


@dataclass(frozen=True)
class FolderTrash:
    """In the folder itself, so that nothing is copied."""

    folder: Path

    def discard(self, key: str, day: date) -> None:
        self._move(check_key(key), trash_place(key, day))

    def restore(self, file: TrashedFile) -> None:
        self._move(file.place, file.key)

    def delete(self, file: TrashedFile) -> None:
        path = self.folder / file.place
        with named_errors():
            path.unlink(missing_ok=True)
        with suppress(OSError):  # not empty yet
            for folder in path.parents[: file.place.count("/") - 1]:
                folder.rmdir()

    def list_files(self) -> Iterator[TrashedFile]:
        for path in self.folder.glob(".trash/*/**/*"):
            if path.is_file() and (file := _parse_place(path.relative_to(self.folder).as_posix(), path.stat().st_size)):
                yield file

    def _move(self, source: str, target: str) -> None:
        old, new = self.folder / source, self.folder / target
        with named_errors():
            if old.exists():
                make_folder(new.parent)
            old.replace(new)
            sync_folder(new.parent)
            sync_folder(old.parent)


@dataclass(frozen=True)
class BucketTrash:
    bucket: "Bucket"

    def discard(self, key: str, day: date) -> None:
        self.bucket.move(check_key(key), trash_place(key, day))

    def restore(self, file: TrashedFile) -> None:
        self.bucket.move(file.place, file.key)

    def delete(self, file: TrashedFile) -> None:
        self.bucket.delete(file.place)

    def list_files(self) -> Iterator[TrashedFile]:
        for path, _, size_bytes in self.bucket.list_objects(".trash"):
            if file := _parse_place(path, size_bytes):
                yield file


def _parse_place(path: str, size_bytes: int) -> TrashedFile | None:
    """None for what is not ours."""
    match = PLACE.fullmatch(path)
    return TrashedFile(match["key"], date.fromisoformat(match["day"]), size_bytes) if match else None
