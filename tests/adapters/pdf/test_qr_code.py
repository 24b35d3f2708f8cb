"""The square picture on paper leads to the page where the report is checked."""

from collections.abc import Iterator
from dataclasses import replace

import pypdfium2
import pytest
from PIL import Image

from app.adapters.pdf.maker import PdfMaker
from app.adapters.pdf.qr_code import draw_qr
from app.adapters.pdf.report_job import report_job
from tests.qr_reader import read_qr
from tests.report_sample import sample_page


@pytest.fixture(scope="module")
def maker() -> Iterator[PdfMaker]:
    maker = PdfMaker(seconds=60, memory_mb=2000)
    yield maker
    maker.close()


def render_first_sheet(pdf: bytes, dots_an_inch: int) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        picture: Image.Image = document[0].render(scale=dots_an_inch / 72).to_pil()
    return picture


@pytest.mark.parametrize("length", ["one-page", "full"])
@pytest.mark.parametrize(
    "host", ["http://127.0.0.1:8000", "https://readiness.long-name-of-a-county.ca.us/certification"]
)
def test_the_code_on_the_printed_first_sheet_is_the_address_beside_it(maker: PdfMaker, length: str, host: str) -> None:
    page = sample_page(evidence=0, length=length)
    address = f"{host}/verify/ABCD-2345-WXYZ"
    page = replace(page, areas=page.areas[:2], origin=replace(page.origin, verification_address=address))
    pdf = maker.make(report_job(page))
    assert read_qr(render_first_sheet(pdf, 300)) == address


def test_a_module_on_paper_is_wide_enough_for_a_telephone() -> None:
    drawing = draw_qr("https://readiness.long-name-of-a-county.ca.us/certification/verify/ABCD-2345-WXYZ")
    assert 18 / drawing.size > 0.33, "millimetres of the smaller picture"
