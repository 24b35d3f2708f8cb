"""What a person finds under My work."""

from dataclasses import replace
from datetime import date

import pytest

from app.rules.errors import NotFound
from app.rules.my_work import NeedGroup, WorkNeed
from app.services import my_work
from app.services.desk import Desk, Who
from app.services.my_work import MyWork
from app.services.site import Site
from app.store import assessment, people
from app.store.assessment import Assessment
from tests.conftest import WhoIs
from tests.world import World

AUTUMN = date(2026, 11, 2)
"""Months before anything is due in the world of the tests."""


def work(site: Site, person: Who) -> MyWork:
    with site.database.reading() as session:
        return my_work.load_my_work(Desk(session, site, person))


def codes(page: MyWork, group: NeedGroup) -> list[str]:
    return [card.stand.code for found in page.groups if found.group is group for card in found.cards]


def test_a_lead_sees_the_criteria_of_the_own_department_and_no_others(site: Site, who: WhoIs) -> None:
    page = work(site, who("lead", today=AUTUMN))
    shown = {card.stand.code for group in page.groups for card in group.cards}
    assert shown == {*(f"LC{n}" for n in range(1, 8)), "BF1", "BF2", "BF3", *(f"EVAL{n}" for n in range(1, 5))}
    assert page.total == 14


def test_what_was_returned_stands_first_with_what_the_reviewer_said(site: Site, who: WhoIs) -> None:
    page = work(site, who("lead", today=AUTUMN))
    first = page.groups[0].cards[0]
    assert (page.next_code, first.stand.code, first.need) == ("LC3", "LC3", WorkNeed.RETURNED)
    assert first.reason == "The plan does not name who is responsible."


def test_each_criterion_stands_under_the_heading_of_its_state(site: Site, who: WhoIs) -> None:
    page = work(site, who("lead", today=AUTUMN))
    assert codes(page, NeedGroup.NOW) == ["LC3"]
    assert codes(page, NeedGroup.TO_DO)[0] == "LC1"
    assert codes(page, NeedGroup.IN_REVIEW) == ["LC2"]
    assert codes(page, NeedGroup.DONE) == ["LC4", "LC5"]
    assert str(page.progress) == "Decided: 2 of 14. With the reviewer: 1. With you: 11."


def test_why_something_was_not_met_is_shown_and_a_met_one_needs_no_reason(site: Site, who: WhoIs) -> None:
    page = work(site, who("lead", today=AUTUMN))
    reasons = {card.stand.code: card.reason for group in page.groups for card in group.cards}
    assert reasons["LC5"] == "The plan does not name who is responsible."
    assert reasons["LC4"] == ""


def test_after_the_date_everything_open_is_overdue_and_nothing_else(site: Site, who: WhoIs) -> None:
    late = work(site, who("lead", today=date(2027, 4, 2)))
    now = next(group for group in late.groups if group.group is NeedGroup.NOW)
    overdue = [card for card in now.cards if card.need is WorkNeed.OVERDUE]
    assert len(overdue) == 10
    assert {str(card.due) for card in overdue} == {"2 days overdue"}
    assert codes(late, NeedGroup.IN_REVIEW) == ["LC2"]


def test_without_a_date_of_its_own_a_criterion_is_due_with_the_assessment(
    site: Site, seeded: World, who: WhoIs
) -> None:
    with site.database.writing() as session:
        task = assessment.find_assignment(session, seeded.alpha.id, seeded.alpha.assessment_id, "BF1")
        assert task
        task.due_on = None
        session.add(task)
    page = work(site, who("lead", today=date(2027, 6, 29)))
    due = {card.stand.code: str(card.due) for group in page.groups for card in group.cards}
    assert due["BF1"] == "due in 1 day"


def test_a_criterion_given_to_a_person_by_name_is_that_person_s_work(site: Site, seeded: World, who: WhoIs) -> None:
    with site.database.writing() as session:
        task = assessment.find_assignment(session, seeded.alpha.id, seeded.alpha.assessment_id, "EVAL4")
        assert task
        task.person_id = seeded.alpha.people["colleague"]
        session.add(task)
    page = work(site, who("colleague", today=AUTUMN))
    shown = {card.stand.code for group in page.groups for card in group.cards}
    assert "EVAL4" in shown
    assert "EVAL3" not in shown


def test_somebody_of_the_office_without_a_department_has_an_empty_list(site: Site, who: WhoIs) -> None:
    page = work(site, replace(who("reviewer", today=AUTUMN), departments=frozenset()))
    assert (page.total, page.groups, page.office, page.next_code) == (0, (), True, None)


def test_without_an_open_assessment_the_page_says_so(site: Site, seeded: World, who: WhoIs) -> None:
    with site.database.writing() as session:
        run = session.get_one(Assessment, seeded.alpha.assessment_id)
        run.state = "closed"
        session.add(run)
    with pytest.raises(NotFound, match="no open assessment"):
        work(site, who("lead", today=AUTUMN))


def test_another_city_s_assignments_are_not_seen(site: Site, seeded: World, who: WhoIs) -> None:
    """Both cities have a department with the same name; only ids tell them apart."""
    with site.database.reading() as session:
        names = people.load_names(session, seeded.beta.id)
    page = work(site, who("lead", today=AUTUMN))
    seen_people = {card.stand.person for group in page.groups for card in group.cards if card.stand.person}
    assert seen_people == {"Lead of Alpha City"}
    assert not seen_people & set(names.values())
