"""From what happens in a city to a letter that is read back from the mail server."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlmodel import col, select, update

from app.rules.history.verbs import Verb
from app.rules.independence import INDEPENDENCE
from app.services.assigning.assignment import assign_area, list_assignments
from app.services.desk import Desk
from app.services.outbox import sending
from app.services.people import members
from app.services.review import asking, deciding
from app.services.review.queue import ReviewFilters
from app.services.site import Site
from app.store.city import City
from app.store.history import events
from app.store.job import Job
from app.store.letter import Letter, LetterChoice, LetterEntry, LetterMark, LetterState
from app.store.people import Membership, Person
from app.store.response import Response
from tests.conftest import WhoIs
from tests.letter_box import TUESDAY, LetterBox, LetterClock, letter_box, text_of
from tests.world import World


class Killed(BaseException):
    """The worker is gone: nothing after this is done, not even what tidies up."""


@pytest.fixture
def letters(site: Site) -> Iterator[LetterBox]:
    with letter_box(site) as box:
        yield box


@pytest.fixture
def clock(site: Site, seeded: World, monkeypatch: pytest.MonkeyPatch) -> LetterClock:
    """A Tuesday morning on which everything of before is known, and the week in numbers is written."""
    with site.database.writing() as session:
        for city in session.exec(select(City)):
            session.add(LetterMark(city_id=city.id, number=city.history_count, day=TUESDAY.date()))
    return LetterClock(monkeypatch, site, TUESDAY)


def move_to_works(site: Site, who: WhoIs, seeded: World, *areas: str) -> None:
    reviewer = who("reviewer")
    for area in areas:
        with site.database.writing() as session:
            desk = Desk(session, site, reviewer)
            version = next(one.version for one in list_assignments(desk).areas if one.area.id == area)
            assign_area(desk, area, seeded.alpha.departments["works"], version)


def return_lc2(site: Site, who: WhoIs, seeded: World) -> None:
    reviewer = who("reviewer")
    with site.database.writing() as session:
        version = session.get_one(Response, seeded.alpha.responses["LC2"]).version
        reason = "The plan names no person.\nPlease add who."
        desk = Desk(session, site, reviewer)
        deciding.give_verdict(desk, "LC2", "changes_asked", reason, version, ReviewFilters())


def comment_on_lc1(site: Site, who: WhoIs, text: str) -> None:
    reviewer = who("reviewer")
    with site.database.writing() as session:
        asking.add_comment(Desk(session, site, reviewer), "LC1", text)


def state_of(site: Site) -> list[str]:
    with site.database.reading() as session:
        return list(session.exec(select(Letter.state).order_by(col(Letter.id))))


def test_many_assignments_are_one_letter_in_the_readers_language(
    site: Site, seeded: World, who: WhoIs, letters: LetterBox, clock: LetterClock
) -> None:
    with site.database.writing() as session:
        session.get_one(Person, seeded.alpha.people["colleague"]).language = "es"
    move_to_works(site, who, seeded, "leadership-and-capacity", "evaluations")
    clock.work()
    assert letters.letters == [], "more may come in a moment"
    clock.pass_on(minutes=16)
    clock.work()
    [letter] = letters.to("colleague@alpha.example")
    assert letter["From"] == "Alpha City <cityready@localhost>"
    assert letter["Reply-To"] == "reviewer@alpha.example"
    assert letter["Content-Language"] == "es"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert str(letter["List-Unsubscribe"]).startswith("<https://ready.example/letters/stop/")
    for text in (text_of(letter), text_of(letter, "html")):
        assert "https://ready.example/alpha/criteria/LC1" in text
        assert "31 de marzo de 2027" in text
        assert "EVAL4" in text
        assert "herramienta de preparación independiente" in text
        assert "LC4" not in text, "it is decided already"
    for _ in range(3):
        clock.pass_on(hours=1)
        clock.work()
    assert len(letters.letters) == 1


def test_a_letter_says_what_the_reviewer_wrote_and_who_is_not_behind_it(
    site: Site, seeded: World, who: WhoIs, letters: LetterBox, clock: LetterClock
) -> None:
    return_lc2(site, who, seeded)
    clock.work()
    clock.pass_on(minutes=16)
    clock.work()
    [letter] = letters.to("lead@alpha.example")
    assert letter["Subject"] == "Alpha City: The reviewer requests changes to 1 criterion"
    text = text_of(letter)
    assert "“The plan names no person.\n  Please add who.”" in text
    assert "From: Reviewer of Alpha City" in text
    assert INDEPENDENCE.text in " ".join(text.split())
    assert "mailto" not in text_of(letter, "html")
    assert "<script" not in text_of(letter, "html")


def test_no_second_letter_on_a_day_and_the_rest_in_the_morning(
    site: Site, seeded: World, who: WhoIs, letters: LetterBox, clock: LetterClock
) -> None:
    return_lc2(site, who, seeded)
    clock.work()
    clock.pass_on(minutes=16)
    clock.work()
    comment_on_lc1(site, who, "And @Lead of Alpha City, see LC1 too.")
    clock.work()
    clock.pass_on(hours=5)
    clock.work()
    assert len(letters.letters) == 1
    clock.pass_on(hours=16)
    clock.work()
    assert [letter["Subject"] for letter in letters.to("lead@alpha.example")][1:] == [
        "Alpha City: A comment is for you"
    ]


def test_nothing_goes_to_whoever_has_left_nor_about_what_is_done(
    site: Site, seeded: World, who: WhoIs, letters: LetterBox, clock: LetterClock
) -> None:
    return_lc2(site, who, seeded)
    clock.work()
    admin = who("admin")
    with site.database.writing() as session:
        members.end_access(Desk(session, site, admin), seeded.alpha.memberships["lead"], 1)
    clock.pass_on(minutes=16)
    clock.work()
    assert letters.letters == []
    with site.database.reading() as session:
        assert session.exec(select(LetterEntry.dropped)).all() == ["left"]


def test_a_server_that_is_away_for_two_days_gets_it_later_and_without_what_is_done_by_then(
    site: Site, seeded: World, who: WhoIs, letters: LetterBox, clock: LetterClock
) -> None:
    letters.is_away = True
    return_lc2(site, who, seeded)
    move_to_works(site, who, seeded, "evaluations")
    clock.work()
    for _ in range(8):
        clock.pass_on(hours=6)
        clock.work()
    assert letters.letters == []
    assert set(state_of(site)) == {"waiting"}
    letters.is_away = False
    with site.database.writing() as session:
        session.get_one(Response, seeded.alpha.responses["LC2"]).state = "submitted"
        events.record_event(session, seeded.alpha.id, seeded.alpha.people["lead"], Verb.SUBMITTED, "LC2")
    clock.pass_on(hours=1)
    clock.work()
    assert [text_of(letter) for letter in letters.to("lead@alpha.example")] == []
    assert len(letters.to("colleague@alpha.example")) == 1
    assert sorted(state_of(site)) == ["dropped", "sent"]


@pytest.mark.parametrize("deaths", [1, 3])
def test_a_worker_that_dies_after_sending_sends_once_more_at_most_under_the_same_number(
    site: Site,
    seeded: World,
    who: WhoIs,
    letters: LetterBox,
    clock: LetterClock,
    monkeypatch: pytest.MonkeyPatch,
    deaths: int,
) -> None:
    return_lc2(site, who, seeded)
    clock.work()
    clock.pass_on(minutes=16)
    ended = sending._end_handover

    def die(*_: object, **__: object) -> None:
        raise Killed

    monkeypatch.setattr(sending, "_end_handover", die)
    for _ in range(deaths):
        with suppress(Killed):
            clock.work()
        with site.database.writing() as session:
            session.exec(update(Job).values(state="failed"))
    monkeypatch.setattr(sending, "_end_handover", ended)
    clock.work()
    clock.work()
    assert len(letters.letters) == 2
    assert len({letter["Message-ID"] for _, letter in letters.letters}) == 1
    assert state_of(site) == ["sent"]


def test_an_address_that_is_refused_stops_letters_until_it_changes(
    site: Site, seeded: World, who: WhoIs, letters: LetterBox, clock: LetterClock
) -> None:
    letters.refused.add("lead@alpha.example")
    return_lc2(site, who, seeded)
    clock.work()
    clock.pass_on(minutes=16)
    clock.work()
    assert state_of(site) == [LetterState.REFUSED]
    with site.database.reading() as session:
        [choice] = session.exec(select(LetterChoice))
        assert choice.refused_address == "lead@alpha.example"
        assert "no such person here" in choice.refused_reason
    letters.refused.clear()
    comment_on_lc1(site, who, "See here.")
    clock.pass_on(days=1)
    clock.work()
    clock.pass_on(days=1)
    clock.work()
    assert letters.letters == []
    with site.database.writing() as session:
        session.get_one(Person, seeded.alpha.people["lead"]).email = "lead@alpha-city.example"
    clock.work()
    assert len(letters.to("lead@alpha-city.example")) == 1


def test_due_dates_and_the_week_in_numbers_come_by_the_clock(
    site: Site, seeded: World, who: WhoIs, letters: LetterBox, clock: LetterClock
) -> None:
    clock.moment = TUESDAY + timedelta(days=48)
    for _ in range(3):
        clock.work()
        clock.pass_on(days=1)
    [first] = [letter for letter in letters.to("lead@alpha.example") if "things" in letter["Subject"]]
    assert "criteria are due soon" in text_of(first)
    assert "The week in numbers" in text_of(first)
    assert "The week in numbers" in text_of(letters.to("reviewer@alpha.example")[0])
    assert letters.to("official@alpha.example") == []


def test_a_demonstration_writes_to_nobody(
    site: Site, seeded: World, who: WhoIs, letters: LetterBox, clock: LetterClock
) -> None:
    with site.database.writing() as session:
        for person in session.exec(select(Person)):
            person.demo = person.email.endswith("@alpha.example")
    return_lc2(site, who, seeded)
    clock.work()
    clock.pass_on(minutes=16)
    clock.work()
    assert letters.letters == []


def test_whoever_stands_in_gets_the_letters_of_who_is_away_and_reads_for_whom(
    site: Site, seeded: World, who: WhoIs, letters: LetterBox, clock: LetterClock
) -> None:
    with site.database.writing() as session:
        away = session.get_one(Membership, seeded.alpha.memberships["lead"])
        away.away_from, away.away_until = TUESDAY.date(), TUESDAY.date() + timedelta(days=7)
        away.stand_in_id = seeded.alpha.people["colleague"]
    return_lc2(site, who, seeded)
    clock.work()
    clock.pass_on(minutes=16)
    clock.work()
    [letter] = letters.to("colleague@alpha.example")
    assert "for Lead of Alpha City, who is away" in text_of(letter)
    assert "for Lead of Alpha City, who is away" in text_of(letter, "html")
    assert "who is away" not in text_of(letters.to("lead@alpha.example")[0])
    clock.moment = TUESDAY + timedelta(days=6)
    clock.work()
    digest = text_of(letters.to("colleague@alpha.example")[1])
    assert digest.count("The week in numbers") >= 1
    assert "2 criteria wait for changes" in digest
    assert "for Lead of Alpha City, who is away" in digest


def test_without_a_mail_server_a_letter_of_which_nothing_is_wanted_waits_no_longer(
    site: Site, seeded: World, who: WhoIs, clock: LetterClock
) -> None:
    return_lc2(site, who, seeded)
    clock.work()
    clock.pass_on(minutes=16)
    clock.work()
    assert state_of(site) == [LetterState.WAITING]
    with site.database.writing() as session:
        session.get_one(Response, seeded.alpha.responses["LC2"]).state = "submitted"
        events.record_event(session, seeded.alpha.id, seeded.alpha.people["lead"], Verb.SUBMITTED, "LC2")
    clock.work()
    assert state_of(site) == [LetterState.DROPPED]
