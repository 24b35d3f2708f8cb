"""What a backup is: its name, what it says of its content, and which older ones may go."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

MANIFEST_FORMAT = 1
INCOMPLETE = "-incomplete"
_NAME = re.compile(r"cityready-(\d{4}-\d\d-\d\dT\d{4}Z)(?:-(\d+))?(-incomplete)?")


class TableMark(NamedTuple):
    """A table's columns by name, its rows, and the hash of its lines in the order of the primary key."""

    name: str
    columns: tuple[str, ...]
    rows: int
    sha256: str


class FileMark(NamedTuple):
    """A file as it was when it was copied."""

    key: str
    size_bytes: int
    sha256: str


class HistoryMark(NamedTuple):
    """The end of a city's record."""

    slug: str
    number: int
    head: str


@dataclass(frozen=True)
class Manifest:
    """All that belongs together: which version and installation it is of, the tables, the files, and the end of each city's record.

    `faults` are the lines of what was missing or changed in the installation itself when it was copied.
    """

    version: str
    made_at: datetime
    revision: str
    identity: str
    tables: tuple[TableMark, ...]
    files: tuple[FileMark, ...]
    records: tuple[HistoryMark, ...]
    faults: tuple[str, ...] = ()


def name_backup(moment: datetime, taken: Collection[str]) -> str:
    """A name with the minute in UTC, such as cityready-2026-11-28T0130Z; one number more than those of that minute which are `taken`."""
    name = f"cityready-{moment.astimezone(UTC):%Y-%m-%dT%H%MZ}"
    matches = [match for other in taken if (match := _NAME.fullmatch(other)) and other.startswith(name)]
    last = max((int(match[2] or 1) for match in matches), default=0)
    return f"{name}-{last + 1}" if last else name


def sort_backups(names: Collection[str]) -> list[str]:
    """Those that are names of backups, oldest first."""
    matches = [match for name in names if (match := _NAME.fullmatch(name))]
    return [match[0] for match in sorted(matches, key=lambda match: (match[1], int(match[2] or 1)))]


def is_whole_backup(name: str) -> bool:
    """Whether a backup of this name found the installation whole."""
    return not name.endswith(INCOMPLETE)


def backups_to_remove(names: Collection[str], keep: int, made: str) -> list[str]:
    """Which backups may go when `made` is done: the whole ones but the last `keep`, and the incomplete ones, never `made` itself.

    Where it is incomplete no whole one goes: an older one may have what it lacks. It stays whatever its name says of the time, because
    the clock may have been set back.
    """
    others = [name for name in sort_backups(names) if name != made]
    incomplete = [name for name in others if not is_whole_backup(name)]
    if not is_whole_backup(made):
        return incomplete
    whole = [name for name in others if is_whole_backup(name)]
    return whole[: max(0, len(whole) - keep + 1)] + incomplete
