"""A report as one page of the web: what was kept with its file when it was made, and nothing read anew."""

from dataclasses import dataclass

from sqlmodel import Session

from app.rules.errors import NotFound
from app.rules.message import say
from app.rules.report.code import read_code
from app.rules.report.contents import ReportPart, list_parts
from app.rules.report.page import ReportPage
from app.rules.report.parts import ReportAudience
from app.services.desk import Desk
from app.services.report.document import read_kept_page
from app.services.report.finding import find_kept_report
from app.store.report import reports
from app.store.report.reports import Report

NO_EDITION = say("There is no web edition of this report. Open its PDF.")
NOT_OPEN = say("No report for the public has this code. If you work for the city, sign in and open it from its page.")


@dataclass(frozen=True)
class WebEdition:
    """`content` is the report's own page as it was kept when the report was made; `parts` lead to where its parts begin."""

    code: str
    language: str
    content: ReportPage
    parts: tuple[ReportPart, ...]


def has_edition(known_report: Report) -> bool:
    """Whether its page was kept in a form that is read here; a report made before has none."""
    return bool(known_report.file_key and known_report.stated)


def open_public_edition(session: Session, typed: str) -> WebEdition:
    """Of a report for the public, for whoever has its code. Raises NotFound, also for a report for other readers."""
    code = read_code(typed)
    known_report = reports.find_report_by_code(session, code) if code else None
    if known_report is None or known_report.audience != ReportAudience.PUBLIC:
        raise NotFound(NOT_OPEN)
    return _build_edition(known_report)


def open_edition(desk: Desk, number: int) -> WebEdition:
    """Of any report of the city, for its own people. Raises NotFound."""
    return _build_edition(find_kept_report(desk, number))


def _build_edition(known_report: Report) -> WebEdition:
    content = read_kept_page(known_report.content) if has_edition(known_report) else None
    if content is None:
        raise NotFound(NO_EDITION)
    return WebEdition(known_report.code, known_report.language, content, list_parts(content))
