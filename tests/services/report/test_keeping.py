"""How long reports are kept: two people, a reason, nothing held; what stays of a report, and what its code still tells."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table
from sqlmodel import select

from app.rules.errors import Conflict, Invalid, NotFound, Refused
from app.rules.report.mailing import ADDRESSES_KEPT, MailState
from app.rules.report.state import ReportState
from app.services import retention
from app.services.desk import Desk, Who
from app.services.report import keeping, mailing
from app.services.report.finding import find_kept_report
from app.services.report.reports import load_report, open_report_file
from app.services.report.verifying import verify_report
from app.services.site import Site
from app.store.database.engine import now
from app.store.report.mailings import ReportMail
from app.store.report.reports import Report
from tests.conftest import WhoIs
from tests.services.evidence.test_page import events
from tests.services.test_retention import fill
from tests.world import FILE_SHA256, REPORTS, World

NUMBER = REPORTS["alpha"]
LONG_AGO = timedelta(days=30 * 365)
STAYS = {
    "id", "city_id", "assessment_id", "number", "language", "length", "parts", "audience", "is_draft", "department_id", "state", "step",
    "code", "shows_number", "history_number", "history_head", "sha256", "requested_by", "created_at", "made_at",
    "disposal_by", "disposal_at", "disposal_reason", "disposed_at", "version",
}  # fmt: skip
"""What may be known of a report when its content is gone: that it was there, for whom, when, and its fingerprint."""

Step = Callable[[Desk], None]


@pytest.fixture
def reviewer(who: WhoIs) -> Who:
    return who("reviewer")


@pytest.fixture
def admin(who: WhoIs) -> Who:
    return who("admin")


def do(site: Site, by: Who, step: Step) -> None:
    with site.database.writing() as session:
        step(Desk(session, site, by))


def stored(site: Site, by: Who) -> Report:
    with site.database.reading() as session:
        return find_kept_report(Desk(session, site, by), NUMBER)


def let_its_time_end(site: Site, seeded: World, by: Who) -> None:
    """The city's reports have the class of drafts, and this one was made long ago."""
    do(site, by, lambda desk: keeping.choose_class(desk, seeded.alpha.classes["drafts"], 0))
    with site.database.writing() as session:
        session.get_one(Report, stored(site, by).id).made_at = now() - LONG_AGO


def propose(site: Site, by: Who, reason: str = "Schedule 4.2: seven years") -> None:
    version = stored(site, by).version
    do(site, by, lambda desk: keeping.propose_disposal(desk, NUMBER, reason, version))


def test_two_people_dispose_of_a_report_and_its_code_still_answers(
    site: Site, seeded: World, reviewer: Who, admin: Who
) -> None:
    let_its_time_end(site, seeded, reviewer)
    with site.database.writing() as session:
        row = session.get_one(Report, stored(site, reviewer).id)
        fill(row, STAYS | {"file_key", "hold_reason"})
        key = row.file_key
        mail: dict[str, Any] = {
            "city_id": row.city_id,
            "report_id": row.id,
            "asked_by": reviewer.person_id,
            "message_id": "<1@x>",
        }
        session.add(ReportMail(**mail, address="clerk@else.example"))
    propose(site, reviewer)
    version = stored(site, reviewer).version
    with pytest.raises(Refused, match="Someone else"):
        keeping.dispose_of_report(site, reviewer, NUMBER, version)
    with pytest.raises(Conflict):
        keeping.dispose_of_report(site, admin, NUMBER, version - 1)
    keeping.dispose_of_report(site, admin, NUMBER, version)

    assert key not in {kept.key for kept in site.storage.list_files()}
    with site.database.reading() as session:
        desk = Desk(session, site, reviewer)
        page, verified = load_report(desk, NUMBER), verify_report(session, site, seeded.alpha.report_code)
        row = session.get_one(Report, row.id)
        table: Table = Report.__table__  # type: ignore[attr-defined]
        left = {column.name for column in table.columns if getattr(row, column.name) not in (None, "", 0, False)}
        assert left <= STAYS
        assert [(mail.address, mail.state) for mail in session.exec(select(ReportMail))] == [("", MailState.FAILED)]
        for step in (open_report_file, mailing_of):
            with pytest.raises(NotFound, match="disposed of on"):
                step(desk, NUMBER)
        shown = retention.list_retention(desk).reports
    assert (page.state, page.disposed_at is not None, page.mailing) == (ReportState.DISPOSED, True, None)
    assert (verified.sha256, verified.details, verified.disposed_at) == (FILE_SHA256, None, page.disposed_at)
    assert [(line.number, line.reason) for line in shown.disposed] == [(NUMBER, "Schedule 4.2: seven years")]
    last = events(site, seeded)[-1]
    assert (last.verb, last.person_id) == ("report_disposed", admin.person_id)
    assert FILE_SHA256 in last.details
    assert "Schedule 4.2" in last.details


