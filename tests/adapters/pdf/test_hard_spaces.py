"""A fact keeps its dot on its line, and its words stand beside one another, wherever the line ends."""

from collections.abc import Iterator

import pypdfium2 as pdfium
import pytest

from app.adapters.pdf.job import PdfJob
from app.adapters.pdf.maker import PdfMaker
from app.adapters.pdf.scripts import SANS_FOLDER

ENTRY = """<p style="width: {width}mm"><b>13 Notes of the last two meetings</b> ·&nbsp;<a href="#end">DM1 Run data strategy</a>
·&nbsp;File ·&nbsp;July 1 to October 31, 2026 ·&nbsp;Page 1, decisions in bold ·&nbsp;Internal
·&nbsp;<span>SHA-256&nbsp;3dcbebf252a83d218cae559da22186841d0a2206ca80c1b8b87bfb5cd227491f</span></p>"""
WIDTHS = range(60, 176)
MILLIMETERS_A_SIGN = 1.6
STYLE = """@font-face { font-family: Face; src: url(asset:face) } @page { size: A4; margin: 15mm }
body { font: 9pt Face; font-kerning: none } p { overflow-wrap: anywhere; break-after: page }"""


@pytest.fixture(scope="module")
def sheets() -> Iterator[list[list[str]]]:
    """The lines of an entry of the index, on a sheet for each width."""
    entries = "".join(ENTRY.replace("{width}", str(width)) for width in WIDTHS)
    html = f'<html lang="en"><head><title>T</title><style>{STYLE}</style></head><body>{entries}<p id="end">End</p></body></html>'
    maker = PdfMaker(seconds=60, memory_mb=1024)
    made = maker.make(PdfJob(html, {"face": (SANS_FOLDER / "sourcesanspro-regular-webfont.ttf").read_bytes()}))
    maker.close()
    with pdfium.PdfDocument(made) as document:
        yield [page.get_textpage().get_text_range().splitlines() for page in document][: len(WIDTHS)]


def test_words_stand_beside_one_another_at_every_width(sheets: list[list[str]]) -> None:
    few = {
        width: 3 + MILLIMETERS_A_SIGN * sum(map(len, lines)) / width
        for width, lines in zip(WIDTHS, sheets, strict=True)
    }
    assert [(width, lines) for width, lines in zip(WIDTHS, sheets, strict=True) if len(lines) > few[width]] == []


def test_no_line_ends_with_a_dot(sheets: list[list[str]]) -> None:
    assert [line for lines in sheets for line in lines if line.rstrip("\u00a0 ").endswith("·")] == []
