"""Jobs: written in the transaction of the change that needs them, taken by a worker under a lease, tried again after a crash.

No clock decides who has a job. A lease is a word that only its holder knows, and `beat` counts as long as the holder lives; whoever
watches sees by a clock of its own whether it still counts. So a machine's clock that is set back or forward neither stalls nor doubles work.
"""

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Column, Index, Text, exists
from sqlmodel import Field, Session, SQLModel, col, delete, func, select, update

from app.rules.installation.job import (
    LANES,
    OPEN_STATES,
    JobKind,
    JobLane,
    JobState,
    count_before,
    may_try_again,
    retry_seconds,
)
from app.store.city import City
from app.store.database.engine import Utc, now

CLOCK_SKEW = timedelta(minutes=1)
"""How far the clocks of two machines may be apart before one of them counts as set back."""


class Job(SQLModel, table=True):
    """`lane` follows from `kind`. `turn` numbers the takings of all jobs, so that the city served longest ago is next.

    `waits_since` is when it was put off until `run_after`; both stand only while it waits for its time.
    """

    __table_args__ = (
        Index("ix_job_state_lane_city_id_id", "state", "lane", "city_id", "id"),
        Index("ix_job_lane_city_id_turn", "lane", "city_id", "turn"),
        Index("ix_job_state_run_after", "state", "run_after"),
        Index("ix_job_state_ended_at", "state", "ended_at"),
    )
    id: int = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    kind: str = Field(max_length=30)
    lane: str = Field(max_length=10)
    payload: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    state: str = Field(default=JobState.WAITING.value, max_length=10)
    attempts: int = 0
    turn: int | None = Field(default=None, index=True)
    lease: str = Field(default="", max_length=32)
    beat: int = 0
    run_after: datetime | None = Field(default=None, sa_column=Column(Utc))
    waits_since: datetime | None = Field(default=None, sa_column=Column(Utc))
    error: str = Field(default="", sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Utc))


class LeaseLost(Exception):
    """The worker has the job no more: it was given back, or another took it over. Nothing that it finds may be written."""


def enqueue_job(
    session: Session, city_id: int, kind: JobKind, *, after: timedelta = timedelta(), **payload: Any
) -> Job:
    job = Job(city_id=city_id, kind=kind.value, lane=LANES[kind].value, payload=json.dumps(payload))
    if after:
        _postpone_job(job, after)
    session.add(job)
    session.flush()
    return job


def _postpone_job(job: Job, wait: timedelta) -> None:
    moment = now()
    job.state, job.waits_since, job.run_after = JobState.LATER.value, moment, moment + wait


def is_job_open(session: Session, city_id: int, kind: JobKind, **payload: Any) -> bool:
    """Whether a job of the kind with at least this in its payload waits, or is being done."""
    return any(payload.items() <= open_payload.items() for open_payload in list_open_payloads(session, city_id, kind))


def list_open_payloads(session: Session, city_id: int, kind: JobKind) -> list[dict[str, Any]]:
    """What the jobs of the kind are about that wait or are being done."""
    query = select(Job.payload).where(
        col(Job.state).in_(OPEN_STATES), Job.lane == LANES[kind].value, Job.city_id == city_id, Job.kind == kind.value
    )
    return [json.loads(text) for text in session.exec(query)]


def load_open_values(session: Session, kind: JobKind, name: str) -> set[object]:
    """Of every city: the values that the open jobs of the kind have under this name in their payload."""
    query = select(Job.payload).where(
        col(Job.state).in_(OPEN_STATES), Job.lane == LANES[kind].value, Job.kind == kind.value
    )
    return {json.loads(text).get(name) for text in session.exec(query)}


def load_waiting_lanes(session: Session) -> set[str]:
    """The lanes in which a job could be taken now."""
    query = select(Job.lane).where(Job.state == JobState.WAITING, col(Job.lane).in_(list(JobLane))).distinct()
    return set(session.exec(query))


