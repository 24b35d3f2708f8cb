"""What the worker does for monthly reports, again and again: ask for what is due, and mail what is made; each month's once.

Each step holds its row for a short transaction and looks again, so that two workers, or one that is killed in between, send nothing twice.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlmodel import Session

from app.rules.history.verbs import Verb
from app.rules.installation.job import JobKind
from app.rules.monthly import IssueProblem, IssueState, is_due, month_of
from app.rules.report.state import ReportState
from app.services.account import sessions
from app.services.account.sessions import today_in
from app.services.assessment.ground import NoAssessment
from app.services.monthly.wish import read_wish
from app.services.report.mailing import queue_mail
from app.services.report.reports import find_or_order
from app.services.report.standing import load_states
from app.services.site import Site
from app.store import job, monthly, people
from app.store.city import load_city
from app.store.history import events
from app.store.monthly import MonthlyIssue, MonthlyReader, MonthlyReport
from app.store.report.reports import Report

log = structlog.get_logger()


def tend_monthly(site: Site) -> int:
    """Where there is a mail server: ask for the reports that are due, mail those that are made; returns how many steps were taken."""
    if not site.settings.smtp_host:
        return 0
    moment = sessions.present_moment()
    _forget_past_readers(site, moment)
    with site.database.reading() as session:
        due = _list_due(session, moment)
        being_made = monthly.list_issues_being_made(session)
    for city_id, monthly_id in due:
        _take_step(site, city_id, monthly_id, ask_for_issue)
    for city_id, issue_id in being_made:
        _take_step(site, city_id, issue_id, send_issue)
    return len(due) + len(being_made)


def _take_step(site: Site, city_id: int, row_id: int, step: Callable[[Session, Site, int, int], None]) -> None:
    try:
        with site.database.writing() as session:
            step(session, site, city_id, row_id)
    except Exception as problem:
        log.error("a monthly report could not be looked after", city=city_id, row=row_id, exc_info=problem)


def _forget_past_readers(site: Site, moment: datetime) -> None:
    """A day later than the last one, when it is over in every time zone."""
    day = moment.date() - timedelta(days=1)
    with site.database.reading() as session:
        if not monthly.has_past_readers(session, day):
            return
    with site.database.writing() as session:
        monthly.forget_past_readers(session, day)


def _list_due(session: Session, moment: datetime) -> list[tuple[int, int]]:
    """City and id of those whose day has come in the city's time zone, and which this month has nothing of yet."""
    running = [(row, moment.astimezone(ZoneInfo(zone)).date()) for row, zone in monthly.list_running(session)]
    due = [(row, month_of(today)) for row, today in running if is_due(row.day, row.starts_on, today)]
    issued = monthly.load_issued_months(session, [row.id for row, _ in due], {month for _, month in due})
    return [(row.city_id, row.id) for row, month in due if (row.id, month) not in issued]


def ask_for_issue(session: Session, site: Site, city_id: int, monthly_id: int) -> None:
    """Ask for this month's report, unless someone did meanwhile."""
    held = monthly.hold_monthly(session, city_id, monthly_id)
    today = today_in(load_city(session, city_id))
    if held is None or held.ended_at or held.is_paused or not is_due(held.day, held.starts_on, today):
        return
    if monthly.find_issue(session, city_id, monthly_id, month_of(today)) is None:
        issue = MonthlyIssue(city_id=city_id, monthly_id=monthly_id, month=month_of(today))
        order_issue(session, held, issue, None)


def order_issue(session: Session, held: MonthlyReport, issue: MonthlyIssue, person_id: int | None) -> None:
    """Ask for the report of a month; `person_id` where someone asks for it once more. The office is told where there is nothing to make."""
    issue.state, issue.problem, issue.at = IssueState.MADE.value, "", sessions.present_moment()
    city = load_city(session, held.city_id)
    try:
        if not list_current_readers(session, held):
            _fail_issue(session, issue, IssueProblem.NOBODY)
        else:
            ordered_report, existed = find_or_order(session, city, person_id, read_wish(held).order)
            session.flush()
            issue.report_id = ordered_report.id
            if not existed:
                job.enqueue_job(session, held.city_id, JobKind.MAKE_REPORT, report=ordered_report.id)
    except NoAssessment:
        _fail_issue(session, issue, IssueProblem.NO_ASSESSMENT)
    monthly.save_row(session, issue)


def list_current_readers(session: Session, held: MonthlyReport) -> list[MonthlyReader]:
    """People who still work in the city, and addresses whose last day has not passed."""
    today, active = today_in(load_city(session, held.city_id)), people.load_active_people(session, held.city_id)
    return [
        reader
        for reader in monthly.list_readers(session, held.city_id, [held.id])
        if (reader.person_id in active if reader.person_id else reader.until is None or reader.until >= today)
    ]


def send_issue(session: Session, site: Site, city_id: int, issue_id: int) -> None:
    """Queue the mails of a month's report once it is made; what cannot be made is told to the office."""
    issue = monthly.hold_issue(session, city_id, issue_id)
    if issue is None or issue.state != IssueState.MADE:
        return
    held = monthly.find_monthly(session, city_id, issue.monthly_id)
    made_report = session.get(Report, issue.report_id) if issue.report_id else None
    state = load_states(session, city_id, [made_report])[made_report.id] if made_report else ReportState.FAILED
    if held is None or held.ended_at or held.is_paused:
        issue.state = IssueState.DROPPED.value
    elif state is ReportState.FAILED:
        _fail_issue(session, issue, IssueProblem.NOT_MADE)
    elif state is ReportState.READY and made_report:
        _mail_issue(session, site, held, issue, made_report)


def _mail_issue(session: Session, site: Site, held: MonthlyReport, issue: MonthlyIssue, made_report: Report) -> None:
    readers = list_current_readers(session, held)
    if not readers:
        _fail_issue(session, issue, IssueProblem.NOBODY)
        return
    for reader in readers:
        queue_mail(
            session, site, made_report, reader.person_id, reader.address, asked_by=held.set_by, issue_id=issue.id
        )
    issue.state, issue.at = IssueState.MAILED.value, sessions.present_moment()
    subject = f"no. {made_report.number}"
    events.record_event(session, held.city_id, None, Verb.MONTHLY_MAILED, subject, recipients=len(readers))


def _fail_issue(session: Session, issue: MonthlyIssue, problem: IssueProblem) -> None:
    """Noted, and through the record told to the data office."""
    issue.state, issue.problem = IssueState.FAILED.value, problem.value
    details = {"monthly": issue.monthly_id, "month": issue.month, "problem": problem.value}
    events.record_event(session, issue.city_id, None, Verb.MONTHLY_FAILED, issue.month, **details)
