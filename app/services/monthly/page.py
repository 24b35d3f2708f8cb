"""The pages of monthly reports: all of a city, and one with what was sent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.rules.errors import NotFound
from app.rules.message import Message, say
from app.rules.monthly import (
    ISSUE_PROBLEMS,
    ISSUE_STATE_NAMES,
    MONTHLY_LENGTHS,
    MOST_ATTACHED_BYTES,
    IssueState,
    find_next_day,
    month_of,
)
from app.rules.report.names import AUDIENCE_NAMES, LENGTH_NAMES
from app.rules.report.parts import ReportAudience, ReportLength
from app.services.desk import Desk
from app.services.report.mailing import NO_MAIL, MailedLine, list_issue_mails
from app.settings import LANGUAGES
from app.store import monthly, people
from app.store.monthly import MonthlyIssue, MonthlyReader, MonthlyReport
from app.store.report import reports

MOST_MONTHS = 36


@dataclass(frozen=True)
class MonthlyLine:
    """One in the list; `next_on` is None while nothing goes out."""

    id: int
    length: Message
    audience: Message
    language: str
    day: int
    readers: int
    is_paused: bool
    is_ended: bool
    next_on: date | None


@dataclass(frozen=True)
class MonthlyForm:
    """The form as it is saved, and what it offers: people of the city by id, lengths and audiences by their words."""

    length: str
    audience: str
    language: str
    day: int | str
    is_attached: bool
    staff: frozenset[int]
    addresses: str
    until: date | None
    people: tuple[tuple[int, str], ...]
    lengths: Mapping[str, Message]
    audiences: Mapping[str, Message]
    most_megabytes: int = MOST_ATTACHED_BYTES // 1_000_000


@dataclass(frozen=True)
class MonthlyList:
    """Those that go out or are paused, those that are ended, and a form for a new one. `why_not` says why none is sent."""

    lines: tuple[MonthlyLine, ...]
    ended: tuple[MonthlyLine, ...]
    form: MonthlyForm
    why_not: Message | None


@dataclass(frozen=True)
class IssueLine:
    """A month: its report, what became of it, and each mail."""

    month: date
    key: str
    report: int
    state: Message
    problem: Message | None
    can_be_sent_again: bool
    at: datetime
    mails: tuple[MailedLine, ...]


@dataclass(frozen=True)
class MonthlyPage:
    """One monthly report."""

    line: MonthlyLine
    form: MonthlyForm
    version: int
    issues: tuple[IssueLine, ...]
    why_not: Message | None


def load_list(desk: Desk) -> MonthlyList:
    """In a fixed number of queries."""
    rows = monthly.list_monthly(desk.session, desk.city_id)
    lines = _list_lines(desk, rows)
    return MonthlyList(
        lines=tuple(line for line in lines if not line.is_ended),
        ended=tuple(line for line in lines if line.is_ended),
        form=_build_form(desk, None, []),
        why_not=_why_not(desk),
    )


def load_page(desk: Desk, monthly_id: int) -> MonthlyPage:
    """Raises NotFound."""
    row = monthly.find_monthly(desk.session, desk.city_id, monthly_id)
    if row is None:
        raise NotFound(say("There is no such monthly report in this city."))
    (line,) = _list_lines(desk, [row])
    readers = monthly.list_readers(desk.session, desk.city_id, [row.id])
    return MonthlyPage(line, _build_form(desk, row, readers), row.version, _list_issues(desk, row), _why_not(desk))


def _why_not(desk: Desk) -> Message | None:
    return None if desk.site.settings.smtp_host else NO_MAIL


def _list_lines(desk: Desk, rows: Collection[MonthlyReport]) -> list[MonthlyLine]:
    ids, today = [row.id for row in rows], desk.who.today
    issued = monthly.load_issued_months(desk.session, ids, {month_of(today)})
    reader_ids = [reader.monthly_id for reader in monthly.list_readers(desk.session, desk.city_id, ids)]
    return [
        MonthlyLine(
            id=row.id,
            length=LENGTH_NAMES[row.length],
            audience=AUDIENCE_NAMES[row.audience],
            language=LANGUAGES.get(row.language, row.language),
            day=row.day,
            readers=reader_ids.count(row.id),
            is_paused=row.is_paused,
            is_ended=row.ended_at is not None,
            next_on=None
            if row.is_paused or row.ended_at
            else find_next_day(row.day, row.starts_on, today, (row.id, month_of(today)) in issued),
        )
        for row in rows
    ]


def _build_form(desk: Desk, row: MonthlyReport | None, readers: Collection[MonthlyReader]) -> MonthlyForm:
    active = people.load_active_people(desk.session, desk.city_id)
    return MonthlyForm(
        length=row.length if row else ReportLength.SUMMARY,
        audience=row.audience if row else ReportAudience.PUBLIC,
        language=row.language if row else desk.who.city.language,
        day=row.day if row else "",
        is_attached=row.is_attached if row else False,
        staff=frozenset(reader.person_id for reader in readers if reader.person_id),
        addresses="\n".join(reader.address for reader in readers if reader.address),
        until=next((reader.until for reader in readers if reader.until), None),
        people=tuple(sorted(((id_, person.name) for id_, person in active.items()), key=lambda pair: pair[1])),
        lengths=MONTHLY_LENGTHS,
        audiences=AUDIENCE_NAMES,
    )


def _list_issues(desk: Desk, row: MonthlyReport) -> tuple[IssueLine, ...]:
    issues = monthly.list_issues(desk.session, desk.city_id, row.id, MOST_MONTHS)
    numbers = reports.load_numbers(desk.session, desk.city_id, [issue.report_id for issue in issues if issue.report_id])
    mails = list_issue_mails(desk, [issue.id for issue in issues])
    return tuple(_issue_line(issue, row, numbers, mails.get(issue.id, ())) for issue in issues)


def _issue_line(
    issue: MonthlyIssue, row: MonthlyReport, numbers: Mapping[int, int], mails: tuple[MailedLine, ...]
) -> IssueLine:
    return IssueLine(
        month=date.fromisoformat(f"{issue.month}-01"),
        key=issue.month,
        report=numbers.get(issue.report_id or 0, 0),
        state=ISSUE_STATE_NAMES[issue.state],
        problem=ISSUE_PROBLEMS.get(issue.problem),
        can_be_sent_again=issue.state == IssueState.FAILED and row.ended_at is None,
        at=issue.at,
        mails=mails,
    )
