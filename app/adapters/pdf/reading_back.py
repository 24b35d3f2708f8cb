"""What programs read out of a PDF is what was typed, where letters are drawn from several pieces or from the right.

WeasyPrint says of each glyph which text it stands for, but knows a letter and its mark only as one, so that the letter would be
read as nothing from then on; and glyphs stand in the order in which they are drawn. So a run of another font carries its text
whole. What is written from the right does not: readers put those glyphs in order by themselves, and would turn the text around again.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pydyf
from fontTools.ttLib import TTFont
from weasyprint.draw import text as drawing
from weasyprint.pdf import stream as streams

from app.adapters.pdf.replacing import replace_attribute

RUN = "other"
"""The class of a run that `adapters.pdf.report_job` marked."""
UNSEEN = str.maketrans("", "", "\u200b")
NOTHING = "\u200b"
"""What a glyph stands for that is a part of another's letter: every glyph has to stand for something by PDF/A."""


class GlyphTexts(dict[int, str]):
    """Which text each glyph of a font stands for: its own sign where the font says so, rather than that of all it is drawn with."""

    def __init__(self, font: Any) -> None:
        super().__init__()
        self._font = font
        self._signs: dict[int, str] | None = None

    def __setitem__(self, glyph: int, text: str) -> None:
        if len(text) != 1:
            own = self._find_sign(glyph)
            text = own if own and (not text or own in text) else text or NOTHING
        super().__setitem__(glyph, text)

    def _find_sign(self, glyph: int) -> str | None:
        if self._signs is None:
            with TTFont(io.BytesIO(self._font.file_content), fontNumber=self._font.index, lazy=True) as font:
                letters = sorted(font["cmap"].getBestCmap().items(), reverse=True)
                self._signs = {font.getGlyphID(name): chr(code) for code, name in letters}
        return self._signs.get(glyph)


@contextmanager
def reading_back() -> Iterator[None]:
    """While the block runs WeasyPrint writes glyphs and runs so that they are read back as they were typed."""
    add_font, draw_line = streams.Stream.add_font, drawing.draw_first_line

    def add_read_font(stream: Any, *given: Any) -> Any:
        font, size = add_font(stream, *given)
        if not isinstance(font.to_unicode, GlyphTexts):
            font.to_unicode = GlyphTexts(font)
        return font, size

    def draw_read_line(stream: Any, textbox: Any, *given: Any) -> Any:
        element = getattr(textbox, "element", None)  # the texts of drawings have none
        is_run = element is not None and element.get("class") == RUN
        if not is_run or textbox.style["direction"] == "rtl":
            return draw_line(stream, textbox, *given)
        read = pydyf.String(textbox.text.translate(UNSEEN))
        pydyf.Stream.begin_marked_content(stream, "Span", pydyf.Dictionary({"ActualText": read}))
        emojis = draw_line(stream, textbox, *given)
        stream.end_marked_content()
        return emojis

    with (
        replace_attribute(streams.Stream, "add_font", add_read_font),
        replace_attribute(drawing, "draw_first_line", draw_read_line),
    ):
        yield
