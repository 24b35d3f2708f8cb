"""Weeks of a city of a dozen people, played by the clock through the worker's own functions and read back from a real mail server."""

import random
from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from app.rules.history.verbs import Verb
from app.services.outbox import bundling, sending
from app.services.site import Site
from app.store import letter
from app.store.assessment import Assignment
from app.store.city import City
from app.store.history import events
from app.store.job import Job
from app.store.letter import Letter, LetterChoice, LetterMark
from app.store.people import Membership, MembershipDepartment, Person
from app.store.response import Response
from tests.letter_box import LetterBox, LetterClock, letter_box
from tests.world import AREAS, CityWorld, World

START, DAYS, PEOPLE, KILLS = datetime(2027, 1, 4, 13, 0, tzinfo=UTC), 35, 12, 12
CODES = [f"{prefix}{number}" for prefix, count in AREAS.items() for number in range(1, count + 1)]


class Killed(BaseException):
    """The worker is gone at this place."""


def add_people(session: Session, city: CityWorld) -> list[tuple[int, str]]:
    """Leads in turn in three departments, every other one writes Spanish; some want one letter a week or at once."""
    departments, added = sorted(city.departments.values()), []
    for number in range(PEOPLE):
        language = "es" if number % 2 else "en"
        person = Person(email=f"p{number}@alpha.example", name=f"Person {number}", language=language)
        session.add(person)
        session.flush()
        membership = Membership(city_id=city.id, person_id=person.id, role="lead")
        session.add(membership)
        session.flush()
        within = departments[number % 3]
        session.add(MembershipDepartment(membership_id=membership.id, department_id=within, city_id=city.id))
        if number % 5 == 0:
            session.add(LetterChoice(city_id=city.id, person_id=person.id, pace="weekly", off="due"))
        added.append((person.id, person.email))
    events.record_event(session, city.id, None, Verb.PERSON_ADDED, "a dozen")
    return added


def assign_everything(session: Session, city: CityWorld, people: list[tuple[int, str]], chance: random.Random) -> None:
    for row in session.exec(select(Assignment).where(Assignment.city_id == city.id)):
        row.person_id = chance.choice(people)[0]
        row.due_on = date(2027, 1, 20) + timedelta(days=chance.randrange(40))
        events.record_event(session, city.id, city.people["admin"], Verb.ASSIGNED, row.criterion, person=row.person_id)


def live_a_day(session: Session, city: CityWorld, chance: random.Random) -> None:
    """A response submitted, or one sent back."""
    code, reviewer = chance.choice(CODES), city.people["reviewer"]
    row = session.exec(select(Response).where(Response.city_id == city.id, Response.criterion == code)).first()
    if row is None:
        row = Response(city_id=city.id, assessment_id=city.assessment_id, criterion=code, state="in_progress")
        session.add(row)
    if row.state in {"in_progress", "returned", "not_started"}:
        row.state = "submitted"
        events.record_event(session, city.id, None, Verb.SUBMITTED, code)
    elif row.state == "submitted":
        row.state = "returned"
        details = {"decision": "changes_asked", "reason": "Please name the page."}
        events.record_event(session, city.id, reviewer, Verb.VERDICT_GIVEN, code, **details)


def kill_somewhere(monkeypatch: pytest.MonkeyPatch, chance: random.Random) -> None:
    """The worker ends before it has written what it read, bundled, is about to send, or has just sent."""
    places = [
        (letter, "add_entries"),
        (bundling, "_add_letter"),
        (sending, "hand_over"),
        (sending, "_end_handover"),
    ]
    place, name = chance.choice(places)

    def die(*_: object, **__: object) -> None:
        raise Killed

    monkeypatch.setattr(place, name, die)


def end_dead_jobs(site: Site) -> None:
    """What another worker does with the jobs of one that is gone."""
    with site.database.writing() as session:
        for row in session.exec(select(Job).where(Job.state == "running")):
            row.state, row.lease = "failed", ""


@pytest.mark.only_sqlite
def test_weeks_of_letters_with_a_worker_that_is_killed(
    site: Site, seeded: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, city, clock = random.Random(13), seeded.alpha, LetterClock(monkeypatch, site, START)
    with site.database.writing() as session:
        people = add_people(session, city)
        for row in session.exec(select(City)):
            session.add(LetterMark(city_id=row.id, number=row.history_count, day=START.date()))
    with site.database.writing() as session:
        assign_everything(session, city, people, chance)
    left, kill_days = people[7], set(chance.sample(range(DAYS), KILLS))
    with letter_box(site) as box:
        for day in range(DAYS):
            if day == 10:
                leave(site, city, left[0])
                sent_to_leaver = len(box.to(left[1]))
            box.is_away = day in {15, 16}
            if day % 3 == 0:
                with site.database.writing() as session:
                    live_a_day(session, city, chance)
            if day in kill_days:
                with monkeypatch.context() as killing:
                    kill_somewhere(killing, chance)
                    with suppress(Killed):
                        clock.work()
                end_dead_jobs(site)
            clock.work()
            clock.pass_on(days=1)
        check_letters(box, people)
    assert len(box.to(left[1])) == sent_to_leaver > 0
    with site.database.reading() as session:
        days = Counter((row.person_id, row.day) for row in session.exec(select(Letter)))
    assert max(days.values()) == 1, "nobody gets two letters on a day"


def leave(site: Site, city: CityWorld, person_id: int) -> None:
    with site.database.writing() as session:
        session.exec(select(Membership).where(Membership.person_id == person_id)).one().ended_at = START
        events.record_event(session, city.id, None, Verb.PERSON_ENDED, person=person_id)


def check_letters(box: LetterBox, people: list[tuple[int, str]]) -> None:
    """None twice but after a kill and then under the same number, none more than asked, each in the reader's language."""
    numbers = Counter(str(message["Message-ID"]) for _, message in box.letters)
    again = [number for number, times in numbers.items() if times > 1]
    assert len(again) <= KILLS
    assert max(numbers.values()) <= 2
    assert len(numbers) > 15
    for place, (_, email) in enumerate(people):
        mine = {str(message["Message-ID"]): message for message in box.to(email)}
        assert {message["Content-Language"] for message in mine.values()} <= {"es" if place % 2 else "en"}
        if place % 5 == 0:
            assert not any("due soon" in str(message.get_body(("plain",))) for message in mine.values())
