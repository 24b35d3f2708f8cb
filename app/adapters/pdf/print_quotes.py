"""The quotation marks of a whole report, in every language that stands in it, without touching its elements."""

import re

from app.rules.report.quotes import set_quotes

PIECES = re.compile(r"<style.*?</style>|<title>.*?</title>|<svg.*?</svg>|<[^>]*>|[^<]+", re.DOTALL)
TAG = re.compile(r"<(/?)(\w+)([^>]*)>")
LANGUAGE = re.compile(r"\blang=\"?([\w-]+)")
INLINE = ("b", "i", "a", "span", "em", "strong", "bdi")
ESCAPED = {"&#34;": '"', "&#39;": "'", "&quot;": '"'}


def print_quotes(html: str) -> str:
    """The HTML with the marks of the language that each text is in."""
    printed: list[str] = []
    languages: list[tuple[str, str]] = []
    before = ""
    for piece in PIECES.findall(html):
        if not piece.startswith("<"):
            text = re.sub("&#3[49];|&quot;", lambda mark: ESCAPED[mark[0]], piece)
            piece = set_quotes(text, languages[-1][1] if languages else "en", before)
            before = piece[-1]
        elif tag := TAG.fullmatch(piece):
            _follow_languages(languages, *tag.groups())
            before = before if tag[2] in INLINE else ""
        printed.append(piece)
    return "".join(printed)


def _follow_languages(languages: list[tuple[str, str]], end: str, name: str, attributes: str) -> None:
    """Keep the stack of open elements of the names that have said a language, each with the language inside of it."""
    if end:
        if languages and languages[-1][0] == name:
            languages.pop()
        return
    language = LANGUAGE.search(attributes)
    if language:
        languages.append((name, language[1]))
    elif languages and languages[-1][0] == name:
        languages.append((name, languages[-1][1]))
