import io
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from app.adapters.pdf import maker as pdf_maker
from app.adapters.pdf.job import PdfJob
from app.adapters.pdf.maker import PdfMaker, PdfMakers
from app.rules.errors import OutsideUnavailable
from app.rules.report.page import ReportPage
from app.rules.report.parts import split_paragraphs
from app.settings import ROOT
from tests.printed_words import words_by_sheet
from tests.report_sample import broken_rules, hold, report_pdf, sample_page, sample_pdf

PLAIN = "<!doctype html><html lang=en><title>Plain</title><h1>Fine again</h1>"
HEAVY = PLAIN + "<p>" + "<br>" * 300_000

HOSTILE = {
    "markup": '</p></div><script>alert(1)</script><b>bold</b> {{ 7 * 7 }} {% raw %} &amp; ]]> <!-- <style>* { display: none }',
    "twenty thousand line breaks": "<br>" * 20_000,
    "ten thousand lines": "a\n" * 10_000,
    "nested lists": "<ul><li>" * 300,
    "emoji": "Fine 👍🏽 👨‍👩‍👧 ✅ ☺️ \U0001f3f4 中文 日本語 한국어 हिन्दी \ue000 \ufffe",
    "right to left": "مرحبا بالعالم ١٢٣ שָׁלוֹם עולם \u202etxt.exe\u202c \u2066x\u2069 \u200f",
    "controls": "a\x00b\x07c\x1b[31m \ud800 e\u0301 x\u0302\u0316 \u00ad\u200b\u2028end",
    "a long word": "W" * 20_000,
    "long words": ("pneumono" * 30 + " ") * 40,
    "a local file": 'file:///etc/passwd <a href="file:///etc/passwd">x</a> <object data="file:///etc/passwd">',
}  # fmt: skip


@pytest.fixture(scope="module")
def maker() -> Iterator[PdfMaker]:
    made = PdfMaker(seconds=120, memory_mb=1024)
    yield made
    made.close()


@pytest.fixture(scope="module")
def child() -> Iterator[pdf_maker._Child]:
    """The process that makes PDFs, which a maker would end after each that it could not make."""
    made = pdf_maker._Child(seconds=120, memory_mb=1024)
    yield made
    made.stop()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def nobody_called(listener: socket.socket) -> bool:
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return True
    return False


def short(page: ReportPage) -> ReportPage:
    """Two areas of the page: every part of the template, in a fraction of the time."""
    return replace(page, areas=page.areas[:2], index=page.index[:20], gaps=page.gaps[:6])


def text_of(pdf: bytes) -> str:
    return " ".join(words_by_sheet(pdf))


def links_of(pdf: bytes) -> set[str]:
    marks = [mark.get_object() for page in PdfReader(io.BytesIO(pdf)).pages for mark in page.get("/Annots", [])]
    return {str(mark["/A"]["/URI"]) for mark in marks if "/A" in mark}


@pytest.mark.parametrize("length", ["full", "one-page"])
def test_a_report_can_be_read_by_everyone(maker: PdfMaker, length: str) -> None:
    assert broken_rules(sample_pdf(maker, length=length)) == []


@pytest.mark.parametrize("length", ["full", "one-page"])
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_in_every_field_breaks_nothing(maker: PdfMaker, kind: str, length: str) -> None:
    field = HOSTILE[kind][:300]
    page = short(sample_page(length=length, text=lambda words: f"{words} {field}"))
    narrative, _ = split_paragraphs(HOSTILE[kind])
    area = replace(
        page.areas[0], criteria=tuple(replace(one, narrative=narrative) for one in page.areas[0].criteria[:2])
    )
    pdf = report_pdf(maker, replace(page, areas=(area, *page.areas[1:])))
    assert broken_rules(pdf) == []
    assert "found 24 of 43 criteria met" in text_of(pdf)
    assert b"root:x:0" not in pdf
    assert "root:x:0" not in text_of(pdf)
    assert length == "full" or len(PdfReader(io.BytesIO(pdf)).pages) == 1