def mailing_of(desk: Desk, number: int) -> int:
    desk.site.settings = desk.site.settings.model_copy(update={"smtp_host": "127.0.0.1"})
    return mailing.mail_report(desk, number, (), "clerk@else.example")


def test_what_has_no_rule_or_time_left_or_is_held_cannot_be_proposed(site: Site, seeded: World, reviewer: Who) -> None:
    with pytest.raises(Refused, match="No retention class"):
        propose(site, reviewer)
    do(site, reviewer, lambda desk: keeping.choose_class(desk, seeded.alpha.classes["drafts"], 0))
    with pytest.raises(Refused, match="kept until"):
        propose(site, reviewer)
    with site.database.writing() as session:
        session.get_one(Report, stored(site, reviewer).id).made_at = now() - LONG_AGO
    with pytest.raises(Invalid) as problem:
        propose(site, reviewer, " \n ")
    assert problem.value.fields.keys() == {"disposal_reason"}
    propose(site, reviewer)
    do(site, reviewer, lambda desk: keeping.hold_report(desk, NUMBER, "A lawsuit", 2))
    assert (stored(site, reviewer).disposal_by, stored(site, reviewer).disposal_reason) == (None, "")
    with pytest.raises(Refused, match="legal hold"):
        propose(site, reviewer)
    with pytest.raises(Conflict):
        do(site, reviewer, lambda desk: keeping.hold_report(desk, NUMBER, "", 2))
    do(site, reviewer, lambda desk: keeping.hold_report(desk, NUMBER, "", 3))
    propose(site, reviewer)
    do(site, reviewer, lambda desk: keeping.refuse_disposal(desk, NUMBER, 5))
    with site.database.reading() as session:
        shown = retention.list_retention(Desk(session, site, reviewer)).reports
    assert ([line.number for line in shown.due], shown.proposed, shown.held) == ([NUMBER], (), ())


def test_the_class_of_reports_is_one_and_stays_while_they_have_it(site: Site, seeded: World, reviewer: Who) -> None:
    drafts = seeded.alpha.classes["drafts"]
    with pytest.raises(Invalid):
        do(site, reviewer, lambda desk: keeping.choose_class(desk, 999_999, 0))
    do(site, reviewer, lambda desk: retention.set_class(desk, None, "Reports", 7, 0))
    with site.database.reading() as session:
        classes = retention.list_retention(Desk(session, site, reviewer)).classes
    own = next(line.id for line in classes if line.name == "Reports")
    do(site, reviewer, lambda desk: keeping.choose_class(desk, drafts, 0))
    with pytest.raises(Conflict):
        do(site, reviewer, lambda desk: keeping.choose_class(desk, own, 0))
    do(site, reviewer, lambda desk: keeping.choose_class(desk, own, drafts))
    with pytest.raises(Refused, match="Reports have this class"):
        do(site, reviewer, lambda desk: retention.remove_class(desk, own, 1))
    do(site, reviewer, lambda desk: keeping.choose_class(desk, None, own))
    do(site, reviewer, lambda desk: retention.remove_class(desk, own, 1))


def test_a_typed_address_is_kept_for_its_days_and_a_person_s_name_as_long_as_the_mail(
    site: Site, seeded: World, reviewer: Who
) -> None:
    report_id, long_ago = stored(site, reviewer).id, now() - ADDRESSES_KEPT - timedelta(hours=1)
    about: dict[str, Any] = {
        "city_id": reviewer.city_id,
        "report_id": report_id,
        "asked_by": reviewer.person_id,
        "message_id": "<1@x>",
    }
    with site.database.writing() as session:
        for address, asked_at in (("old@else.example", long_ago), ("new@else.example", now())):
            session.add(ReportMail(**about, address=address, asked_at=asked_at, state=MailState.SENT.value))
        session.add(ReportMail(**about, person_id=reviewer.person_id, asked_at=long_ago, state=MailState.SENT.value))
    assert (mailing.forget_old_addresses(site), mailing.forget_old_addresses(site)) == (1, 0)
    with site.database.reading() as session:
        sent = load_report(Desk(session, site, reviewer), NUMBER).mailing
    assert sent
    assert [str(line.to) for line in sent.sent].count("an address that is not kept any more") == 1
    assert "new@else.example" in {line.to for line in sent.sent}