def count_jobs_before(session: Session, city_id: int, kind: JobKind, **payload: Any) -> int:
    """How many jobs of its lane come before the city's job with this payload: those being done, and those whose turn is sooner."""
    lane = LANES[kind].value
    open_jobs = select(Job).where(col(Job.state).in_((JobState.WAITING, JobState.RUNNING)), Job.lane == lane)
    jobs = list(session.exec(open_jobs))
    mine = next((each for each in jobs if each.city_id == city_id and json.loads(each.payload) == payload), None)
    if mine is None or mine.state != JobState.WAITING:
        return 0
    served = select(Job.city_id, func.max(Job.turn)).where(Job.lane == lane, col(Job.turn).is_not(None))
    turns = {each_city: turn or 0 for each_city, turn in session.exec(served.group_by(col(Job.city_id)))}
    waiting = [(each.id, each.city_id) for each in jobs if each.state == JobState.WAITING]
    return len(jobs) - len(waiting) + count_before(waiting, turns, mine.id)


def is_postponed_job_due(session: Session) -> bool:
    """Whether the time of a job has come, or cannot be told, since the clock was set back after it was put off."""
    moment = now()
    due = (col(Job.run_after) <= moment) | (col(Job.waits_since) > moment + CLOCK_SKEW)
    return session.exec(select(Job.id).where(Job.state == JobState.LATER, due).limit(1)).first() is not None


def release_postponed_jobs(session: Session) -> None:
    """Let the jobs whose time has come wait for their turn; what was put off under a clock that is set back now waits as long anew."""
    moment = now()
    later = select(Job).where(Job.state == JobState.LATER)
    for job in session.exec(later.where(col(Job.waits_since) > moment + CLOCK_SKEW).with_for_update(skip_locked=True)):
        _postpone_job(job, (job.run_after or moment) - (job.waits_since or moment))
    session.flush()
    due = update(Job).where(col(Job.state) == JobState.LATER, col(Job.run_after) <= moment)
    session.exec(due.values(state=JobState.WAITING.value, run_after=None, waits_since=None))


def take_job(session: Session, lane: JobLane, lease: str) -> Job | None:
    """The oldest waiting job of the city that was served longest ago in this lane, leased to the caller. Safe between processes."""
    for city_id in _list_cities_in_turn(session, lane):
        query = select(Job).where(Job.state == JobState.WAITING, Job.lane == lane.value, Job.city_id == city_id)
        job = session.exec(query.order_by(col(Job.id)).limit(1).with_for_update(skip_locked=True)).first()
        if job:
            _lease_job(session, job, lease)
            return job
    return None


def take_new_job(session: Session, job: Job, lease: str) -> None:
    """Lease a job that was enqueued in this very transaction to the caller, whoever's turn it is."""
    _lease_job(session, job, lease)


def _lease_job(session: Session, job: Job, lease: str) -> None:
    last = session.exec(select(func.max(Job.turn))).first() or 0
    job.state, job.lease, job.beat = JobState.RUNNING.value, lease, 0
    job.attempts, job.turn = job.attempts + 1, last + 1
    session.add(job)
    session.flush()


def _list_cities_in_turn(session: Session, lane: JobLane) -> list[int]:
    """Cities with a job that waits in the lane, the one served longest ago first."""
    served = select(func.max(Job.turn)).where(Job.lane == lane.value, Job.city_id == City.id).scalar_subquery()
    waits = exists().where(
        col(Job.state) == JobState.WAITING, col(Job.lane) == lane.value, col(Job.city_id) == col(City.id)
    )
    query = select(City.id).where(waits).order_by(func.coalesce(served, 0), col(City.id))
    return [city_id or 0 for city_id in session.exec(query)]


def hold_job(session: Session, job_id: int, lease: str) -> Job:
    """The job, which nobody else takes before the transaction ends. Raises LeaseLost where the lease is not this one any more."""
    query = select(Job).where(Job.id == job_id, Job.state == JobState.RUNNING, Job.lease == lease)
    job = session.exec(query.with_for_update().execution_options(populate_existing=True)).first()
    if job is None:
        raise LeaseLost
    return job


