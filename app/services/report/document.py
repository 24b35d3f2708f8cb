"""The council summary as a Word file: made on demand from the report's frozen content, so that both say the same."""

from functools import cache

from pydantic import TypeAdapter, ValidationError

from app.rules.errors import Refused
from app.rules.message import say
from app.rules.report.page import ReportPage
from app.rules.report.parts import ReportLength
from app.rules.report.state import ReportState
from app.services.desk import Desk
from app.services.report.finding import find_kept_report, name_report_file
from app.store.report.reports import Report


@cache
def _page_reader() -> TypeAdapter[ReportPage]:
    return TypeAdapter(ReportPage)


def read_kept_page(content: str) -> ReportPage | None:
    """The page of a kept report; None where another version of the app kept it in another form."""
    try:
        return _page_reader().validate_json(content)
    except ValidationError:
        return None


def has_document(known_report: Report) -> bool:
    """Whether there is a Word file of a report: of a council summary, once it is ready."""
    return known_report.state == ReportState.READY and known_report.length == ReportLength.SUMMARY


def open_document(desk: Desk, number: int) -> tuple[bytes, str]:
    """The file and its name. Raises NotFound for an unknown report, Refused for one that has no such file."""
    known_report = find_kept_report(desk, number)
    page = read_kept_page(known_report.content) if has_document(known_report) else None
    if page is None or page.summary is None:
        raise Refused(say("Only a council summary that is ready has a Word file. Make one, and it is here."))
    from app.adapters.docx.summary import write_summary_docx  # loads an XML library that nothing else needs

    return write_summary_docx(page, page.summary), name_report_file(desk, known_report, "docx")
