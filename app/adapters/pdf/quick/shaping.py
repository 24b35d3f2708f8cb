"""Words are set once for each font; a line of them is put together from what was set.

That holds for letters that do not move to their neighbours, as most of a report has them (`font-kerning: none`): there a line is as
wide as its words and spaces, and has their glyphs.
"""

from typing import Any

from weasyprint.text import line_break
from weasyprint.text.ffi import FROM_UNITS, ffi, pango, unicode_to_char_p

HAIR, KERNED_HAIR = 0.05, 0.1
"""Pixels, and a share of the size of letters that move: what is nearer to the end is WeasyPrint's to decide."""
WORDS_KEPT = 40_000
"""Words in one font each: as many as twenty reports have, some megabytes."""
_NO_WORD: dict[str, bytes | None] = {"": b""}
_known: dict[tuple[str, str], dict[str, tuple[float, bytes | None]]] = {}
"""By fonts and by style: words that were set for other reports, with their widths and glyphs."""
GLYPH_BYTES = ffi.sizeof("PangoGlyphInfo")


class WordWidths(dict[str, float]):
    """How wide words are in a style between spaces, to which letters may move, in pixels."""

    def __init__(self, style: Any) -> None:
        super().__init__()
        self.layout = line_break.Layout(style).layout
        self._extents = ffi.new("PangoRectangle *")
        self.space = self._measure("  ") / 2
        self.hair = HAIR if style["font_kerning"] == "none" else KERNED_HAIR * style["font_size"]

    def __missing__(self, word: str) -> float:
        width = self[word] = self._measure(f" {word} ") - 2 * self.space
        return width

    def _measure(self, text: str) -> float:
        pango.pango_layout_line_get_extents(self._set(text), ffi.NULL, self._extents)
        return float(self._extents.width * FROM_UNITS)

    def _set(self, text: str) -> Any:
        pango.pango_layout_set_text(self.layout, unicode_to_char_p(text)[0], -1)
        return pango.pango_layout_get_line_readonly(self.layout, 0)


class ShapedWords(WordWidths):
    """The same for letters that do not move, with the glyphs of each word."""

    def __init__(self, style: Any, known: dict[str, tuple[float, bytes | None]]) -> None:
        super().__init__(style)
        self._known = known
        self[""], self.glyphs = 0.0, _NO_WORD.copy()
        """By word; None for one that is not all in the first font, or not from left to right."""
        self.keeper = line_break.Layout(style).layout
        """Has a space set for good: Pango lets go of a font that no layout has once many others came after it."""
        pango.pango_layout_set_text(self.keeper, b" ", -1)
        self.font = pango.pango_layout_get_line_readonly(self.keeper, 0).runs[0].data.item.analysis.font
        pango.pango_layout_line_get_extents(self._set(" "), ffi.NULL, self._extents)
        self.height = self._extents.height * FROM_UNITS
        self.baseline = pango.pango_layout_get_baseline(self.layout) * FROM_UNITS
        self.glyphs[" "] = self._read_glyphs(self._set(" "))

    def __missing__(self, word: str) -> float:
        if word not in self._known:
            line = self._set(word)
            pango.pango_layout_line_get_extents(line, ffi.NULL, self._extents)
            self._known[word] = float(self._extents.width * FROM_UNITS), self._read_glyphs(line)
        self[word], self.glyphs[word] = self._known[word]
        return self[word]

    def _read_glyphs(self, line: Any) -> bytes | None:
        run = line.runs[0]
        item = run.data
        if run.next != ffi.NULL or item.item.analysis.font != self.font or item.item.analysis.level % 2:
            return None
        return bytes(ffi.buffer(item.glyphs.glyphs, item.glyphs.num_glyphs * GLYPH_BYTES))


def find_known_words(fonts: str, style: str) -> dict[str, tuple[float, bytes | None]]:
    """Words that are set with the same fonts in the same style, to which more may be added."""
    if sum(map(len, _known.values())) > WORDS_KEPT:
        _known.clear()
    return _known.setdefault((fonts, style), {})


class ReadyLine(line_break.Layout):  # type: ignore[misc]  # WeasyPrint has no types
    """A line of words that are set; Pango is asked only by those who ask for its layout."""

    def __init__(self, text: str, style: Any, max_width: float | None, words: ShapedWords) -> None:
        self.text, self.style, self.max_width, self.words = text, style, max_width, words
        self.justification_spacing = self.first_line_direction = 0

    def __getattr__(self, name: str) -> Any:
        if name != "layout":
            raise AttributeError(name)
        text = self.text
        self.setup(self.style)
        self.set_text(text)
        return self.__dict__["layout"]

    def reactivate(self, style: Any) -> None:
        self.style = style

    def deactivate(self) -> None:
        """Nothing has to go."""


def put_together(text: str, style: Any, max_width: float | None, words: ShapedWords, end: int | None = None) -> Any:
    """What `split_first_line` gives for a line that goes to `end` of its text; None where a word is not plain."""
    parts = text.split(" ")
    width = sum(map(words.__getitem__, parts)) + (len(parts) - 1) * words.space
    if None in map(words.glyphs.get, parts):
        return None
    line = ReadyLine(text, style, max_width, words)
    return line, len(text.encode()), end, width, words.height, words.baseline
