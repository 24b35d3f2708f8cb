"""The texts of a file by where they stand in it, and what of a file was not looked into."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.rules.message import Message, counted, say

TEXT_LIMIT = 1_000_000
"""Characters of a file's texts that are kept, and so can be found by the search: about 400 pages."""
CHECK_LIMIT = 20_000_000
"""Characters of a file's texts that are looked through for personal data."""
NAME_LIMIT = 120
MOST_NAMES = 5
"""So many names of what was not looked into are kept."""


class TextPlace(StrEnum):
    """Where a text stands in a file, or in what people typed about it."""

    BODY = "body"
    PAGE = "page"
    SLIDE = "slide"
    SHEET = "sheet"
    HEADER = "header"
    FOOTER = "footer"
    FOOTNOTE = "footnote"
    COMMENT = "comment"
    SPEAKER_NOTES = "speaker_notes"
    SHAPE = "shape"
    CHART = "chart"
    FIELD = "field"
    DELETED = "deleted"
    ATTACHMENT = "attachment"
    DESCRIPTION = "description"
    LAYOUT = "layout"
    STORED = "stored"
    SHEET_NAME = "sheet_name"
    BOOKMARKS = "bookmarks"
    PROPERTIES = "properties"
    PICTURE = "picture"
    TYPED = "typed"
    POINTER = "pointer"


@dataclass(frozen=True)
class TextSpot:
    """A place in a file or beside it: `name` of a sheet, an attachment, a typed field or the criterion of a pointer; `number` of a page or
    slide, or of a row in a sheet; 0 for none."""

    place: TextPlace
    name: str = ""
    number: int = 0


@dataclass(frozen=True)
class TextStretch:
    """The part of a file's kept text that stands in one place: it begins at the character `start` and goes on to the next stretch."""

    place: TextPlace
    start: int


TYPED_NAMES: dict[str, Message] = {
    "title": say("in its title"),
    "file_name": say("in the name of its file"),
    "page_pointer": say("in its page or section"),
    "source": say("in its source"),
    "url": say("in its address"),
    "note": say("in its note"),
    "unit": say("in its unit"),
    "baseline_period": say("in its period before"),
    "current_period": say("in its period now"),
    "dataset": say("in its dataset"),
    "method": say("in its method"),
    "caveat": say("in what to keep in mind"),
    "contributed_by": say("in who sent it"),
}
"""The texts of a piece that people write and that pages and reports repeat, each as a place."""

SPOT_NAMES: dict[TextPlace, Callable[[TextSpot], Message]] = {
    TextPlace.BODY: lambda spot: say("in the text"),
    TextPlace.PAGE: lambda spot: say("on page %(number)s", number=spot.number),
    TextPlace.SLIDE: lambda spot: say("on slide %(number)s", number=spot.number),
    TextPlace.SHEET: lambda spot: (
        say("in row %(number)s of “%(name)s”", number=spot.number, name=spot.name)
        if spot.name
        else say("in row %(number)s", number=spot.number)
    ),
    TextPlace.HEADER: lambda spot: say("in a header"),
    TextPlace.FOOTER: lambda spot: say("in a footer"),
    TextPlace.FOOTNOTE: lambda spot: say("in a footnote"),
    TextPlace.COMMENT: lambda spot: say("in a comment"),
    TextPlace.SPEAKER_NOTES: lambda spot: say("in the speaker notes"),
    TextPlace.SHAPE: lambda spot: say("in a text box"),
    TextPlace.CHART: lambda spot: say("in a chart"),
    TextPlace.FIELD: lambda spot: say("in a form field"),
    TextPlace.DELETED: lambda spot: say("in text that was deleted with changes tracked"),
    TextPlace.ATTACHMENT: lambda spot: say("in the attachment “%(name)s”", name=spot.name),
    TextPlace.DESCRIPTION: lambda spot: say("in the description of a picture"),
    TextPlace.LAYOUT: lambda spot: say("in a slide layout"),
    TextPlace.STORED: lambda spot: say("in data stored behind a table"),
    TextPlace.SHEET_NAME: lambda spot: say("in the name of a sheet"),
    TextPlace.BOOKMARKS: lambda spot: say("in a bookmark"),
    TextPlace.PROPERTIES: lambda spot: say("in the properties of the file"),
    TextPlace.PICTURE: lambda spot: (
        say("in the picture of page %(number)s", number=spot.number) if spot.number else say("in the picture")
    ),
    TextPlace.TYPED: lambda spot: TYPED_NAMES[spot.name],
    TextPlace.POINTER: lambda spot: say("in where to look for %(code)s", code=spot.name),
}


PLACE_HEADS: dict[TextPlace, Message] = {
    TextPlace.HEADER: say("Header"),
    TextPlace.FOOTER: say("Footer"),
    TextPlace.FOOTNOTE: say("Notes below the text"),
    TextPlace.COMMENT: say("Comments"),
    TextPlace.SPEAKER_NOTES: say("Speaker notes"),
    TextPlace.SHAPE: say("Text boxes"),
    TextPlace.CHART: say("Charts"),
    TextPlace.FIELD: say("Form fields"),
    TextPlace.DELETED: say("Deleted with changes tracked"),
    TextPlace.ATTACHMENT: say("Attachments"),
    TextPlace.DESCRIPTION: say("Descriptions of pictures"),
    TextPlace.LAYOUT: say("Slide layouts"),
    TextPlace.STORED: say("Data stored behind tables"),
    TextPlace.SHEET_NAME: say("Names of sheets"),
    TextPlace.BOOKMARKS: say("Bookmarks"),
    TextPlace.PROPERTIES: say("Properties of the file"),
    TextPlace.PICTURE: say("Read from the picture, may contain mistakes"),
}
"""What is written over texts that stand beside the document's own."""


