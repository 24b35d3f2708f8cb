"""People, departments and assignments: who gets in, who must stay, and what an invitation may show to whom."""

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest

from app.rules.errors import Conflict, Invalid, NotFound, Refused
from app.rules.people.permissions import Role
from app.services.account.sessions import SignInRequired, identify_member
from app.services.assigning import assignment
from app.services.assigning.assignment import AreaTasks, CriterionTask
from app.services.departments import changing
from app.services.desk import Desk, Who
from app.services.people import members as people
from app.services.people.members import Member
from app.services.site import Site
from app.store.history import events as history
from app.store.history.events import HistoryEvent
from app.store.people import Membership, find_person_by_email
from tests import world
from tests.conftest import WhoIs
from tests.world import CityWorld, World


@pytest.fixture
def admin(who: WhoIs) -> Who:
    return who("admin")


@pytest.fixture
def alpha(seeded: World) -> CityWorld:
    return seeded.alpha


def members(site: Site, who: Who) -> dict[str, Member]:
    with site.database.reading() as session:
        page = people.list_people(Desk(session, site, who))
    return {member.email: member for member in page.members + page.left}


def events(site: Site, who: Who) -> list[HistoryEvent]:
    with site.database.reading() as session:
        return history.list_events(session, who.city_id)


def choose_pass_phrase(site: Site, email: str) -> None:
    with site.database.writing() as session:
        person = find_person_by_email(session, email)
        assert person
        person.pass_phrase_hash = "chosen"
        session.add(person)


def test_the_list_says_who_here_and_whether_they_came_in(site: Site, admin: Who) -> None:
    choose_pass_phrase(site, "lead@alpha.example")
    found = members(site, admin)
    assert found["lead@alpha.example"].signed_up
    assert not found["official@alpha.example"].signed_up
    assert found["lead@alpha.example"].departments == ("Finance",)
    assert not any(email.endswith("beta.example") for email in found)


def test_departments_are_listed_with_how_many_criteria_they_answer_for(site: Site, admin: Who) -> None:
    with site.database.reading() as session:
        lines = {line.name: line.criteria for line in people.list_people(Desk(session, site, admin)).departments}
    assert lines == {"Data Office": 17, "Finance": 14, "Public Works": 12}


def test_a_new_role_asks_to_sign_in_again_in_this_city_only(site: Site, seeded: World, admin: Who) -> None:
    person = seeded.alpha.people["lead"]
    token = world.sign_in(site, person)
    with site.database.writing() as session:
        session.add(Membership(city_id=seeded.beta.id, person_id=person, role="official"))
        assert people.change_member(Desk(session, site, admin), seeded.alpha.memberships["lead"], "official", [], 1)
    with pytest.raises(SignInRequired), site.database.reading() as session:
        identify_member(session, token, "alpha", None)
    again = world.sign_in(site, person)
    with site.database.reading() as session:
        assert identify_member(session, token, "beta", None).role is Role.OFFICIAL
        assert identify_member(session, again, "alpha", None).role is Role.OFFICIAL
    assert members(site, admin)["lead@alpha.example"].role is Role.OFFICIAL


def test_ending_access_closes_this_city_at_once_and_no_other_and_can_be_undone(
    site: Site, seeded: World, admin: Who
) -> None:
    person, membership = seeded.alpha.people["lead"], seeded.alpha.memberships["lead"]
    token = world.sign_in(site, person)
    with site.database.writing() as session:
        session.add(Membership(city_id=seeded.beta.id, person_id=person, role="official"))
        people.end_access(Desk(session, site, admin), membership, 1)
    with pytest.raises(NotFound), site.database.reading() as session:
        identify_member(session, token, "alpha", None)
    with site.database.reading() as session:
        assert identify_member(session, token, "beta", None).person_id == person
    assert members(site, admin)["lead@alpha.example"].ended
    with site.database.writing() as session:
        people.restore_access(Desk(session, site, admin), membership, 2)
    found = members(site, admin)["lead@alpha.example"]
    assert (found.ended, found.role, found.departments) == (False, Role.LEAD, ("Finance",))
    assert [event.verb for event in events(site, admin)][:2] == ["person_restored", "person_ended"]
    with pytest.raises(SignInRequired), site.database.reading() as session:
        identify_member(session, token, "alpha", None)


def test_new_departments_alone_leave_the_person_signed_in(site: Site, seeded: World, admin: Who) -> None:
    token = world.sign_in(site, seeded.alpha.people["lead"])
    works = seeded.alpha.departments["works"]
    with site.database.writing() as session:
        assert not people.change_member(
            Desk(session, site, admin), seeded.alpha.memberships["lead"], "lead", [str(works)], 1
        )
    with site.database.reading() as session:
        assert identify_member(session, token, "alpha", None).departments == {works}


