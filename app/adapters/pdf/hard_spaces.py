"""A hard space at the end of a text takes its room, where Pango lets it hang over the end of a line as it does with any space.

WeasyPrint then finds the text too wide, and no place in it at which Pango ends the line: it prints one word a line.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from typing import Any

from weasyprint.text import line_break

from app.adapters.pdf.replacing import replace_function

HARD_SPACE = "\u00a0"
HAIR = 0.1
"""Pixels."""


@contextmanager
def keep_hard_spaces() -> Iterator[None]:
    """While the block runs a text whose last hard space has no room on the line ends before its last word."""
    split = line_break.split_first_line

    def split_line(text: str, style: Any, context: Any, max_width: float | None, *given: Any, **named: Any) -> Any:
        if max_width not in (None, inf) and text.endswith(HARD_SPACE):
            with_space, without = (
                split(part, style, context, None, *given, **named)[3] for part in (text, text.rstrip(HARD_SPACE))
            )
            if without <= max_width < with_space:
                max_width = without - HAIR
        return split(text, style, context, max_width, *given, **named)

    with replace_function(split, split_line):
        yield
