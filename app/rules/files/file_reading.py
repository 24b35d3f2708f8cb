"""What is known of a stored file after it was read once, and what may be made of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.rules.files.file_text import TextStretch, UnreadPart
from app.rules.files.personal_data import PersonalDataFinding
from app.rules.message import Message, say

READER = 6
"""Raised when the readers see more in files than they did: every file is then read again, a few at a time."""
PREVIEW_TEXT = 20_000
"""What a page shows of a text, in characters."""
PREVIEW_PAGES = 5
PREVIEW_SHEETS = 5
PREVIEW_ROWS = 100
PREVIEW_COLUMNS = 20
CELL_LIMIT = 300
TITLE_LIMIT = 200
OLDEST_DAY = date(1990, 1, 1)
"""Clocks that were never set write 1970 or 1980 into files."""
LONG_AFTER = timedelta(days=365)


class ReadingState(StrEnum):
    """What a page says of reading a file: `late` is one that was not read in time. Kept are `ok` and `failed`."""

    READING = "reading"
    LATE = "late"
    READ = "ok"
    FAILED = "failed"


class FileTrouble(StrEnum):
    """Why a file, or the rest of it, could not be read."""

    LOCKED = "locked"
    DAMAGED = "damaged"
    TOO_MUCH = "too_much"
    TOO_LONG = "too_long"


TROUBLE_SENTENCES: dict[FileTrouble, Message] = {
    FileTrouble.LOCKED: say("It needs a password, so neither this page nor a reviewer can look into it."),
    FileTrouble.DAMAGED: say("It could not be read. Open it yourself to see that it is complete."),
    FileTrouble.TOO_MUCH: say("It contains more than can be read here, so not all of it is shown."),
    FileTrouble.TOO_LONG: say("Reading it took too long and was stopped, so not all of it is shown."),
}


@dataclass(frozen=True)
class Sheet:
    """A table of a file: the first rows and columns, as many cells in each row; `cut` where there is more."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    cut: bool


@dataclass(frozen=True)
class FileFacts:
    """What was found in a file. Everything is empty where there is none; `trouble` says why something may be missing.

    `text` has at most `file_text.TEXT_LIMIT` characters; `pictures` are WebP images of the first pages, or of the photo itself.
    `stretches` say where in the file its parts stand. `findings` are what may be personal data, which was looked for to the end
    where it was `checked`; `unread` is what was not looked into. `wordless` are the pages that are only pictures, 0 for a file that is one.
    """

    text: str = ""
    stretches: tuple[TextStretch, ...] = ()
    title: str = ""
    made_on: date | None = None
    changed_on: date | None = None
    pages: int | None = None
    has_position: bool = False
    sheets: tuple[Sheet, ...] = ()
    pictures: tuple[bytes, ...] = ()
    trouble: FileTrouble | None = None
    unread: tuple[UnreadPart, ...] = ()
    findings: tuple[PersonalDataFinding, ...] = ()
    checked: bool = False
    wordless: tuple[int, ...] = ()

    @property
    def found_nothing(self) -> bool:
        return not (self.text or self.sheets or self.pictures)


@dataclass(frozen=True)
class ProposedDay:
    """A day that the file itself gives: when it was made, or else when it was last changed."""

    day: date
    made: bool


def propose_covered_day(made_on: date | None, changed_on: date | None, today: date) -> ProposedDay | None:
    """The day until which the file may cover the time. A day in the future, or before computers kept one, is no proposal.

    It is the day when the file was made; one that was changed a year later or more is another file by then.
    """
    made, changed = (day if day and OLDEST_DAY <= day <= today else None for day in (made_on, changed_on))
    if changed and (made is None or changed - made >= LONG_AFTER):
        return ProposedDay(changed, made=False)
    return ProposedDay(made, made=True) if made else None
