"""Texts as the report prints them: each sign with a font that draws it, or by its name, and never as a box without a meaning.

What Source Sans does not draw is set between two marks (`OTHER` or `RIGHT_TO_LEFT`, and `END`), which `adapters.pdf.report_job` turns
into elements with the fonts of their scripts. A word stays in one font, because a letter and its mark in two are drawn side by side.
"""

import re
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum, auto
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import quote

from app.adapters.pdf.scripts import JOINERS, choose_face, is_european, sans_signs
from app.rules.report.page import ReportPage
from app.rules.text.bounds import JOINER, normalize_text
from app.rules.text.signs import EMOJI, name_signs

OTHER, RIGHT_TO_LEFT, END = "\uf8f0", "\uf8f1", "\uf8f2"
"""Of the area that belongs to nobody: whoever types these finds them named (U+F8F0)."""
MOST_TOLD = 12
LONG_WORD = 40
"""Characters: what fits a line of the report, also in capitals; a longer word may break after each so many. Without that,
the layout tries every place in the word for every line, and 20,000 letters without a space take minutes."""
BREAK = "\u200b"
NARROW_WORD = 20
"""The same for names that stand in a narrow column, which a longer word would push out of the sheet."""
IN_NARROW_COLUMNS = {"owner", "person"}
SIGN_OF_A_WORD = rf"[^\s{OTHER}{RIGHT_TO_LEFT}{END}]"
LONG_WORDS = {longest: re.compile(f"{SIGN_OF_A_WORD}{{{longest + 1},}}") for longest in (LONG_WORD, NARROW_WORD)}
SEPARATORS = re.compile(r"(\t|\||^[ ]*(?:[-*•–·]|\d{1,3}[.)]|[a-zA-Z][.)])[ ]+)")
"""What makes lists and tables of lines; no run goes over it."""
WEB_SIGNS = "!#$%&'()*+,/:;=?@[]~"
"""What stays as it is in a web address; the rest is percent-encoded, which leaves the address working and printable."""
LINE_ENDS = {"\n", "\r"}
MARKS = ("Mn", "Me", "Mc")
MOST_MARKS = 6
"""So many marks stay on one letter; no language writes more, and a pile of them lies over other lines."""
UNSEEN_MARKS = re.compile(f"[\ufe00-\ufe0f\U000e0100-\U000e01ef{JOINER}]")


class SignKind(Enum):
    """How a sign is drawn: by Source Sans, by another font, by another font and from the right, or by its name."""

    SANS = auto()
    OTHER = auto()
    RIGHT_TO_LEFT = auto()
    NAMED = auto()
    SPACE = auto()


BEGINNINGS = {SignKind.OTHER: OTHER, SignKind.RIGHT_TO_LEFT: RIGHT_TO_LEFT}


class DrawnSign(NamedTuple):
    """A letter with its marks or a sign, or several of them that are drawn alike."""

    text: str
    kind: SignKind


def make_printable(text: str) -> str:
    """The text as it is printed: controls and overrides of direction go, what no font draws stands by its name in brackets.

    Words over LONG_WORD characters get places, invisible themselves, where a line may break.
    """
    return _print_text(text, set())


def _print_text(text: str, unprinted: set[str], longest: int = LONG_WORD) -> str:
    """The same with words of another length; `unprinted` collects what stands by its name."""
    if not (text.isascii() and text.isprintable()):
        text = "\n".join(_print_line(line, unprinted) for line in text.split("\n"))
    return LONG_WORDS[longest].sub(lambda word: _break_word(word[0], longest), text) if len(text) > longest else text


def _print_line(line: str, unprinted: set[str]) -> str:
    """What makes a line one of a list or a table stays."""
    parts = SEPARATORS.split(line)
    return "".join(part if place % 2 else _print_part(part, unprinted) for place, part in enumerate(parts))


def _print_part(text: str, unprinted: set[str]) -> str:
    signs = list(split_signs(text))
    unprinted.update(sign.text for sign in signs if sign.kind is SignKind.NAMED)
    return _set_in_fonts(signs)


def list_unprinted(text: str) -> list[str]:
    """The signs of a text, each once, that stand by their names in a report.

    Each page of a criterion asks, so a text that the first font draws throughout is not walked sign by sign.
    """
    if set(text) - LINE_ENDS <= sans_signs() and not EMOJI.search(text):
        return []
    return list(dict.fromkeys(sign.text for sign in split_signs(text) if sign.kind is SignKind.NAMED))


def say_unprinted(text: str) -> str:
    """How such signs stand in a report, after each sign its name; empty where everything can be drawn."""
    return ", ".join(f"{sign} {name_signs([sign])}" for sign in list_unprinted(text)[:MOST_TOLD])


def split_signs(text: str) -> Iterator[DrawnSign]:
    """The text sign by sign, without what is invisible."""
    place, text = 0, normalize_text("NFC", text)
    while place < len(text):
        emoji = EMOJI.match(text, place)
        end = emoji.end() if emoji else _find_end(text, place)
        sign = DrawnSign(text[place:end], SignKind.NAMED) if emoji else _draw_sign(text[place:end])
        if sign:
            yield sign
        place = end


def _find_end(text: str, place: int) -> int:
    """Where the letter with its marks ends that begins at the place."""
    end = place + 1
    while end < len(text) and (unicodedata.category(text[end]) in MARKS or text[end] in JOINERS):
        end += 1
    return end


