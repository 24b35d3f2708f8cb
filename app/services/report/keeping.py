"""How long reports are kept: one class for all of a city, legal hold, and disposal that one person proposes and another approves."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.rules.errors import Conflict, Invalid, Refused
from app.rules.evidence.retention import (
    check_approver,
    check_disposal_reason,
    check_hold_reason,
    kept_until,
    why_not_disposable,
)
from app.rules.history.verbs import Verb
from app.rules.message import Message, say
from app.rules.report.names import LENGTH_NAMES
from app.rules.report.state import ReportState
from app.services.account import hands
from app.services.account.sessions import today_in
from app.services.desk import Desk, Who
from app.services.people.members import CHANGED_MEANWHILE
from app.services.report.finding import find_city_report, say_disposed
from app.services.site import Site
from app.settings import LANGUAGES
from app.store import people, retention
from app.store.database.engine import now
from app.store.report import keeping
from app.store.report.keeping import KeptReport
from app.store.report.reports import Report
from app.store.retention import RetentionClass

MOST_SHOWN = 200
DISPOSED_COLUMNS: dict[str, object] = {
    "state": ReportState.DISPOSED.value, "file_key": None, "size_bytes": 0, "content": "", "stated": "", "sentence": "", "error": "",
}  # fmt: skip
"""What disposal leaves of the columns that say something of the content."""


@dataclass(frozen=True)
class ReportKeeping:
    """Until when a report is kept, why it is held, and why it may not be disposed of now.

    `proposed_by` has proposed to dispose of it, for `reason`, which is `mine` when it was the person who asks.
    """

    number: int
    language: str
    length: Message
    made_at: datetime
    version: int
    until: date | None
    class_name: str
    hold_reason: str
    why_not: Message | None
    proposed: bool
    proposed_by: str
    mine: bool
    reason: str
    disposed_at: datetime | None


@dataclass(frozen=True)
class KeptReports:
    """Of all reports those that someone has to do with; `class_id` is that of the class which they have, 0 for none."""

    class_id: int
    class_name: str
    years: int
    due: tuple[ReportKeeping, ...]
    proposed: tuple[ReportKeeping, ...]
    held: tuple[ReportKeeping, ...]
    disposed: tuple[ReportKeeping, ...]


def list_keepings(desk: Desk, rule: RetentionClass | None, names: dict[int, str]) -> KeptReports:
    """The oldest MOST_SHOWN by the class that reports have, in one query; `names` are those of the city's people."""
    before = _made_before(desk.who, rule) if rule else None
    rows = keeping.list_kept_reports(desk.session, desk.city_id, before, MOST_SHOWN)
    lines = [_describe_keeping(desk.who, row, rule, names) for row in rows]
    kept_lines = [line for line in lines if line.disposed_at is None]
    return KeptReports(
        class_id=rule.id if rule else 0,
        class_name=rule.name if rule else "",
        years=rule.years if rule else 0,
        due=tuple(line for line in kept_lines if line.why_not is None and not line.proposed),
        proposed=tuple(line for line in kept_lines if line.proposed),
        held=tuple(line for line in kept_lines if line.hold_reason),
        disposed=tuple(line for line in reversed(lines) if line.disposed_at),
    )


def _made_before(who: Who, rule: RetentionClass) -> datetime:
    """A report that was made after this moment is not due yet; of those before it each is looked at by its day."""
    day = kept_until(who.today, -rule.years) + timedelta(days=1)
    return datetime.combine(day, time(), ZoneInfo(who.city.time_zone))


def load_keeping(desk: Desk, known_report: Report) -> ReportKeeping | None:
    """None for those who have nothing to do with it, and for a report that is not made."""
    if not desk.who.may("retention.read") or not known_report.made_at:
        return None
    rule = retention.find_reports_class(desk.session, desk.city_id)
    return _describe_keeping(desk.who, _kept_values(known_report), rule, people.load_names(desk.session, desk.city_id))


def _kept_values(known_report: Report) -> KeptReport:
    return KeptReport(*(getattr(known_report, name) for name in KeptReport._fields))


def _describe_keeping(who: Who, row: KeptReport, rule: RetentionClass | None, names: dict[int, str]) -> ReportKeeping:
    until = kept_until(today_in(who.city, row.made_at), rule.years) if rule else None
    return ReportKeeping(
        number=row.number,
        language=LANGUAGES.get(row.language, row.language),
        length=LENGTH_NAMES[row.length],
        made_at=row.made_at,
        version=row.version,
        until=until,
        class_name=rule.name if rule else "",
        hold_reason=row.hold_reason,
        why_not=why_not_disposable(until=until, held=row.hold_reason != "", removed=True, supports=(), today=who.today),
        proposed=row.disposal_by is not None,
        proposed_by=names.get(row.disposal_by or 0, ""),
        mine=row.disposal_by == who.person_id,
        reason=row.disposal_reason,
        disposed_at=row.disposed_at,
    )


