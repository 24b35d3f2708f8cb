"""Texts of charts look as those beside them do."""

from collections.abc import Iterator
from itertools import pairwise

import pypdfium2
import pytest

from app.adapters.pdf.job import PdfJob
from app.adapters.pdf.maker import PdfMaker
from app.adapters.pdf.scripts import SANS_FOLDER
from tests.report_sample import broken_rules

FONT = (SANS_FOLDER / "sourcesanspro-light-webfont.ttf").read_bytes()
FACE = "@font-face { font-family: Face; src: url(asset:face) } @page { size: 100mm 60mm; margin: 0 }"
DRAWING = """<svg viewBox="0 0 300 170" width="300" height="170" font-family="Face" font-size="13"><title>S</title>{texts}</svg>"""
PLACES = [(100 + 11.3 * step, 12 + 15 * step) for step in range(1, 10)]


@pytest.fixture(scope="module")
def maker() -> Iterator[PdfMaker]:
    made = PdfMaker(seconds=60, memory_mb=1024)
    yield made
    made.close()


def test_a_text_of_a_drawing_is_set_as_a_text_and_not_letter_by_letter(maker: PdfMaker) -> None:
    face = "@font-face { font-family: Face; src: url(asset:face) } h1 { font: 20px Face; margin: 0 }"
    html = f"""<!doctype html><html lang="en"><head><title>T</title><style>{face}</style></head><body><h1>AVAVAV</h1>
<svg viewBox="0 0 200 40" width="200" height="40"><title>S</title>
<text y="20" font-family="Face" font-size="20">AVAVAV</text><text y="40" dx="0 9">AV</text></svg></body></html>"""
    with pypdfium2.PdfDocument(maker.make(PdfJob(html, {"face": FONT}))) as document:
        sheet = document[0].get_textpage()
        signs = sheet.get_text_range()
        lefts = [sheet.get_charbox(place)[0] for place, sign in enumerate(signs) if sign in "AV"]
    steps = [after - before for before, after in pairwise(lefts)]
    assert steps[6:11] == pytest.approx(steps[:5], abs=0.05), "A and V come as close as in a heading"
    assert steps[12] > steps[6] + 5, "a drawing may still move its letters"


@pytest.mark.parametrize("anchor", ["middle", "end"])
def test_a_text_loses_no_edge_on_a_screen_wherever_it_is_held(maker: PdfMaker, anchor: str) -> None:
    assert draw_ink(maker, anchor) == pytest.approx(draw_ink(maker, "start"), rel=0.005)


def draw_ink(maker: PdfMaker, anchor: str) -> float:
    """How dark a sheet is on a screen with a text that begins, ends or has its middle at some places, whole points or not."""
    texts = "".join(f'<text x="{x}" y="{y}" text-anchor="{anchor}">range 0</text>' for x, y in PLACES)
    html = f'<!doctype html><html lang="en"><head><title>T</title><style>{FACE}</style></head><body>{DRAWING}</body></html>'
    made = maker.make(PdfJob(html.replace("{texts}", texts), {"face": FONT}))
    assert broken_rules(made) == []
    with pypdfium2.PdfDocument(made) as document:
        picture = document[0].render(scale=96 / 72).to_pil().convert("L")
    ink: float = sum((255 - shade) * count for shade, count in enumerate(picture.histogram()))
    return ink
