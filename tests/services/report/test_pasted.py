"""What was pasted as a list or a table is one in every form of a report: reasons, requests and notes, beside the narratives."""

from dataclasses import replace
from io import BytesIO

import docx

from app.adapters.docx.summary import write_summary_docx
from app.adapters.pdf.report_job import report_job
from app.rules.report.acting import SummaryTask
from app.rules.report.annex import AnnexRequest, DepartmentAnnex
from app.rules.report.page import ReportPage
from app.services.site import Site
from tests.report_sample import sample_page
from tests.services.report.test_document import load_page, load_summary

TABLE = "Please add:\nItem\tPage\nMinutes of March\t4\nAgenda\t7"
LIST = "- the minutes of March\n- the list of members"
HEAD, ITEM = '<th scope="col">Page</th>', "<li>the minutes of March</li>"


def give_reasons(page: ReportPage) -> ReportPage:
    """The first two tasks that are not with the reviewer have a table and a list as reasons."""
    summary = load_summary(page)
    place = next(index for index, group in enumerate(summary.groups) if not group.is_review and len(group.tasks) > 1)
    group = summary.groups[place]
    first, second, *others = group.tasks
    tasks = (replace(first, reason=TABLE, language="es"), replace(second, reason=LIST, language="es"), *others)
    groups = (*summary.groups[:place], replace(group, tasks=tasks), *summary.groups[place + 1 :])
    return replace(page, summary=replace(summary, groups=groups))


def test_a_reason_is_a_table_or_a_list_in_the_summary_and_its_word_file(demo: Site) -> None:
    page = give_reasons(load_page(demo, "en"))
    printed = report_job(page).html
    assert printed.count(HEAD) == 1
    assert ITEM in printed
    document = docx.Document(BytesIO(write_summary_docx(page, load_summary(page))))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    nested = [[[inner.text for inner in row.cells] for row in table.rows] for cell in cells for table in cell.tables]
    assert nested == [[["Item", "Page"], ["Minutes of March", "4"], ["Agenda", "7"]]]
    listed = [
        paragraph.text
        for cell in cells
        for paragraph in cell.paragraphs
        if paragraph.style and paragraph.style.name == "List Bullet"
    ]
    assert listed == ["the minutes of March", "the list of members"]
    assert any("Reviewer’s reason (in Spanish): Please add:" in cell.text for cell in cells)
    spanish = [run.text for run in document.element.xpath("//w:r[w:rPr/w:lang[@w:val='es']]")]
    assert [text for text in spanish if text] == [
        "Please add:", "Item", "Page", "Minutes of March", "4", "Agenda", "7", "the minutes of March", "the list of members",
    ], "and not the words before it, which are the paper's"  # fmt: skip


def test_a_request_in_an_annex_is_a_list() -> None:
    task = SummaryTask("DM1", "Run it", False, "Finance", "", False, "Open.", TABLE, "Evidence.", "small")
    annex = DepartmentAnnex("Finance", "One.", (), (AnnexRequest("DM1", LIST, "", overdue=True),), (), ())
    printed = report_job(replace(sample_page(length="annex"), annex=annex)).html
    assert ITEM in printed
    assert task.reason_blocks[1].head == ("Item", "Page")


def test_a_note_and_a_verdict_of_the_full_report_are_tables() -> None:
    page = sample_page(evidence=1)
    area = page.areas[0]
    criterion = area.criteria[0]
    assert criterion.verdict
    told = replace(criterion, verdict=replace(criterion.verdict, reason=TABLE))
    entry = page.index[0]
    noted = replace(entry, evidence=replace(entry.evidence, note=tuple(TABLE.split("\n"))))
    areas = (replace(area, criteria=(told, *area.criteria[1:])), *page.areas[1:])
    printed = report_job(replace(page, areas=areas, index=(noted, *page.index[1:]))).html
    assert printed.count(HEAD) == 2
