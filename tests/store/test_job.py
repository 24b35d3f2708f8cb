"""Jobs wait in lanes, take turns between cities, and belong to whoever holds their lease, whatever a clock says."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from app.rules.installation.job import MOST_ATTEMPTS, JobKind, JobLane, JobState
from app.services.site import Site
from app.store import job
from app.store.database.engine import now
from app.store.job import Job, LeaseBeat, LeaseLost
from tests.world import World

READ, REPORT = JobKind.READ_FILE, JobKind.MAKE_REPORT


@pytest.fixture
def session(site: Site, seeded: World) -> Any:
    with site.database.writing() as session:
        yield session


def ask(session: Session, city_id: int, times: int = 1, kind: JobKind = READ) -> list[int]:
    return [job.enqueue_job(session, city_id, kind, file=number).id for number in range(times)]


def take(session: Session, lane: JobLane = JobLane.READINGS, lease: str = "mine") -> Job:
    taken = job.take_job(session, lane, lease)
    assert taken
    return taken


def test_a_report_is_taken_while_forty_nine_readings_wait(session: Session, seeded: World) -> None:
    ask(session, seeded.alpha.id, 49)
    (report,) = ask(session, seeded.alpha.id, kind=REPORT)
    assert take(session, JobLane.REPORTS).id == report
    assert job.take_job(session, JobLane.LETTERS, "mine") is None
    assert job.load_waiting_lanes(session) == {"readings"}


def test_cities_take_turns_and_within_a_city_the_oldest_is_first(session: Session, seeded: World) -> None:
    many, few = ask(session, seeded.alpha.id, 4), ask(session, seeded.beta.id, 2)
    order = [take(session).id for _ in range(6)]
    assert order == [many[0], few[0], many[1], few[1], many[2], many[3]]


def test_a_city_that_was_quiet_is_next_but_saves_no_turns(session: Session, seeded: World) -> None:
    ask(session, seeded.alpha.id, 8)
    for _ in range(5):
        take(session)
    late = ask(session, seeded.beta.id, 3)
    assert [take(session).id in late for _ in range(6)] == [True, False, True, False, True, False]


def test_one_lane_takes_no_turns_of_another(session: Session, seeded: World) -> None:
    ask(session, seeded.alpha.id, kind=REPORT)
    take(session, JobLane.REPORTS)
    first = ask(session, seeded.alpha.id)[0]
    ask(session, seeded.beta.id)
    assert take(session).id == first, "neither city was served in this lane, so their numbers decide"


def test_only_the_holder_of_the_lease_can_close_a_job(session: Session, seeded: World) -> None:
    ask(session, seeded.alpha.id)
    taken = take(session, lease="first")
    assert job.reclaim_job(session, LeaseBeat(taken.id, "first", 0), "died")
    again = take(session, lease="second")
    assert again.id == taken.id
    for late in (
        lambda: job.finish_job(session, taken.id, "first"),
        lambda: job.return_job(session, taken.id, "first"),
    ):
        with pytest.raises(LeaseLost):
            late()
    assert job.advance_beat(session, taken.id, "first") is False
    assert job.finish_job(session, taken.id, "second") is False
    assert session.get_one(Job, taken.id).state == JobState.DONE


def test_a_holder_that_counted_on_keeps_its_job(session: Session, seeded: World) -> None:
    ask(session, seeded.alpha.id)
    taken = take(session)
    seen = job.list_beats(session)
    assert job.advance_beat(session, taken.id, "mine")
    assert [job.reclaim_job(session, left, "died") for left in seen] == [None]


def test_a_job_that_is_given_back_has_cost_no_attempt_and_is_next(session: Session, seeded: World) -> None:
    ask(session, seeded.alpha.id)
    for _ in range(MOST_ATTEMPTS + 2):
        taken = take(session)
        assert taken.attempts == 1
        job.return_job(session, taken.id, "mine")


def test_a_job_that_kills_its_worker_each_time_fails(session: Session, seeded: World) -> None:
    ask(session, seeded.alpha.id)
    errors = []
    for attempt in range(1, MOST_ATTEMPTS + 1):
        taken = take(session)
        left = job.reclaim_job(session, LeaseBeat(taken.id, "mine", 0), "its worker died")
        assert left
        assert (left.state == JobState.FAILED) is (attempt == MOST_ATTEMPTS)
        errors.append(left.error)
    assert (errors[-1], job.take_job(session, JobLane.READINGS, "mine")) == ("its worker died", None)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`clock(hours=-1)` sets the clock of this machine back by an hour."""
    shift = timedelta()

    def moment() -> datetime:
        return now() + shift

    def set_to(**by: float) -> None:
        nonlocal shift
        shift = timedelta(**by)

    monkeypatch.setattr(job, "now", moment)
    return set_to