def test_addresses_in_a_report_are_printed_and_never_called(maker: PdfMaker, listener: socket.socket) -> None:
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
    text = f'<img src="{address}"><link rel=stylesheet href="{address}"><style>@import "{address}"</style>'
    page = short(sample_page(text=lambda words: f"{words} {text}"))
    entry = replace(page.index[0], evidence=replace(page.index[0].evidence, address=address))
    pdf = report_pdf(maker, replace(page, index=(entry, *page.index[1:])))
    assert address in links_of(pdf)
    assert nobody_called(listener)


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="{}" alt="x">',
        '<link rel=stylesheet href="{}">',
        '<style>@import "{}"</style>',
        '<p style="background: url({})">x',
        '<object data="{}">x</object>',
        '<embed src="{}">',
        '<link rel=attachment href="{}">',
        '<a rel=attachment href="{}">x</a>',
    ],
)
@pytest.mark.parametrize("scheme", ["http", "file", "data"])
def test_the_process_loads_nothing_that_did_not_come_with_the_job(
    child: pdf_maker._Child, listener: socket.socket, markup: str, scheme: str
) -> None:
    port = listener.getsockname()[1]
    address = {"http": f"http://127.0.0.1:{port}/x", "file": "file:///etc/passwd", "data": "data:text/plain,x"}[scheme]
    with pytest.raises(OutsideUnavailable, match="asked for something outside"):
        child.make(PdfJob(PLAIN + markup.format(address)), 120, 360)
    assert nobody_called(listener)
    assert child.make(PdfJob(PLAIN), 120, 360).startswith(b"%PDF")


def test_a_picture_inside_a_drawing_stays_out_of_the_file(maker: PdfMaker, listener: socket.socket) -> None:
    for address in (f"http://127.0.0.1:{listener.getsockname()[1]}/x.png", "file:///etc/passwd"):
        drawing = f'<svg width="9" height="9"><title>x</title><image href="{address}" width="9" height="9"/></svg>'
        assert b"root:x:0" not in maker.make(PdfJob(PLAIN + drawing))
    assert nobody_called(listener)


def test_a_font_outside_the_job_is_refused_too_and_the_next_report_works(maker: PdfMaker) -> None:
    style = "<style>@font-face { font-family: x; src: url(file:///etc/passwd) }</style>"
    with pytest.raises(OutsideUnavailable, match="asked for something outside"):
        maker.make(PdfJob(PLAIN + style))
    assert maker.make(PdfJob(PLAIN)).startswith(b"%PDF")


