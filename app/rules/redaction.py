"""What is to be taken out of a copy of a file: areas that someone drew, words, and kinds of personal data."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.rules.errors import Invalid
from app.rules.files.file_text import TextPlace
from app.rules.files.kinds import IMAGES, PDF
from app.rules.files.personal_data import PersonalDataFinding, PersonalDataKind
from app.rules.message import Message, say

REDACTABLE = (PDF, *IMAGES)
MOST_PAGES = 60
"""So many are made into pictures while someone waits for it."""
MOST_AREAS = 200
MOST_WORDS = 50
SHORTEST_WORD = 2
WORD_LIMIT = 100
WHOLE = 100.0
AREA_NUMBERS = 4
_NUMBERS = re.compile(r"(?a)\d{1,3}(?:\.\d{1,2})?(?:[ ,;]+\d{1,3}(?:\.\d{1,2})?){3,4}")


def is_redactable(media_type: str) -> bool:
    """Whether copies of such files can be made here."""
    return any(kind.media_type == media_type for kind in REDACTABLE)


@dataclass(frozen=True)
class CoveredArea:
    """A rectangle on a page: how far from its left and top edge, how wide and how high, in percent of the page."""

    page: int
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class RedactionOrder:
    """Everything that is to be covered in one copy."""

    areas: tuple[CoveredArea, ...] = ()
    words: tuple[str, ...] = ()
    kinds: tuple[PersonalDataKind, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.areas or self.words or self.kinds)


def read_areas(page: int, text: str, pages: int = MOST_PAGES) -> tuple[CoveredArea, ...]:
    """Areas of a page as they are typed, or written by the page that draws them: one in each line. Without a page each line begins with its own.

    Raises Invalid for the field `areas-<page>`.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_AREAS:
        raise Invalid({f"areas-{page}": say("These are too many areas. Cover a larger one instead.")})
    return tuple(_read_area(page, line, pages) for line in lines)


def _read_area(page: int, line: str, pages: int) -> CoveredArea:
    numbers = [float(number) for number in re.split(r"[ ,;]+", line)] if _NUMBERS.fullmatch(line) else []
    own_page, sides = (page, numbers) if page else (int(numbers[0]) if numbers else 0, numbers[1:])
    if len(sides) == AREA_NUMBERS and 1 <= own_page <= pages:
        area = CoveredArea(own_page, *sides)
        if max(area.left, area.top) < WHOLE and min(area.width, area.height) > 0:
            return area
    raise Invalid({f"areas-{page}": _explain_area(page, line[:40])})


def _explain_area(page: int, line: str) -> Message:
    if page:
        return say(
            "“%(text)s” is no area. Write four numbers in percent, such as 10 20 30 5: from the left, from the top, width, height.",
            text=line,
        )
    return say(
        "“%(text)s” is no area of a page. Write the page and four numbers in percent, such as 7 10 20 30 5.",
        text=line,
    )


def read_words(text: str) -> tuple[str, ...]:
    """Words or sentences to be covered wherever they stand, one in each line. Raises Invalid for the field `words`."""
    words = tuple(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))
    if len(words) > MOST_WORDS or any(len(word) > WORD_LIMIT for word in words):
        raise Invalid({"words": say("Write at most 50 lines of at most 100 characters each.")})
    if short := next((word for word in words if len(word) < SHORTEST_WORD), ""):
        raise Invalid({"words": say("“%(word)s” stands nearly everywhere. Write the whole word.", word=short)})
    return words


def word_pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Finds the words, whatever their capitals, and whether or not a line ends in them."""
    patterns = (r"\s+".join(map(re.escape, word.split())) for word in sorted(words, key=len, reverse=True))
    return re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE)


def plain_word(text: str) -> str:
    """A word as it is counted, whatever its capitals and line ends."""
    return " ".join(text.split()).casefold()


def coverable_findings(findings: Sequence[PersonalDataFinding]) -> tuple[PersonalDataFinding, ...]:
    """Those that stand on pages, so that they can be covered there; each kind once."""
    kinds: dict[PersonalDataKind, PersonalDataFinding] = {}
    for finding in findings:
        places = {spot.place for spot in finding.spots}
        if places & {TextPlace.PAGE, TextPlace.FIELD, TextPlace.COMMENT, TextPlace.PICTURE}:
            kinds.setdefault(finding.kind, finding)
    return tuple(kinds.values())


@dataclass(frozen=True)
class RedactedFile:
    """A copy from which something was taken out, and what of the order was not found anywhere."""

    content: bytes
    ending: str
    lost_words: tuple[str, ...]
    lost_kinds: tuple[PersonalDataKind, ...]
