"""WeasyPrint, made to do once what it does several times: the same file to the byte, in half of the time.

Nothing here may change what is made; `tests/adapters/pdf/test_quick.py` compares the files made with and without it, so that a new
version of WeasyPrint under which a part does not fit is noticed.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

from app.adapters.pdf.quick.boxes import measure_boxes_once
from app.adapters.pdf.quick.building import build_what_is_there
from app.adapters.pdf.quick.cascade import share_styles
from app.adapters.pdf.quick.cells import measure_cells_once
from app.adapters.pdf.quick.drawing import draw_glyphs_once
from app.adapters.pdf.quick.flow import flow_shortly
from app.adapters.pdf.quick.lines import draw_ready_lines, keep_lines_ready, set_lines_once
from app.adapters.pdf.quick.pages import number_pages_once
from app.adapters.pdf.quick.painting import lay_out_backgrounds_that_are_there, paint_what_is_there
from app.adapters.pdf.quick.sheets import read_sheets_once
from app.adapters.pdf.quick.stacking import stack_in_order
from app.adapters.pdf.quick.styles import inherit_directly
from app.adapters.pdf.quick.writing import write_objects_once


@contextmanager
def quick_layout(fonts: str = "") -> Iterator[None]:
    """While the block runs WeasyPrint lays out quicker; what it keeps for that goes with the block.

    But for style sheets, and for words as they are set in `fonts`, a name that no other set of fonts has.
    """
    with ExitStack() as parts:
        for part in (
            read_sheets_once,
            share_styles,
            inherit_directly,
            build_what_is_there,
            measure_cells_once,
            measure_boxes_once,
            partial(set_lines_once, fonts),
            keep_lines_ready,
            flow_shortly,
            number_pages_once,
            lay_out_backgrounds_that_are_there,
        ):
            parts.enter_context(part())
        yield


@contextmanager
def quick_writing() -> Iterator[None]:
    """While the block runs WeasyPrint draws and writes quicker."""
    with ExitStack() as parts:
        for part in (
            measure_boxes_once,
            set_lines_once,
            draw_ready_lines,
            stack_in_order,
            draw_glyphs_once,
            paint_what_is_there,
            write_objects_once,
        ):
            parts.enter_context(part())
        yield
