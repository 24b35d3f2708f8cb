"""What makes PDFs quicker changes not a byte of them, and is gone afterwards."""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import closing, nullcontext
from dataclasses import replace

import pydyf
import pypdfium2
import pytest
from weasyprint import css
from weasyprint.draw import text as drawing
from weasyprint.layout import block, page, percent
from weasyprint.text import line_break

from app.adapters.pdf import quick
from app.adapters.pdf.child import make_pdf
from app.adapters.pdf.job import PdfJob
from app.adapters.pdf.maker import PdfMaker
from app.adapters.pdf.quick.drawing import write_number
from app.adapters.pdf.report_job import report_job
from app.adapters.pdf.scripts import SANS_FOLDER
from app.rules.report.page import ReportPage
from tests.hostile_texts import write_hostile_text
from tests.report_sample import sample_page

pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # WeasyPrint leaves its colour profile open
TRICKY = (
    "Well-known and/or 12,500 (see page 4). \u201cQuoted\u201d words: handwritten and straight; 20\u00a0% more \u00abguillemets\u00bb ! The "
    "rest \u00b7\u00a0of \u00b7\u00a0it, an e-mail, is at https://example.org/a/b?c=d, \u6f22\u5b57 and "
    "abcdefghijklmnopqrstuvwxyzabcdefghijklm (ended) \u00b7 1 \u00b7 two."
)
EVERY_KIND = """<!doctype html><html lang="en"><head><title>T</title><style>
table { border-collapse: collapse; width: 80% } td { border: 1px solid; padding: 2% } td.thick { border-width: 4px }
.half { width: 50%; box-sizing: border-box; padding: 3mm; border-radius: 2mm } .logical { margin-inline-start: 9mm }
.shared { padding: calc(1em + 3px) } u { font-variant-caps: small-caps } .next::after { content: target-counter("#end", page) }
.at::after { content: target-counter(attr(data-at), page) } .mixed::after { content: counter(page) target-counter(attr(data-at), page) }
@page { margin: 20mm; @top-left { content: "Head " counter(page) } } @page wide { margin: 30mm } @page :first { margin-top: 40mm }
.named { page: wide } h2 { -weasy-anchor: "rule"; outline: 1px solid } li::marker { color: red } .lined { text-decoration: underline }
.tint { background: #eee linear-gradient(#fff, #ccc) } .round { border: 2px dotted red; border-radius: 3mm } .none { visibility: hidden }
.run { columns: 2; column-rule: 1px solid; text-transform: uppercase; letter-spacing: normal } .soft { width: 30mm; font-kerning: none }
.cut { max-lines: 1; block-ellipsis: auto } .apart { letter-spacing: 1px; word-spacing: 2px } .just { text-align: justify }
.placed { position: absolute; top: 1cm; right: 0 } .kept { position: fixed; bottom: 0 } .beside { float: right }
.over { z-index: 1; position: relative } .faint { opacity: .5 } .turned { transform: rotate(9deg) } .cmyk { color: device-cmyk(0 1 1 0) }
.edges { border: solid; border-width: 0 0 1px 3px } .three { border: solid red; border-left: none; border-right-color: blue }
</style></head><body><p class="half">Half <u>under</u> <b>bold</b></p><p class="logical" dir="rtl">Ende</p><p class="shared">One</p>
<table><tr><td>a</td><td class="thick">b</td></tr><tr><td>a</td><td>b</td></tr></table><p class="next">Page </p>
<p class="at" data-at="#end">At </p><p class="mixed" data-at="#i">Mixed </p>
<p class="cut">{words}</p><p class="apart">{words}</p><p class="just" lang="es">{words}</p>
<ul lang="es"><li id="a">uno <b>dos</b></li><li id="b">tres</li></ul><ol class="tint"><li lang="es" id="c">x</li></ol><h2>Rule</h2>
<table id="d"><tr id="e"><td id="f">a <i id="g">b</i></td></tr></table><p class="lined">Lined</p><p class="round">Round</p>
<p class="none" id="h">None</p><div class="run">{words}</div><p class="named" id="i">{words}</p><div class="soft">{tricky}</div>
<div>a <b class="placed">placed <i id="j">in</i></b> b <b class="beside">beside</b></div><p class="kept">kept</p><p class="over faint">over</p>
<p>a <span style="display: table-cell">cell</span> <b style="display: table-row">row</b></p><p class="turned">turned</p>
<div style="display: flex"><p>f</p> <p>g</p></div><p>a <span style="display: inline-grid"><i>h</i> <i>i</i></span></p>
<table><tr><td>a</td><td class="thick">a</td><td>a</td><td><b>a</b></td></tr><tr><td>a</td><td>a</td></tr></table>
<section><div><p>before</p><div><p class="named">a name deep inside</p></div></div></section><p>after</p>
<p class="three">three</p><p class="cmyk edges">cmyk <b class="edges">in a line</b></p>
<svg viewBox="0 0 99 20" width="99" height="20"><title>S</title>
<text x="2" y="9" font-size="8">Drawn</text><text x="50" y="9" text-anchor="end" font-weight="bold" font-size="8">Drawn</text></svg>
<h1 style="break-before: page" id="end">End</h1>
</body></html>""".replace("{words}", "Several words of the same paragraph. " * 12).replace(
    "{tricky}",
    "".join(
        f"<p style='width: {width}mm'>{TRICKY}</p><p><b>{width}</b> \u00b7 {TRICKY} soft\u00adly</p>"
        for width in range(9, 69, 3)
    ),
)