def advance_beat(session: Session, job_id: int, lease: str) -> bool:
    """Show that the holder lives; False when it holds the job no more."""
    statement = update(Job).where(col(Job.id) == job_id, col(Job.state) == JobState.RUNNING, col(Job.lease) == lease)
    return session.exec(statement.values(beat=Job.beat + 1)).rowcount == 1


class LeaseBeat(NamedTuple):
    """Of a running job: who holds it and how far the holder has counted."""

    job_id: int
    lease: str
    beat: int


def list_beats(session: Session) -> list[LeaseBeat]:
    """Of every job that is being done."""
    query = select(Job.id, Job.lease, Job.beat).where(Job.state == JobState.RUNNING)
    return [LeaseBeat(job_id or 0, lease, count) for job_id, lease, count in session.exec(query)]


def finish_job(session: Session, job_id: int, lease: str, error: str = "", *, may_retry: bool = False) -> bool:
    """Close the job, or put it off for another try; True when it will be tried again. Raises LeaseLost."""
    job = hold_job(session, job_id, lease)
    retry = may_retry and may_try_again(job.kind, job.attempts, now() - job.created_at)
    job.error, job.lease = error, ""
    if retry:
        _postpone_job(job, timedelta(seconds=retry_seconds(job.attempts)))
    else:
        _end_job(job, JobState.FAILED if error else JobState.DONE)
    session.add(job)
    return retry


def _end_job(job: Job, state: JobState) -> None:
    job.state, job.ended_at = state.value, now()


def begin_handover(session: Session, job_id: int, most: int) -> bool:
    """Count that the mail of this job is about to be given to the server; False where that was done so often already."""
    job = session.exec(select(Job).where(Job.id == job_id).with_for_update()).one()
    payload = json.loads(job.payload)
    handed: int = payload.get("handed", 0)
    job.payload = json.dumps(payload | {"handed": handed + 1})
    return handed < most


def undo_handover(session: Session, job_id: int) -> None:
    """The server has not taken it."""
    job = session.exec(select(Job).where(Job.id == job_id).with_for_update()).one()
    payload = json.loads(job.payload)
    job.payload = json.dumps(payload | {"handed": payload["handed"] - 1})


def return_job(session: Session, job_id: int, lease: str) -> None:
    """Let another worker have the job at once; that it was begun here does not count as an attempt. Raises LeaseLost."""
    job = hold_job(session, job_id, lease)
    job.state, job.lease, job.attempts = JobState.WAITING.value, "", job.attempts - 1
    session.add(job)


def reclaim_job(session: Session, last_beat: LeaseBeat, error: str) -> Job | None:
    """Let others have a job whose holder has stopped counting, or close it as failed when that was its last attempt.

    None where the holder has counted on meanwhile, or has ended it.
    """
    query = select(Job).where(Job.id == last_beat.job_id, Job.state == JobState.RUNNING, Job.lease == last_beat.lease)
    job = session.exec(query.where(Job.beat == last_beat.beat).with_for_update()).first()
    if job is None:
        return None
    job.lease, job.state = "", JobState.WAITING.value
    if not may_try_again(job.kind, job.attempts, now() - job.created_at):
        job.error = error
        _end_job(job, JobState.FAILED)
    session.add(job)
    return job


def delete_ended_jobs(session: Session, state: JobState, before: datetime, most: int) -> int:
    """Remove at most so many jobs that ended in this state before then; returns how many it were."""
    ended_jobs = (
        select(Job.id).where(Job.state == state, col(Job.ended_at) < before).order_by(col(Job.ended_at)).limit(most)
    )
    ids: Collection[int | None] = session.exec(ended_jobs).all()
    session.exec(delete(Job).where(col(Job.id).in_(ids)))
    return len(ids)
