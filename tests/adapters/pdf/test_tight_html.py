"""Spaces that templates leave at the edges of blocks go, and nothing else does."""

from dataclasses import replace

import pypdfium2 as pdfium
import pytest

from app.adapters.pdf import report_job as jobs
from app.adapters.pdf.child import make_pdf
from app.adapters.pdf.tight_html import drop_unseen_spaces
from tests.report_sample import sample_page

pytestmark = pytest.mark.filterwarnings("ignore:.*sRGB2014.icc:pytest.PytestUnraisableExceptionWarning")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<p>\n  One <b> two </b> three\n</p>\n<p>x</p>", "<p>One <b> two </b> three</p>\n<p>x</p>"),
        ('<ul class="a">\n <li>\n x</li> \n <li> y </li></ul>\n', '<ul class="a"><li>x</li><li>y</li></ul>'),
        ("<td>\n <b>x</b> <a>y</a>\n</td>\n </tr>", "<td><b>x</b> <a>y</a></td></tr>"),
        ("<p>\u00a0x\u00a0</p>", "<p>\u00a0x\u00a0</p>"),
        ("<pre> x </pre><param> </param>", "<pre> x </pre><param> </param>"),
        ("<span>\n x\n</span>\n<span>y</span>", "<span>\n x\n</span>\n<span>y</span>"),
    ],
)
def test_only_spaces_at_the_edges_of_blocks_go(written: str, kept: str) -> None:
    assert drop_unseen_spaces(written) == kept


@pytest.mark.parametrize("length", ["full", "one-page"])
def test_a_report_looks_the_same(length: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = sample_page(length=length)
    page = replace(page, areas=page.areas[:1], index=page.index[:5], gaps=page.gaps[:2])
    tight = jobs.report_job(page)
    monkeypatch.setattr(jobs, "drop_unseen_spaces", lambda html: html)
    loose = jobs.report_job(page)
    assert len(tight.html) < len(loose.html)
    assert _draw(make_pdf(tight)) == _draw(make_pdf(loose))


def _draw(pdf: bytes) -> list[bytes]:
    return [sheet.render(scale=1).to_pil().tobytes() for sheet in pdfium.PdfDocument(pdf)]