def choose_class(desk: Desk, class_id: int | None, before: int) -> None:
    """Say which class all reports have, None for keeping them without end; `before` is the one that the form was made with, 0 for none.

    Raises Invalid, Conflict.
    """
    people.lock_memberships(desk.session, desk.city_id)  # or the class may be taken away at the same moment
    rule = retention.find_reports_class(desk.session, desk.city_id)
    if (rule.id if rule else 0) != before:
        raise Conflict(CHANGED_MEANWHILE)
    chosen = retention.find_retention_class(desk.session, desk.city_id, class_id) if class_id else None
    if class_id and chosen is None:
        raise Invalid({"reports_class": say("Choose one of the classes.")})
    if chosen != rule:
        retention.choose_reports_class(desk.session, desk.city_id, class_id)
        desk.record(Verb.REPORTS_CLASS_SET, chosen.name if chosen else "", years=chosen.years if chosen else None)


def hold_report(desk: Desk, number: int, hold_reason: str, version: int) -> None:
    """Keep a report whatever the rule says, or with no reason no longer. A hold ends a proposal. Raises Invalid, Conflict, NotFound."""
    known_report = _find_made_report(desk, number)
    reason = check_hold_reason(hold_reason)
    ended = {"disposal_by": None, "disposal_at": None, "disposal_reason": ""} if reason else {}
    _save_keeping(desk, known_report, version, hold_reason=reason, **ended)
    desk.record(Verb.REPORT_KEEPING_SET, f"no. {number}", held=bool(reason))


def propose_disposal(desk: Desk, number: int, reason: str, version: int) -> None:
    """Raises Refused while the report must be kept, Invalid without a reason, Conflict, NotFound."""
    known_report = _find_made_report(desk, number)
    checked_reason = check_disposal_reason(reason)
    _check_disposable(desk, known_report)
    proposed = {"disposal_by": desk.who.person_id, "disposal_at": now(), "disposal_reason": checked_reason}
    _save_keeping(desk, known_report, version, **proposed)
    desk.record(Verb.REPORT_DISPOSAL_PROPOSED, f"no. {number}", reason=checked_reason)


def refuse_disposal(desk: Desk, number: int, version: int) -> None:
    """Take a proposal off the list, one's own or another's. Raises Conflict, NotFound."""
    known_report = _find_made_report(desk, number)
    if known_report.disposal_by:
        _save_keeping(desk, known_report, version, disposal_by=None, disposal_at=None, disposal_reason="")
        desk.record(Verb.REPORT_DISPOSAL_REFUSED, f"no. {number}")


def dispose_of_report(site: Site, who: Who, number: int, version: int) -> None:
    """Take the content of a report away for good. What stays: number, days, code, reason, and the fingerprint of its file.

    The file goes when the row says so; what a crash leaves of it is found by the next sweep. Raises Refused, Conflict, NotFound.
    """
    with site.database.writing() as session:
        desk = Desk(session, site, who)
        known_report = _find_made_report(desk, number)
        check_approver(known_report.disposal_by, who.person_id, hands.load_hands(session, who.city_id))
        _check_disposable(desk, known_report)
        key = known_report.file_key
        details: dict[str, Any] = {"sha256": known_report.sha256, "reason": known_report.disposal_reason}
        details["proposed_by"] = known_report.disposal_by
        _save_keeping(desk, known_report, version, **DISPOSED_COLUMNS, disposed_at=now())
        keeping.forget_report_addresses(session, who.city_id, known_report.id)
        desk.record(Verb.REPORT_DISPOSED, f"no. {number}", **details)
    if key:
        site.storage.delete(key)


def _find_made_report(desk: Desk, number: int) -> Report:
    known_report = find_city_report(desk, number)
    if known_report.disposed_at:
        raise Refused(say_disposed(desk.who.city, known_report))
    if known_report.state != ReportState.READY:
        raise Refused(say("This report is not ready yet."))
    return known_report


def _check_disposable(desk: Desk, known_report: Report) -> None:
    rule = retention.find_reports_class(desk.session, desk.city_id)
    if reason := _describe_keeping(desk.who, _kept_values(known_report), rule, {}).why_not:
        raise Refused(reason)


def _save_keeping(desk: Desk, known_report: Report, version: int, **values: object) -> None:
    if not keeping.save_keeping(desk.session, known_report, version, **values):
        raise Conflict(CHANGED_MEANWHILE)
