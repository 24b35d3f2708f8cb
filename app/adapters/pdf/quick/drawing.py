"""A glyph is written as it was the last time: its number, and how far it is from the next."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint.draw import text as drawing
from weasyprint.text.ffi import FROM_UNITS, ffi, pango

from app.adapters.pdf.quick.replacing import replace_attribute

GLYPH = struct.Struct("=IiiiI")
"""A PangoGlyphInfo: the glyph, its width, how far it is moved to the right and down, and whether a letter begins."""
ENDS = frozenset("\n\r\u2028\u2029")
"""Where Pango ends a paragraph."""
Glyph = tuple[int, int, int, int, int]


@contextmanager
def draw_glyphs_once() -> Iterator[None]:
    """While the block runs a line whose glyphs have all been drawn before is put together from what was written for them."""
    draw = drawing.draw_first_line
    pieces: dict[tuple[str, float], dict[Glyph, str]] = {}

    def draw_line(stream: Any, textbox: Any, overflow: Any, ellipsis: Any, matrix: Any) -> Any:
        if (
            overflow != "ellipsis"
            and ellipsis == "none"
            and textbox.text.strip()
            and textbox.style["font_size"] >= 1e-6
        ):
            if not ENDS.isdisjoint(textbox.pango_layout.text):  # the mode costs setting the line again
                pango.pango_layout_set_single_paragraph_mode(textbox.pango_layout.layout, True)
            runs = _read_runs(stream, textbox, pieces)
            if runs is not None:
                _write_runs(stream, matrix, runs)
                return []
        return draw(stream, textbox, overflow, ellipsis, matrix)

    with replace_attribute(drawing, "draw_first_line", draw_line):
        yield


def _read_runs(
    stream: Any, textbox: Any, pieces: dict[tuple[str, float], dict[Glyph, str]]
) -> list[tuple[Any, float, str]] | None:
    """Of each run of the line its font, its size and its glyphs as they are written; None where a glyph is not known yet."""
    line, _ = textbox.pango_layout.get_first_line()
    run, runs = line.runs[0], []
    while run != ffi.NULL:
        item, run = run.data, run.next
        font, size = stream.add_font(item.item.analysis.font)
        if font.bitmap or font.svg or font.png or font.colr or pango.pango_version() < 14802:
            return None
        known = pieces.setdefault((font.hash, size), {})
        glyphs = GLYPH.iter_unpack(ffi.buffer(item.glyphs.glyphs, item.glyphs.num_glyphs * GLYPH.size))
        written = []
        for glyph in glyphs:
            piece = known.get(glyph) or _write_glyph(glyph, font, size)
            if piece is None:
                return None
            known[glyph] = piece
            written.append(piece)
        runs.append((font, size, "".join(written)))
    return runs


def _write_glyph(glyph: Glyph, font: Any, size: float) -> str | None:
    """The glyph inside of a list of glyphs; None for one that has to be looked up, or is no plain glyph."""
    number, width, right, down, _ = glyph
    if down or number not in font.to_unicode or number not in font.widths or number >= pango.PANGO_GLYPH_EMPTY:
        return None
    offset = right / size
    kerning = font.widths[number] + offset - width * 1000 * FROM_UNITS / size
    moved = f">{-offset}<" if offset else ""
    return f"{moved}{number:04x}" + (f">{int(kerning)}<" if kerning else "")


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
