"""Reads a kept file once, in a process of its own, so that a heavy or hostile file stops neither the pages nor the app.

The process has bounded time and memory, no network and nothing of the environment; what it had found before it was ended is kept.
"""

import json
import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Any

from app.adapters.children.frame import ChildFailure, run_child
from app.rules.files.file_reading import PREVIEW_PAGES, FileFacts, FileTrouble, Sheet
from app.rules.files.file_text import build_stretch, build_unread
from app.rules.files.personal_data import build_finding

SECONDS = 30
MEMORY_MB = 512
CHILD = "app.adapters.file_readers.child"
FAILURE_TROUBLES = {ChildFailure.LATE: FileTrouble.TOO_LONG, ChildFailure.BROKE: FileTrouble.TOO_MUCH}
LARGEST_RESULT_BYTES = 20_000_000


def read_facts(
    path: Path,
    media_type: str,
    country: str = "US",
    zone: tzinfo = UTC,
    *,
    seconds: int = SECONDS,
    memory_mb: int = MEMORY_MB,
) -> FileFacts:
    """What is in the file. One that cannot be read gives facts with their `trouble`, never an error.

    `country` says which telephone numbers are its own; a moment that the file gives in universal time is a day in `zone`.
    """
    with tempfile.TemporaryDirectory(prefix="cityready-reading-") as place:
        failure = run_child(CHILD, str(path), media_type, place, country, seconds=seconds, memory_mb=memory_mb)
        facts = load_facts(Path(place), zone)
    return replace(facts, trouble=facts.trouble or (FAILURE_TROUBLES[failure] if failure else None))


def load_facts(place: Path, zone: tzinfo) -> FileFacts:
    """What the process wrote down, with nothing believed of it that it could not have written."""
    try:
        content = json.loads(_read_limited(place / "facts.json"))
        return _build_facts(content, tuple(_load_pictures(place)), zone)
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return FileFacts(pictures=tuple(_load_pictures(place)))


def _build_facts(content: dict[str, Any], pictures: tuple[bytes, ...], zone: tzinfo) -> FileFacts:
    return FileFacts(
        text=str(content["text"]),
        stretches=tuple(map(build_stretch, content["stretches"])),
        title=str(content["title"]),
        made_on=_parse_day(content["made_on"], zone),
        changed_on=_parse_day(content["changed_on"], zone),
        pages=int(content["pages"]) if content["pages"] is not None else None,
        has_position=bool(content["has_position"]),
        sheets=tuple(map(_build_sheet, content["sheets"])),
        pictures=pictures,
        trouble=FileTrouble(content["trouble"]) if content["trouble"] else None,
        unread=tuple(map(build_unread, content["unread"])),
        findings=tuple(map(build_finding, content["findings"])),
        checked=bool(content["checked"]),
        wordless=tuple(map(int, content["wordless"])),
    )


def _build_sheet(content: dict[str, Any]) -> Sheet:
    rows = tuple(tuple(map(str, row)) for row in content["rows"])
    return Sheet(str(content["name"]), rows, bool(content["cut"]))


def _parse_day(text: str | None, zone: tzinfo) -> date | None:
    """A day as it is written, or that of a moment in universal time."""
    if not text or len(text) == len("2026-03-01"):
        return date.fromisoformat(text) if text else None
    return datetime.fromisoformat(text).astimezone(zone).date()


def _load_pictures(place: Path) -> list[bytes]:
    """The pictures in their order; each was written beside its name and moved there whole."""
    pictures = []
    for number in range(1, PREVIEW_PAGES + 1):
        with suppress(OSError):
            pictures.append(_read_limited(place / f"{number}.webp"))
    return pictures


def _read_limited(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_RESULT_BYTES)
