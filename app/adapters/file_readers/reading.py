"""Reads a kept file once, in a process of its own, so that a heavy or hostile file stops neither the pages nor the app.

The process has bounded time and memory, no network and nothing of the environment; what it had found before it was ended is kept.
"""

import json
import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from app.adapters.children.frame import Ended, run
from app.rules.file_reading import PREVIEW_PAGES, FileFacts, Sheet, Trouble

SECONDS = 30
MEMORY_MB = 512
CHILD = "app.adapters.file_readers.child"
ENDED = {Ended.LATE: Trouble.TOO_LONG, Ended.BROKE: Trouble.TOO_MUCH}
LARGEST_ANSWER_BYTES = 20_000_000


def read(path: Path, media_type: str, *, seconds: int = SECONDS, memory_mb: int = MEMORY_MB) -> FileFacts:
    """What is in the file. One that cannot be read gives facts with their `trouble`, never an error."""
    with tempfile.TemporaryDirectory(prefix="cityready-reading-") as place:
        ended = run(CHILD, str(path), media_type, place, seconds=seconds, memory_mb=memory_mb)
        facts = _facts(Path(place))
    return replace(facts, trouble=facts.trouble or (ENDED[ended] if ended else None))


def _facts(place: Path) -> FileFacts:
    """What the process wrote down, with nothing believed of it that it could not have written."""
    try:
        found = json.loads(_kept(place / "facts.json"))
        return _taken(found, tuple(_pictures(place)))
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return FileFacts(pictures=tuple(_pictures(place)))


def _taken(found: dict[str, Any], pictures: tuple[bytes, ...]) -> FileFacts:
    return FileFacts(
        text=str(found["text"]),
        title=str(found["title"]),
        made_on=_day(found["made_on"]),
        changed_on=_day(found["changed_on"]),
        pages=int(found["pages"]) if found["pages"] is not None else None,
        has_position=bool(found["has_position"]),
        sheets=tuple(map(_sheet, found["sheets"])),
        pictures=pictures,
        trouble=Trouble(found["trouble"]) if found["trouble"] else None,
    )


def _sheet(found: dict[str, Any]) -> Sheet:
    rows = tuple(tuple(map(str, row)) for row in found["rows"])
    return Sheet(str(found["name"]), rows, bool(found["cut"]))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _pictures(place: Path) -> list[bytes]:
    """The pictures in their order; each was written beside its name and moved there whole."""
    found = []
    for number in range(1, PREVIEW_PAGES + 1):
        with suppress(OSError):
            found.append(_kept(place / f"{number}.webp"))
    return found


def _kept(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_ANSWER_BYTES)
