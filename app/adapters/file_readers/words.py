"""Collects the words of an XML part, in the places where they stand, by tables of the elements that each format has.

An element that stands for a character gives that character, one that ends a line or a cell ends it, and one that opens a place of
its own (a note, a comment, what was deleted) puts its words there.
"""

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from defusedxml.ElementTree import DefusedXMLParser

from app.adapters.file_readers.notes import LockedFile
from app.rules.files.file_text import CHECK_LIMIT, TextPlace

CHUNK_BYTES = 4_000_000
"""Large, since expat before 2.6 looks at a tag without an end again from its beginning with every chunk."""
MOST_BYTES = 200_000_000
LONGEST_MARK_BYTES = 40_000_000
"""A tag that is longer than this is none that a program wrote, and costs the parser ever more time."""
DEEPEST = 500
MOST_SPACES = 200


class EnoughRead(Exception):
    """As much as is wanted was read."""


WordedAttributes = tuple[TextPlace | None, tuple[str, ...]]


@dataclass(frozen=True)
class TextMarks:
    """What the elements of a format mean for its text, by their names without their namespaces.

    `text` hold words. `before` and `after` say what stands where an element begins and ends. `places` open a place of
    their own. `left_out` hold the same words once more, or none that a person sees. `attributes` of an element hold words
    that stand in that place, or where the element is. Names of SVG and of Dublin Core are written with `svg:` and `dc:`.
    With `one_blank` several blanks and line ends between letters count as one, as OpenDocument has it.
    """

    text: frozenset[str]
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, TextPlace] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    attributes: Mapping[str, WordedAttributes] = field(default_factory=dict)
    one_blank: bool = False


