"""A glyph is written as it was the last time: its number, and how far it is from the next."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint.draw import text as drawing
from weasyprint.text.ffi import FROM_UNITS, ffi, pango

from app.adapters.pdf.quick.shaping import ReadyLine
from app.adapters.pdf.replacing import replace_attribute

GLYPH = struct.Struct("16s4x")
"""A PangoGlyphInfo: the glyph, its width, how far it is moved to the right and down; and then what does not show."""
PARTS = struct.Struct("=Iiii")
UPRIGHT = (1, 0, 0, -1)
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
            layout = textbox.pango_layout
            if isinstance(layout, ReadyLine):
                runs = _read_words(stream, layout, fonts)
            else:
                if not ENDS.isdisjoint(layout.text):  # the mode costs setting the line again
                    pango.pango_layout_set_single_paragraph_mode(layout.layout, True)
                runs = _read_runs(stream, layout.layout, fonts)
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
        self.runs = WrittenRuns(self)

    def __missing__(self, glyph: tuple[bytes]) -> str:
        font, (number, width, right, down) = self._font, PARTS.unpack(*glyph)
        if down or number not in font.to_unicode or number not in font.widths or number >= pango.PANGO_GLYPH_EMPTY:
            raise KeyError(glyph)
        offset = right / self.size
        kerning = font.widths[number] + offset - width * 1000 * FROM_UNITS / self.size
        moved = f">{-offset}<" if offset else ""
        piece = self[glyph] = f"{moved}{number:04x}" + (f">{int(kerning)}<" if kerning else "")
        return piece


class WrittenRuns(dict[bytes, str]):
    """The glyphs of a word or a space as they are written, one after the other."""

    def __init__(self, glyphs: WrittenGlyphs) -> None:
        super().__init__()
        self._glyphs = glyphs

    def __missing__(self, run: bytes) -> str:
        written = self[run] = "".join(map(self._glyphs.__getitem__, GLYPH.iter_unpack(run)))
        return written


def _read_runs(stream: Any, layout: Any, fonts: dict[Any, Any]) -> list[tuple[Any, float, str]] | None:
    """Of each run of the line its font, its size and its glyphs as they are written; None where a glyph is not known yet."""
    run, runs = pango.pango_layout_get_line_readonly(layout, 0).runs[0], []
    while run != ffi.NULL:
        item, run = run.data, run.next
        font, written = _find_font(stream, item.item.analysis.font, layout, fonts)
        if written is None:
            return None
        glyphs = GLYPH.iter_unpack(ffi.buffer(item.glyphs.glyphs, item.glyphs.num_glyphs * GLYPH.size))
        try:
            runs.append((font, written.size, "".join(map(written.__getitem__, glyphs))))
        except KeyError:
            return None
    return runs


def _read_words(stream: Any, line: ReadyLine, fonts: dict[Any, Any]) -> list[tuple[Any, float, str]] | None:
    """The same for a line that was put together from words."""
    words = line.words
    font, written = _find_font(stream, words.font, words.keeper, fonts)
    if written is None:
        return None
    glyphs, runs = words.glyphs, written.runs
    try:
        run = runs[glyphs[" "]].join([runs[glyphs[word]] for word in line.text.split(" ")])
    except KeyError:
        return None
    return [(font, written.size, run)]


def _find_font(stream: Any, pointer: Any, layout: Any, fonts: dict[Any, Any]) -> tuple[Any, Any]:
    """A font of Pango in the file, with the glyphs of it that are written; without those for a font that needs more."""
    if pointer not in fonts:
        font, size = stream.add_font(pointer)
        is_plain = not (font.bitmap or font.svg or font.png or font.colr or pango.pango_version() < 14802)
        written = WrittenGlyphs(font, size) if is_plain else None
        fonts[pointer] = (font, written, layout)  # the layout keeps the font where it is
    font, written, _ = fonts[pointer]
    return font, written


def _write_runs(stream: Any, matrix: Any, runs: list[tuple[Any, float, str]]) -> None:
    (a, b, _), (c, d, _), (e, f, _) = matrix
    if (a, b, c, d) == UPRIGHT:
        stream.stream.append(f"1 0 0 -1 {write_number(e)} {write_number(f)} Tm")
    else:
        stream.set_text_matrix(a, b, c, d, e, f)
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


def write_number(number: float) -> str:
    """As pydyf writes it."""
    return f"{int(number)}" if number % 1 == 0 else f"{number:f}".rstrip("0")
