"""What leaves the house names criteria by their titles: no sheet, no table and no letter has a code that only insiders know."""

from io import BytesIO

import docx
import pytest

from app.adapters.docx.summary import write_summary_docx
from app.adapters.pdf.report_job import report_job
from app.adapters.translations import load_titles
from app.rules.copy_sheet import piece_rows
from app.rules.report.page import ReportPage
from app.rules.report.parts import ReportParts
from app.services.account.sessions import today_in
from app.services.copy_sheet import build_copy_sheet
from app.services.report import content
from app.services.site import Site
from app.settings import LANGUAGES
from app.store.city import city_values, find_city, list_departments
from app.store.report.reports import Report
from tests.bare_codes import find_bare_in_sheets
from tests.printed_words import text_by_sheet

LENGTHS = ("one-page", "summary", "full", "annex")


def build_report(site: Site, length: str, language: str) -> ReportPage:
    """For readers inside, who are told most, with the forecast."""
    with site.database.reading() as session:
        row = find_city(session, "newark")
        assert row
        city = city_values(row)
        asked = Report(
            city_id=city.id, assessment_id=1, number=9, language=language, length=length, audience="internal", code="AAAA-BBBB-CCCC",
            parts=ReportParts(today_in(city)).write(),
            department_id=list_departments(session, city.id)[0].id if length == "annex" else None,
        )  # fmt: skip
        return content.build_page(session, site, city, asked, "https://x.example/verify")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("length", LENGTHS)
def test_every_sheet_of_a_report_names_the_criteria_of_which_it_speaks(demo: Site, length: str, language: str) -> None:
    pdf = demo.pdf.make(report_job(build_report(demo, length, language)))
    assert find_bare_in_sheets(text_by_sheet(pdf), load_titles("wwc-2022", language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paragraph_and_row_of_the_word_file_does_so(demo: Site, language: str) -> None:
    page = build_report(demo, "summary", language)
    assert page.summary
    paper = docx.Document(BytesIO(write_summary_docx(page, page.summary)))
    rows = [" ".join(cell.text for cell in row.cells) for table in paper.tables for row in table.rows]
    parts = [*(paragraph.text for paragraph in paper.paragraphs), *rows]
    assert find_bare_in_sheets(parts, load_titles("wwc-2022", language)) == []


def test_a_row_of_evidence_to_copy_names_its_criterion(demo: Site) -> None:
    with demo.database.reading() as session:
        row = find_city(session, "newark")
        assert row
        sheet = build_copy_sheet(session, demo, city_values(row), "en")
    heads, *rows = piece_rows(sheet, str)
    assert heads[:2] == ["Code", "Criterion"]
    assert {row[0]: row[1] for row in rows}.items() <= load_titles("wwc-2022", "en").items()
