"""A report's HTML, read as XML: the same file in less time, and anything else is read as HTML."""

from dataclasses import replace
from xml.etree.ElementTree import ParseError

import pytest
from weasyprint import HTML

from app.adapters.pdf import written_html
from app.adapters.pdf.child import make_pdf
from app.adapters.pdf.job import PdfJob
from app.adapters.pdf.report_job import report_job
from app.adapters.pdf.written_html import WrittenHtml, read_html, read_tree
from tests.report_sample import sample_page

pytestmark = pytest.mark.filterwarnings("ignore:.*sRGB2014.icc:pytest.PytestUnraisableExceptionWarning")
"""The layout library leaves a color profile open, which the end of its process closes."""


@pytest.mark.parametrize("length", ["full", "one-page"])
def test_a_report_is_xml_and_laid_out_as_if_it_were_read_as_html(length: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = sample_page(length=length, text=lambda words: f'{words} <b> &nbsp; "Київ" ]]> \u200f')
    job = report_job(replace(page, areas=page.areas[:1], index=page.index[:5]))
    assert [part.tag for part in read_tree(job.html)] == ["head", "body"]
    written = make_pdf(job)
    monkeypatch.setattr(written_html, "read_html", lambda text, fetcher: HTML(string=text, url_fetcher=fetcher))
    assert make_pdf(job) == written


def test_what_is_no_xml_is_read_all_the_same() -> None:
    text = "<!doctype html><html lang=en><p>One<br>Two"
    with pytest.raises(ParseError):
        read_tree(text)
    assert not isinstance(read_html(text, None), WrittenHtml)
    assert make_pdf(PdfJob(text)).startswith(b"%PDF")
