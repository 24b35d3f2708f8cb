"""What our templates and scripts name of the installed front-end files. Whoever comes for the first time waits for half of the bytes."""

import re
from collections.abc import Iterator, Set
from functools import cache
from itertools import chain

from app.settings import ROOT

_COMMA = re.compile(r",(?![^()]*\))")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_CLASS = re.compile(r"\.((?:[\w-]|\\.)+)")
_RULE = re.compile(r"([^{}@;]+)(\{[^{}]*\})")
_EMPTY_BLOCK = re.compile(r"@[^{};]+\{\}")
COMPONENTS = "usa-"
"""How the classes of components begin, which are put together of parts and by scripts, so that no text names all of them."""


def pick_icons(sprite: str) -> str:
    """The picture with each icon of the `sprite` whose name stands in quotes in a template, and no other."""
    named = {name for text in _read_texts("templates", "*.html") for name in re.findall(r'"(\w+)"', text)}
    symbols = [
        icon[0] for icon in re.finditer(r'<symbol id="(\w+)".*?</symbol>', sprite, re.DOTALL) if icon[1] in named
    ]
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'


def pick_rules(sheet: str) -> str:
    """The minified style sheet without the utilities that no template and no script names."""
    texts = chain(_read_texts("templates", "*.html"), _read_texts("static", "*.js"))
    return keep_rules(sheet, {word for text in texts for word in re.findall(r"[\w:-]+", text)})


def keep_rules(sheet: str, words: Set[str]) -> str:
    """The minified style sheet with the rules of components and of elements, and those whose classes all stand among the `words`."""

    @cache
    def is_named(name: str) -> bool:
        return name.startswith(COMPONENTS) or name.replace("\\", "") in words

    def may_match(selector: str) -> bool:
        return all(map(is_named, _CLASS.findall(_IN_BRACKETS.sub("", selector))))

    def keep(rule: re.Match[str]) -> str:
        selectors = ",".join(filter(may_match, _COMMA.split(rule[1])))
        return selectors and selectors + rule[2]

    return _EMPTY_BLOCK.sub("", _RULE.sub(keep, sheet))


def _read_texts(folder: str, kind: str) -> Iterator[str]:
    return (path.read_text("utf-8") for path in (ROOT / folder).rglob(kind))
