"""Pages of which there is only a picture, as in a scan: which they are, and what was read in them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from app.rules.files.file_text import MOST_NAMES, TextPlace, TextStretch, UnreadKind, UnreadPart
from app.rules.files.personal_data import PersonalDataFinding
from app.rules.message import Message, counted, say

MOST_PAGES = 500
"""So many pages of a file are read in their pictures; of one that has more it is said which were left."""
PAGE_TEXT_LIMIT = 20_000
SMALLEST_SIDE_PX = 50
"""A smaller picture holds no words."""


class PictureState(StrEnum):
    """Of a page: WAITING until its picture is read, READ, or LEFT where that was not done in time."""

    WAITING = "waiting"
    READ = "read"
    LEFT = "left"


@dataclass(frozen=True)
class PicturedPage:
    """A page by its number, 0 for a file that is itself a picture, and the words that were read in it."""

    number: int
    state: PictureState
    text: str = ""


def begin_pages(numbers: Sequence[int], earlier: Iterable[PicturedPage] = ()) -> tuple[PicturedPage, ...]:
    """Pages that wait for their reading; what was read in them before stays."""
    known = {page.number: page for page in earlier if page.state is PictureState.READ}
    states = [PictureState.WAITING if place < MOST_PAGES else PictureState.LEFT for place in range(len(numbers))]
    return tuple(known.get(number, PicturedPage(number, state)) for number, state in zip(numbers, states, strict=True))


def write_pages(pages: Iterable[PicturedPage]) -> str:
    """The pages as they are kept; empty for none."""
    rows = [asdict(page) for page in pages]
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def load_pages(written: str) -> tuple[PicturedPage, ...]:
    """The pages as they were kept."""
    rows = json.loads(written) if written else []
    return tuple(PicturedPage(row["number"], PictureState(row["state"]), row["text"]) for row in rows)


def are_waiting(pages: Iterable[PicturedPage]) -> bool:
    """Whether some of the pages are still to be read."""
    return any(page.state is PictureState.WAITING for page in pages)


def add_picture_words(
    text: str, stretches: Sequence[TextStretch], pages: Iterable[PicturedPage], limit: int
) -> tuple[str, tuple[TextStretch, ...]]:
    """A file's text with the words from its pictures at the end, in place of those that stood there before."""
    own = [stretch for stretch in stretches if stretch.place is not TextPlace.PICTURE]
    before = next((stretch.start for stretch in stretches if stretch.place is TextPlace.PICTURE), len(text))
    words = "\n\n".join(page.text for page in pages if page.text)
    joined = f"{text[:before].rstrip()}\n\n" if text[:before].strip() else ""
    if not words or len(joined) >= limit:
        return text[:before], tuple(own)
    return (joined + words)[:limit], (*own, TextStretch(TextPlace.PICTURE, len(joined)))


def is_from_picture(finding: PersonalDataFinding) -> bool:
    """Whether the finding was read in a picture."""
    return any(spot.place is TextPlace.PICTURE for spot in finding.spots)


def list_unread_pages(
    parts: Sequence[UnreadPart], pages: Sequence[PicturedPage], *, reader_here: bool
) -> tuple[UnreadPart, ...]:
    """What of a file was not looked into, where some of its pages were read in their pictures, or will be."""
    if not pages:
        return tuple(parts)
    others = [part for part in parts if part.kind not in (UnreadKind.NO_WORDS, UnreadKind.PAGES_WITHOUT_WORDS)]
    waiting = [page.number for page in pages if page.state is PictureState.WAITING]
    closed = [page.number for page in pages if page.state is PictureState.LEFT] + ([] if reader_here else waiting)
    if closed:
        is_all = len(closed) == len(pages) and any(part.kind is UnreadKind.NO_WORDS for part in parts)
        kind = UnreadKind.NO_WORDS if is_all else UnreadKind.PAGES_WITHOUT_WORDS
        others.append(_name_pages(kind, sorted(closed)))
    if waiting:
        others.append(
            _name_pages(UnreadKind.PICTURES_WAIT, waiting) if reader_here else UnreadPart(UnreadKind.NO_READER)
        )
    return tuple(others)


def _name_pages(kind: UnreadKind, numbers: Sequence[int]) -> UnreadPart:
    return UnreadPart(kind, len(numbers), tuple(str(number) for number in numbers[:MOST_NAMES] if number))


def describe_read_pages(pages: Sequence[PicturedPage]) -> Message | None:
    """How far to trust what was read in pictures; None where nothing was."""
    read = [page for page in pages if page.state is PictureState.READ]
    if not read:
        return None
    if not any(page.text for page in read):
        return say("A program looked for words in its pictures and found none. Look at it yourself.")
    if read[0].number == 0:
        return say("Its words were read from the picture by a program, which makes mistakes. Look at it yourself.")
    return counted(
        "%(count)s page was read from its picture by a program, which makes mistakes. Look at it yourself.",
        "%(count)s pages were read from their pictures by a program, which makes mistakes. Look at them yourself.",
        len(read),
    )
