"""Mailing a report: a link to it and its code, one mail for each recipient, and what became of each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.adapters.mail import AddressRefused, HandoverUnknown, hand_over, make_message_id
from app.rules.errors import Invalid, OutsideUnavailable, Refused
from app.rules.history.verbs import Verb
from app.rules.installation.job import JobKind
from app.rules.message import Message, say
from app.rules.report.mailing import ADDRESSES_KEPT, MAIL_STATE_NAMES, MailState, check_recipients, read_addresses
from app.rules.report.parts import ReportAudience
from app.rules.report.state import ReportState
from app.services.desk import Desk
from app.services.report.finding import find_kept_report
from app.services.report.letter import write_report_letter
from app.services.site import Site
from app.store import job, people
from app.store.database.engine import now
from app.store.report import keeping, mailings
from app.store.report.mailings import ReportMail
from app.store.report.reports import Report

MOST_SHOWN = 200
MOST_HANDOVERS = 2
"""How often a mail is given to the server without an answer being known: once, and once more after a crash in between."""
NO_MAIL = say("No mail server is set here, so reports cannot be mailed. Download the report and send it yourself.")
FORGOTTEN = say("an address that is not kept any more")


@dataclass(frozen=True)
class MailedLine:
    """One mail: to whom, what became of it, and when it was asked for by whom."""

    to: str | Message
    state: Message
    problem: str
    asked_by: str
    at: datetime


@dataclass(frozen=True)
class MailingPart:
    """What the report's page has for mailing it: `staff` are people of the city by id, `why_not` says why it cannot be mailed."""

    staff: tuple[tuple[int, str], ...]
    takes_addresses: bool
    why_not: Message | None
    sent: tuple[MailedLine, ...]


def load_mailing(desk: Desk, known_report: Report) -> MailingPart | None:
    """None for those who may not mail a report, and for one that was disposed of."""
    if not desk.who.may("report.send") or known_report.disposed_at:
        return None
    rows = mailings.list_report_mails(desk.session, desk.city_id, known_report.id, MOST_SHOWN)
    names = people.load_names(desk.session, desk.city_id)
    active = people.load_active_people(desk.session, desk.city_id)
    staff = sorted(((person_id, person.name) for person_id, person in active.items()), key=lambda pair: pair[1])
    return MailingPart(
        tuple(staff),
        known_report.audience == ReportAudience.PUBLIC,
        None if desk.site.settings.smtp_host else NO_MAIL,
        tuple(_describe_mail(row, names) for row in rows),
    )


def _describe_mail(row: ReportMail, names: dict[int, str]) -> MailedLine:
    to = names.get(row.person_id, "") if row.person_id else row.address or FORGOTTEN
    at = row.sent_at or row.asked_at
    return MailedLine(to, MAIL_STATE_NAMES[row.state], row.problem, names.get(row.asked_by, ""), at)


def mail_report(desk: Desk, number: int, staff: Sequence[str], typed: str) -> int:
    """Ask for the report to be mailed; returns to how many. Who has it on the way already is not asked again.

    Raises NotFound, Refused without a mail server or before the report is ready, Invalid.
    """
    known_report = find_kept_report(desk, number)
    if not desk.site.settings.smtp_host:
        raise Refused(NO_MAIL)
    if known_report.state != ReportState.READY:
        raise Refused(say("This report is not ready yet."))
    addresses = read_addresses(typed, known_report.audience)
    known_ids = {str(person_id): person_id for person_id in people.load_active_people(desk.session, desk.city_id)}
    if not known_ids.keys() >= set(staff):
        raise Invalid({"addresses": say("Choose people who work in this city here.")})
    chosen = [known_ids[each] for each in dict.fromkeys(staff)]
    check_recipients(len(chosen) + len(addresses))
    rows = mailings.list_report_mails(desk.session, desk.city_id, known_report.id, MOST_SHOWN)
    waiting = {(row.person_id, row.address) for row in rows if row.state == MailState.WAITING}
    wanted = [(person_id, "") for person_id in chosen] + [(None, address) for address in addresses]
    new = [recipient for recipient in wanted if recipient not in waiting]
    for person_id, address in new:
        queue_mail(desk.session, desk.site, known_report, person_id, address, asked_by=desk.who.person_id)
    if new:
        desk.record(Verb.REPORT_MAILED, f"no. {known_report.number}", recipients=len(new))
    return len(new)


def queue_mail(
    session: Session,
    site: Site,
    known_report: Report,
    person_id: int | None,
    address: str,
    *,
    asked_by: int,
    issue_id: int | None = None,
) -> None:
    """One mail to one recipient, and its job; `issue_id` where it is part of a month's."""
    mail = ReportMail(
        city_id=known_report.city_id,
        report_id=known_report.id,
        person_id=person_id,
        address=address,
        asked_by=asked_by,
        issue_id=issue_id,
        message_id=make_message_id(site.settings),
    )
    mailings.add_report_mail(session, mail)
    job.enqueue_job(session, known_report.city_id, JobKind.SEND_REPORT, mail=mail.id)


def list_issue_mails(desk: Desk, issue_ids: Collection[int]) -> dict[int, tuple[MailedLine, ...]]:
    """The mails of each of these months' reports."""
    rows = mailings.list_issue_mails(desk.session, desk.city_id, issue_ids)
    names = people.load_names(desk.session, desk.city_id)
    mails: dict[int, list[MailedLine]] = {}
    for row in rows:
        mails.setdefault(row.issue_id or 0, []).append(_describe_mail(row, names))
    return {issue_id: tuple(lines) for issue_id, lines in mails.items()}


def send_report(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    """The job: hand the mail over outside of any transaction, counted before, so that a crash sends it once more at most."""
    with site.database.writing() as session:
        row = mailings.hold_report_mail(session, city_id, payload["mail"])
        if row is None or row.state != MailState.WAITING:
            return
        letter = write_report_letter(session, site, row)
        if letter is None or row.handed >= MOST_HANDOVERS:
            row.state = (MailState.SENT if letter else MailState.FAILED).value
            return
        row.handed += 1
    try:
        hand_over(site.settings, letter.with_file(site))
    except AddressRefused as refused:
        _end_mail(site, city_id, payload, MailState.FAILED, refused.reason)
    except HandoverUnknown:
        raise
    except OutsideUnavailable:  # the server has nothing of it, so this was no handing over
        _take_back_handover(site, city_id, payload)
        raise
    else:
        _end_mail(site, city_id, payload, MailState.SENT)


def _end_mail(site: Site, city_id: int, payload: dict[str, Any], state: MailState, problem: str = "") -> None:
    with site.database.writing() as session:
        row = mailings.hold_report_mail(session, city_id, payload["mail"])
        if row:
            row.state, row.problem, row.sent_at = state.value, problem, now()


def _take_back_handover(site: Site, city_id: int, payload: dict[str, Any]) -> None:
    with site.database.writing() as session:
        row = mailings.hold_report_mail(session, city_id, payload["mail"])
        if row:
            row.handed -= 1


def give_up_mail(session: Session, city_id: int, payload: dict[str, Any], message: Message | None) -> None:
    """Say on the report's page that the mail did not leave."""
    row = mailings.hold_report_mail(session, city_id, payload["mail"])
    if row and row.state == MailState.WAITING:
        row.state, row.problem = MailState.FAILED.value, str(message or "")


def forget_old_addresses(site: Site) -> int:
    """Take away the addresses that were typed so long ago; that a mail left, and when, stays. Returns how many."""
    with site.database.writing() as session:
        return keeping.forget_typed_addresses(session, now() - ADDRESSES_KEPT)
