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
from typing import NamedTuple, Protocol

import obstore
from obstore.store import S3Store

from app.adapters.storage import KEY, bucket_of, checked, make_folder, settle_folder, trouble
from app.settings import Settings

PLACE = re.compile(rf"\.trash/(?P<day>\d{{4}}-\d\d-\d\d)/(?P<key>{KEY.pattern})")


class Trashed(NamedTuple):
    """One file in the trash, and since which day it is there."""

    key: str
    day: date
    size_bytes: int

    @property
    def place(self) -> str:
        return place_of(self.key, self.day)


def place_of(key: str, day: date) -> str:
    return f".trash/{day.isoformat()}/{checked(key)}"


class Trash(Protocol):
    """Every method may raise OutsideUnavailable; one that is told of a file that is gone raises NotFound."""

    def take(self, key: str, day: date) -> None:
        """Move a file of the storage here."""

    def give_back(self, file: Trashed) -> None:
        """Move it to where it was."""

    def delete(self, file: Trashed) -> None:
        """For good; a missing one is no error."""

    def files(self) -> Iterator[Trashed]:
        """Everything in the trash."""


def trash_from(settings: Settings) -> Trash:
    """The trash of the storage that the settings name."""
    if settings.storage.startswith("s3://"):
        return BucketTrash(bucket_of(settings))
    return FolderTrash(Path(settings.storage))


@dataclass(frozen=True)
class FolderTrash:
    """In the folder itself, so that nothing is copied."""

    folder: Path

    def take(self, key: str, day: date) -> None:
        self._move(checked(key), place_of(key, day))

    def give_back(self, file: Trashed) -> None:
        self._move(file.place, file.key)

    def delete(self, file: Trashed) -> None:
        path = self.folder / file.place
        with trouble():
            path.unlink(missing_ok=True)
        with suppress(OSError):  # not empty yet
            for folder in path.parents[: file.place.count("/") - 1]:
                folder.rmdir()

    def files(self) -> Iterator[Trashed]:
        for path in self.folder.glob(".trash/*/**/*"):
            if path.is_file() and (file := _trashed(path.relative_to(self.folder).as_posix(), path.stat().st_size)):
                yield file

    def _move(self, source: str, target: str) -> None:
        old, new = self.folder / source, self.folder / target
        with trouble():
            if old.exists():
                make_folder(new.parent)
            old.replace(new)
            settle_folder(new.parent)
            settle_folder(old.parent)


@dataclass(frozen=True)
class BucketTrash:
    """Copied within the bucket before the original goes, so a break in between leaves two rather than none."""

    bucket: S3Store

    def take(self, key: str, day: date) -> None:
        self._move(checked(key), place_of(key, day))

    def give_back(self, file: Trashed) -> None:
        self._move(file.place, file.key)

    def delete(self, file: Trashed) -> None:
        with trouble():
            obstore.delete(self.bucket, file.place)

    def files(self) -> Iterator[Trashed]:
        with trouble():
            for batch in obstore.list(self.bucket, prefix=".trash"):
                for each in batch:
                    if file := _trashed(each["path"], each["size"]):
                        yield file

    def _move(self, source: str, target: str) -> None:
        with trouble():
            obstore.copy(self.bucket, source, target)
            obstore.delete(self.bucket, source)


def _trashed(path: str, size_bytes: int) -> Trashed | None:
    """None for what is not ours."""
    found = PLACE.fullmatch(path)
    return Trashed(found["key"], date.fromisoformat(found["day"]), size_bytes) if found else None
