"""Names and texts of every script are drawn, and are read out of the file as they were typed."""

import io
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
from pypdf import PdfReader

from app.adapters.pdf.maker import PdfMaker
from app.adapters.pdf.report_job import report_job
from tests.report_sample import broken_rules, report_pdf, sample_page

OF_THE_AMERICAS = (
    "xʷməθkʷəy̓əm",
    "Sḵwx̱wú7mesh",
    "g̃uahẽ",
    "səl̓ilwətaɬ",
    "Tłʼohchiní",
    "ᐃᓄᒃᑎᑐᑦ ᓄᓇᕗᑦ",
    "ᓀᐦᐃᔭᐍᐏᐣ",
    "ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ",
)
OF_THE_WORLD = (
    "中文北京市", "日本語とうきょう", "한국어 서울", "مرحبا بالعالم", "اردو", "עולם", "Київ", "Ελλάδα", "हिन्दी दिल्ली", "বাংলা", "தமிழ்", "ไทย กรุงเทพ",
    "አማርኛ", "ქართული", "Հայերեն", "မြန်မာ", "ខ្មែរ", "ລາວ", "བོད་ཡིག", "ਪੰਜਾਬੀ", "ગુજરાતી", "తెలుగు", "ಕನ್ನಡ", "മലയാളം", "සිංහල", "Tiếng Việt",
)  # fmt: skip


@pytest.fixture(scope="module")
def maker() -> Iterator[PdfMaker]:
    made = PdfMaker(seconds=120, memory_mb=1024)
    yield made
    made.close()


def read_text(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    return unicodedata.normalize("NFC", " ".join(" ".join(texts).split()))


def test_every_name_is_read_back_and_no_letter_is_a_box(maker: PdfMaker) -> None:
    names = OF_THE_AMERICAS + OF_THE_WORLD
    page = sample_page()
    told = replace(
        page.areas[0].criteria[0],
        title=OF_THE_AMERICAS[0],
        narrative=tuple(f"So {name}, again {name}." for name in names),
    )
    pdf = report_pdf(maker, replace(page, areas=(replace(page.areas[0], criteria=(told,)),), index=(), gaps=()))
    assert broken_rules(pdf) == []
    text = read_text(pdf)
    assert [name for name in names if text.count(unicodedata.normalize("NFC", name)) < 2] == []
    assert text.count(OF_THE_AMERICAS[0]) >= 3, "in the title too"
    assert "[" not in text, "nothing stands by its name"


def test_a_letter_that_came_with_a_mark_first_is_still_read_where_it_comes_alone(maker: PdfMaker) -> None:
    page = replace(sample_page(length="one-page"), assessment="x̱ x extra")
    assert "x̱ x extra" in read_text(maker.make(report_job(page)))


def test_a_number_before_a_title_from_the_right_stays_before_it(maker: PdfMaker) -> None:
    page = sample_page()
    entry = replace(page.index[0], evidence=replace(page.index[0].evidence, number=12, title="مرحبا بالعالم 7"))
    with pypdfium2.PdfDocument(report_pdf(maker, replace(page, areas=(), gaps=(), index=(entry,)))) as document:
        sheet = next(sheet.get_textpage() for sheet in document if "مرحبا" in sheet.get_textpage().get_text_range())
        signs = [chr(pypdfium2.raw.FPDFText_GetUnicode(sheet, place)) for place in range(sheet.count_chars())]
        first = signs.index("م")
        line = sorted(range(first - 20, first + 20), key=lambda place: sheet.get_charbox(place)[0])
        same_line = [place for place in line if abs(sheet.get_charbox(place)[1] - sheet.get_charbox(first)[1]) < 6]
        seen = "".join(signs[place] for place in same_line if not signs[place].isspace())
    assert seen.replace("·", "").startswith("127ملاعلابابحرمDM1"), seen


def test_pasted_lists_and_tables_are_lists_and_tables_in_print(maker: PdfMaker) -> None:
    lines = (
        "We did:",
        "- Київ one",
        "- two",
        "1. first",
        "2. second",
        "Name\tYear",
        "Парк\t2025",
        "| a | b |",
        "|---|---|",
        "| 1 | 2 |",
    )
    with_them, without = (print_narrative(maker, narrative) for narrative in (lines, ("We did:",)))
    kinds = count_kinds(with_them) - count_kinds(without)
    assert (kinds["/Table"], kinds["/TH"], kinds["/TD"]) == (1, 2, 6)
    assert broken_rules(with_them) == []
    assert "---" not in read_text(with_them)


def print_narrative(maker: PdfMaker, lines: tuple[str, ...]) -> bytes:
    page = sample_page()
    told = replace(page.areas[0].criteria[0], narrative=lines, checklist=(), evidence=())
    return report_pdf(maker, replace(page, areas=(replace(page.areas[0], criteria=(told,)),), index=(), gaps=()))


def count_kinds(pdf: bytes) -> Counter[str]:
    return Counter(list_kinds(PdfReader(io.BytesIO(pdf)).root_object["/StructTreeRoot"]))


def list_kinds(element: Any) -> Iterator[str]:
    """The kind of each element of the structure, from the top."""
    if "/S" in element:
        yield element["/S"]
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        if not isinstance(kid, int) and "/K" in kid.get_object():
            yield from list_kinds(kid.get_object())


def test_what_people_wrote_in_another_language_says_so_and_is_read_in_it(maker: PdfMaker) -> None:
    page = sample_page()
    page = replace(page, areas=(replace(page.areas[0], criteria=page.areas[0].criteria[:2]),), index=(), gaps=())
    same, other = report_pdf(maker, page), report_pdf(maker, replace(page, text_language="es"))
    assert broken_rules(other) == []
    assert "What the department says (in Spanish)" in read_text(other)
    assert "(in Spanish)" not in read_text(same)
    root = PdfReader(io.BytesIO(other)).root_object["/StructTreeRoot"]
    assert set(list_languages(root)) == {"es"}
    assert list(list_languages(PdfReader(io.BytesIO(same)).root_object["/StructTreeRoot"])) == []


def list_languages(element: Any) -> Iterator[str]:
    """The languages that elements of the structure say, from the top."""
    if "/Lang" in element:
        yield element["/Lang"]
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        if not isinstance(kid, int) and "/K" in kid.get_object():
            yield from list_languages(kid.get_object())
