"""One file for everyone and for the archive, whoever wrote what into it and whenever it is made."""

import io
import random
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pydyf
import pytest
import weasyprint
from PIL import Image
from pypdf import PdfReader

from app.adapters.pdf.archival import _pack_stream
from app.adapters.pdf.child import make_pdf
from app.adapters.pdf.job import PdfAttachment, PdfJob
from app.adapters.pdf.maker import PdfMaker
from app.adapters.pdf.report_job import report_job
from app.rules.report.page import ReportPage
from app.rules.report.schema import write_report_json, write_report_schema
from tests.hostile_texts import write_hostile_text
from tests.report_sample import broken_rules, sample_page

HOSTILE_REPORTS = 8
LINKED = """<!doctype html><html lang=en><title>T</title><h1 id=a>One</h1><p lang=es>Dos <a href="#a">a uno</a></p>
<p>Three</p><p><a href="#a">b <span>c</span></a></p>"""


@pytest.fixture(scope="module")
def maker() -> Iterator[PdfMaker]:
    made = PdfMaker(seconds=120, memory_mb=1024)
    yield made
    made.close()


def brief(page: ReportPage) -> ReportPage:
    """One area of the page: every part of the template, in a fraction of the time."""
    return replace(page, areas=page.areas[:1], index=page.index[:9], gaps=page.gaps[:3])


def job_of(page: ReportPage) -> PdfJob:
    """The job of a report, with its data beside it."""
    attachments = (
        PdfAttachment("report.json", "The data", "Data", write_report_json(page)),
        PdfAttachment("report.schema.json", "What it means", "Supplement", write_report_schema()),
    )
    return report_job(page, attachments=attachments)


@pytest.mark.parametrize("length", ["full", "one-page"])
def test_one_file_keeps_both_standards_with_its_data_inside(maker: PdfMaker, length: str) -> None:
    page = sample_page(length=length)
    pdf = maker.make(job_of(page))
    assert broken_rules(pdf) == []
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.attachments["report.json"] == [write_report_json(page)]
    assert reader.attachments["report.schema.json"] == [write_report_schema()]
    named: Any = reader.root_object["/AF"]
    files = [each.get_object() for each in named]
    assert [(each["/UF"], each["/AFRelationship"]) for each in files] == [
        ("report.json", "/Data"),
        ("report.schema.json", "/Supplement"),
    ]
    assert files[0]["/EF"]["/F"]["/Params"]["/ModDate"] == "D:20260518000000Z"


def test_what_is_left_out_would_be_seen(maker: PdfMaker) -> None:
    pdf = weasyprint.HTML(string=LINKED).write_pdf(pdf_variant="pdf/ua-1")
    assert any(rule.startswith("PDFA3A-") for rule in broken_rules(pdf))


@pytest.mark.parametrize("seed", range(HOSTILE_REPORTS))
def test_no_text_breaks_either_standard(maker: PdfMaker, seed: int) -> None:
    chance = random.Random(seed)
    page = brief(
        sample_page(
            length=("full", "one-page")[seed % 2], text=lambda words: f"{words} {write_hostile_text(chance, 300)}"
        )
    )
    assert broken_rules(maker.make(job_of(page))) == []


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # WeasyPrint leaves its colour profile open
def test_the_same_report_is_the_same_file_years_later(monkeypatch: pytest.MonkeyPatch) -> None:
    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> "Later":
            return cls(2041, 2, 3)

    job = job_of(brief(sample_page(text=lambda words: words + " Київ")))
    first = make_pdf(job)
    monkeypatch.setattr(time, "time", lambda: 2_243_000_000.0)
    monkeypatch.setattr(weasyprint, "datetime", Later)
    assert make_pdf(job) == first


def test_elements_say_their_language_and_links_say_where_they_lead(maker: PdfMaker) -> None:
    pdf = maker.make(PdfJob(LINKED))
    assert broken_rules(pdf) == []
    root: Any = PdfReader(io.BytesIO(pdf)).root_object
    elements = [each.get_object() for each in root["/StructTreeRoot"]["/K"][0].get_object()["/K"]]
    assert [each.get("/Lang") for each in elements] == [None, "es", None, None]
    page = root["/Pages"]["/Kids"][0].get_object()
    assert [mark.get_object()["/Contents"] for mark in page["/Annots"]] == ["a uno", "b c"]


@pytest.mark.parametrize(
    ("extra", "always"), [({"Type": "/ObjStm"}, True), ({}, True), ({"Type": "/XObject"}, False), ({"N": 3}, False)]
)
def test_what_is_packed_never_ends_as_a_line_does(extra: dict[str, object], always: bool) -> None:
    for content in (b"%d" % number for number in range(2000)):
        stream = pydyf.Stream([content], extra, compress=True)
        told, _, packed = _pack_stream(stream).partition(b"\nstream\n")
        packed = packed.removesuffix(b"\nendstream")
        assert not packed.endswith(b"\r")
        assert (zlib.decompress(packed) if b"/FlateDecode" in told else packed).strip() == content
        assert b"/Length %d" % len(packed) in told
        assert not always or b"/FlateDecode" in told


def test_an_emblem_is_kept_as_it_is_and_not_smoothed_by_whoever_shows_it(maker: PdfMaker) -> None:
    emblem = io.BytesIO()
    Image.new("RGB", (100, 500), "navy").save(emblem, "PNG")
    page = sample_page(length="one-page")
    dressed = replace(page, city=replace(page.city, has_logo=True))
    assert broken_rules(maker.make(report_job(dressed, logo=emblem.getvalue()))) == []
