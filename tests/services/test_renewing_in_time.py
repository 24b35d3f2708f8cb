"""Renewals and results where time does odd things: an assessment that ends meanwhile, a clock that is set, another time zone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from app.rules.errors import Conflict, Invalid, Refused
from app.rules.review.moves import RenewalState, ResponseState
from app.services.account import sessions
from app.services.assessment.overview import load_overview
from app.services.city_settings import about
from app.services.city_settings.about import CityFacts
from app.services.cycle import page as cycle
from app.services.desk import Desk, Who
from app.services.review import renewing
from app.services.site import Site
from app.store.response import Response
from tests.services.cycle.test_page import begin, undo
from tests.services.evidence.test_page import events
from tests.services.test_judging import member
from tests.services.test_renewing import CODE, RENEWALS, bring, confirm, decide_as_met, overview, row_of, waiting
from tests.world import World

AUCKLAND, NEW_YORK = "Pacific/Auckland", "America/New_York"
SetClock = Callable[[datetime], None]


@pytest.fixture
def lead(site: Site, seeded: World) -> Who:
    return member(site, seeded, "admin")


@pytest.fixture
def reviewer(site: Site, seeded: World) -> Who:
    return member(site, seeded, "reviewer")


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    return lambda moment: monkeypatch.setattr(sessions, "present_moment", lambda: moment)


def rows_of(site: Site) -> list[Response]:
    """Those of all assessments, the oldest first."""
    with site.database.reading() as session:
        query = select(Response).where(Response.city_id == 1, Response.criterion == CODE)
        return list(session.exec(query.order_by(col(Response.id))))


def test_a_renewal_rests_while_its_assessment_is_closed_and_goes_on_when_that_is_undone(
    site: Site, seeded: World, lead: Who, reviewer: Who
) -> None:
    decide_as_met(site, lead, reviewer, reviewer.today)
    bring(site, lead, "Minutes of summer", reviewer.today + timedelta(days=90))
    version = row_of(site).version
    begin(site, lead)
    closed, carried = rows_of(site)
    assert (closed.renewal, carried.renewal, carried.state) == (RenewalState.WAITING, "", ResponseState.IN_PROGRESS)
    told = len(events(site, seeded))
    with site.database.writing() as session, pytest.raises((Refused, Conflict)):
        renewing.confirm_renewal(Desk(session, site, reviewer), CODE, version, RENEWALS)
    with site.database.writing() as session, pytest.raises((Refused, Conflict)):
        renewing.return_renewal(Desk(session, site, reviewer), CODE, "It is not signed.", version, RENEWALS)
    assert (len(events(site, seeded)), rows_of(site)[0].renewal) == (told, RenewalState.WAITING)
    assert waiting(site, reviewer) == []

    undo(site, lead)
    assert waiting(site, reviewer) == [CODE]
    confirm(site, reviewer, rows_of(site)[0].version)
    assert rows_of(site)[0].renewal == RenewalState.NONE


def test_what_is_brought_to_the_next_assessment_leaves_the_closed_one_alone(
    site: Site, seeded: World, lead: Who, reviewer: Who
) -> None:
    decide_as_met(site, lead, reviewer, reviewer.today)
    begin(site, lead)
    before = rows_of(site)[0]
    bring(site, lead, "Minutes of summer", reviewer.today)
    closed, carried = rows_of(site)
    assert (closed.version, closed.renewal, closed.state) == (before.version, "", ResponseState.DECIDED)
    assert (carried.renewal, carried.state) == ("", ResponseState.IN_PROGRESS)
    with site.database.reading() as session:
        assert not cycle.load_cycle_page(Desk(session, site, lead)).undoable, "work has begun"


@pytest.mark.parametrize("days", [-365, -1, 1, 365])
def test_a_clock_that_is_set_changes_the_day_that_is_told_and_no_verdict(
    site: Site, seeded: World, lead: Who, reviewer: Who, set_clock: SetClock, days: int
) -> None:
    decide_as_met(site, lead, reviewer, reviewer.today)
    told = len(events(site, seeded))
    moment = datetime.now(UTC) + timedelta(days=days)
    set_clock(moment)
    seen = overview(site, reviewer)
    assert (seen.day, seen.is_today) == (moment.astimezone(ZoneInfo(NEW_YORK)).date(), True)
    assert seen.stand_of(CODE).met, "also where the verdict was given after what the clock says now"
    assert (CODE in seen.results.out_of_date) is (days == 365)
    bring(site, lead, "Minutes of summer", seen.day)
    confirm(site, reviewer)
    assert [event.verb for event in events(site, seeded)[told:]] == ["evidence_added", "renewal_confirmed"]
    assert CODE not in overview(site, reviewer).results.out_of_date


def test_what_is_fresh_ends_at_midnight_in_the_city(
    site: Site, seeded: World, lead: Who, reviewer: Who, set_clock: SetClock
) -> None:
    decide_as_met(site, lead, reviewer, reviewer.today)
    lapses_on = overview(site, reviewer).stand_of(CODE).at_risk_from
    assert lapses_on
    midnight = datetime(lapses_on.year, lapses_on.month, lapses_on.day, tzinfo=ZoneInfo(NEW_YORK)).astimezone(UTC)
    for moment, aged in [(midnight - timedelta(seconds=1), ()), (midnight, (CODE,))]:
        set_clock(moment)
        assert overview(site, reviewer).results.core_out_of_date == aged


def test_a_city_that_changes_its_zone_has_its_results_in_the_new_one(
    site: Site, seeded: World, lead: Who, reviewer: Who, set_clock: SetClock
) -> None:
    decide_as_met(site, lead, reviewer, reviewer.today)
    lapses_on = overview(site, reviewer).stand_of(CODE).at_risk_from
    assert lapses_on
    evening = datetime(lapses_on.year, lapses_on.month, lapses_on.day, tzinfo=ZoneInfo(NEW_YORK)) - timedelta(hours=3)
    set_clock(evening.astimezone(UTC))
    assert not overview(site, reviewer).results.differ
    with site.database.writing() as session:
        about.change_city(Desk(session, site, lead), CityFacts("Alpha City", "US", "en", AUCKLAND, None), 1)
    with site.database.reading() as session:
        seen = load_overview(session, site, member(site, seeded, "reviewer").city, "en")
    assert (seen.day, seen.results.core_out_of_date) == (lapses_on, (CODE,))
    assert events(site, seeded)[-1].verb == "city_changed"


@pytest.mark.parametrize("zone", ["", " ", "Mars/Olympus", "Europe", "../../etc/passwd", "x" * 300])
def test_a_zone_that_is_none_is_refused_at_its_field(site: Site, seeded: World, lead: Who, zone: str) -> None:
    told = len(events(site, seeded))
    with site.database.writing() as session, pytest.raises(Invalid) as problem:
        about.change_city(Desk(session, site, lead), CityFacts("Alpha City", "US", "en", zone, None), 1)
    assert problem.value.fields.keys() == {"time_zone"}
    assert len(events(site, seeded)) == told
