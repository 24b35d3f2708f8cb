"""The number of another page is put into its line as soon as it is known, where WeasyPrint lays out the whole page again.

WeasyPrint does not see which place `target-counter(attr(...), page)` names, and takes what is wanted of it for a counter of the page
itself; that changes once more as soon as the number of all pages is known.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from weasyprint.css.targets import TargetCollector
from weasyprint.formatting_structure.boxes import BlockContainerBox, LineBox, ParentBox
from weasyprint.layout import page
from weasyprint.layout.inline import split_text_box

from app.adapters.pdf.replacing import replace_attribute, replace_function

ALIGNS = {"start": 0, "left": 0, "end": 1, "right": 1}
"""How much of what a line grows by it goes to the left, by how its text is aligned."""


@contextmanager
def number_pages_once() -> Iterator[None]:
    """While the block runs a content of page numbers that attributes name is set anew when those pages have moved, and only then."""
    with ExitStack() as parts:
        collect = _collect_counters(TargetCollector.collect_missing_counters)
        parts.enter_context(replace_attribute(TargetCollector, "collect_missing_counters", collect))
        parts.enter_context(replace_function(page.make_all_pages, _make_pages(page.make_all_pages)))
        yield


def _collect_counters(collect: Any) -> Any:
    def collect_counters(collector: Any, box: Any, use: str, parse_again: Any, missing: Any, of_targets: Any) -> None:
        named = _name_targets(box) if use == "content" else {}
        if named and of_targets.keys() == {None}:
            missing, of_targets = [], named
        collect(collector, box, use, parse_again, missing, of_targets)

    return collect_counters


def _name_targets(box: Any) -> dict[str, list[str]]:
    """By place which of its counters the content wants; empty for a content that has more than such counters."""
    wanted: dict[str, list[str]] = {}
    for kind, value in box.style["content"]:
        if kind != "target-counter()" or value[0][0] != "attr()" or value[0][1][1] != "string":
            return {}
        place = box.element.get(value[0][1][0], "")
        wanted.setdefault(place.removeprefix("#"), []).append(value[1])
    return wanted


def _make_pages(make: Any) -> Any:
    """Make all pages, and put the numbers that are known by then where they belong; a page that has no room for one is made again."""

    def make_pages(context: Any, *given: Any) -> list[Any]:
        pages = list(make(context, *given))
        for made, (*_, remake) in zip(pages, context.page_maker, strict=False):
            if remake["content_changed"] and not remake["pages_wanted"]:
                remake["content_changed"] = not all(_set_numbers(context, box) for box in made.descendants())
        return pages

    return make_pages


def _set_numbers(context: Any, block: Any) -> bool:
    """Set the numbers in the lines of a block; False where that takes more than another text at the end of a line."""
    lines = block.children if isinstance(block, BlockContainerBox) else ()
    return all(_set_number(context, block.width, line) for line in lines if isinstance(line, LineBox))


def _set_number(context: Any, room: float, line: Any) -> bool:
    wanted = [box for box in line.descendants() if box.missing_link]
    if not wanted:
        return True
    *around, last = _list_last_boxes(line)
    align = line.style["text_align_all"]
    if wanted != around[-1:] or not _name_targets(wanted[0]) or line.style["direction"] != "ltr" or align not in ALIGNS:
        return False
    (written,) = wanted[0].missing_link.children
    number, _, _ = split_text_box(context, written, room, 0)
    grown = number.width - last.width
    if line.width + grown > room:
        return False
    last.text, last.width, last.pango_layout = number.text, number.width, number.pango_layout
    for box in around:
        box.width += grown
    line.translate(-grown * ALIGNS[align], 0)
    return True


def _list_last_boxes(line: Any) -> list[Any]:
    """The line, the last box in it, the last in that, to the text that ends the line."""
    boxes = [line]
    while isinstance(boxes[-1], ParentBox) and boxes[-1].children:
        boxes.append(boxes[-1].children[-1])
    return boxes
