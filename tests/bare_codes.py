"""Finds the codes of criteria that stand on a page without their titles: a code is for who knows it, its title for everyone."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
INLINE = frozenset(("a", "abbr", "b", "bdi", "button", "em", "i", "small", "span", "strong", "text", "tspan"))
ROWS = frozenset(("li", "tr", "article", "figure"))
LISTS = frozenset(("ul", "ol", "table", "tbody", "section", "main", "body", "html"))
"""What holds many rows: a title somewhere in it is not beside the code."""
TOLD = ("title", "aria-label", "alt")
"""Attributes in which a tile without room says its title."""
UNREAD = frozenset(("script", "style", "template", "textarea", "code", "pre"))
"""What is no text, and what is there for machines."""


@dataclass
class PagePart:
    """An element, with all the text inside it and that of the attributes that say something."""

    tag: str
    around: "PagePart | None"
    is_ours: bool
    text: list[str] = field(default_factory=list)

    def row(self) -> Iterator["PagePart"]:
        """The block that this stands in, and where that is in a row of a list or a table, all up to the row."""
        upward: list[PagePart] = []
        part: PagePart | None = self
        while part and part.tag not in LISTS:
            upward.append(part)
            part = part.around
        block = next((place for place, part in enumerate(upward) if part.tag not in INLINE), len(upward) - 1)
        row = max((place for place, part in enumerate(upward) if part.tag in ROWS), default=block)
        yield from upward[: row + 1]

    def tells(self, title: str) -> bool:
        return title in " ".join("".join(self.text).split())


class CodeFinder(HTMLParser):
    """Reads a page; `places` holds each code that it comes upon, with the part in which it stands and its text."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        super().__init__()
        self.code = re.compile(rf"(?<![\w/#=-])(?:{'|'.join(titles)})(?![\w=-])")
        self.part = PagePart("page", None, is_ours=True)
        self.places: list[tuple[str, PagePart, str]] = []
        self.headings: list[PagePart] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        told = " ".join(given[name] or "" for name in TOLD if name in given)
        self._tell(told)
        if tag in VOID:
            return
        is_ours = self.part.is_ours and given.get("dir") != "auto" and tag not in UNREAD | {"bdi"}
        self.part = PagePart(tag, self.part, is_ours, [told, " "])
        if tag == "h1" or "usa-intro" in (given.get("class") or ""):
            self.headings.append(self.part)

    def handle_endtag(self, tag: str) -> None:
        open_part: PagePart | None = self.part
        while open_part and open_part.tag != tag:
            open_part = open_part.around
        if open_part and open_part.around:
            self.part = open_part.around
            self._tell(" ")

    def handle_data(self, data: str) -> None:
        self._tell(data)
        if self.part.is_ours:
            self.places += [(code, self.part, data) for code in self.code.findall(data)]

    def _tell(self, text: str) -> None:
        part: PagePart | None = self.part
        while text and part:
            part.text.append(text)
            part = part.around


def find_bare_codes(html: str, titles: Mapping[str, str]) -> list[str]:
    """Each code without its title, with the text in which it stands. What the page's own heading names is told there.

    What people typed, which stands in `bdi` and `dir=auto`, is theirs to word.
    """
    finder = CodeFinder(titles)
    finder.feed(html)
    return [
        f"{code}: {' '.join(data.split())[:140]}"
        for code, part, data in finder.places
        if not any(around.tells(titles[code]) for around in (*part.row(), *finder.headings))
    ]


def find_bare_in_sheets(sheets: Iterable[str], titles: Mapping[str, str]) -> list[str]:
    """Each code on a sheet of paper, or in whatever is read at one glance, that does not have its title on the same one."""
    code = re.compile(rf"(?<![\w/#=-])(?:{'|'.join(titles)})(?![\w=-])")
    return [
        f"{number}: {line.strip()[:140]}"
        for number, sheet in enumerate(sheets, start=1)
        for line in sheet.splitlines()
        if any(_fold_breaks(titles[found]) not in _fold_breaks(sheet) for found in code.findall(line))
    ]


def _fold_breaks(text: str) -> str:
    """Without what printing changes: blanks, breaks and the shape of quotes."""
    return re.sub(r"[\s\u00ad\u2019'-]+", "", text).casefold()