def test_a_clock_that_is_set_back_delays_nothing_that_is_due(session: Session, seeded: World, clock: Any) -> None:
    (asked,) = ask(session, seeded.alpha.id)
    clock(hours=-1)
    assert take(session).id == asked


def test_what_waits_for_its_time_waits_no_longer_when_the_clock_is_set_back(
    session: Session, seeded: World, clock: Any
) -> None:
    put_off = job.enqueue_job(session, seeded.alpha.id, READ, after=timedelta(minutes=10))
    assert not job.is_postponed_job_due(session)
    clock(hours=-1)
    assert job.is_postponed_job_due(session)
    job.release_postponed_jobs(session)
    assert put_off.state == JobState.LATER
    assert put_off.run_after
    assert put_off.waits_since
    assert put_off.run_after == put_off.waits_since + timedelta(minutes=10)
    assert not job.is_postponed_job_due(session), "once is enough"
    clock(minutes=-49)
    assert job.is_postponed_job_due(session)
    job.release_postponed_jobs(session)
    assert take(session).id == put_off.id


@pytest.mark.parametrize("hours", [-1, 1], ids=["back", "forward"])
def test_a_clock_takes_no_job_away_from_whoever_does_it(
    session: Session, seeded: World, clock: Any, hours: float
) -> None:
    ask(session, seeded.alpha.id)
    taken = take(session)
    clock(hours=hours)
    job.release_postponed_jobs(session)
    assert job.take_job(session, JobLane.READINGS, "another") is None
    assert job.finish_job(session, taken.id, "mine") is False


def test_jobs_that_ended_long_ago_are_cleared_a_few_at_a_time(session: Session, seeded: World) -> None:
    old = ask(session, seeded.alpha.id, 5)
    young, failed = ask(session, seeded.alpha.id)[0], ask(session, seeded.alpha.id)[0]
    waiting = ask(session, seeded.alpha.id)[0]
    for number in (*old, young, failed):
        row = session.get_one(Job, number)
        row.state = JobState.FAILED if number == failed else JobState.DONE
        row.ended_at = now() - timedelta(days=1 if number == young else 15)
    session.flush()
    before = now() - timedelta(days=14)
    assert [job.delete_ended_jobs(session, JobState.DONE, before, 3) for _ in range(3)] == [3, 2, 0]
    assert set(session.exec(select(Job.id))) == {young, failed, waiting}


@pytest.mark.only_sqlite
def test_taking_looks_at_no_more_rows_where_many_jobs_wait_or_have_ended(session: Session, seeded: World) -> None:
    """By the plan of the database: every table is searched by an index, and none is read through."""
    for state in ("waiting", "done", "later"):
        for row in ask(session, seeded.alpha.id, 300):
            session.get_one(Job, row).state = state
    session.flush()
    plans: list[str] = []

    @event.listens_for(session.connection(), "before_cursor_execute")
    def explain(_c: Any, cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.startswith("SELECT"):
            steps = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(step[3] for step in steps)

    take(session)
    job.is_postponed_job_due(session)
    job.load_waiting_lanes(session)
    assert any("job USING" in step for step in plans)
    assert [step for step in plans if "SCAN job" in step] == []


def test_what_comes_before_a_report_are_those_being_made_and_those_whose_turn_is_sooner(
    session: Session, seeded: World
) -> None:
    ask(session, seeded.alpha.id, 3, kind=REPORT)
    ask(session, seeded.beta.id, 2, kind=REPORT)
    ask(session, seeded.alpha.id, 5)
    take(session, JobLane.REPORTS)

    def count(city_id: int, number: int) -> int:
        return job.count_jobs_before(session, city_id, REPORT, file=number)

    assert [count(seeded.alpha.id, number) for number in (1, 2)] == [2, 4]
    assert [count(seeded.beta.id, number) for number in (0, 1)] == [1, 3]
    assert count(seeded.alpha.id, 0) == 0, "it is being made"
