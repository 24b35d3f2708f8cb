"""The fonts that the report is set in, and which characters they can draw.

Source Sans comes with the app and draws the Latin languages. DejaVu Sans, where the machine has it, draws Greek, Cyrillic,
Armenian, Georgian, Hebrew, Arabic and some signs. A character that neither has would be drawn as an empty box without a meaning,
which PDF/UA forbids, so `make_page_printable` replaces it first. Emoji are always replaced: which font draws them differs between machines.
"""

import re
import textwrap
import unicodedata
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import TypeVar, cast
from urllib.parse import quote

from fontTools.ttLib import TTFont

from app.rules.report.page import ReportPage
from app.rules.text import normalize_text
from app.settings import ROOT

SANS_FOLDER = ROOT / "static" / "vendor" / "uswds" / "fonts" / "source-sans-pro"
SANS_WEIGHTS = ("light", "regular", "semibold", "bold")
DEJAVU_FOLDERS = tuple(
    Path(folder)
    for folder in (
        "/usr/share/fonts/truetype/dejavu",
        "/usr/share/fonts/dejavu-sans-fonts",
        "/usr/share/fonts/TTF",
        "/usr/local/share/fonts",
        "/Library/Fonts",
        "/opt/homebrew/share/fonts",
    )
)
DEJAVU_FILES = {"dejavu-regular": "DejaVuSans.ttf", "dejavu-bold": "DejaVuSans-Bold.ttf"}
OTHER_SCRIPTS = (
    *range(0x00A0, 0x0590),
    *range(0x0590, 0x0780),
    *range(0x10A0, 0x1100),
    *range(0x1E00, 0x2000),
    *range(0x2010, 0x2030),
    *range(0x2030, 0x2200),
    *range(0x2200, 0x2300),
    *range(0x25A0, 0x25FD),
    0x2713,
    0x2717,
)
"""What is asked of DejaVu: scripts that people write in, dashes, currencies, arrows, mathematics, shapes; none of the emoji."""

LONG_WORD = 40
"""Characters: what fits a line of the report, also in capitals; a longer word may break after each so many. Without that,
the layout tries every place in the word for every line, and 20,000 letters without a space take minutes."""
BREAK = "\u200b"
LONG_WORDS = re.compile(rf"\S{{{LONG_WORD + 1},}}")
WEB_SIGNS = "!#$%&'()*+,/:;=?@[]~"
"""What stays as it is in a web address; the rest is percent-encoded, which leaves the address working and printable."""
BOX = "\u25a1"
INVISIBLE, MARKS = ("Cc", "Cf"), ("Mn", "Me")
"""Unicode categories of controls and directions, and of marks that sit on a letter."""
Part = TypeVar("Part")


@cache
def dejavu_files() -> dict[str, Path]:
    """DejaVu Sans by asset name, or nothing where the machine lacks one of its two files."""
    files = {
        name: path
        for name, file in DEJAVU_FILES.items()
        for path in (folder / file for folder in reversed(DEJAVU_FOLDERS))
        if path.is_file()
    }
    return files if len(files) == len(DEJAVU_FILES) else {}


@cache
def sans_characters() -> frozenset[str]:
    """What every weight of Source Sans that the report uses can draw."""
    return _shared_characters([SANS_FOLDER / f"sourcesanspro-{weight}-webfont.ttf" for weight in SANS_WEIGHTS])


@cache
def other_characters() -> frozenset[str]:
    """What DejaVu adds; empty where it is not installed."""
    if not dejavu_files():
        return frozenset()
    return (
        _shared_characters(list(dejavu_files().values())) & {chr(code) for code in OTHER_SCRIPTS}
    ) - sans_characters()


def _shared_characters(paths: list[Path]) -> frozenset[str]:
    return frozenset(set.intersection(*(_read_characters(path) for path in paths)))


def _read_characters(path: Path) -> set[str]:
    with TTFont(path, lazy=True) as font:
        return {chr(code) for code in font["cmap"].getBestCmap()}


def replacement_sign() -> str:
    """The sign for a character that cannot be drawn: an empty box, or a question mark where no font has one."""
    return BOX if BOX in other_characters() else "?"


def make_printable(text: str) -> str:
    """The text with only characters that can be drawn. Invisible ones (controls, bidi overrides, joiners) go, others become a box.

    Words over LONG_WORD characters get places, invisible themselves, where a line may break.
    """
    if not (text.isascii() and text.isprintable()):
        text = "".join(_drawn_character(character) for character in normalize_text("NFC", text))
    return LONG_WORDS.sub(lambda word: BREAK.join(textwrap.wrap(word[0], LONG_WORD)), text)


def _drawn_character(character: str) -> str:
    """What stands for one character: itself, a space, nothing, or the replacement.

    Marks that NFC could not join to their letter are left out: a letter drawn in two pieces cannot be read back from the PDF.
    """
    kind = unicodedata.category(character)
    if kind in INVISIBLE or kind in MARKS:
        return " " if character in "\n\t" else ""
    if kind.startswith("Z"):
        return character if character in sans_characters() else " "
    return character if character in sans_characters() or character in other_characters() else replacement_sign()


def _is_lost(character: str) -> bool:
    return unicodedata.category(character) not in INVISIBLE and _drawn_character(character) not in (character, " ")


def make_page_printable(page: ReportPage) -> ReportPage:
    """The page with every text printable; it notes whether a character was lost and whether DejaVu is needed."""
    signs: set[str] = set()
    clean = _map_texts(page, signs)
    drawn = {_drawn_character(sign) for sign in signs}
    return replace(
        clean, characters_replaced=any(map(_is_lost, signs)), other_scripts=not drawn <= sans_characters() | {""}
    )


def _map_texts(part: Part, signs: set[str]) -> Part:
    """The same part with every text in it printable; `signs` collects the characters that it had."""
    if isinstance(part, str) and part.lower().startswith(("https://", "http://")):
        return cast(Part, quote(part, safe=WEB_SIGNS, errors="replace"))
    if isinstance(part, str):
        signs.update(normalize_text("NFC", part))
        return cast(Part, make_printable(part))
    if isinstance(part, tuple):
        return cast(Part, tuple(_map_texts(inner, signs) for inner in part))
    if is_dataclass(part) and not isinstance(part, type):
        return replace(part, **{field.name: _map_texts(getattr(part, field.name), signs) for field in fields(part)})
    return part


def font_assets(other_scripts: bool) -> dict[str, bytes]:
    """The font files that print.css asks for, by asset name; those of DejaVu only where the report needs them."""
    files = {f"sans-{weight}": SANS_FOLDER / f"sourcesanspro-{weight}-webfont.ttf" for weight in SANS_WEIGHTS}
    return {name: path.read_bytes() for name, path in {**files, **(dejavu_files() if other_scripts else {})}.items()}