def test_the_last_administrator_stays(site: Site, alpha: CityWorld, admin: Who) -> None:
    with pytest.raises(Refused), site.database.writing() as session:
        people.end_access(Desk(session, site, admin), alpha.memberships["admin"], 1)
    with pytest.raises(Refused), site.database.writing() as session:
        people.change_member(Desk(session, site, admin), alpha.memberships["admin"], "reviewer", [], 1)
    assert members(site, admin)["admin@alpha.example"].role is Role.ADMIN


def test_an_administrator_may_leave_when_another_stays(site: Site, alpha: CityWorld, admin: Who) -> None:
    with site.database.writing() as session:
        people.change_member(Desk(session, site, admin), alpha.memberships["reviewer"], "admin", [], 1)
    with site.database.writing() as session:
        people.end_access(Desk(session, site, admin), alpha.memberships["admin"], 1)
    assert members(site, admin)["admin@alpha.example"].ended


def test_two_administrators_cannot_end_each_other_at_the_same_moment(
    site: Site, alpha: CityWorld, admin: Who, who: WhoIs
) -> None:
    with site.database.writing() as session:
        people.change_member(Desk(session, site, admin), alpha.memberships["reviewer"], "admin", [], 1)
    other, together = who("reviewer"), Barrier(2)

    def attempt(who: Who, membership: int, version: int) -> None:
        together.wait()
        try:
            with site.database.writing() as session:
                people.end_access(Desk(session, site, who), membership, version)
        except Refused:
            refused.append(membership)

    refused: list[int] = []
    threads = [
        Thread(target=attempt, args=(admin, alpha.memberships["reviewer"], 2)),
        Thread(target=attempt, args=(other, alpha.memberships["admin"], 1)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    left = [member for member in members(site, admin).values() if member.role is Role.ADMIN and not member.ended]
    assert len(left) == 1


def test_a_page_that_is_out_of_date_changes_nobody(site: Site, alpha: CityWorld, admin: Who) -> None:
    with site.database.writing() as session:
        people.change_member(Desk(session, site, admin), alpha.memberships["lead"], "reviewer", [], 1)
    with pytest.raises(Conflict), site.database.writing() as session:
        people.change_member(Desk(session, site, admin), alpha.memberships["lead"], "admin", [], 1)
    assert members(site, admin)["lead@alpha.example"].role is Role.REVIEWER


def test_people_of_another_city_do_not_exist_here(site: Site, seeded: World, admin: Who) -> None:
    theirs = seeded.beta.memberships["lead"]
    steps: list[Callable[[Any], object]] = [
        lambda session: people.load_person(Desk(session, site, admin), theirs),
        lambda session: people.change_member(Desk(session, site, admin), theirs, "admin", [], 1),
        lambda session: people.end_access(Desk(session, site, admin), theirs, 1),
        lambda session: people.restore_access(Desk(session, site, admin), theirs, 1),
        lambda session: people.issue_link(Desk(session, site, admin), theirs),
        lambda session: changing.rename_department(
            Desk(session, site, admin), seeded.beta.departments["data"], "Mine", 1
        ),
    ]
    for step in steps:
        with pytest.raises(NotFound), site.database.writing() as session:
            step(session)
    with site.database.reading() as session:
        theirs_now = session.get_one(Membership, theirs)
    assert (theirs_now.role, theirs_now.ended_at, theirs_now.version) == ("lead", None, 1)


def test_departments_are_added_and_renamed_but_never_twice_the_same(site: Site, alpha: CityWorld, admin: Who) -> None:
    with site.database.writing() as session:
        changing.add_department(Desk(session, site, admin), " Parks  and Trees ")
        changing.rename_department(Desk(session, site, admin), alpha.departments["works"], "Works", 1)
    with site.database.reading() as session:
        names = [line.name for line in people.list_people(Desk(session, site, admin)).departments]
    assert names == ["Data Office", "Finance", "Parks and Trees", "Works"]
    for name in ("parks and trees", ""):
        with pytest.raises(Invalid), site.database.writing() as session:
            changing.add_department(Desk(session, site, admin), name)
    with pytest.raises(Invalid), site.database.writing() as session:
        changing.rename_department(Desk(session, site, admin), alpha.departments["works"], "FINANCE", 2)
    with pytest.raises(Conflict), site.database.writing() as session:
        changing.rename_department(Desk(session, site, admin), alpha.departments["works"], "Roads", 1)


def tasks(site: Site, who: Who) -> dict[str, CriterionTask]:
    with site.database.reading() as session:
        return {
            task.code: task
            for group in assignment.list_assignments(Desk(session, site, who)).areas
            for task in group.tasks
        }


def area(site: Site, who: Who, code: str) -> AreaTasks:
    with site.database.reading() as session:
        return next(
            group
            for group in assignment.list_assignments(Desk(session, site, who)).areas
            if code in {task.code for task in group.tasks}
        )


def assign(site: Site, who: Who, code: str, department: int | None, version: int, **more: Any) -> None:
    given: dict[str, Any] = {"person": None, "due_on": None} | more
    with site.database.writing() as session:
        assignment.assign_criterion(Desk(session, site, who), code, department=department, version=version, **given)


def test_a_criterion_is_given_to_a_department_a_person_and_a_date(site: Site, alpha: CityWorld, who: WhoIs) -> None:
    reviewer = who("reviewer")
    due_on = date(reviewer.today.year + 1, 5, 1)
    assign(site, reviewer, "DM1", alpha.departments["works"], 1, person=alpha.people["colleague"], due_on=due_on)
    task = tasks(site, reviewer)["DM1"]
    assert (task.department, task.person, task.due_on) == ("Public Works", "Colleague of Alpha City", due_on)
    assert (events(site, reviewer)[0].verb, events(site, reviewer)[0].subject) == ("assigned", "DM1")


def test_saving_an_assignment_as_it_is_changes_and_records_nothing(site: Site, alpha: CityWorld, admin: Who) -> None:
    before, newest = tasks(site, admin)["DM1"], events(site, admin)[0].number
    assign(site, admin, "DM1", before.department_id, before.version, due_on=before.due_on)
    assert (tasks(site, admin)["DM1"], events(site, admin)[0].number) == (before, newest)


def test_a_criterion_can_be_taken_away_and_given_again(site: Site, alpha: CityWorld, admin: Who) -> None:
    assign(site, admin, "DM1", None, 1)
    assert tasks(site, admin)["DM1"].department_id is None
    assign(site, admin, "DM1", None, 0)
    assign(site, admin, "DM1", alpha.departments["data"], 0)
    assert tasks(site, admin)["DM1"].department == "Data Office"
    with pytest.raises(Conflict):
        assign(site, admin, "DM1", alpha.departments["works"], 0)


@pytest.mark.parametrize("stale", [0, 2])
def test_an_assignment_changed_meanwhile_is_not_overwritten(
    site: Site, alpha: CityWorld, admin: Who, stale: int
) -> None:
    with pytest.raises(Conflict):
        assign(site, admin, "DM1", alpha.departments["works"], stale)
    with pytest.raises(Conflict):
        assign(site, admin, "DM1", None, stale)
    assert tasks(site, admin)["DM1"].department == "Data Office"


def test_only_departments_and_people_of_the_city_can_be_chosen(site: Site, seeded: World, admin: Who) -> None:
    here, there = seeded.alpha, seeded.beta
    for department, person in [
        (there.departments["data"], None),
        (here.departments["data"], there.people["lead"]),
        (here.departments["data"], here.people["official"]),
        (None, here.people["lead"]),
    ]:
        with pytest.raises(Invalid):
            assign(site, admin, "DM1", department, 1, person=person)


@pytest.mark.parametrize("year", [1, 1999, 9999])
def test_a_due_date_that_cannot_be_meant_is_refused(site: Site, alpha: CityWorld, admin: Who, year: int) -> None:
    with pytest.raises(Invalid):
        assign(site, admin, "DM1", alpha.departments["data"], 1, due_on=date(year, 1, 1))


def test_an_unknown_criterion_or_area_is_not_found(site: Site, alpha: CityWorld, admin: Who) -> None:
    with pytest.raises(NotFound):
        assign(site, admin, "XX1", alpha.departments["data"], 1)
    with pytest.raises(NotFound), site.database.writing() as session:
        assignment.assign_area(Desk(session, site, admin), "nothing", alpha.departments["data"], 0)


def test_a_whole_area_goes_to_a_department_and_keeps_its_dates(site: Site, alpha: CityWorld, admin: Who) -> None:
    before = area(site, admin, "LC1")
    with site.database.writing() as session:
        assignment.assign_area(Desk(session, site, admin), before.area.id, alpha.departments["works"], before.version)
    after = area(site, admin, "LC1")
    assert {task.department for task in after.tasks} == {"Public Works"}
    assert [task.due_on for task in after.tasks] == [task.due_on for task in before.tasks]
    assert {task.person for task in after.tasks} == {""}
    assert tasks(site, admin)["DM1"].department == "Data Office"


def test_an_area_changed_meanwhile_is_not_overwritten(site: Site, alpha: CityWorld, admin: Who) -> None:
    before = area(site, admin, "LC1")
    assign(site, admin, "LC2", alpha.departments["data"], 1)
    with pytest.raises(Conflict), site.database.writing() as session:
        assignment.assign_area(Desk(session, site, admin), before.area.id, alpha.departments["works"], before.version)
    assert tasks(site, admin)["LC3"].department == "Finance"


def test_two_accounts_with_one_name_are_pointed_out_since_they_cannot_be_told_apart(site: Site, admin: Who) -> None:
    def shared() -> tuple[str, ...]:
        with site.database.reading() as session:
            return people.list_people(Desk(session, site, admin)).shared_names

    assert shared() == ()
    with site.database.writing() as session:
        lead = find_person_by_email(session, "lead@alpha.example")
        assert lead
        lead.name = admin.name.upper()
        session.add(lead)
    assert set(shared()) == {admin.name, admin.name.upper()}
