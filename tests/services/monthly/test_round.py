"""A report each month: on its day, to those on its list, and once."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlmodel import delete

from app.rules.errors import Conflict, Refused
from app.services.desk import Desk
from app.services.monthly import page, setting
from app.services.monthly.page import MonthlyPage
from app.services.monthly.round import ask_for_issue, send_issue, tend_monthly
from app.services.monthly.setting import TypedMonthly
from app.services.site import Site
from app.store import monthly
from app.store.job import Job
from tests import world
from tests.conftest import WhoIs
from tests.letter_box import TUESDAY, LetterClock, letter_box, text_of

TYPED = TypedMonthly("one-page", "public", "en", 15, True, (), "clerk@city.example", date(2027, 3, 1))
FRIDAY = datetime(2027, 1, 15, 15, 0, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, site: Site) -> LetterClock:
    return LetterClock(monkeypatch, site, TUESDAY)


def desk_of(session: object, site: Site, who: WhoIs) -> Desk:
    return Desk(session, site, replace(who("reviewer"), today=date(2027, 1, 12)))  # type: ignore[arg-type]


def set_up(site: Site, who: WhoIs, typed: TypedMonthly = TYPED) -> int:
    with site.database.writing() as session:
        return setting.add_monthly(desk_of(session, site, who), typed)


def shown(site: Site, who: WhoIs, monthly_id: int) -> MonthlyPage:
    with site.database.reading() as session:
        return page.load_page(desk_of(session, site, who), monthly_id)


def work(site: Site) -> None:
    """What a worker does until nothing is left: asks, makes, sends."""
    for _ in range(3):
        tend_monthly(site)
        world.run_jobs(site)


def outcome(site: Site, who: WhoIs, monthly_id: int) -> list[tuple[str, str]]:
    return [(issue.key, issue.state.text) for issue in shown(site, who, monthly_id).issues]


def test_it_goes_out_once_a_month_on_its_day_in_the_city_whoever_works(
    site: Site, who: WhoIs, clock: LetterClock
) -> None:
    lead = who("lead")
    with letter_box(site) as box:
        monthly_id = set_up(site, who, replace(TYPED, staff=(str(lead.person_id),)))
        clock.moment = datetime(2027, 1, 15, 4, 0, tzinfo=UTC)
        work(site)
        assert not box.letters, "it is still the 14th in the city"
        clock.moment = FRIDAY
        with site.database.writing() as session:
            ask_for_issue(session, site, lead.city_id, monthly_id)
        for _ in range(2):  # another worker that saw it due as well
            with site.database.writing() as session:
                ask_for_issue(session, site, lead.city_id, monthly_id)
        assert outcome(site, who, monthly_id) == [("2027-01", "being made")]
        work(site)
        with site.database.reading() as session:
            (issue,) = monthly.list_issues(session, lead.city_id, monthly_id, 9)
        with site.database.writing() as session:
            send_issue(session, site, lead.city_id, issue.id)
        work(site)
        assert sorted(to for to, _ in box.letters) == sorted(["clerk@city.example", lead.email])
        (letter,) = box.to("clerk@city.example")
        (file,) = letter.iter_attachments()
        assert file.get_content_type() == "application/pdf"
        assert file.get_content().startswith(b"%PDF")
        assert "You get it until March 1, 2027." in text_of(letter)
        assert "until" not in text_of(box.to(lead.email)[0])
        assert [line.to for line in shown(site, who, monthly_id).issues[0].mails] == [lead.name, "clerk@city.example"]
        clock.pass_on(days=31)
        work(site)
        assert len(box.letters) == 4
        clock.pass_on(days=31)
        work(site)
        assert len(box.to("clerk@city.example")) == 2, "its last day has passed"
        assert len(box.to(lead.email)) == 3
    assert shown(site, who, monthly_id).form.addresses == "", "the address is deleted"


def test_what_could_not_be_made_is_told_to_the_office_and_sent_when_asked_again(
    site: Site, who: WhoIs, clock: LetterClock
) -> None:
    with letter_box(site) as box:
        clock.work()
        box.letters.clear()
        monthly_id = set_up(site, who)
        clock.moment = FRIDAY
        tend_monthly(site)
        with site.database.writing() as session:
            session.exec(delete(Job))
        tend_monthly(site)
        assert outcome(site, who, monthly_id) == [("2027-01", "not sent")]
        clock.work()
        clock.pass_on(days=3)
        clock.work()
        told = [text_of(letter) for letter in box.to(who("reviewer").email)]
        assert any(f"/alpha/reports/monthly/{monthly_id}" in text for text in told), told
        assert not box.to(who("lead").email) or not any(
            "/reports/monthly/" in text_of(letter) for letter in box.to(who("lead").email)
        )
        version = shown(site, who, monthly_id).version
        with site.database.writing() as session:
            setting.send_again(desk_of(session, site, who), monthly_id, "2027-01", version)
        work(site)
        assert outcome(site, who, monthly_id) == [("2027-01", "sent")]
        assert len(box.to("clerk@city.example")) == 1
        with site.database.writing() as session, pytest.raises(Refused):
            setting.send_again(desk_of(session, site, who), monthly_id, "2027-01", version + 1)


def test_paused_or_ended_nothing_goes_out(site: Site, who: WhoIs, clock: LetterClock) -> None:
    with letter_box(site) as box:
        paused, ended = set_up(site, who), set_up(site, who)
        clock.moment = FRIDAY
        tend_monthly(site)
        with site.database.writing() as session:
            desk = desk_of(session, site, who)
            setting.pause_monthly(desk, paused, 1)
            setting.end_monthly(desk, ended, 1)
        work(site)
        clock.pass_on(days=31)
        work(site)
        assert not box.letters
        assert outcome(site, who, paused) == [("2027-01", "not sent: it was paused or ended by then")]
        with site.database.writing() as session, pytest.raises(Refused):
            setting.change_monthly(desk_of(session, site, who), ended, TYPED, 2)
        with site.database.writing() as session, pytest.raises(Conflict):
            setting.resume_monthly(desk_of(session, site, who), paused, 1)
    assert shown(site, who, ended).form.addresses == ""
