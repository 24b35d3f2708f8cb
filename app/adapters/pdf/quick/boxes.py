"""Boxes of the same style have the same lengths, unless a length is a share of something else."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from weasyprint.formatting_structure.boxes import Box
from weasyprint.layout import percent
from weasyprint.layout.absolute import AbsolutePlaceholder

from app.adapters.pdf.replacing import replace_attribute, replace_function

LENGTHS = (
    "margin_left", "margin_right", "margin_top", "margin_bottom", "padding_left", "padding_right", "padding_top", "padding_bottom",
    "width", "min_width", "max_width", "height", "min_height", "max_height",
)  # fmt: skip
BORDERS = ("border_top_width", "border_right_width", "border_bottom_width", "border_left_width")
CORNERS = (
    "border_top_left_radius",
    "border_top_right_radius",
    "border_bottom_right_radius",
    "border_bottom_left_radius",
)
NO_RADIUS = (0, "px")
SQUARE = (0, 0)
SQUARE_CORNERS = dict.fromkeys(CORNERS, SQUARE)
IN_FLOW = ("static", "relative")


@contextmanager
def measure_boxes_once() -> Iterator[None]:
    """While the block runs the lengths of a box are those that its style gave the box before."""
    measure, round_corners, ask_flow = (
        percent.resolve_percentages,
        percent.resolve_radii_percentages,
        Box.is_in_normal_flow,
    )

    def measure_box(box: Any, containing_block: Any) -> None:
        lengths = keep(box.style, "fixed_lengths", _find_lengths)
        if not lengths or isinstance(box, AbsolutePlaceholder):  # it stands for another box, and has nothing of its own
            measure(box, containing_block)
            return
        if box.style["border_collapse"] == "collapse":  # those of a table's cells were settled between the cells
            lengths = lengths | {name: getattr(box, name) for name in BORDERS if hasattr(box, name)}
        box.__dict__.update(lengths)

    def round_box(box: Any) -> None:
        corners = keep(box.style, "square_corners", _find_corners)
        if corners and not isinstance(box, AbsolutePlaceholder):
            box.__dict__.update(corners)
        else:
            round_corners(box)

    def is_in_flow(box: Any) -> bool:
        style = box.style
        return (style["float"] == "none" and style["position"] in IN_FLOW) or bool(ask_flow(box))

    with ExitStack() as parts:
        parts.enter_context(replace_function(measure, measure_box))
        parts.enter_context(replace_function(round_corners, round_box))
        parts.enter_context(replace_attribute(Box, "is_in_normal_flow", is_in_flow))
        parts.enter_context(replace_attribute(Box, "rounded_box", _round_box(Box.rounded_box)))
        yield


def keep(style: Any, name: str, find: Any) -> Any:
    """What `find` says of the style, asked once."""
    kept = style.__dict__.get(name)
    if kept is None:
        twin = style.__dict__.get("twin")
        kept = find(style) if twin is None else keep(twin, name, find)
        setattr(style, name, kept)
    return kept


def _find_lengths(style: Any) -> dict[str, Any]:
    """Each length that a box of the style has; empty where one depends on what is around the box."""
    if style["box_sizing"] != "content-box":
        return {}
    lengths: dict[str, Any] = {name: style[name] for name in BORDERS}
    for name in LENGTHS:
        value = style[name]
        if value == "auto":
            lengths[name] = 0 if name in ("min_width", "min_height") else value
        elif getattr(value, "unit", None) == "px":
            lengths[name] = value.value
        else:
            return {}
    return lengths


def _find_corners(style: Any) -> dict[str, Any]:
    """Square corners for a style that has no other; empty for one that has."""
    return SQUARE_CORNERS if has_square_corners(style) else {}


def has_square_corners(style: Any) -> bool:
    return all(NO_RADIUS in style[name] for name in CORNERS)


def _round_box(round_box: Any) -> Any:
    def round_quickly(box: Any, top: float, right: float, bottom: float, left: float) -> Any:
        if any(getattr(box, corner) is not SQUARE for corner in CORNERS):
            return round_box(box, top, right, bottom, left)
        x, y = box.border_box_x() + left, box.border_box_y() + top
        width, height = box.border_width() - left - right, box.border_height() - top - bottom
        return x, y, width, height, SQUARE, SQUARE, SQUARE, SQUARE

    return round_quickly
