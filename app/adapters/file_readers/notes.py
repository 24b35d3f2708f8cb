"""Where the readers of files write down what they find, and the limits that all of them keep."""

import json
import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, time
from itertools import accumulate
from pathlib import Path
from typing import Any

from app.rules.files.file_reading import TITLE_LIMIT, FileFacts
from app.rules.files.file_text import (
    CHECK_LIMIT,
    MOST_NAMES,
    NAME_LIMIT,
    TEXT_LIMIT,
    TextPlace,
    TextSpot,
    TextStretch,
    UnreadKind,
    UnreadPart,
)
from app.rules.files.personal_data import find_personal_data

GROWTH = 1.2
"""A longer text is written down once it has grown by so much, so that many small parts cost no more than a few large ones."""
MOST_STRETCHES = 400
BETWEEN = "\n\n"
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\ud800-\udfff\ufffe\uffff]")
"""What no page can show and PostgreSQL cannot keep, and the hyphen that shows only where a line ends."""
_DAY = re.compile(
    r"\s*(?:D:)?([0-9]{4})[-:.]?([0-9]{2})[-:.]?([0-9]{2})"
    r"(?:[T ]?(?P<hour>[0-9]{2}):?(?P<minute>[0-9]{2})(?::?[0-9]{2}(?:\.[0-9]+)?)?(?P<universal>Z|[+-]00[:']?00)?)?"
)


class LockedFile(Exception):
    """The file needs a password."""


@dataclass(frozen=True)
class SpottedText:
    """A text and where it stands. In a sheet, the row with `numbers[n]` begins at the character `starts[n]`."""

    spot: TextSpot
    text: str
    starts: "array[int]"
    numbers: "array[int]"

    def locate(self, start: int) -> TextSpot:
        """The spot of the character that comes so many after the first."""
        if not self.starts:
            return self.spot
        return replace(self.spot, number=self.numbers[bisect_right(self.starts, start) - 1])