def test_even_code_inside_the_process_reaches_no_network(listener: socket.socket) -> None:
    code = (
        "import socket, sys; from app.adapters.pdf import child; sys.addaudithook(child._refuse_network);"
        f"socket.create_connection(('127.0.0.1', {listener.getsockname()[1]}))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert "the PDF process has no network" in ended.stderr
    assert nobody_called(listener)


def test_the_same_report_is_the_same_file_in_another_process(maker: PdfMaker) -> None:
    page = short(sample_page())
    first = report_pdf(maker, page)
    other = PdfMaker(seconds=120, memory_mb=1024)
    try:
        assert report_pdf(maker, page) == first == report_pdf(other, page)
    finally:
        other.close()


def test_the_file_says_its_language_title_and_chapters(maker: PdfMaker) -> None:
    reader = PdfReader(io.BytesIO(sample_pdf(maker)))
    assert str(reader.root_object["/Lang"]) == "en"
    assert reader.metadata
    assert reader.metadata.title == "Newark: readiness report, self-assessment"
    chapters = [entry for group in reader.outline if isinstance(group, list) for entry in group]
    titles = [entry.title for entry in chapters if not isinstance(entry, list)]
    assert titles[:4] == ["Contents", "How to read this report", "All criteria on one table", "At a glance"]
    assert {"Data Management", "Evaluations", "Evidence index", "Method and notice"} <= set(titles)
    assert any(
        isinstance(group, list) and group[0].title == "DM1 Run data strategy and governance" for group in chapters
    )


def test_the_contents_name_the_page_on_which_an_area_begins(maker: PdfMaker) -> None:
    sheets = words_by_sheet(sample_pdf(maker))
    place = next(number for number, words in enumerate(sheets, start=1) if "How the city opens its data" in words)
    assert f"Open Data {place} " in sheets[1]
    assert f"Page 2 of {len(sheets)} " in sheets[1]


def test_the_estimate_the_label_and_the_notice_can_be_read_in_both_lengths(maker: PdfMaker) -> None:
    for length in ("full", "one-page"):
        text = text_of(sample_pdf(maker, length=length))
        assert "Estimated: Silver range." in text
        assert "Self-assessment, estimate" in text
        assert "Illustrative, not an actual submission of Newark" in text
        assert "Not made, endorsed or checked by Bloomberg Philanthropies" in text
        assert "K7QX-2M4D" in text
        assert "9f2c1b7ae04d" in text
        assert "certified" not in text.lower()


@pytest.mark.parametrize("length", ["full", "one-page"])
def test_with_a_core_criterion_open_that_comes_before_any_percentage(maker: PdfMaker, length: str) -> None:
    text = text_of(report_pdf(maker, hold(short(sample_page(length=length)))))
    assert 0 <= text.index("Not certifiable yet") < text.index("%")
    assert "Not met yet DM1" in text


@pytest.mark.parametrize(("paper", "points"), [("A4", (595, 842)), ("Letter", (612, 792))])
def test_one_page_is_one_page_on_the_paper_of_the_country(maker: PdfMaker, paper: str, points: tuple[int, int]) -> None:
    pages = PdfReader(io.BytesIO(report_pdf(maker, hold(sample_page(length="one-page", paper=paper))))).pages
    assert len(pages) == 1
    assert (round(pages[0].mediabox.width), round(pages[0].mediabox.height)) == points


def test_restricted_evidence_is_counted_and_not_shown(maker: PdfMaker) -> None:
    page = short(sample_page())
    secret = replace(
        page.index[0].evidence,
        title="Restricted evidence",  # whoever makes the page writes no other title
        source="Sergeant Doe",
        address="https://secret.example",
        figure="17 raids",
        restricted=True,
    )
    one = replace(page.areas[0].criteria[0], evidence=(secret,))
    areas = (replace(page.areas[0], criteria=(one,)),)
    pdf = report_pdf(maker, replace(page, areas=areas, index=(replace(page.index[0], evidence=secret),)))
    text = text_of(pdf)
    assert text.count("1 Restricted evidence") == 2
    for word in ("Doe", "secret.example", "raids"):
        assert word not in text
        assert word.encode() not in pdf
        assert word not in "\n".join(links_of(pdf))


def test_a_report_says_that_signs_stand_by_their_names_and_only_then(maker: PdfMaker) -> None:
    sentence = "Some signs cannot be printed"
    assert sentence in text_of(report_pdf(maker, short(sample_page(text=lambda words: words + " 👍"))))
    assert sentence not in text_of(report_pdf(maker, short(sample_page(text=lambda words: words + " Ñandú Ελλάδα 中"))))


def test_a_stalled_report_is_stopped_with_a_sentence_and_the_next_one_works() -> None:
    hasty = PdfMaker(seconds=1, memory_mb=1024)
    try:
        with pytest.raises(OutsideUnavailable, match="more than 1 second of computing and was stopped"):
            hasty.make(PdfJob(HEAVY))
        assert hasty.make(PdfJob(PLAIN)).startswith(b"%PDF")
    finally:
        hasty.close()


def test_a_report_that_wants_too_much_memory_is_stopped_with_a_sentence_and_the_next_one_works() -> None:
    small = PdfMaker(seconds=120, memory_mb=330)
    try:
        with pytest.raises(OutsideUnavailable, match="more memory than one PDF may take"):
            small.make(PdfJob(HEAVY))
        assert small.make(PdfJob(PLAIN)).startswith(b"%PDF")
    finally:
        small.close()


def test_a_report_that_waits_for_nothing_is_stopped_by_the_clock() -> None:
    hanging = PdfMaker(seconds=60, memory_mb=1024, wall_seconds=2)
    try:
        assert hanging.check() is None
        os.kill(child_of(hanging), signal.SIGSTOP)
        with pytest.raises(OutsideUnavailable, match="was stopped"):
            hanging.make(PdfJob(PLAIN))
        assert hanging.check() is None
    finally:
        hanging.close()


def test_a_short_report_does_not_wait_for_a_long_one() -> None:
    makers, outcomes = PdfMakers(2, seconds=120, memory_mb=1024), list[bytes | OutsideUnavailable]()

    def make_heavy() -> None:
        try:
            outcomes.append(makers.make(PdfJob(HEAVY)))
        except OutsideUnavailable as reason:
            outcomes.append(reason)

    heavy = threading.Thread(target=make_heavy)
    heavy.start()
    try:
        assert makers.make(PdfJob(PLAIN)).startswith(b"%PDF")
        assert outcomes == []
    finally:
        makers.end()
        heavy.join()
        makers.close()
    assert isinstance(outcomes[0], OutsideUnavailable)


def test_a_killed_process_is_replaced() -> None:
    maker = PdfMaker(seconds=120, memory_mb=1024)
    try:
        first = maker.make(PdfJob(PLAIN))
        os.kill(child_of(maker), signal.SIGKILL)
        os.waitid(os.P_PID, child_of(maker), os.WEXITED | os.WNOWAIT)
        assert maker.make(PdfJob(PLAIN)) == first
    finally:
        maker.close()


def test_a_process_that_made_many_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_maker, "PDFS_OF_A_CHILD", 2)
    maker = PdfMaker(seconds=120, memory_mb=1024)
    try:
        makers = [(maker.make(PdfJob(PLAIN)), child_of(maker))[1] for _ in range(3)]
    finally:
        maker.close()
    assert makers[0] == makers[1] != makers[2]


