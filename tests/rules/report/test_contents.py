"""The parts of a report for its web edition."""

from dataclasses import replace

from app.rules.report.contents import list_parts
from tests.report_sample import sample_page


def test_a_full_report_names_the_parts_that_it_has() -> None:
    page = sample_page()
    assert [part.anchor for part in list_parts(page)] == [
        "table", "glance", "gaps", "forecast", "plan", *(f"area-{area.id}" for area in page.areas), "evidence", "method",
    ]  # fmt: skip
    assert "forecast" not in [part.anchor for part in list_parts(replace(page, forecast=None))]


def test_one_page_has_no_parts_and_a_summary_a_question_each() -> None:
    assert list_parts(sample_page(length="one-page")) == ()
    assert [part.anchor for part in list_parts(sample_page(length="summary"))][:2] == ["answer", "matrix"]
