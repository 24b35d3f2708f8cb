"""A glyph is written as it was the last time: its number, and how far it is from the next."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint.draw import text as drawing
from weasyprint.text.ffi import FROM_UNITS, ffi, pango

from app.adapters.pdf.quick.replacing import replace_attribute

GLYPH = struct.Struct("16s4x")
"""A PangoGlyphInfo: the glyph, its width, how far it is moved to the right and down; and then what does not show."""
PARTS = struct.Struct("=Iiii")
ENDS = frozenset("\n\r\u2028\u2029")
"""Where Pango ends a paragraph."""


@contextmanager
def draw_glyphs_once() -> Iterator[None]:
    """While the block runs a line whose glyphs have all been drawn before is put together from what was written for them."""
    draw = drawing.draw_first_line
    fonts: dict[Any, tuple[Any, WrittenGlyphs, Any]] = {}

    def draw_line(stream: Any, textbox: Any, overflow: Any, ellipsis: Any, matrix: Any) -> Any:
        if (
            overflow != "ellipsis"
            and ellipsis == "none"
            and textbox.text.strip()
            and textbox.style["font_size"] >= 1e-6
        ):
            if not ENDS.isdisjoint(textbox.pango_layout.text):  # the mode costs setting the line again
                pango.pango_layout_set_single_paragraph_mode(textbox.pango_layout.layout, True)
            runs = _read_runs(stream, textbox.pango_layout.layout, fonts)
            if runs is not None:
                _write_runs(stream, matrix, runs)
                return []
        return draw(stream, textbox, overflow, ellipsis, matrix)

    with replace_attribute(drawing, "draw_first_line", draw_line):
        yield


class WrittenGlyphs(dict[tuple[bytes], str]):
    """Each glyph of a font in a size as it is written in a list of glyphs. Raises KeyError for one that has to be looked up, or is no plain glyph."""

    def __init__(self, font: Any, size: float) -> None:
        super().__init__()
        self._font = font
        self.size = size

    def __missing__(self, glyph: tuple[bytes]) -> str:
        font, (number, width, right, down) = self._font, PARTS.unpack(*glyph)
        if down or number not in font.to_unicode or number not in font.widths or number >= pango.PANGO_GLYPH_EMPTY:
            raise KeyError(glyph)
        offset = right / self.size
        kerning = font.widths[number] + offset - width * 1000 * FROM_UNITS / self.size
        moved = f">{-offset}<" if offset else ""
        piece = self[glyph] = f"{moved}{number:04x}" + (f">{int(kerning)}<" if kerning else "")
        return piece


def _read_runs(stream: Any, layout: Any, fonts: dict[Any, Any]) -> list[tuple[Any, float, str]] | None:
    """Of each run of the line its font, its size and its glyphs as they are written; None where a glyph is not known yet."""
    run, runs = pango.pango_layout_get_line_readonly(layout, 0).runs[0], []
    while run != ffi.NULL:
        item, run = run.data, run.next
        pointer = item.item.analysis.font
        if pointer not in fonts:
            font, size = stream.add_font(pointer)
            if font.bitmap or font.svg or font.png or font.colr or pango.pango_version() < 14802:
                return None
            fonts[pointer] = (font, WrittenGlyphs(font, size), layout)  # the layout keeps the font where it is
        font, written, _ = fonts[pointer]
        glyphs = GLYPH.iter_unpack(ffi.buffer(item.glyphs.glyphs, item.glyphs.num_glyphs * GLYPH.size))
        try:
            runs.append((font, written.size, "".join(map(written.__getitem__, glyphs))))
        except KeyError:
            return None
    return runs


def _write_runs(stream: Any, matrix: Any, runs: list[tuple[Any, float, str]]) -> None:
    stream.set_text_matrix(*matrix.values)
    string, last = "", None
    for font, size, glyphs in runs:
        if last is None or font is not last:
            if string:
                stream.show_text(string)
            string, last = "", font
            stream.set_font_size(font.hash, size)
        string += f"<{glyphs}"
        string = string[:-1] if string.endswith("<") else f"{string}>"
    stream.show_text(string)
