"""Cells of the same text and style are measured once: a table says "Met", "Yes" and the same department again and again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint.formatting_structure.boxes import LineBox, TextBox
from weasyprint.layout import preferred

from app.adapters.pdf.replacing import replace_function

EDGES = ("border_left_width", "border_right_width")
"""What a cell of a table with shared edges has of its own, and may differ from its style."""


@contextmanager
def measure_cells_once() -> Iterator[None]:
    """While the block runs how narrow and how wide a cell may be is looked up, if it holds one text alone."""
    measure = preferred.table_cell_min_max_content_width
    found: dict[Any, tuple[float, float]] = {}

    def measure_cell(context: Any, cell: Any, outer: bool = True) -> Any:
        text = _find_only_text(cell)
        if text is None:
            return measure(context, cell, outer)
        key = text.text, id(text.style), id(cell.style), *(getattr(cell, edge, None) for edge in EDGES), outer
        if key not in found:
            found[key] = measure(context, cell, outer)
        return found[key]

    with replace_function(measure, measure_cell):
        yield


def _find_only_text(cell: Any) -> Any:
    """The text of a cell with nothing else in it; None for any other."""
    line: Any = cell.children[0] if len(cell.children) == 1 else None
    text = line.children[0] if type(line) is LineBox and len(line.children) == 1 else None
    return text if type(text) is TextBox else None
