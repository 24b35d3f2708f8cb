"""What the board says of a city."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.rules.board import CriterionStatus, NextActor
from app.rules.history.verbs import Verb
from app.services.board import page as board
from app.services.board.page import Board
from app.services.desk import Desk, Who
from app.services.kept import KeptResults
from app.services.site import Site
from app.store import assessment
from app.store.database.engine import now
from app.store.history import events
from tests.conftest import WhoIs
from tests.world import World

AUTUMN = date(2026, 11, 2)


@pytest.fixture
def reviewer(who: WhoIs) -> Who:
    return who("reviewer", today=AUTUMN)


def look(site: Site, who: Who, status: str = "", department: str = "") -> Board:
    with site.database.reading() as session:
        return board.load_board(Desk(session, site, who), status=status, department=department)


def shown(page: Board) -> list[str]:
    return [tile.code for row in page.tiles.areas for tile in row.tiles]


def test_the_board_has_a_tile_for_every_criterion_in_the_order_of_the_standard(site: Site, reviewer: Who) -> None:
    page = look(site, reviewer)
    assert (len(shown(page)), page.tiles.shown) == (43, 43)
    assert shown(page)[:10] == [*(f"DM{n}" for n in range(1, 10)), "LC1"]


def test_with_a_core_criterion_open_it_says_so_before_anything_else(site: Site, reviewer: Who) -> None:
    page = look(site, reviewer)
    assert str(page.headline) == "Estimated: below the Silver range"
    assert str(page.core) == "Not certifiable yet: core criteria LC1, PA1 are still open."
    assert (str(page.by_count), str(page.distance)) == (
        "below the Silver range",
        "20 more criteria for the Silver range.",
    )


def test_the_three_figures_stay_apart(site: Site, reviewer: Who) -> None:
    figures = look(site, reviewer).figures
    assert (figures.verified, figures.claimed, figures.possible, figures.total) == (2, 8, 42, 43)


def test_the_legend_counts_every_state(site: Site, reviewer: Who) -> None:
    assert {status: count for status, _, count in look(site, reviewer).tiles.legend} == {
        CriterionStatus.MET: 2,
        CriterionStatus.NOT_MET: 1,
        CriterionStatus.SUBMITTED: 2,
        CriterionStatus.RETURNED: 1,
        CriterionStatus.IN_PROGRESS: 2,
        CriterionStatus.NOT_STARTED: 35,
    }


def test_a_filter_narrows_the_tiles_and_leaves_the_counts_alone(site: Site, reviewer: Who, seeded: World) -> None:
    page = look(site, reviewer, "submitted")
    assert shown(page) == ["DM2", "LC2"]
    assert [(row.met, row.total) for row in page.tiles.areas] == [(1, 9), (1, 7)]
    both = look(site, reviewer, "submitted", str(seeded.alpha.departments["finance"]))
    assert shown(both) == ["LC2"]
    assert both.tiles.legend == look(site, reviewer).tiles.legend


@pytest.mark.parametrize(("status", "department"), [("nonsense", ""), ("", "nonsense"), ("", "0")])
def test_a_filter_that_means_nothing_narrows_nothing(site: Site, reviewer: Who, status: str, department: str) -> None:
    assert look(site, reviewer, status, department).tiles.shown == 43


def test_another_city_s_department_is_no_filter_here(site: Site, reviewer: Who, seeded: World) -> None:
    page = look(site, reviewer, department=str(seeded.beta.departments["finance"]))
    assert page.tiles.shown == 43
    assert not page.tiles.narrowed.is_on


def test_each_department_has_its_row(site: Site, reviewer: Who) -> None:
    rows = {row.name: row for row in look(site, reviewer).departments}
    assert list(rows) == ["Data Office", "Finance", "Public Works"]
    finance = rows["Finance"]
    assert (finance.assigned, finance.open, finance.submitted, finance.met, finance.returned) == (14, 11, 1, 1, 1)
    assert sum(row.assigned for row in rows.values()) == 43


def test_what_is_late_is_counted_by_department_and_waited_for_first(site: Site, reviewer: Who) -> None:
    page = look(site, replace(reviewer, today=date(2027, 4, 1)))
    assert {row.name: row.overdue for row in page.departments} == {"Data Office": 15, "Finance": 11, "Public Works": 12}
    assert [(waited.whom, waited.department, waited.count) for waited in page.waited] == [
        (NextActor.REVIEWER, "", 2),
        (NextActor.DEPARTMENT, "Data Office", 15),
        (NextActor.DEPARTMENT, "Public Works", 12),
        (NextActor.DEPARTMENT, "Finance", 11),
    ]


def test_what_no_department_has_waits_for_the_data_office(site: Site, reviewer: Who, seeded: World) -> None:
    with site.database.writing() as session:
        session.delete(assessment.find_assignment(session, seeded.alpha.id, seeded.alpha.assessment_id, "OD1"))
    page = look(site, reviewer)
    assert page.unassigned == 1
    assert (page.departments[-1].id, page.departments[-1].assigned) == (None, 1)
    assert [waited.count for waited in page.waited if waited.whom is NextActor.DATA_OFFICE] == [1]


def test_the_nearest_dates_come_first_and_past_ones_are_not_coming(site: Site, reviewer: Who, seeded: World) -> None:
    with site.database.writing() as session:
        for code, day in (("OD2", date(2026, 11, 5)), ("OD3", date(2026, 11, 1)), ("LC2", date(2026, 11, 4))):
            task = assessment.find_assignment(session, seeded.alpha.id, seeded.alpha.assessment_id, code)
            assert task
            task.due_on = day
            session.add(task)
    coming = look(site, reviewer).due_next
    assert (coming[0].stand.code, str(coming[0].words)) == ("OD2", "due in 3 days")
    assert not {"OD3", "LC2"} & {due.stand.code for due in coming}


def test_the_week_counts_once_what_happens_while_a_board_is_made(site: Site, reviewer: Who) -> None:
    """PostgreSQL lets a reader see what was committed after the number of the city was read."""
    who = replace(reviewer, today=now().date())
    with site.database.reading() as session:
        site.kept.trust_city(session, who.city)
        with site.database.writing() as other:
            events.record_event(other, who.city_id, who.person_id, Verb.SUBMITTED, "LC6")
        board.load_board(Desk(session, site, who))
    told = look(site, who).week
    site.kept = KeptResults(site.database)
    assert told == look(site, who).week


def test_the_week_tells_what_was_recorded_in_it_and_forgets_what_is_older(
    site: Site, reviewer: Who, seeded: World
) -> None:
    with site.database.writing() as session:
        for code in ("LC6", "LC7"):
            events.record_event(session, seeded.alpha.id, seeded.alpha.people["lead"], Verb.SUBMITTED, code)
        events.record_event(session, seeded.beta.id, seeded.beta.people["lead"], Verb.SUBMITTED, "LC6")
    today = now().date()
    week = look(site, replace(reviewer, today=today)).week
    assert "2 responses submitted" in [str(line) for line in week.counts]
    assert [str(news.said) for news in week.news[:2]] == [
        "Lead of Alpha City submitted LC7 for review.",
        "Lead of Alpha City submitted LC6 for review.",
    ]
    later = look(site, replace(reviewer, today=today + timedelta(days=30))).week
    assert (later.counts, later.news) == ((), ())
