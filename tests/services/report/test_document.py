"""The council summary as a Word file: the same words and figures as its page, with real headings, tables and texts for pictures."""

import json
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from markupsafe import escape

from app.adapters.docx.paper import DocxPaper, clean_text
from app.adapters.docx.summary import write_summary_docx
from app.adapters.pdf.report_html import render_report_html
from app.rules.report.foreword import ReportForeword
from app.rules.report.page import ReportPage
from app.rules.report.schema import write_report_json
from app.rules.report.summary import ReportSummary
from app.services.report import content
from app.services.report.document import read_kept_page
from app.services.site import Site
from app.store.city import city_values, find_city
from app.store.report.reports import Report


def load_page(site: Site, language: str) -> ReportPage:
    """The page of a summary that was asked for just now, without its PDF."""
    with site.database.reading() as session:
        row = find_city(session, "newark")
        assert row
        city = city_values(row)
        asked = Report(
            city_id=city.id,
            assessment_id=1,
            number=1,
            language=language,
            length="summary",
            code="AAAA-BBBB-CCCC",
            audience="council",
        )
        return content.build_page(session, site, city, asked, "https://example.org/verify/AAAA-BBBB-CCCC")


def load_summary(page: ReportPage) -> ReportSummary:
    assert page.summary
    return page.summary


def read_document(page: ReportPage) -> Document:
    return docx.Document(BytesIO(write_summary_docx(page, load_summary(page))))


def read_words(document: Document) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join([*(paragraph.text for paragraph in document.paragraphs), *cells]).split())


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        ("en", "Where do we stand, and what must be decided?", "How was this worked out, and how can it be checked?"),
        ("es", "¿Dónde estamos y qué hay que decidir?", "¿Cómo se calculó y cómo se comprueba?"),
    ],
)
def test_every_heading_and_figure_is_read_back(demo: Site, language: str, first: str, last: str) -> None:
    page = load_page(demo, language)
    summary, document = load_summary(page), read_document(page)
    heads = [each.text for each in document.paragraphs if each.style and each.style.name == "Heading 1"]
    assert (len(heads), heads[0], heads[-1]) == (6, first, last)
    below = [each.text for each in document.paragraphs if each.style and each.style.name == "Heading 2"]
    assert [
        f"{area.title} ({area.said})" for area in summary.matrix if f"{area.title} ({area.said})" not in below
    ] == []
    words = read_words(document)
    asked = [
        page.headline, summary.certifiable, summary.risk.text, summary.wait, page.origin.verification_code,
        *(text for line in summary.results for text in line),
        *(text for line in summary.decisions for text in (line.text, line.unlocks, f"{line.code} {line.title}")),
        *(f"{name}: {count}" for _, name, count in summary.legend),
        *(f"{tile.code} {tile.title}" for area in summary.matrix for tile in area.tiles),
        *(text for group in summary.groups for task in group.tasks for text in (task.way, task.due, task.owner, task.reason)),
        *(text for line in summary.renewals for text in (line.day, line.then, *line.names)),
        *(f"{line.code} {line.title}" for line in summary.partners),
        *(document.title for line in summary.renewals for document in line.documents),
        *(text for outcome in summary.outcomes for text in (outcome.sentence, *outcome.notes)),
        *(line for change in summary.changes for line in change.lines),
        *(term.meaning for term in summary.terms), *page.notice,
    ]  # fmt: skip
    assert len(asked) > 200
    assert all(name.count(" ") for line in summary.renewals for name in line.names), "codes with their titles"
    assert summary.partners
    assert [text for text in asked if " ".join(text.split()) not in words] == []


def test_the_document_says_its_language_its_title_and_its_day(demo: Site) -> None:
    page = load_page(demo, "es")
    document = read_document(page)
    about = document.core_properties
    assert (about.language, about.author, about.title) == (
        "es", "Newark", "Newark: Preparación para la certificación What Works Cities",
    )  # fmt: skip
    assert about.created
    assert about.created.date().isoformat() == page.origin.made_on
    tongues = {tongue.get(qn("w:val")) for tongue in document.styles.element.iter(qn("w:lang"))}
    assert tongues == {"es"}


