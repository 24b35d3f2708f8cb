"""A report being made: its job, its steps, and its PDF."""

import hashlib
import io
from typing import Any

from sqlmodel import Session

from app.adapters.pdf.job import PdfAttachment, PdfJob
from app.adapters.pdf.report_job import report_job
from app.adapters.storage.keys import new_key
from app.adapters.translations import load_translator
from app.rules.errors import CityReadyError, Invalid, NotFound, OutsideUnavailable, Refused
from app.rules.history.verbs import Verb
from app.rules.installation.job import JobKind
from app.rules.message import Message, say
from app.rules.report.page import ReportPage
from app.rules.report.parts import ReportAudience, ReportParts
from app.rules.report.schema import write_report_json, write_report_schema
from app.rules.report.state import ReportState
from app.rules.report.stated import state_figures
from app.services.account.sessions import today_in
from app.services.lease import Lease, new_lease_token
from app.services.report import content as report_page
from app.services.report.reports import NOT_MADE, find_or_order, read_order
from app.services.report.verifying import verify_address
from app.services.site import Site
from app.store import city as cities
from app.store import job, planning
from app.store.city import load_city
from app.store.database.engine import now
from app.store.history import events
from app.store.report import reports
from app.store.report.reports import Report

STOPPED = say("The making of this report was stopped at the command line. It can be made again.")


def make_report(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job: collect in a short reading transaction, lay out in the child process, store the file, then write the row."""
    with site.database.reading() as session:
        if session.get_one(Report, payload["report"]).state == ReportState.READY:
            return  # its worker ended between the report and the job
    try:
        _make_pdf(site, city_id, int(payload["report"]))
    except OutsideUnavailable as problem:  # what is too heavy is not laid out three times
        raise Refused(problem.said) from problem


def give_up_report(session: Session, city_id: int, payload: dict[str, Any], message: Message | None) -> None:
    """Say on the report's page, in the report's language, why it is not there; it can be asked for again."""
    failed_report = reports.hold_unfinished_report(session, city_id, int(payload["report"]))
    if failed_report:
        failed_report.state, failed_report.error = (
            ReportState.FAILED.value,
            load_translator(failed_report.language).say(message or NOT_MADE),
        )


def _make_pdf(site: Site, city_id: int, report_id: int) -> bytes:
    _note_step(site, city_id, report_id, state=ReportState.MAKING.value, step="collecting")
    with site.database.reading() as session:
        ordered_report = session.get_one(Report, report_id)
        city = load_city(session, city_id)
        page = report_page.build_page(session, site, city, ordered_report, verify_address(site, ordered_report.code))
    _note_step(site, city_id, report_id, step="laying_out")
    logo = b"".join(site.storage.open(city.logo_key)) if city.logo_key else b""
    content = write_report_json(page)
    pdf = site.pdf.make(_pdf_job(page, logo, content))
    _note_step(site, city_id, report_id, step="storing")
    sha256 = hashlib.sha256(pdf).hexdigest()
    key = new_key()
    site.storage.put(key, io.BytesIO(pdf))
    with site.database.writing() as session:
        made_report = session.get_one(Report, report_id)
        made_report.state, made_report.step, made_report.error, made_report.made_at = (
            ReportState.READY.value,
            "",
            "",
            now(),
        )
        made_report.file_key, made_report.sha256, made_report.size_bytes = key, sha256, len(pdf)
        made_report.sentence, made_report.stated = page.sentence, state_figures(page).write()
        made_report.content = content.decode()
        events.record_event(
            session, city_id, made_report.requested_by, Verb.REPORT_MADE, f"no. {made_report.number}", sha256=sha256
        )
    return pdf


def _pdf_job(page: ReportPage, logo: bytes, content: bytes) -> PdfJob:
    """The page as it is printed, and beside it its data, `content`, as it was typed, for programs."""
    t = load_translator(page.language)
    data = t.say(say("The report’s data, for programs")), t.say(say("What each part of the report’s data means"))
    attachments = (
        PdfAttachment("report.json", data[0], "Data", content),
        PdfAttachment("report.schema.json", data[1], "Supplement", write_report_schema()),
    )
    return report_job(page, logo=logo, attachments=attachments)


def _note_step(site: Site, city_id: int, report_id: int, **values: str) -> None:
    with site.database.writing() as session:
        reports.save_progress(session, city_id, report_id, **values)


def make_report_file(
    site: Site,
    slug: str,
    language: str,
    length: str,
    *,
    audience: str = ReportAudience.PUBLIC,
    is_draft: bool = False,
    forecast: bool = False,
    department_id: int | None = None,
    scenario: int | None = None,
) -> bytes:
    """Make a report now and return the PDF; kept and numbered like any other. Raises NotFound, Invalid, OutsideUnavailable."""
    with site.database.writing() as session:
        city_row = cities.find_city(session, slug)
        if city_row is None:
            raise NotFound(say("There is no city “%(slug)s” here.", slug=slug))
        city = cities.city_values(city_row)
        if scenario and planning.find_scenario(session, city.id, scenario) is None:
            raise Invalid({"plan": say("This city has no saved plan no. %(number)s.", number=scenario)})
        parts = ReportParts(today_in(city) if forecast else None, scenario)
        order = read_order(language, length, audience, is_draft=is_draft, department_id=department_id, parts=parts)
        ordered_report, existed = find_or_order(session, city, None, order, made=True)
        lease = None if existed else _take_job(session, site, ordered_report)
    if lease is None:
        return b"".join(site.storage.open(ordered_report.file_key or ""))
    return _make_leased(lease, ordered_report)


def _take_job(session: Session, site: Site, ordered_report: Report) -> Lease:
    """The job of the report in the hands of this process. Should it be killed, a worker makes the report."""
    report_job = job.enqueue_job(session, ordered_report.city_id, JobKind.MAKE_REPORT, report=ordered_report.id)
    job.take_new_job(session, report_job, new_lease_token())
    return Lease(site, report_job)


def _make_leased(lease: Lease, ordered_report: Report) -> bytes:
    """Also when a person stops it: the report is ready or has failed, and waits for nobody."""
    with lease:
        try:
            content = _make_pdf(lease.site, ordered_report.city_id, ordered_report.id)
        except BaseException as problem:
            stopped = None if isinstance(problem, Exception) else STOPPED
            message = problem.said if isinstance(problem, CityReadyError) else stopped
            with lease.site.database.writing() as session:
                lease.finish(session, type(problem).__name__)
                give_up_report(session, ordered_report.city_id, {"report": ordered_report.id}, message)
            raise
        with lease.site.database.writing() as session:
            lease.finish(session)
    return content