OFFICE_MARKS = TextMarks(
    text=frozenset({"t", "delText"}),
    before={"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "tc": "\t"},
    after={"p": "\n", "tr": "\n", "comment": "\n"},
    places={"delText": TextPlace.DELETED, "moveFrom": TextPlace.DELETED, "txbxContent": TextPlace.SHAPE},
    left_out=frozenset({"Fallback", "rPh", "tabs"}),
    attributes={
        "textpath": (None, ("string",)),
        "docPr": (TextPlace.DESCRIPTION, ("title", "descr")),
        "cNvPr": (TextPlace.DESCRIPTION, ("title", "descr")),
        "shape": (TextPlace.DESCRIPTION, ("alt",)),
        "hyperlink": (TextPlace.DESCRIPTION, ("tooltip",)),
        "listEntry": (TextPlace.FIELD, ("val",)),
    },
)
"""Word, PowerPoint, and the notes and drawings of Excel. `Fallback` repeats for old programs what stands before it, `rPh` says how
Japanese words sound, and `tabs` says where tabs stop. `listEntry` is a choice of a field, of which one is made."""
REMARK_MARKS = TextMarks(text=frozenset({"t", "text"}), after={"p": "\n", "cm": "\n", "threadedComment": "\n"})
"""Remarks of PowerPoint, and those of Excel that people answer."""

CHART_MARKS = TextMarks(text=frozenset({"t", "v"}), after={"v": "\t", "p": "\n", "ser": "\n"})

STORED_MARKS = TextMarks(
    text=frozenset({"v"}),
    after={"v": "\t", "row": "\n", "r": "\n"},
    attributes={
        name: (None, (attribute,)) for name, attribute in (("cacheField", "name"), ("s", "v"), ("n", "v"), ("d", "v"))
    },
)
"""What a workbook remembers of the rows behind a pivot table, and of cells in other workbooks."""

_TYPED = ("text", "textarea", "formatted-text", "combobox", "number", "date", "time", "file")
_LABELLED = ("fixed-text", "checkbox", "radio", "option", "item")
OPEN_MARKS = TextMarks(
    text=frozenset({"p", "h", "svg:title", "svg:desc"}),
    before={"tab": "\t", "line-break": "\n", "table-cell": "\t"},
    after={"p": "\n", "h": "\n", "table-row": "\n", "svg:title": "\n", "svg:desc": "\n"},
    places={
        "annotation": TextPlace.COMMENT,
        "note": TextPlace.FOOTNOTE,
        "tracked-changes": TextPlace.DELETED,
        "notes": TextPlace.SPEAKER_NOTES,
        "header": TextPlace.HEADER,
        "header-left": TextPlace.HEADER,
        "header-first": TextPlace.HEADER,
        "footer": TextPlace.FOOTER,
        "footer-left": TextPlace.FOOTER,
        "footer-first": TextPlace.FOOTER,
        "text-box": TextPlace.SHAPE,
        "custom-shape": TextPlace.SHAPE,
        "svg:title": TextPlace.DESCRIPTION,
        "svg:desc": TextPlace.DESCRIPTION,
        "help-message": TextPlace.COMMENT,
        "error-message": TextPlace.COMMENT,
    },
    left_out=frozenset(
        {"note-citation", "dc:creator", "dc:date", "date-string", "creator-initials", "ruby-text", "binary-data"}
    ),
    attributes={
        "hidden-text": (None, ("string-value",)),
        "help-message": (None, ("title",)),
        "error-message": (None, ("title",)),
    }
    | dict.fromkeys(_TYPED, (TextPlace.FIELD, ("value", "current-value")))
    | dict.fromkeys(_LABELLED, (TextPlace.FIELD, ("label",))),
    one_blank=True,
)
"""OpenDocument texts and slides."""
OPEN_SLIDE_MARKS = replace(
    OPEN_MARKS, places={name: place for name, place in OPEN_MARKS.places.items() if place != TextPlace.SHAPE}
)
"""OpenDocument slides, whose words all stand in text boxes."""
_BLANKS = re.compile(r"[ \t\r\n]+")


class TextCollector:
    """What the parser calls. `texts` holds the words by place; the document's own are under BODY."""

    def __init__(self, marks: TextMarks) -> None:
        self._marks = marks
        self._open = self._deep = self._size = 0
        self._left_out_from = 0
        self._places = [(0, TextPlace.BODY)]
        self._parts: dict[TextPlace, list[str]] = {TextPlace.BODY: []}
        self.seen: dict[str, int] = {}

    @property
    def texts(self) -> dict[TextPlace, str]:
        """The words in each place that has any."""
        joined = {place: "".join(parts).strip() for place, parts in self._parts.items()}
        return {place: text for place, text in joined.items() if text}

    @property
    def body(self) -> str:
        return "".join(self._parts[TextPlace.BODY]).strip()

    def clear_texts(self) -> None:
        """Begin anew, in the place where the parser is."""
        for parts in self._parts.values():
            parts.clear()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = mark_name(tag)
        self._deep += 1
        if self._deep > DEEPEST:
            raise RecursionError
        self.seen[name] = self.seen.get(name, 0) + 1
        if name in self._marks.left_out and not self._left_out_from:
            self._left_out_from = self._deep
        if place := self._marks.places.get(name):
            self._places.append((self._deep, place))
        self._open += name in self._marks.text
        self._add_mark(name, attributes)

    def data(self, data: str) -> None:
        if self._open:
            self.add_text(_BLANKS.sub(" ", data) if self._marks.one_blank else data)

    def end(self, tag: str) -> None:
        name = mark_name(tag)
        if after := self._marks.after.get(name):
            self.add_text(after)
        self._open -= name in self._marks.text
        if self._places[-1][0] == self._deep:
            self._places.pop()
        if self._left_out_from == self._deep:
            self._left_out_from = 0
        self._deep -= 1

    def close(self) -> None:
        """Nothing is left to do."""

    def add_text(self, text: str) -> None:
        """Put the characters where the parser is now. Raises EnoughRead once there are more than anyone looks through."""
        self._add_to(self._places[-1][1], text)

    def _add_to(self, place: TextPlace, text: str) -> None:
        if self._left_out_from:
            return
        self._parts.setdefault(place, []).append(text)
        self._size += len(text)
        if self._size > CHECK_LIMIT:
            raise EnoughRead

    def _add_mark(self, name: str, attributes: dict[str, str]) -> None:
        if before := self._marks.before.get(name):
            self.add_text(before)
        elif worded := self._marks.attributes.get(name):
            place, wanted = worded
            for value in dict.fromkeys(find_attribute(attributes, attribute) for attribute in wanted):
                self._add_to(place or self._places[-1][1], f"{value}\n" if value else "")
        elif name == "s":
            count = find_attribute(attributes, "c")
            self.add_text(" " * min(int(count) if count.isdecimal() and len(count) < 4 else 1, MOST_SPACES))
        elif name == "sym":
            self.add_text(_symbol_letter(attributes))


class PropertyCollector(TextCollector):
    """Keeps the text of each element, and of each attribute, under its name."""

    def __init__(self) -> None:
        super().__init__(TextMarks(frozenset()))
        self._named: dict[str, list[str]] = {}
        self._now: list[str] = []

    @property
    def values(self) -> dict[str, str]:
        return {name: "".join(parts) for name, parts in self._named.items() if parts}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        self._now = self._named.setdefault(local_name(tag), [])
        for name, value in attributes.items():
            named = self._named.setdefault(local_name(name), [])
            named += [] if named else [value]

    def data(self, data: str) -> None:
        self._size += len(data)
        if self._size < CHECK_LIMIT:
            self._now.append(data)


def local_name(tag: str) -> str:
    """The name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


_MARKED_SPACES = {
    "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0": "svg:",
    "{http://purl.org/dc/elements/1.1/": "dc:",
}
"""In which a name means something else than the same name elsewhere."""


def mark_name(tag: str) -> str:
    """The name of an element as `TextMarks` has it."""
    space, _, name = tag.rpartition("}")
    return _MARKED_SPACES.get(space, "") + name


def find_attribute(attributes: Mapping[str, str], wanted: str) -> str:
    """The value of the attribute of that name in any namespace; empty for none."""
    return next((value for name, value in attributes.items() if local_name(name) == wanted), "")


def _symbol_letter(attributes: Mapping[str, str]) -> str:
    """The letter of a Word symbol; one of a symbol font, in the private area of Unicode, is a sign without a letter."""
    try:
        letter = chr(int(find_attribute(attributes, "char"), 16))
    except (ValueError, OverflowError):
        return ""
    return letter if letter.isprintable() and not 0xE000 <= ord(letter) <= 0xF8FF else " "


def parse_content(content: bytes, target: Any) -> None:
    """Feed the content to the target. Raises ValueError or SyntaxError for a damaged one, or one that defines entities."""
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    parser.feed(content)
    parser.close()


def parse_member(package: zipfile.ZipFile, member: str, target: Any) -> None:
    """Feed the member to the target as far as it wants to hear. A document that defines entities is refused."""
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    try:
        with package.open(member) as file:
            while chunk := file.read(CHUNK_BYTES):
                if file.tell() > MOST_BYTES:
                    raise OverflowError
                parser.feed(chunk)
                if file.tell() - parser.parser.CurrentByteIndex > LONGEST_MARK_BYTES:
                    raise ValueError("a tag without an end")
        parser.close()
    except EnoughRead:
        return
    except RuntimeError as problem:  # as zipfile says that a member is encrypted
        raise LockedFile if "password" in str(problem) else problem from problem