def describe_spot(spot: TextSpot) -> Message:
    """The place in words, to stand after what was found there."""
    return SPOT_NAMES[spot.place](spot)


class UnreadKind(StrEnum):
    """What of a file neither the search nor the check for personal data saw."""

    NO_WORDS = "no_words"
    PAGES_WITHOUT_WORDS = "pages_without_words"
    PICTURES = "pictures"
    EMBEDDED = "embedded"
    ATTACHMENTS = "attachments"
    FORMULAS = "formulas"
    FORMATTED_TEXT = "formatted_text"
    BEYOND_SEARCH = "beyond_search"
    BEYOND_CHECK = "beyond_check"
    UNCHECKED = "unchecked"
    PICTURES_WAIT = "pictures_wait"
    NO_READER = "no_reader"


@dataclass(frozen=True)
class UnreadPart:
    """How many of a kind were not looked into, and the first names or numbers of them."""

    kind: UnreadKind
    count: int = 1
    names: tuple[str, ...] = ()


UNREAD_SENTENCES: dict[UnreadKind, Callable[[UnreadPart], Message]] = {
    UnreadKind.NO_WORDS: lambda part: say(
        "There are no words in it, as in a scan, so neither the search nor the check for personal data saw anything."
    ),
    UnreadKind.PAGES_WITHOUT_WORDS: lambda part: counted(
        "%(count)s page has no words, as in a scan, and was not looked into: %(names)s.",
        "%(count)s pages have no words, as in a scan, and were not looked into: %(names)s.",
        part.count,
        names=list_names(part),
    ),
    UnreadKind.PICTURES: lambda part: counted(
        "%(count)s picture in it was not looked into.", "%(count)s pictures in it were not looked into.", part.count
    ),
    UnreadKind.EMBEDDED: lambda part: counted(
        "%(count)s file inside it was not looked into: %(names)s.",
        "%(count)s files inside it were not looked into: %(names)s.",
        part.count,
        names=list_names(part),
    ),
    UnreadKind.ATTACHMENTS: lambda part: counted(
        "%(count)s attachment was not looked into: %(names)s.",
        "%(count)s attachments were not looked into: %(names)s.",
        part.count,
        names=list_names(part),
    ),
    UnreadKind.FORMULAS: lambda part: counted(
        "%(count)s cell holds a formula without a stored result. Open the file and save it again to see its value here.",
        "%(count)s cells hold formulas without stored results. Open the file and save it again to see their values here.",
        part.count,
    ),
    UnreadKind.FORMATTED_TEXT: lambda part: counted(
        "The text of %(count)s message is kept in a form (RTF) that was not looked into.",
        "The texts of %(count)s messages are kept in a form (RTF) that was not looked into.",
        part.count,
    ),
    UnreadKind.BEYOND_SEARCH: lambda part: say("It is very long: the search knows only its beginning."),
    UnreadKind.BEYOND_CHECK: lambda part: say("It is very long: only its beginning was checked for personal data."),
    UnreadKind.UNCHECKED: lambda part: say("The check for personal data did not come to its end."),
    UnreadKind.PICTURES_WAIT: lambda part: (
        counted(
            "%(count)s page is a picture. Its words are still being read: %(names)s.",
            "%(count)s pages are pictures. Their words are still being read: %(names)s.",
            part.count,
            names=list_names(part),
        )
        if part.names
        else say("It is a picture. Its words are still being read.")
    ),
    UnreadKind.NO_READER: lambda part: say(
        "The program that reads words in pictures (Tesseract) is not installed here. Whoever runs CityReady can add it."
    ),
}


def list_names(part: UnreadPart) -> str:
    """The first names, and an ellipsis where there are more."""
    return ", ".join(part.names) + (", …" if part.count > len(part.names) else "")


def describe_unread(part: UnreadPart) -> Message:
    """What was not looked into, as one sentence."""
    return UNREAD_SENTENCES[part.kind](part)


def build_stretch(written: Mapping[str, Any]) -> TextStretch:
    """A stretch as it was written down. Raises KeyError and ValueError for none."""
    return TextStretch(TextPlace(written["place"]), int(written["start"]))


def build_unread(written: Mapping[str, Any]) -> UnreadPart:
    """What was not looked into, as it was written down. Raises KeyError and ValueError for none."""
    return UnreadPart(UnreadKind(written["kind"]), int(written["count"]), tuple(map(str, written["names"])))


@dataclass(frozen=True)
class PlacedText:
    """A text that stands beside the document's own words, and what to write over it."""

    head: Message
    text: str


def split_text(text: str, stretches: Sequence[TextStretch], limit: int) -> tuple[str, tuple[PlacedText, ...]]:
    """The document's own words, and what stands beside them, each place once; both at most `limit` characters long."""
    ends = [stretch.start for stretch in stretches[1:]] + [len(text)]
    own: list[str] = []
    beside: dict[TextPlace, dict[str, None]] = {}
    for stretch, end in zip(stretches or (TextStretch(TextPlace.BODY, 0),), ends, strict=True):
        words = text[stretch.start : end].strip()
        if stretch.place in PLACE_HEADS:
            beside.setdefault(stretch.place, {})[words] = None
        else:
            own.append(words)
    placed = (PlacedText(PLACE_HEADS[place], "\n\n".join(words)[:limit]) for place, words in beside.items())
    return "\n\n".join(own)[:limit], tuple(placed)
