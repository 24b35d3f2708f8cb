"""The commonest flow the short way: a line of one text, with nothing floating beside it, on a page without a name of its own."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from weasyprint.css import ComputedStyle
from weasyprint.formatting_structure.boxes import Box, LineBox, ParentBox, TextBox
from weasyprint.layout import float as floating
from weasyprint.layout import inline
from weasyprint.layout.absolute import AbsolutePlaceholder

from app.adapters.pdf.quick.boxes import keep
from app.adapters.pdf.replacing import replace_attribute, replace_function

ROUNDING = 1 + 1e-9
"""By so much WeasyPrint widens a line, for widths that come from sums."""


@contextmanager
def flow_shortly() -> Iterator[None]:
    """While the block runs what cannot matter to a line or a page is not looked for."""
    with ExitStack() as parts:
        avoid, split = floating.avoid_collisions, inline.split_inline_box
        parts.enter_context(replace_function(avoid, _avoid_what_floats(avoid)))
        parts.enter_context(replace_function(split, _split_single_text(split)))
        parts.enter_context(replace_attribute(ParentBox, "page_values", _page_values))
        parts.enter_context(replace_attribute(Box, "descendants", _walk_through))
        yield


def _avoid_what_floats(avoid: Any) -> Any:
    def avoid_floats(context: Any, box: Any, containing_block: Any, outer: bool = True) -> Any:
        if context.excluded_shapes or not isinstance(box, LineBox) or containing_block.style["direction"] != "ltr":
            return avoid(context, box, containing_block, outer)
        left, width = containing_block.content_box_x(), containing_block.width
        if outer:
            return left, box.position_y, width
        # The sums are WeasyPrint's, in its order, or the last digit would be another.
        right = left + width - box.margin_right
        left += box.margin_left
        return left, box.border_box_y(), right - left

    return avoid_floats


def _split_single_text(split: Any) -> Any:
    def split_box(
        context: Any, box: Any, position_x: Any, max_x: Any, bottom_space: Any, skip_stack: Any, *given: Any
    ) -> Any:
        children, is_first_line = box.children, given[-1]
        if len(children) != 1 or type(children[0]) is not TextBox or is_first_line or box.is_leader:
            return split(context, box, position_x, max_x, bottom_space, skip_stack, *given)
        if not keep(box.style, "is_left_to_right", lambda style: style["direction"] == "ltr") or (
            box.padding_right or box.margin_right or box.border_right_width
        ):
            return split(context, box, position_x, max_x, bottom_space, skip_stack, *given)
        return _split_box_of_text(context, box, children[0], position_x, max_x * ROUNDING, skip_stack, *given)

    return split_box


def _split_box_of_text(
    context: Any, box: Any, child: Any, position_x: Any, max_x: Any, skip_stack: Any, containing_block: Any, *given: Any
) -> Any:
    """The box with as much of its only text as fits, and what `split_inline_box` says beside that."""
    line_children, is_line, skip = given[4], isinstance(box, LineBox), 0
    if skip_stack is not None:
        inner = skip_stack[0]
        skip = next(iter(inner)) if inner else 0
    child.position_x, child.position_y = position_x, box.position_y
    inline.resolve_percentages(child, containing_block)
    new_child, resume_at, preserved = inline.split_text_box(
        context, child, max_x - position_x, skip, is_line_start=not line_children
    )
    first_letter, last_letter = _edge_letters(child, resume_at)
    new_box = box.copy_with_children([] if new_child is None else [new_child])
    new_box.remove_decoration(start=skip_stack is not None, end=resume_at is not None)
    if not is_line:
        new_box.position_x = position_x
        left = box.padding_left + box.margin_left + box.border_left_width
        if left and new_child is not None and (box.style["box_decoration_break"] == "clone" or skip_stack is None):
            new_child.translate(dx=left)
    new_box.width = 0
    if new_child is not None:
        if is_line:
            line_children.append((0, new_child))
        new_box.width = new_child.position_x + new_child.margin_width() - new_box.content_box_x()
    inline._adjust_line_height(new_box)
    rest = None if resume_at is None else {0: {resume_at: None}}
    return new_box, rest, bool(preserved), first_letter, last_letter, {"left": 0, "right": 0}


def _edge_letters(child: Any, resume_at: Any) -> tuple[Any, Any]:
    """The first and the last letter of the text, between which and its neighbours a line may break."""
    text = child.text
    if not text:
        return None, True if child.trailing_collapsible_space else None
    last = text[-1] if resume_at is None else text.encode()[:resume_at].decode()[-1]
    return text[0], True if child.trailing_collapsible_space else last


def _walk_through(box: Any, placeholders: bool = False) -> Iterator[Any]:
    """A box and all in it, in the order of the document, where WeasyPrint passes each up through all that it is in."""
    waiting = [box]
    while waiting:
        box = waiting.pop()
        if placeholders and isinstance(box, AbsolutePlaceholder):
            box = box._box
        yield box
        if isinstance(box, Box):
            waiting.extend(reversed(box.children))


def _page_values(box: Any) -> tuple[Any, Any]:
    return _edge_value(box, 0), _edge_value(box, -1)


def _edge_value(box: Any, side: int) -> Any:
    """The name of the page that the first box inside of this one, or the last, asks for; or else its own.

    `share_styles` has noted inside of which elements one is asked for at all.
    """
    style = box.style
    if type(style) is ComputedStyle and not style.__dict__.get("names_pages"):
        return style["page"]
    if type(box).page_values is not _page_values:
        return box.page_values()[side]
    for child in reversed(box.children) if side else box.children:
        if child.is_in_normal_flow() or child.is_floated():
            if isinstance(child, Box):
                return _edge_value(child, side) or style["page"]
            return child.page_values()[side] or style["page"]
    return style["page"]