LATER = """<!doctype html><html lang="en"><head><title>T</title><style>
a::after { content: target-counter(attr(href), page) } {style}</style></head><body>{content}{pages}<h1 id="end">End</h1></body></html>"""
PAGES = '<p style="break-after: page">Page</p>'


def write_numbers(style: str, content: str, pages: int = 11) -> PdfJob:
    """A document that names the number of its last page in `content`, as `#end`."""
    return PdfJob(LATER.replace("{style}", style).replace("{content}", content).replace("{pages}", PAGES * pages))


NUMBER = '<a href="#end"></a>'
WITH_ROOM = {
    "at the end of a line": ("", f"<p>To page {NUMBER}</p>"),
    "after a block in the line": ("i { display: inline-block; width: 90% }", f"<p><i>To page</i>{NUMBER}</p>"),
    "to the right in a table": ("td { text-align: right }", f"<table><tr><th>Page<tr><td>{NUMBER}</table>"),
    "to the right as wide as it is": ("p { float: left; text-align: right }", f"<p>Page<br>{NUMBER}</p>"),
}
WITHOUT_ROOM = {
    "before other words": ("", f"<p>Page {NUMBER} of it</p>"),
    "in the middle": ("p { text-align: center }", f"<p>{NUMBER}</p>"),
    "as wide as one sign": ("p { float: left } ", f"<p>{NUMBER}</p>"),
    "from right to left": ("p { direction: rtl }", f"<p>{NUMBER}</p>"),
    "several on a line": ("", f"<p>{NUMBER} {NUMBER}</p>"),
}


def short_page(length: str, seed: int | None = None) -> ReportPage:
    """A report of three criteria, with texts that nobody would write when a seed is given."""
    chance = random.Random(seed)
    hostile: Callable[[str], str] = lambda words: f"{words} {write_hostile_text(chance, 200)}"  # noqa: E731
    whole = sample_page(length=length, text=hostile) if seed is not None else sample_page(length=length)
    area = replace(whole.areas[0], criteria=whole.areas[0].criteria[:3])
    return replace(whole, areas=(area,), index=whole.index[:4], gaps=whole.gaps[:2])


JOBS: dict[str, Callable[[], PdfJob]] = {
    "one page": lambda: report_job(short_page("one-page")),
    "full and hostile": lambda: report_job(short_page("full", seed=5)),
    "every kind": lambda: PdfJob(EVERY_KIND),
}