def test_the_kernel_keeps_the_process_in(maker: PdfMaker) -> None:
    assert maker.check() is None
    status = Path(f"/proc/{child_of(maker)}/status").read_text()
    assert "\nSeccomp:\t2\n" in status, "calls to the kernel are looked at"
    assert "\nNoNewPrivs:\t1\n" in status
    ours, its = (Path(f"/proc/{pid}/ns/net").readlink() for pid in ("self", child_of(maker)))
    assert ours != its


def test_the_process_knows_no_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITYREADY_SMTP_PASSWORD", "hush-hush")
    maker = PdfMaker(seconds=120, memory_mb=1024)
    try:
        assert maker.check() is None
        assert b"hush-hush" not in Path(f"/proc/{child_of(maker)}/environ").read_bytes()
    finally:
        maker.close()


def test_without_pango_the_report_page_can_say_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango-1.0-0')")
    monkeypatch.setattr("app.adapters.pdf.maker.PASSED_ON", ("PATH", "PYTHONPATH"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    maker = PdfMaker(seconds=120, memory_mb=1024)
    assert "Pango is missing" in str(maker.check())
    with pytest.raises(OutsideUnavailable, match="Pango is missing"):
        maker.make(PdfJob(PLAIN))


@pytest.mark.parametrize("memory_mb", [40, 65])
def test_too_little_memory_to_start_is_told_as_that(memory_mb: int) -> None:
    """Also where a library is there and finds no room, which looks as if it were missing."""
    maker = PdfMaker(seconds=120, memory_mb=memory_mb)
    said = str(maker.check())
    assert "CITYREADY_PDF_MEMORY_MB" in said
    assert "Pango" not in said


def child_of(maker: PdfMaker) -> int:
    assert maker._child is not None
    return maker._child._process.pid
