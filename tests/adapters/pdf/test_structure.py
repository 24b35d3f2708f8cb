"""Whoever listens to a report hears a paragraph, a line of a list or a cell in one go, and each in its place."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from pypdf import PdfReader

from app.adapters.pdf.child import make_pdf
from app.adapters.pdf.job import PdfJob
from tests.report_sample import broken_rules

pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # WeasyPrint leaves its colour profile open
LONG = "<p style='width: 20mm'>One paragraph over several lines <b>with weight</b> and more of it.</p>"
LIST = "<ul><li>one two<ul><li>inner</li></ul></li><li>three</li></ul>"
TABLE = """<table><tbody><tr><th colspan="2">Head</th></tr><tr><td>a <i>b</i></td><td rowspan="2"><p>c</p></td></tr>
<tr><th scope="row">Side</th></tr></tbody></table>"""
BROKEN = "<p style='break-after: page'>First</p><p style='position: relative'>Second <b style='position: absolute'>placed</b></p>"


def read_structure(content: str) -> tuple[Any, list[Any]]:
    """The element of the whole document, and for each page by number the elements that hold its texts."""
    pdf = make_pdf(PdfJob(f'<!doctype html><html lang="en"><title>T</title><body>{content}</body></html>'))
    assert broken_rules(pdf) == []
    root: Any = PdfReader(io.BytesIO(pdf)).root_object["/StructTreeRoot"]
    numbers = root["/ParentTree"]["/Nums"]
    pages = [each.get_object() for each in numbers[1::2]]
    return root["/K"][0].get_object(), [[one.get_object() for one in page] for page in pages if isinstance(page, list)]


def show(element: Any) -> str:
    """An element, its texts as dots, and the elements in it."""
    inner = "".join("." if isinstance(kid, int) else show(kid.get_object()) for kid in element["/K"])
    return f"{element['/S'][1:]}({inner})"


def list_holders(element: Any) -> Iterator[tuple[int, Any]]:
    """Each text by its number, with the element that it stands in, in the order in which they are read."""
    for kid in element["/K"]:
        if isinstance(kid, int):
            yield kid, element
        else:
            yield from list_holders(kid.get_object())


def test_a_paragraph_holds_its_lines() -> None:
    document, (page,) = read_structure(LONG)
    (paragraph,) = document["/K"]
    shown = show(paragraph.get_object())
    assert shown.startswith("P(...")
    assert shown.endswith("..)")
    assert "Span" not in shown
    assert "NonStruct(.)" in shown, "what is marked in it is told apart"
    holders = list(list_holders(document))
    assert [number for number, _ in holders] == list(range(len(page))), "in the order in which they are drawn"
    assert [holder for _, holder in holders] == page, "from a text on the page to its element"


def test_lines_of_lists_hold_theirs_and_the_lists_in_them() -> None:
    document, _ = read_structure(LIST)
    assert show(document) == "Document(L(LI(Lbl(Span(.))LBody(.))L(LI(Lbl(Span(.))LBody(.)))LI(Lbl(Span(.))LBody(.))))"


def test_cells_hold_theirs_and_are_found_by_their_headers() -> None:
    document, _ = read_structure(TABLE)
    assert show(document) == "Document(Table(TBody(TR(TH(.))TR(TD(.NonStruct(.))TD(P(.)))TR(TH(.)))))"
    head, (first, wide), side = (
        [cell.get_object() for cell in row.get_object()["/K"]]
        for row in document["/K"][0].get_object()["/K"][0].get_object()["/K"]
    )
    assert head[0]["/A"]["/ColSpan"] == 2
    assert wide["/A"]["/RowSpan"] == 2
    assert first["/A"]["/Headers"] == [head[0]["/ID"]]
    assert wide["/A"]["/Headers"] == [side[0]["/ID"]]


def test_what_goes_on_or_is_placed_elsewhere_keeps_its_page() -> None:
    document, pages = read_structure(BROKEN)
    assert show(document) == "Document(P(.)P(.NonStruct(.)))"
    assert [[holder["/S"] for holder in page] for page in pages] == [["/P"], ["/P", "/NonStruct"]]
