"""Setting up a report that goes out each month, changing it, pausing and ending it; the data office does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.rules.errors import Conflict, FieldGatherer, Invalid, NotFound, Refused
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.rules.monthly import MOST_MONTHLY, IssueState, MonthlyWish, check_until, check_wish
from app.rules.report.mailing import check_recipients, read_addresses
from app.rules.report.parts import ReportParts
from app.services.account import sessions
from app.services.desk import Desk
from app.services.monthly.round import order_issue
from app.services.people.members import CHANGED_MEANWHILE
from app.services.report.mailing import NO_MAIL
from app.services.report.reports import read_order
from app.store import monthly, people
from app.store.city import lock_city
from app.store.monthly import MonthlyReader, MonthlyReport

ENDED = say("This monthly report is ended. Set up a new one.")


@dataclass(frozen=True)
class TypedMonthly:
    """What was typed in the form; `staff` are ids of people as text, `addresses` the field as it is, `until` the last day for those."""

    length: str
    audience: str
    language: str
    day: int | None
    is_attached: bool
    staff: Sequence[str]
    addresses: str
    until: date | None


def add_monthly(desk: Desk, typed: TypedMonthly) -> int:
    """The id of the new one; its first goes out on the next day that is chosen. Raises Invalid, Refused where there are too many."""
    wish, readers = _read_typed(desk, typed)
    lock_city(desk.session, desk.city_id)
    if monthly.count_active(desk.session, desk.city_id) >= MOST_MONTHLY:
        raise Refused(say("A city has at most %(most)s monthly reports. End one first.", most=MOST_MONTHLY))
    row = MonthlyReport(city_id=desk.city_id, set_by=desk.who.person_id, starts_on=desk.who.today, **wish.columns)
    monthly.save_row(desk.session, row)
    _set_readers(desk, row, readers)
    desk.record(Verb.MONTHLY_SET, _name_row(row), **_tell_wish(wish, readers))
    return row.id


def change_monthly(desk: Desk, monthly_id: int, typed: TypedMonthly, version: int) -> None:
    """From now on it is as typed. Raises NotFound, Invalid, Refused once it is ended, Conflict."""
    wish, readers = _read_typed(desk, typed)
    row = _hold_row(desk, monthly_id, version)
    if row.day != wish.day:
        row.starts_on = desk.who.today
    for name, value in wish.columns.items():
        setattr(row, name, value)
    row.set_by = desk.who.person_id
    _set_readers(desk, row, readers)
    desk.record(Verb.MONTHLY_CHANGED, _name_row(row), **_tell_wish(wish, readers))


def pause_monthly(desk: Desk, monthly_id: int, version: int) -> None:
    """Nothing goes out until it is resumed. Raises NotFound, Refused, Conflict."""
    row = _hold_row(desk, monthly_id, version)
    row.is_paused = True
    desk.record(Verb.MONTHLY_PAUSED, _name_row(row))


def resume_monthly(desk: Desk, monthly_id: int, version: int) -> None:
    """It goes out again from today on; a day that passed meanwhile is not made up for. Raises NotFound, Refused, Conflict."""
    row = _hold_row(desk, monthly_id, version)
    row.is_paused, row.starts_on = False, desk.who.today
    desk.record(Verb.MONTHLY_RESUMED, _name_row(row))


def end_monthly(desk: Desk, monthly_id: int, version: int) -> None:
    """For good: its list of addresses is forgotten, what was sent stays listed. Raises NotFound, Refused, Conflict."""
    row = _hold_row(desk, monthly_id, version)
    row.ended_at = sessions.present_moment()
    _set_readers(desk, row, [])
    desk.record(Verb.MONTHLY_ENDED, _name_row(row))


def send_again(desk: Desk, monthly_id: int, month: str, version: int) -> None:
    """Ask once more for the report of a month that was not sent. Raises NotFound, Refused, Conflict."""
    row = _hold_row(desk, monthly_id, version)
    if not desk.site.settings.smtp_host:
        raise Refused(NO_MAIL)
    issue = monthly.find_issue(desk.session, desk.city_id, monthly_id, month[:7])
    if issue is None or issue.state != IssueState.FAILED:
        raise Refused(say("This month’s report is on its way already, or was sent."))
    desk.record(Verb.MONTHLY_ASKED, issue.month)
    order_issue(desk.session, row, issue, desk.who.person_id)


def _hold_row(desk: Desk, monthly_id: int, version: int) -> MonthlyReport:
    """The row, its version counted on. Raises NotFound, Conflict, Refused."""
    row = monthly.hold_monthly(desk.session, desk.city_id, monthly_id)
    if row is None:
        raise NotFound(say("There is no such monthly report in this city."))
    if row.ended_at:
        raise Refused(ENDED)
    if row.version != version:
        raise Conflict(CHANGED_MEANWHILE)
    row.version += 1
    return row


def _read_typed(desk: Desk, typed: TypedMonthly) -> tuple[MonthlyWish, list[tuple[int | None, str, date | None]]]:
    """What is wanted, and to whom; Raises Invalid with every field that was wrong."""
    gathered = FieldGatherer()
    gathered.take(lambda: {"wish": _read_wish(typed)})
    gathered.take(lambda: {"readers": _read_readers(desk, typed)})
    whole = gathered.whole()
    return whole["wish"], whole["readers"]


def _read_wish(typed: TypedMonthly) -> MonthlyWish:
    order = read_order(typed.language, typed.length, typed.audience, department_id=0, parts=ReportParts())
    wish = MonthlyWish(order, typed.day or 0, typed.is_attached)
    check_wish(wish)
    return wish


def _read_readers(desk: Desk, typed: TypedMonthly) -> list[tuple[int | None, str, date | None]]:
    addresses = read_addresses(typed.addresses, typed.audience)
    known_ids = {str(person_id): person_id for person_id in people.load_active_people(desk.session, desk.city_id)}
    if not known_ids.keys() >= set(typed.staff):
        raise Invalid({"addresses": say("Choose people who work in this city here.")})
    staff = [known_ids[each] for each in dict.fromkeys(typed.staff)]
    check_recipients(len(staff) + len(addresses))
    until = check_until(typed.until, bool(addresses), desk.who.today)
    return [(person_id, "", None) for person_id in staff] + [(None, address, until) for address in addresses]


def _set_readers(desk: Desk, row: MonthlyReport, readers: list[tuple[int | None, str, date | None]]) -> None:
    rows = [
        MonthlyReader(city_id=desk.city_id, monthly_id=row.id, person_id=person_id, address=address, until=until)
        for person_id, address, until in readers
    ]
    monthly.replace_readers(desk.session, desk.city_id, row.id, rows)


def _name_row(row: MonthlyReport) -> str:
    return f"no. {row.id}"


def _tell_wish(wish: MonthlyWish, readers: list[tuple[int | None, str, date | None]]) -> dict[str, object]:
    """For the record, without the addresses themselves, which are forgotten one day."""
    return {**wish.columns, "recipients": len(readers)}
