"""Boxes with no part of a table among them are no table: the five rules that make tables whole are asked about parts of tables alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint.formatting_structure import boxes, build

from app.adapters.pdf.quick.replacing import replace_attribute

PARTS = (boxes.TableColumnBox, boxes.TableColumnGroupBox)


@contextmanager
def build_tables_alone() -> Iterator[None]:
    """While the block runs boxes without a part of a table keep their children as they are."""
    complete = build.table_boxes_children

    def complete_table(box: Any, children: Any) -> Any:
        if (
            box.tabular_container
            or isinstance(box, PARTS)
            or any(child.internal_table_or_caption for child in children)
        ):
            return complete(box, children)
        box.children = children
        return box

    with replace_attribute(build, "table_boxes_children", complete_table):
        yield
