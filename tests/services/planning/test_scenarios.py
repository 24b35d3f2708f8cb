"""Scenarios: kept, seen by whom they are shared with, adopted as due dates, and taken back without undoing others' work."""

from datetime import date

import pytest

from app.rules.errors import Conflict, Invalid, NotFound, Refused
from app.services.desk import Desk
from app.services.planning import estimates, page, scenarios
from app.services.site import Site
from app.store import assessment, planning
from app.store.history import events as history
from tests.conftest import WhoIs
from tests.world import World

TODAY = date(2026, 11, 25)


def due_dates(site: Site, seeded: World) -> dict[str, date | None]:
    with site.database.reading() as session:
        tasks = assessment.load_assignments(session, seeded.alpha.id, seeded.alpha.assessment_id)
        return {code: task.due_on for code, task in tasks.items()}


def step(site: Site, seeded: World, who: WhoIs, name: str, version: int) -> None:
    with site.database.writing() as session:
        asking, scenario = who("reviewer", today=TODAY), seeded.alpha.scenario_id
        getattr(scenarios, name)(Desk(session, site, asking), scenario, version)


def test_adopting_gives_dates_two_weeks_ahead_and_taking_back_restores_them(
    site: Site, seeded: World, who: WhoIs
) -> None:
    before = due_dates(site, seeded)
    step(site, seeded, who, "adopt_scenario", 1)
    adopted = due_dates(site, seeded)
    changed = {code: adopted[code] for code in adopted if adopted[code] != before[code]}
    assert set(changed) == {"LC1", "LC2", "PA1"}
    assert set(changed.values()) == {date(2027, 6, 16)}
    step(site, seeded, who, "undo_adoption", 2)
    assert due_dates(site, seeded) == before


def test_a_date_that_somebody_changed_since_is_left_alone_when_an_adoption_is_taken_back(
    site: Site, seeded: World, who: WhoIs
) -> None:
    step(site, seeded, who, "adopt_scenario", 1)
    with site.database.writing() as session:
        row = assessment.find_assignment(session, seeded.alpha.id, seeded.alpha.assessment_id, "LC1")
        assert row
        row.due_on = date(2027, 5, 5)
        session.add(row)
    step(site, seeded, who, "undo_adoption", 2)
    found = due_dates(site, seeded)
    assert (found["LC1"], found["LC2"]) == (date(2027, 5, 5), date(2027, 3, 31))


def test_each_date_that_an_adoption_changes_is_in_the_record(site: Site, seeded: World, who: WhoIs) -> None:
    step(site, seeded, who, "adopt_scenario", 1)
    with site.database.reading() as session:
        events = history.list_events(session, seeded.alpha.id, limit=4)
    assert [(event.verb, event.subject) for event in events] == [
        ("scenario_adopted", "Silver by summer"),
        *[("assigned", code) for code in reversed(["PA1", "LC1", "LC2"])],
    ]


def test_a_second_click_adopts_once_and_an_old_page_is_told(site: Site, seeded: World, who: WhoIs) -> None:
    step(site, seeded, who, "adopt_scenario", 1)
    step(site, seeded, who, "adopt_scenario", 1)
    with pytest.raises(Conflict):
        step(site, seeded, who, "undo_adoption", 1)


def test_without_a_date_or_a_department_nothing_can_be_adopted(site: Site, seeded: World, who: WhoIs) -> None:
    with site.database.writing() as session:
        row = session.get_one(planning.Scenario, seeded.alpha.scenario_id)
        row.target_on = None
        session.add(row)
    with pytest.raises(Refused, match="has a date"):
        step(site, seeded, who, "adopt_scenario", 1)


@pytest.mark.parametrize(
    ("role", "shared", "sees"), [("official", False, False), ("official", True, True), ("admin", False, True)]
)
def test_only_what_is_shared_is_seen_outside_the_data_office(
    site: Site, seeded: World, who: WhoIs, role: str, shared: bool, sees: bool
) -> None:
    with site.database.writing() as session:
        row = session.get_one(planning.Scenario, seeded.alpha.scenario_id)
        row.shared = shared
        session.add(row)
    with site.database.reading() as session:
        asking = who(role, today=TODAY)
        listed = page.find_options(Desk(session, site, asking), "silver").scenarios
        assert [line.name for line in listed] == (["Silver by summer"] if sees else [])
        if not sees:
            with pytest.raises(NotFound):
                scenarios.load_scenario(Desk(session, site, asking), row.id)


@pytest.mark.parametrize(
    ("name", "level", "by", "codes", "field"),
    [
        (" ", "gold", None, ["LC1"], "name"),
        ("x" * 121, "gold", None, ["LC1"], "name"),
        ("Gold", "diamond", None, ["LC1"], "level"),
        ("Gold", "gold", date(2026, 11, 24), ["LC1"], "by"),
        ("Gold", "gold", None, ["XX9"], "pick"),
        ("Gold", "gold", None, [], "pick"),
        ("Gold", "gold", None, ["DM1"], "pick"),
    ],
)
def test_what_cannot_be_saved_is_said_at_its_field(
    site: Site, seeded: World, who: WhoIs, name: str, level: str, by: date | None, codes: list[str], field: str
) -> None:
    with site.database.writing() as session:
        asking = who("reviewer", today=TODAY)
        with pytest.raises(Invalid) as problem:
            scenarios.save_scenario(Desk(session, site, asking), name=name, level=level, by=by, codes=codes)
    assert list(problem.value.fields) == [field]


def test_a_city_s_own_estimate_changes_what_the_planner_counts_with(site: Site, seeded: World, who: WhoIs) -> None:
    with site.database.writing() as session:
        asking = who("reviewer", today=TODAY)
        estimates.set_estimate(Desk(session, site, asking), "RDC4", effort="S", lead_days=700, version=0)
    with site.database.reading() as session:
        asking = who("reviewer", today=TODAY)
        question = page.load_aim(Desk(session, site, asking), "gold", date(2027, 6, 30)).question
    assert (question.by_code["RDC4"].cost, question.by_code["RDC4"].lead_days) == (1, 700)
    assert "RDC4" not in [one.code for one in question.available]


@pytest.mark.parametrize(("effort", "days"), [("XL", None), ("", 0), ("", 9999)])
def test_an_estimate_must_be_one(site: Site, seeded: World, who: WhoIs, effort: str, days: int | None) -> None:
    with site.database.writing() as session:
        asking = who("reviewer", today=TODAY)
        with pytest.raises(Invalid):
            estimates.set_estimate(Desk(session, site, asking), "RDC4", effort=effort, lead_days=days, version=0)