@pytest.mark.parametrize("kind", JOBS)
def test_the_file_is_the_same_to_the_byte(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    job = JOBS[kind]()
    made = make_pdf(job)
    monkeypatch.setattr(quick, "quick_layout", nullcontext)
    monkeypatch.setattr(quick, "quick_writing", nullcontext)
    assert make_pdf(job) == made


@pytest.mark.parametrize("number", [0, -0.0, 7, -7.0, 2.5, 0.1, -1e-9, 123456.789])
def test_a_number_is_written_as_the_library_writes_it(number: float) -> None:
    assert write_number(number).encode() == pydyf._to_bytes(number)


def test_the_library_is_as_it_was_afterwards() -> None:
    def look() -> list[object]:
        places = (block, "resolve_percentages"), (drawing, "draw_first_line"), (line_break.Layout, "setup")
        return [getattr(owner, name) for owner, name in places] + [vars(css.ComputedStyle)["__missing__"]]

    before = look()
    with quick.quick_layout(), quick.quick_writing():
        assert all(now is not then for now, then in zip(look(), before, strict=True))
    assert look() == before
    assert vars(block)["resolve_percentages"] is percent.resolve_percentages


@pytest.mark.parametrize("place", [*WITH_ROOM, *WITHOUT_ROOM])
def test_a_page_is_laid_out_again_only_where_a_number_has_no_room(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    job = write_numbers(*(WITH_ROOM | WITHOUT_ROOM)[place])
    pages: list[int] = []
    make = page.make_page

    def count(*given: object, **named: object) -> object:
        pages.append(given[4])  # type: ignore[arg-type]
        return make(*given, **named)

    monkeypatch.setattr(page, "make_page", count)
    made = make_pdf(job)
    assert pages[12:] == ([] if place in WITH_ROOM else [1])
    monkeypatch.setattr(quick, "quick_layout", nullcontext)
    assert make_pdf(job) == made


def test_a_font_is_still_there_for_words_that_were_set_many_fonts_ago() -> None:
    between = "".join(f'<p style="font-size: {8 + count / 100}px">Words {count}.</p>' for count in range(400))
    face = "@font-face { font-family: Face; src: url(asset:face) } body { font: 10pt Face; font-kerning: none }"
    html = f"<html lang=en><head><title>T</title><style>{face}</style></head><body><p>First words.</p>{between}<p>Last words.</p>"
    with closing(PdfMaker(seconds=60, memory_mb=1024)) as maker:  # a font that is gone ends a process
        made = maker.make(PdfJob(html, {"face": read_font("regular")}))
    with pypdfium2.PdfDocument(made) as document:
        text = " ".join(page.get_textpage().get_text_range() for page in document)
    assert text.startswith("First words.")
    assert text.endswith("Last words.")


def test_words_are_kept_for_the_same_fonts_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def write_job(font: str, weight: str) -> PdfJob:
        face = (
            f"@font-face {{ font-family: Face; src: url(asset:{font}) }} body {{ font: 10pt Face; font-kerning: none }}"
        )
        html = (
            f"<html lang=en><head><title>T</title><style>{face}</style></head><body><p>Several words of one kind.</p>"
        )
        return PdfJob(html, {"a": read_font(weight), "b": read_font("bold"), "logo": b""})

    jobs = [write_job("a", "light"), write_job("a", "regular"), write_job("b", "light"), write_job("a", "light")]
    made = [make_pdf(job) for job in jobs]
    assert made[0] == made[3]
    monkeypatch.setattr(quick, "quick_layout", nullcontext)
    assert [make_pdf(job) for job in jobs] == made


def read_font(weight: str) -> bytes:
    return (SANS_FOLDER / f"sourcesanspro-{weight}-webfont.ttf").read_bytes()


def test_a_line_is_put_together_from_words_that_were_set_before(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0
    set_up = line_break.Layout.set_text

    def count(*given: object, **named: object) -> object:
        nonlocal asked
        asked += 1
        return set_up(*given, **named)

    monkeypatch.setattr(line_break.Layout, "set_text", count)
    lines = "".join(f"<p>The same words on line {place}, again and again.</p>" for place in range(100))
    make_pdf(PdfJob(f"<html lang=en><title>T</title><body style='font-kerning: none'>{lines}"))
    assert asked < 20


def test_a_style_is_measured_once_and_a_text_is_set_once(monkeypatch: pytest.MonkeyPatch) -> None:
    job, times = report_job(short_page("one-page")), Counter[str]()

    def count(owner: object, name: str) -> None:
        asked = getattr(owner, name)

        def ask(*given: object, **named: object) -> object:
            times[f"{name} {owner is not percent}"] += 1
            return asked(*given, **named)

        monkeypatch.setattr(owner, name, ask)

    count(line_break.Layout, "setup")
    count(percent, "resolve_one_percentage")
    make_pdf(job)
    quickly = dict(times)
    times.clear()
    monkeypatch.setattr(quick, "quick_layout", nullcontext)
    make_pdf(job)
    assert quickly
    assert [name for name in times if times[name] < 2 * quickly.get(name, 0)] == []
