"""Where the readers of files write down what they find, and the limits that all of them keep."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from app.rules.file_reading import (
    CELL_LIMIT,
    PREVIEW_COLUMNS,
    PREVIEW_ROWS,
    PREVIEW_SHEETS,
    TEXT_LIMIT,
    TITLE_LIMIT,
    FileFacts,
    Sheet,
)

MOST_ROWS = 100_000
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What no page can show and PostgreSQL cannot keep."""
_DAY = re.compile(r"\s*(?:D:)?([0-9]{4})[-:.]?([0-9]{2})[-:.]?([0-9]{2})")


class LockedFile(Exception):
    """The file needs a password."""


@dataclass
class ReadingNotes:
    """What was found so far; each note is on disk at once, so that a reader that never ends loses only what is left."""

    place: Path
    facts: FileFacts = field(default_factory=FileFacts)
    pictures: int = 0

    def note(self, **facts: Any) -> None:
        """Set some of the facts, cut to what is kept of them."""
        if "text" in facts:
            facts["text"] = strip_unseen(facts["text"][:TEXT_LIMIT])
        if "title" in facts:
            facts["title"] = " ".join(strip_unseen(facts["title"]).split())[:TITLE_LIMIT]
        self.facts = replace(self.facts, **facts)
        content = json.dumps(asdict(self.facts), default=str)
        _write_whole(self.place / "facts.json", content.encode())

    def add_picture(self, content: bytes) -> None:
        """One more picture, after those that there are."""
        self.pictures += 1
        _write_whole(self.place / f"{self.pictures}.webp", content)


def _write_whole(path: Path, content: bytes) -> None:
    """Beside its place first: whoever looks finds the whole file or none."""
    half = path.with_suffix(".half")
    half.write_bytes(content)
    half.replace(path)


def strip_unseen(text: str) -> str:
    return _UNSEEN.sub("", text)


def parse_day(text: object) -> date | None:
    """The day at the beginning of a moment as PDF, XML or EXIF write it; None for anything else."""
    match = _DAY.match(str(text or "")[:40])
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


class SheetCollector:
    """Collects the sheets of a workbook: the beginning of the first ones for showing, and the words of all of them."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self._lines: list[str] = []
        self._size = 0

    @property
    def text(self) -> str:
        return "\n".join(self._lines)

    @property
    def is_full(self) -> bool:
        return self._size >= TEXT_LIMIT

    def add_sheet(self, name: str, rows: Iterable[Sequence[str]]) -> None:
        """Take in a sheet, as far as there is room for it."""
        shown: list[tuple[str, ...]] = []
        cut = False
        for number, row in enumerate(islice(rows, MOST_ROWS)):
            cells = [strip_unseen(cell[:CELL_LIMIT]) for cell in row]
            self._remember_words(cells)
            if number < PREVIEW_ROWS:
                shown.append(tuple(cells[:PREVIEW_COLUMNS]))
            cut = cut or number >= PREVIEW_ROWS or any(cells[PREVIEW_COLUMNS:])
            if self.is_full and number >= PREVIEW_ROWS:
                break
        if any(map(any, shown)) and len(self.sheets) < PREVIEW_SHEETS:
            self.sheets.append(Sheet(strip_unseen(name)[:CELL_LIMIT], _trim_rows(shown), cut))

    def _remember_words(self, cells: Sequence[str]) -> None:
        line = "\t".join(filter(None, cells))
        if line and not self.is_full:
            self._lines.append(line)
            self._size += len(line) + 1


def _trim_rows(rows: list[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """The rows without the empty ones and the empty columns at the end, all of one width."""
    while not any(rows[-1]):
        rows.pop()
    wide = max(number for row in rows for number, cell in enumerate(row, 1) if cell)
    return tuple((*row, *[""] * wide)[:wide] for row in rows)
