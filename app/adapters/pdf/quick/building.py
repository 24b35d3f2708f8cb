"""Rules for tables, flexible boxes and grids are asked only about what could be a part of one."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from weasyprint.formatting_structure import boxes, build

from app.adapters.pdf.replacing import replace_attribute, replace_function

PARTS = (boxes.TableColumnBox, boxes.TableColumnGroupBox)
CONTAINERS = {build.flex_boxes: boxes.FlexContainerBox, build.grid_boxes: boxes.GridContainerBox}
"""By the walk through all boxes: the boxes that it is for."""


@contextmanager
def build_what_is_there() -> Iterator[None]:
    """While the block runs boxes without a part of a table keep their children, and there are no walks for what no box is."""
    make, made = build.make_box, set[type]()

    def make_box(*given: Any) -> Any:
        box = make(*given)
        made.add(type(box))
        return box

    with ExitStack() as parts:
        parts.enter_context(
            replace_attribute(build, "table_boxes_children", _complete_tables(build.table_boxes_children))
        )
        parts.enter_context(replace_function(make, make_box))
        for walk, container in CONTAINERS.items():
            parts.enter_context(replace_function(walk, _walk_for(walk, container, made)))
        yield


def _complete_tables(complete: Any) -> Any:
    def complete_table(box: Any, children: Any) -> Any:
        if (
            box.tabular_container
            or isinstance(box, PARTS)
            or any(child.internal_table_or_caption for child in children)
        ):
            return complete(box, children)
        box.children = children
        return box

    return complete_table


def _walk_for(walk: Any, container: type, made: set[type]) -> Any:
    def walk_if_made(box: Any) -> Any:
        return walk(box) if any(issubclass(kind, container) for kind in made) else box

    return walk_if_made
