"""What the file says of its texts beside how they look: which is a heading, which a line of a list, and where each is read.

WeasyPrint gives every printed line an element of its own. Here a paragraph, a heading, a line of a list or a cell holds its lines
itself: it is read in one go, and the file has two elements in five less. The rest serves those who listen: each element says its
language, and each link where it leads.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pydyf
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.pdf import tags

from app.adapters.pdf.replacing import replace_attribute

HOLDERS = {"P", "NonStruct", "Span", "H1", "H2", "H3", "H4", "H5", "H6", "TD", "TH"}
"""What an element may be that holds texts itself, by its name in the file; so may the body of a line of a list."""
TEXT_BOXES = {boxes.BlockBox, boxes.InlineBox, boxes.InlineBlockBox, boxes.TableCellBox}
CELLS = {"TD", "TH"}
INSIDE_A_LINE = {"/LI": "LBody", "/LBody": "NonStruct"}
"""What a box of a line of a list is by what it stands in; the outermost makes the line itself."""


@contextmanager
def described_elements(usual: str) -> Iterator[None]:
    """While the block runs elements hold their texts, links say where they lead, and what is not in the `usual` language says so."""
    build = tags._build_box_tree

    def build_described(box: Any, parent: Any, pdf: Any, page: int, *given: Any) -> Iterator[Any]:
        box = box._box if isinstance(box, AbsolutePlaceholder) else box
        node = getattr(box, "element", None)
        if getattr(box, "link_annotation", None) and (words := _link_words(box)):
            box.link_annotation["Contents"] = pydyf.String(words)
        language = None if node is None else node.get("lang")
        tag = _name_holder(box, parent)
        elements = (
            build(box, parent, pdf, page, *given) if tag is None else [_hold(tag, box, parent, pdf, page, *given)]
        )
        for element in elements:
            if language and language != usual:
                element["Lang"] = pydyf.String(language)
            yield element

    with replace_attribute(tags, "_build_box_tree", build_described):
        yield


def _name_holder(box: Any, parent: Any) -> str | None:
    """The name of the element that holds the texts of the box; None where WeasyPrint knows what to do with it."""
    if type(box) not in TEXT_BOXES or box.element is None or box.link_annotation or box.widget_annotation:
        return None
    tag: str = tags._get_pdf_tag(box.element_tag)
    if tag == "LI":
        return INSIDE_A_LINE.get(parent["S"])
    if tag in CELLS and parent["S"] in ("/TD", "/TH"):
        return "NonStruct"
    return tag if tag in HOLDERS and box.element_tag not in ("html", "body") else None


def _hold(
    tag: str, box: Any, parent: Any, pdf: Any, page: int, nums: dict[int, Any], annotations: Any, marked: Any
) -> Any:
    """The element of a box, with the numbers of its texts and the elements of all else in it, in the order in which they are read."""
    element = pydyf.Dictionary({"S": f"/{tag}", "P": parent.reference, "Pg": pdf.page_references[page]})
    pdf.add_object(element)
    if type(box) is boxes.TableCellBox:
        _describe_cell(element, box)
    reference, held = element.reference, pydyf.Array()
    for child in box.children:
        for part in child.children if isinstance(child, boxes.LineBox) else (child,):
            if isinstance(part, boxes.TextBox):
                number = marked.pop(part)["mcid"]
                nums[number] = reference
                held.append(number)
            else:
                inner = tags._build_box_tree(part, element, pdf, page, nums, annotations, marked)
                held.extend([each.reference for each in inner])
    element["K"] = held
    return element


def _describe_cell(element: Any, cell: Any) -> None:
    """Say over how many columns and rows the cell goes; WeasyPrint adds by which headers it is found."""
    spans = {name: count for name, count in (("ColSpan", cell.colspan), ("RowSpan", cell.rowspan)) if count != 1}
    element["A"] = pydyf.Dictionary({"O": "/Table", **spans})
    cell.mark = element


def _link_words(box: Any) -> str:
    """What a link says of itself: its title, or else its text."""
    return " ".join((box.element.get("title") or "".join(box.element.itertext())).split())
