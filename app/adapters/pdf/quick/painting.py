"""What a box does not have is not looked for again: a border, a background, an outline, a line under its text."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pydyf
from weasyprint.draw import border, color, text
from weasyprint.formatting_structure.boxes import Box
from weasyprint.layout import background
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.matrix import Matrix
from weasyprint.pdf.stream import Stream

from app.adapters.pdf.quick.boxes import SQUARE, SQUARE_CORNERS, has_square_corners, keep
from app.adapters.pdf.quick.drawing import write_number
from app.adapters.pdf.replacing import replace_attribute, replace_function

SIDES = ("top", "right", "bottom", "left")
DRAWN = ("bottom", "left", "right", "top")
"""Sides in the order in which WeasyPrint draws them."""
PLAIN_LOOK = {**SQUARE_CORNERS, "background": None}


@contextmanager
def paint_what_is_there() -> Iterator[None]:
    """While the block runs boxes without borders, backgrounds and outlines cost no time for them."""
    with ExitStack() as parts:
        parts.enter_context(replace_function(border.draw_border, _draw_border(border.draw_border)))
        parts.enter_context(replace_function(border.set_mask_border, _set_mask(border.set_mask_border)))
        parts.enter_context(replace_function(border.draw_outline, _draw_outline(border.draw_outline)))
        parts.enter_context(replace_function(text.draw_text, _draw_text(text.draw_text)))
        for name, begin, end in (
            ("stacked", Stream.push_state, Stream.pop_state),
            ("artifact", _begin_artifact, _end_mark),
        ):
            parts.enter_context(replace_attribute(Stream, name, _make_pair(begin, end)))
        parts.enter_context(replace_attribute(Stream, "marked", _mark_box))
        parts.enter_context(replace_attribute(Stream, "set_color", _set_color(Stream.set_color)))
        yield


@contextmanager
def lay_out_backgrounds_that_are_there() -> Iterator[None]:
    """While the block runs only boxes with a background are asked for it."""
    layer = background.layout_box_backgrounds
    with replace_function(layer, _layer_backgrounds(layer)):
        yield


class _Pair:
    """Begins something when a block is entered, and ends it when the block is left."""

    __slots__ = ("_end", "_stream")

    def __init__(self, stream: Any, end: Callable[[Any], None]) -> None:
        self._stream, self._end = stream, end

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self._end(self._stream)


def _make_pair(begin: Callable[[Any], None], end: Callable[[Any], None]) -> Callable[[Any], _Pair]:
    def pair(stream: Any) -> _Pair:
        begin(stream)
        return _Pair(stream, end)

    return pair


def _begin_artifact(stream: Any) -> None:
    if stream._tags is not None:
        pydyf.Stream.begin_marked_content(stream, "Artifact")


def _end_mark(stream: Any) -> None:
    if stream._tags is not None:
        stream.end_marked_content()


def _mark_box(stream: Any, box: Any, tag: str) -> _Pair:
    if stream._tags is not None:
        number = len(stream._tags)
        stream._tags[box] = {"tag": tag, "mcid": number}
        pydyf.Stream.begin_marked_content(stream, tag, b"<</MCID %d>>" % number)
    return _Pair(stream, _end_mark)


def _set_color(set_color: Any) -> Any:
    """Set colors of the screen as they were found the first time, the commonest change of all."""
    found: dict[tuple[int, bool], tuple[Any, tuple[Any, ...], float, str]] = {}

    def set_found_color(stream: Any, color: Any, stroke: bool = False) -> None:
        if color.space != "srgb":
            set_color(stream, color, stroke)
            return
        key = id(color), stroke
        if key not in found:  # it is kept beside what was found, so that no other gets its number
            *channels, alpha = color
            step = " ".join((*map(write_number, color.to("srgb").coordinates), "RG" if stroke else "rg"))
            found[key] = color, (color.space, *channels), alpha, step
        _, name, alpha, step = found[key]
        stream.set_alpha(alpha, stroke)
        which = "_current_color_stroke" if stroke else "_current_color"
        if getattr(stream, which) != name:
            setattr(stream, which, name)
            stream.stream.append(step)

    return set_found_color


def _draw_border(draw: Any) -> Any:
    def draw_border(stream: Any, box: Any) -> None:
        has_edges = box.border_top_width or box.border_right_width or box.border_bottom_width or box.border_left_width
        if has_edges and _draw_solid_edges(stream, box):
            return
        if has_edges or keep(box.style, "says_borders", _says_borders):
            draw(stream, box)

    return draw_border


def _draw_solid_edges(stream: Any, box: Any) -> bool:
    """Draw edges that do not go all around a box; False where they are not plain."""
    colors = keep(box.style, "solid_edges", _find_solid_edges)
    top, right, bottom, left = (getattr(box, f"border_{side}_width") for side in SIDES)
    edges = [side for side, width in zip(DRAWN, (bottom, left, right, top), strict=True) if width]
    if len(edges) == len(SIDES) or not colors.keys() >= set(edges) or box.border_top_left_radius is not SQUARE:
        return False
    x, y, width, height = box.rounded_border_box()[:4]
    end, foot = x + width, y + height
    inside = x + left, y + top, width - left - right, height - top - bottom
    corners = {
        "top": ((end, y), (x, y), (x + left, y + top), (x + width - right, y + top)),
        "right": ((end, foot), (end, y), (end - right, y + top), (end - right, foot - bottom)),
        "bottom": ((end, foot), (x, foot), (x + left, foot - bottom), (end - right, foot - bottom)),
        "left": ((x, foot), (x, y), (x + left, y + top), (x + left, foot - bottom)),
    }
    for side in edges:
        with stream.artifact(), stream.stacked():
            first, *others = (f"{write_number(across)} {write_number(down)}" for across, down in corners[side])
            stream.stream.append("\n".join((f"{first} m", *(f"{other} l" for other in others), "W*\nn")))
            stream.set_color(colors[side])
            stream.rectangle(*inside)
            stream.rectangle(x, y, width, height)
            stream.fill(even_odd=True)
    return True


def _find_solid_edges(style: Any) -> dict[str, Any]:
    """The colors of the sides at which a style has a solid edge, if it is plain in all else."""
    if style["visibility"] != "visible" or not has_square_corners(style) or _says_borders(style):
        return {}
    colors = {side: color.get_color(style, f"border_{side}_color") for side in SIDES}
    return {side: colors[side] for side in SIDES if style[f"border_{side}_style"] == "solid" and colors[side].alpha}


def _says_borders(style: Any) -> bool:
    """Whether a box has something beside the widths of its borders that makes one."""
    is_columns = style["column_width"] != "auto" or style["column_count"] != "auto"
    return bool(is_columns or style["border_image_source"][0] != "none")


def _set_mask(set_mask: Any) -> Any:
    def set_mask_border(stream: Any, box: Any) -> None:
        if keep(box.style, "says_mask", lambda style: style["mask_border_source"][0] != "none"):
            set_mask(stream, box)

    return set_mask_border


def _draw_outline(draw: Any) -> Any:
    def draw_outline(stream: Any, box: Any) -> None:
        if keep(box.style, "says_outline", lambda style: bool(style["outline_width"])):
            draw(stream, box)
            return
        for child in box.children:
            if isinstance(child, Box):
                draw_outline(stream, child)

    return draw_outline


def _draw_text(draw: Any) -> Any:
    def draw_text(stream: Any, box: Any, offset_x: Any, text_overflow: Any, block_ellipsis: Any = "none") -> None:
        style = box.style
        if not keep(style, "is_plain_text", _is_plain_text):
            draw(stream, box, offset_x, text_overflow, block_ellipsis)
            return
        stream.set_color(style["color"])
        layout = box.pango_layout
        layout.reactivate(style)
        stream.begin_text()
        at = Matrix(d=-1, e=box.position_x, f=box.position_y + box.baseline)
        emojis = text.draw_first_line(stream, box, text_overflow, block_ellipsis, at)
        stream.end_text()
        if emojis:
            text.draw_emojis(stream, style, box.position_x, box.position_y + box.baseline, emojis)
        layout.deactivate()

    return draw_text


def _is_plain_text(style: Any) -> bool:
    return bool(style["font_size"] and style["visibility"] == "visible" and style["text_decoration_line"] == "none")


def _layer_backgrounds(layer: Any) -> Any:
    def layer_boxes(
        page: Any, box: Any, get_image_from_uri: Any, layout_children: bool = True, style: Any = None
    ) -> None:
        is_itself = box is not page and style is None and not isinstance(box, AbsolutePlaceholder)
        if not (is_itself and keep(box.style, "looks_plain", _looks_plain)):
            layer(page, box, get_image_from_uri, layout_children, style)
            return
        box.__dict__.update(PLAIN_LOOK)
        for child in box.all_children():
            layer_boxes(page, child, get_image_from_uri)

    return layer_boxes


def _looks_plain(style: Any) -> bool:
    """Whether nothing is drawn behind a box, and its corners are square."""
    return has_square_corners(style) and not (
        style["border_image_source"][0] != "none"
        or style["mask_border_source"][0] != "none"
        or style["box_shadow"]
        or any(kind != "none" or value for kind, value in style["background_image"])
        or color.get_color(style, "background_color").alpha
    )