@lru_cache(maxsize=50_000)
def _draw_sign(cluster: str) -> DrawnSign | None:
    """How a letter with its marks or a sign is drawn, or None for what is not to be seen."""
    letter, kind = cluster[0], unicodedata.category(cluster[0])
    if kind in ("Cc", "Cf"):
        return DrawnSign(" ", SignKind.SPACE) if letter in "\n\t" else None
    if kind == "Co":  # what a font draws there means nothing to whoever reads the text
        return DrawnSign(letter, SignKind.NAMED)
    if kind.startswith("Z"):
        return DrawnSign(letter if letter in sans_signs() else " ", SignKind.SPACE)
    marks = UNSEEN_MARKS.sub("", cluster[1:])[:MOST_MARKS]
    if is_european(letter):
        marks = marks.translate(dict.fromkeys(map(ord, JOINERS)))
    for text in (letter + marks, letter):  # where no font draws the marks with their letter, it stands alone
        if set(text) <= sans_signs():
            return DrawnSign(text, SignKind.SANS)
        if choose_face(text):
            return DrawnSign(text, SignKind.RIGHT_TO_LEFT if _is_rtl(letter) else SignKind.OTHER)
    return DrawnSign(letter, SignKind.NAMED)


def _is_rtl(sign: str) -> bool:
    return unicodedata.bidirectional(sign) in ("R", "AL", "AN")


def _set_in_fonts(signs: Sequence[DrawnSign]) -> str:
    """The signs as a text in which those of other fonts stand between marks."""
    drawn = list(_name_unprinted(signs))
    directions = (_is_rtl(sign.text[0]) for sign in signs if _is_rtl(sign.text[0]) or sign.text[0].isalpha())
    if next(directions, False):  # what begins from the right is laid out from the right as a whole
        return RIGHT_TO_LEFT + "".join(sign.text for sign in drawn) + END
    text = ""
    for kind, group in groupby(_join_words(drawn), key=lambda run: run.kind):
        run = "".join(sign.text for sign in group)
        text += BEGINNINGS[kind] + run + END if kind in BEGINNINGS else run
    return text


def _name_unprinted(signs: Sequence[DrawnSign]) -> Iterator[DrawnSign]:
    """The same with the names of what no font draws, as Source Sans draws them."""
    for is_named, group in groupby(signs, key=lambda sign: sign.kind is SignKind.NAMED):
        run = list(group)
        yield from [DrawnSign(name_signs([sign.text for sign in run]), SignKind.SANS)] if is_named else run


def _join_words(signs: Sequence[DrawnSign]) -> Iterator[DrawnSign]:
    """Words, each of one kind; a space between two words of one kind is of that kind, and any other is Source Sans."""
    space, before = "", SignKind.SANS
    for is_space, group in groupby(signs, key=lambda sign: sign.kind is SignKind.SPACE):
        if is_space:
            space = "".join(sign.text for sign in group)
            continue
        for word in _draw_word(list(group)):
            if space:
                yield DrawnSign(space, word.kind if word.kind is before else SignKind.SANS)
            yield word
            space, before = "", word.kind
    if space:
        yield DrawnSign(space, SignKind.SANS)


def _draw_word(word: list[DrawnSign]) -> list[DrawnSign]:
    """A word with letters of another font is drawn by that font as a whole; signs alone change nothing beside them."""
    if any(sign.kind is SignKind.RIGHT_TO_LEFT for sign in word):
        return [DrawnSign("".join(sign.text for sign in word), SignKind.RIGHT_TO_LEFT)]
    if any(sign.kind is SignKind.OTHER and sign.text[0].isalpha() for sign in word):
        return [DrawnSign("".join(sign.text for sign in word), SignKind.OTHER)]
    return word


def _break_word(text: str, longest: int) -> str:
    if text.isascii():
        return BREAK.join(textwrap.wrap(text, longest))
    pieces, begin = [], 0
    while begin < len(text):
        end = _find_end(text, min(begin + longest, len(text)) - 1)
        pieces.append(text[begin:end])
        begin = end
    return BREAK.join(pieces)


def make_page_printable(page: ReportPage) -> ReportPage:
    """The page with every text printable; it notes whether something stands by its name."""
    unprinted: set[str] = set()
    printable: ReportPage = _map_texts(page, unprinted)
    return replace(printable, characters_replaced=bool(unprinted))


def _map_texts(part: Any, unprinted: set[str], longest: int = LONG_WORD) -> Any:
    """The same part with every text in it printable; `unprinted` collects what stands by its name."""
    if isinstance(part, str):
        return part if isinstance(part, Enum) else _map_text(part, unprinted, longest)
    if isinstance(part, tuple):
        return tuple(_map_texts(inner, unprinted) for inner in part)
    names = getattr(part, "__dataclass_fields__", ())  # `fields` looks at each of them, for each of a thousand parts
    return replace(part, **{name: _map_field(part, name, unprinted) for name in names}) if names else part


def _map_field(part: Any, name: str, unprinted: set[str]) -> Any:
    return _map_texts(getattr(part, name), unprinted, NARROW_WORD if name in IN_NARROW_COLUMNS else LONG_WORD)


def _map_text(text: str, unprinted: set[str], longest: int) -> str:
    if text[:8].lower().startswith(("https://", "http://")):
        return quote(text, safe=WEB_SIGNS, errors="replace")
    return _print_text(text, unprinted, longest)
