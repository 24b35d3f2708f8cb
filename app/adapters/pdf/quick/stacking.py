"""What stands on a page in the order of the text is drawn as it was laid out, where WeasyPrint copies every box to take some out."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from weasyprint import stacking
from weasyprint.formatting_structure import boxes

from app.adapters.pdf.quick.boxes import keep
from app.adapters.pdf.replacing import replace_attribute


@contextmanager
def stack_in_order() -> Iterator[None]:
    """While the block runs a box is copied only if something inside of it is drawn before or after its turn."""
    with ExitStack() as parts:
        parts.enter_context(replace_attribute(stacking, "_dispatch", _dispatch_box(stacking._dispatch)))
        parts.enter_context(replace_attribute(stacking, "_dispatch_children", _dispatch_children))
        yield


def _dispatch_box(dispatch: Any) -> Any:
    def dispatch_box(box: Any, *given: Any) -> Any:
        if type(box) is boxes.TextBox and keep(box.style, "is_drawn_in_order", _is_drawn_in_order):
            return box
        return dispatch(box, *given)

    return dispatch_box


def _is_drawn_in_order(style: Any) -> bool:
    return bool(
        style["position"] == "static"
        and style["float"] == "none"
        and style["opacity"] == 1
        and style["overflow"] == "visible"
        and style["z_index"] == "auto"
        and not style["transform"]
    )


def _dispatch_children(box: Any, *given: Any) -> Any:
    if not isinstance(box, boxes.ParentBox):
        return box
    drawn = [stacking._dispatch(child, *given) for child in box.children]
    if all(now is child for now, child in zip(drawn, box.children, strict=True)):
        return box
    return box.copy_with_children([child for child in drawn if child is not None])
