"""The words of a line are counted out by their widths, so that only the line that comes of it is set.

WeasyPrint has Pango set nearly two lines to find where the first ends, tries one word more, and sets what it found once again. Where
a line of plain words ends is known beforehand; in all that is not plain, and where it is a matter of a hair, WeasyPrint is asked.
"""

import re
from collections.abc import Callable
from typing import Any

from weasyprint.css.properties import INITIAL_VALUES
from weasyprint.text import line_break
from weasyprint.text.ffi import FROM_UNITS, pango

from app.adapters.pdf.quick.boxes import keep
from app.adapters.pdf.quick.shaping import ShapedWords, WordWidths, put_together

PLAIN_LINE = re.compile("[\u0020-\u007e\u00a0-\u00ac\u00ae-\u024f\u2013\u2014\u2018-\u201d\u2212]*")
"""Letters of one script, and no sign that says where a line may end."""
END = re.compile(r"[\w.,;:!?)%\u00b7]$")
BEGINNING = re.compile("(?:\u00b7|(?:\u00b7\u00a0)?[0-9A-Za-z\u00c0-\u024f]+[.,;:!?)]*)$")
"""A word before which a line may end, and in which it may not."""
SIGNS_OF_A_FONT_SIZE = 6
"""A line has fewer signs than its width has sixths of the size of its letters."""
PLAIN = {
    "white_space": "normal", "letter_spacing": "normal", "word_spacing": 0, "direction": "ltr",
    "hyphens": "manual", "word_break": "normal", "text_decoration_line": "none",
}  # fmt: skip


def is_plain(style: Any) -> bool:
    """Whether texts of the style are as wide as their words and spaces."""
    return bool(style["font_size"]) and all(style[name] == value for name, value in PLAIN.items())


FONT_PROPERTIES = (*sorted(name for name in INITIAL_VALUES if name.startswith("font_")), "direction", "lang")


def find_font_key(style: Any) -> tuple[int, str]:
    """What two styles have in common whose texts are set alike."""
    return id(style.font_config), str([style[name] for name in FONT_PROPERTIES])


def split_plain_line(text: str, style: Any, max_width: float | None, find_widths: Callable[[Any], WordWidths]) -> Any:
    """What `split_first_line` gives for a text; None where that is not plain."""
    most = len(text) if max_width is None else int(max_width / style["font_size"] * SIGNS_OF_A_FONT_SIZE)
    is_short = max_width is None or len(text) <= most // 4
    if is_short and style["font_kerning"] != "none":
        return None
    widths = keep(style, "word_widths", find_widths)
    if isinstance(widths, ShapedWords) and len(text) <= most and PLAIN_LINE.fullmatch(text):
        line = put_together(text, style, max_width, widths)
        if line and (max_width is None or line[3] <= max_width - widths.hair):
            return line
    if is_short or "\u00ad" in text:
        return None
    if not max_width:
        return _split_word(text, style, widths)
    words = text[:most].split(" ")
    if len(text) > most:
        words.pop()  # it may be a part of one
    taken = _count_words(words, max_width, widths)
    if not taken or not BEGINNING.match(words[taken]) or not END.search(words[taken - 1]):
        return None
    line = " ".join(words[:taken])
    return _set_line(line, style, max_width, widths) if PLAIN_LINE.fullmatch(line) else None


def _split_word(text: str, style: Any, widths: WordWidths) -> Any:
    """The first word alone, as a column of no width takes it."""
    word, space, rest = text.partition(" ")
    if not isinstance(widths, ShapedWords) or style["overflow_wrap"] != "normal":
        return None
    if not (BEGINNING.match(word) and END.search(word)) or (space and not BEGINNING.match(rest.partition(" ")[0])):
        return None
    return put_together(word, style, 0, widths, len(word.encode()) + 1 if space else None)


def _count_words(words: list[str], max_width: float, widths: WordWidths) -> int:
    """How many words stand on the line, if that leaves one over; else 0."""
    space, hair, used = widths.space, widths.hair, 0.0
    for count, word in enumerate(words):
        used += widths[word]
        if used > max_width - hair:
            return count if used > max_width + hair else 0
        if count and not word:
            return 0
        used += space
    return 0


def _set_line(line: str, style: Any, max_width: float, widths: WordWidths) -> Any:
    end = len(line.encode()) + 1
    if isinstance(widths, ShapedWords) and (ready := put_together(line, style, max_width, widths, end)):
        return ready
    layout = line_break.Layout(style, 0, max_width)
    layout.set_text(line)
    first_line, _ = layout.get_first_line()
    width, height = line_break.line_size(first_line, style)
    baseline = pango.pango_layout_get_baseline(layout.layout) * FROM_UNITS
    length = first_line.length
    layout.deactivate()
    return layout, length, end, width, height, baseline