@dataclass
class ReadingNotes:
    """What was found so far; each note is on disk at once, so that a reader that never ends loses only what is left.

    `texts` are all the texts, as they are looked through for personal data; the facts keep their beginning.
    """

    place: Path
    facts: FileFacts = field(default_factory=FileFacts)
    pictures: int = 0
    texts: list[SpottedText] = field(default_factory=list)
    size: int = 0
    noted_size: int = 0
    unread: dict[UnreadKind, UnreadPart] = field(default_factory=dict)
    sheet_names: list[str] = field(default_factory=list)

    def note(self, **facts: Any) -> None:
        """Set some of the facts, cut to what is kept of them, and write all of them down."""
        if "title" in facts:
            facts["title"] = " ".join(strip_unseen(facts["title"]).split())[:TITLE_LIMIT]
        self.facts = replace(self.facts, **facts)
        kept = replace(
            self.facts, text=self._join_texts(TEXT_LIMIT), stretches=self._list_stretches(), unread=self._list_unread()
        )
        _write_whole(self.place / "facts.json", json.dumps(asdict(kept), default=str).encode())
        self.noted_size = self.size

    def add_text(self, text: str, place: TextPlace = TextPlace.BODY, name: str = "", number: int = 0) -> None:
        """One more text of the file, after those that there are."""
        self._add_spotted(text, TextSpot(place, name, number), array("Q"), array("Q"))

    def add_rows(self, name: str, rows: Sequence[tuple[int, str]]) -> None:
        """Rows of a sheet, each with its number, as one text."""
        numbers, lines = zip(*rows, strict=True) if rows else ((), ())
        text = "\n".join(lines)
        if _UNSEEN.search(text):
            lines = tuple(map(strip_unseen, lines))
            text = "\n".join(lines)
        starts = array("Q", accumulate((len(line) + 1 for line in lines), initial=0))[:-1]
        self._add_spotted(text, TextSpot(TextPlace.SHEET, name), starts, array("Q", numbers))

    def _add_spotted(self, text: str, spot: TextSpot, starts: "array[int]", numbers: "array[int]") -> None:
        """What nobody will look through is left away; that it is stands in the facts."""
        if self.size > CHECK_LIMIT or not text.strip():
            return
        clean = text if starts else strip_unseen(text[: CHECK_LIMIT + 1])
        self.texts.append(SpottedText(replace(spot, name=strip_unseen(spot.name)[:NAME_LIMIT]), clean, starts, numbers))
        self.size += len(clean) + len(BETWEEN)
        if self.size > self.noted_size * GROWTH:
            self.note()

    def end_texts(self, properties: str = "") -> None:
        """The file was read to its end: its properties come last, since nobody looks for them first."""
        self.add_text("\n".join(self.sheet_names), TextPlace.SHEET_NAME)
        self.add_text(properties, TextPlace.PROPERTIES)
        self.note()

    def leave_unread(self, kind: UnreadKind, name: str = "", count: int = 1) -> None:
        """Something in the file was not looked into; `name` is what it is called, or the number of its page."""
        before = self.unread.get(kind, UnreadPart(kind, 0))
        names = (*before.names, strip_unseen(name)[:NAME_LIMIT])[:MOST_NAMES] if name else before.names
        self.unread[kind] = UnreadPart(kind, before.count + count, names)

    def check_personal_data(self, country: str) -> None:
        """Look through every text and the title for personal data, and write down what was found. Until then it counts as not done."""
        text = self._join_texts(CHECK_LIMIT) + BETWEEN + self.facts.title
        findings = find_personal_data(text, country, self._locate)
        self.note(findings=findings, checked=True)

    @property
    def has_words(self) -> bool:
        """Whether the file itself has any, beside what it says of itself."""
        return any(spotted.spot.place != TextPlace.PROPERTIES for spotted in self.texts)

    def add_picture(self, content: bytes) -> None:
        """One more picture, after those that there are."""
        self.pictures += 1
        _write_whole(self.place / f"{self.pictures}.webp", content)

    def _join_texts(self, limit: int) -> str:
        joined, size = [], 0
        for spotted in self.texts:
            joined.append(spotted.text)
            size += len(spotted.text) + len(BETWEEN)
            if size > limit:
                break
        return BETWEEN.join(joined)[:limit]

    def _list_stretches(self) -> tuple[TextStretch, ...]:
        """Where each place begins in the text that is kept; what follows in the same place goes on with it."""
        stretches: list[TextStretch] = []
        start = 0
        for spotted in self.texts:
            if start >= TEXT_LIMIT or len(stretches) >= MOST_STRETCHES:
                break
            if not stretches or stretches[-1].place != spotted.spot.place:
                stretches.append(TextStretch(spotted.spot.place, start))
            start += len(spotted.text) + len(BETWEEN)
        return tuple(stretches)

    def _locate(self, start: int) -> TextSpot:
        for spotted in self.texts:
            if start < len(spotted.text) + len(BETWEEN):
                return spotted.locate(start)
            start -= len(spotted.text) + len(BETWEEN)
        return TextSpot(TextPlace.PROPERTIES)

    def _list_unread(self) -> tuple[UnreadPart, ...]:
        limits = ((UnreadKind.BEYOND_SEARCH, TEXT_LIMIT), (UnreadKind.BEYOND_CHECK, CHECK_LIMIT))
        return (*self.unread.values(), *(UnreadPart(kind, limit) for kind, limit in limits if self.size > limit))


def _write_whole(path: Path, content: bytes) -> None:
    """Beside its place first: whoever looks finds the whole file or none."""
    half = path.with_suffix(".half")
    half.write_bytes(content)
    half.replace(path)


def strip_unseen(text: str) -> str:
    return _UNSEEN.sub("", text)


def parse_day(text: object) -> date | None:
    """The day at the beginning of a moment as PDF, XML or EXIF write it; None for anything else.

    A moment in universal time is given whole, in UTC, since its day is another one where it was later or earlier.
    """
    match = _DAY.match(str(text or "")[:40])
    try:
        if match is None:
            return None
        day = date(*map(int, match.group(1, 2, 3)))
        if match["universal"] is None:
            return day
        return datetime.combine(day, time(int(match["hour"]), int(match["minute"])), UTC)
    except ValueError:
        return None