def test_every_table_has_a_header_row_and_a_text_and_every_picture_an_alternative(demo: Site) -> None:
    document = read_document(load_page(demo, "en"))
    assert len(document.tables) > 12
    for table in document.tables:
        assert table.rows[0]._tr.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
    pictures = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert len(pictures) == 1
    assert pictures[0].startswith("Level scale from 0 to 43 criteria. Met by our own review: 24.")


def test_the_same_content_gives_the_same_bytes_whenever_it_is_written(demo: Site) -> None:
    page = load_page(demo, "en")
    first = write_summary_docx(page, load_summary(page))
    assert first == write_summary_docx(page, load_summary(page))
    with zipfile.ZipFile(BytesIO(first)) as parts:
        assert {part.date_time[:3] for part in parts.infolist()} == {
            tuple(int(text) for text in page.origin.made_on.split("-"))
        }
    other = replace(page, headline="Something else")
    assert first != write_summary_docx(other, load_summary(other))


def test_the_file_comes_from_the_frozen_page_and_not_from_today(demo: Site) -> None:
    page = load_page(demo, "en")
    kept = write_report_json(page).decode()
    assert read_kept_page(kept) == page
    assert read_kept_page(json.dumps({"city": "of another form"})) is None


def test_an_empty_state_says_something_useful(demo: Site) -> None:
    page = load_page(demo, "en")
    empty = replace(
        load_summary(page), decisions=(), groups=(), partners=(), renewals=(), later="", outcomes=(), expired=()
    )
    words = read_words(docx.Document(BytesIO(write_summary_docx(page, empty))))
    for text in (
        "None: no open criterion waits for a decision that only leaders can take.",
        "Nothing is missing: every criterion is met by our own review.",
        "Nothing that counts today expires in the next 12 months, as far as its evidence says.",
        "No public figure is recorded yet.",
    ):
        assert text in words


def test_what_xml_cannot_hold_does_not_stop_a_file() -> None:
    paper = DocxPaper("en", "A4", date(2026, 11, 2))
    paper.add_text("a\x00b\x0bc\ud800d\ufffe", "lead\x1f")
    assert docx.Document(BytesIO(paper.write())).paragraphs[0].text == "lead abc?d"
    assert clean_text("line\nline") == "line\nline"


def read_marked(document: Document, language: str) -> set[str]:
    """The texts of the runs that say this language."""
    runs = document.element.body.xpath(f".//w:r[w:rPr/w:lang[@w:val='{language}']]")
    return {"".join(each.text for each in run.iter(qn("w:t"))) for run in runs}


def test_titles_of_documents_and_what_the_city_wrote_of_its_outcomes_say_their_language(demo: Site) -> None:
    page = load_page(demo, "es")
    summary, marked = load_summary(page), read_marked(read_document(page), "en")
    titles = {line.title for day in summary.renewals for line in day.documents if line.told}
    titles |= {line.title for line in summary.risk.documents if line.told}
    told = {words for outcome in summary.outcomes for words in outcome.told if words}
    assert len(titles) > 3
    assert "City announcement, 26 February 2025 (published)" in told
    assert (titles | told) - marked == set()
    html = render_report_html(page)
    assert [words for words in told if f'<span lang="en">{escape(words)}</span>' not in html] == []
    withheld = {line.title for day in summary.renewals for line in day.documents if not line.told}
    assert withheld & marked == set()


def test_the_foreword_is_signed_and_carries_its_language(demo: Site) -> None:
    said = ReportForeword("Decidimos con datos.\n- uno\n- dos", "Ada Bell", "Alcaldesa", "es", "In Spanish.")
    document = read_document(replace(load_page(demo, "en"), foreword=said))
    words = read_words(document)
    assert "In Spanish. Decidimos con datos. uno dos Ada Bell, Alcaldesa" in words
    marked = [line.text for line in document.paragraphs if line._p.xpath(".//w:lang[@w:val='es']")]
    assert marked == ["Decidimos con datos.", "uno", "dos", "Ada Bell, Alcaldesa"]
