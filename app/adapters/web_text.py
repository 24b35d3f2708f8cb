"""The text of HTML that strangers wrote, as a reader would see it."""

import re
import unicodedata
from html.parser import HTMLParser

_COMMENT = re.compile(r"<!--(?:-?>|.*?--!?>)", re.DOTALL)
"""A comment as HTML ends it, which is sooner than SGML does."""


class _VisibleText(HTMLParser):
    """Collects what a reader would see, a line for each block."""

    SILENT = frozenset({"script", "style", "noscript", "template", "svg"})
    BLOCKS = frozenset({
        "address", "article", "aside", "blockquote", "br", "caption", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption",
        "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend", "li", "main", "nav", "ol", "option",
        "p", "pre", "section", "summary", "table", "td", "textarea", "th", "title", "tr", "ul",
    })  # fmt: skip

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def parse_comment(self, i: int, report: bool = True) -> int:
        """Where the comment that begins at `i` ends; one without an end goes on to the end of the page."""
        match = _COMMENT.match(self.rawdata, i)
        return match.end() if match else len(self.rawdata)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in self.SILENT
        self._end_line(tag)
        if tag == "img" and not self._silent:
            self.parts.append(f" {dict(attrs).get('alt') or ''} ")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in self.SILENT))
        self._end_line(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)

    def _end_line(self, tag: str) -> None:
        if tag in self.BLOCKS:
            self.parts.append("\n")


def visible_text(page: str, most: int) -> str:
    """What a reader would see of a web page or an HTML letter, as plain lines; at most so many characters."""
    collector = _VisibleText()
    collector.feed(page[: most * 4])
    lines = (" ".join(line.split()) for line in "".join(collector.parts).splitlines())
    text = "\n".join(line for line in lines if line)[:most]
    return "".join(letter for letter in text if letter == "\n" or unicodedata.category(letter)[0] != "C")
