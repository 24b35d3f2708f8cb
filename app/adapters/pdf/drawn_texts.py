"""Texts of drawings, which WeasyPrint sets letter by letter and, unless they begin where they stand, behind glass.

In one piece a text has the distances of its font. And what ends or has its middle at a place is drawn as a group with a transparency of
its own, which programs that show a page small cut at whole points: the first letter lost its left edge.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint.svg import SVG, Node

from app.adapters.pdf.replacing import replace_attribute

SPREAD = frozenset(("dx", "dy", "rotate", "letter-spacing", "textLength"))
"""By what a drawing may move each letter of a text."""


class WholeText(str):
    """A text of a drawing that goes to the font in one piece, where WeasyPrint asks for its letters and sets each alone."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        yield str(self)


@contextmanager
def set_drawn_texts() -> Iterator[None]:
    """While the block runs texts of drawings are set whole, and straight onto the page."""
    draw = SVG.draw_node

    def draw_node(svg: Any, node: Any, *given: Any, **named: Any) -> None:
        groups = svg.stream._resources["XObject"]
        before = len(groups)
        draw(svg, node, *given, **named)
        if node.tag == "text" and "opacity" not in node.attrib:
            for group in list(groups.values())[before:]:
                group.extra.pop("Group", None)

    with replace_attribute(Node, "text", property(_read_whole)), replace_attribute(SVG, "draw_node", draw_node):
        yield


def _read_whole(node: Any) -> str | None:
    text: str | None = node._etree_node.text
    return WholeText(text) if text and SPREAD.isdisjoint(node.attrib) else text
