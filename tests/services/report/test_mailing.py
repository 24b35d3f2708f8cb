"""Mailing a report through a real mail server: to whom it may go, once, and what is said of it."""

import pytest

from app.rules.errors import Invalid, OutsideUnavailable, Refused
from app.services.desk import Desk
from app.services.report import mailing, making
from app.services.report.mailing import MailingPart
from app.services.report.reports import load_report
from app.services.site import Site
from app.store.report import mailings
from app.store.report.mailings import ReportMail
from app.store.report.reports import find_last_number, find_report
from tests import world
from tests.conftest import WhoIs
from tests.letter_box import letter_box, text_of


def make(site: Site, who: WhoIs, audience: str = "public") -> int:
    """The number of a report that is ready."""
    making.make_report_file(site, "alpha", "en", "one-page", audience=audience)
    with site.database.reading() as session:
        return find_last_number(session, who("reviewer").city_id)


def mail(site: Site, who: WhoIs, number: int, typed: str, staff: tuple[int, ...] = ()) -> int:
    with site.database.writing() as session:
        return mailing.mail_report(Desk(session, site, who("reviewer")), number, list(map(str, staff)), typed)


def part(site: Site, who: WhoIs, number: int) -> MailingPart:
    with site.database.reading() as session:
        shown = load_report(Desk(session, site, who("reviewer")), number).mailing
    assert shown
    return shown


def rows(site: Site, who: WhoIs, number: int) -> list[ReportMail]:
    with site.database.reading() as session:
        known_report = find_report(session, who("reviewer").city_id, number)
        assert known_report
        return mailings.list_report_mails(session, known_report.city_id, known_report.id, 9)


def test_each_gets_one_mail_and_the_page_says_what_became_of_it(site: Site, who: WhoIs) -> None:
    number, lead = make(site, who), who("lead")
    with letter_box(site) as box:
        box.refused.add("gone@city.example")
        assert (
            mail(site, who, number, "clerk@city.example, gone@city.example; Clerk@city.example", (lead.person_id,)) == 3
        )
        assert mail(site, who, number, "clerk@city.example") == 0, "it is on its way already"
        world.run_jobs(site)
        assert sorted(to for to, _ in box.letters) == sorted(["clerk@city.example", lead.email])
        (letter,) = box.to("clerk@city.example")
        code = text_of(letter).split("/verify/")[1][:14]
        assert f"https://ready.example/verify/{code}/report\n" in text_of(letter)
        assert letter["Message-ID"] in {row.message_id for row in rows(site, who, number)}
        for row in rows(site, who, number):
            mailing.send_report(site, row.city_id, {"mail": row.id})
        assert len(box.letters) == 2, "a job that comes again sends nothing"
    told = {line.to: line.state.text for line in part(site, who, number).sent}
    assert told == {"clerk@city.example": "sent", "gone@city.example": "not sent", lead.name: "sent"}


def test_a_server_that_is_away_gets_it_later_and_a_crash_sends_it_once_more_at_most(site: Site, who: WhoIs) -> None:
    number = make(site, who)
    with letter_box(site) as box:
        mail(site, who, number, "clerk@city.example")
        (row,) = rows(site, who, number)
        box.is_away = True
        for _ in range(3):
            with pytest.raises(OutsideUnavailable):
                mailing.send_report(site, row.city_id, {"mail": row.id})
        box.is_away = False
        for handed in (1, 2):  # as after a crash while it was handed over
            with site.database.writing() as session:
                held = mailings.hold_report_mail(session, row.city_id, row.id)
                assert held
                held.handed, held.state = handed, "waiting"
            mailing.send_report(site, row.city_id, {"mail": row.id})
        assert [letter["Message-ID"] for letter in box.to("clerk@city.example")] == [row.message_id]
    assert [line.state.text for line in part(site, who, number).sent] == ["sent"]


def test_a_report_for_others_goes_to_people_of_the_city_alone(site: Site, who: WhoIs) -> None:
    number, lead = make(site, who, audience="council"), who("lead")
    with letter_box(site) as box:
        with pytest.raises(Invalid) as problem:
            mail(site, who, number, "clerk@city.example")
        assert set(problem.value.fields) == {"addresses"}
        with pytest.raises(Invalid):
            mail(site, who, number, "", (who("admin", "beta").person_id,))
        assert mail(site, who, number, "", (lead.person_id,)) == 1
        world.run_jobs(site)
        text = text_of(box.to(lead.email)[0])
    assert f"https://ready.example/alpha/reports/{number}\n" in text
    assert "/report\n" not in text


def test_without_a_mail_server_the_page_says_so(site: Site, who: WhoIs) -> None:
    number = make(site, who)
    assert part(site, who, number).why_not == mailing.NO_MAIL
    with pytest.raises(Refused):
        mail(site, who, number, "clerk@city.example")
