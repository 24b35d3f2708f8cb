"""Jobs: written in the transaction of the change that needs them, taken by a worker with a lease, tried again after a crash."""

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Text
from sqlmodel import Field, Session, SQLModel, col, or_, select

from app.store.database import Utc, now

LEASE = timedelta(minutes=3)
MOST_ATTEMPTS = 3


class Job(SQLModel, table=True):
    """`state`: waiting, running, done, failed. A running job whose lease ran out is taken again."""

    id: int | None = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    kind: str = Field(max_length=30)
    payload: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    state: str = Field(default="waiting", max_length=10, index=True)
    attempts: int = 0
    run_after: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))
    leased_until: datetime | None = Field(default=None, sa_column=Column(Utc))
    error: str = Field(default="", sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(default_factory=now, sa_column=Column(Utc, nullable=False))


def enqueue(session: Session, city_id: int, kind: str, *, after: timedelta = timedelta(), **payload: Any) -> Job:
    job = Job(city_id=city_id, kind=kind, payload=json.dumps(payload), run_after=now() + after)
    session.add(job)
    session.flush()
    return job


def _due() -> ColumnElement[bool]:
    """Waiting and due, or left by a worker whose lease ran out; not what has killed its worker MOST_ATTEMPTS times."""
    moment = now()
    free = (col(Job.state) == "waiting") & (col(Job.run_after) <= moment)
    left = (col(Job.state) == "running") & (col(Job.leased_until) < moment) & (col(Job.attempts) < MOST_ATTEMPTS)
    return or_(free, left)


def is_any_due(session: Session) -> bool:
    return session.exec(select(Job.id).where(_due()).limit(1)).first() is not None


def is_open(session: Session, city_id: int, kind: str, **payload: Any) -> bool:
    """Whether a job of the kind with at least this in its payload waits, or is being done."""
    doing = (col(Job.leased_until) >= now()) | (col(Job.attempts) < MOST_ATTEMPTS)
    open_ = or_(col(Job.state) == "waiting", (col(Job.state) == "running") & doing)
    found = session.exec(select(Job.payload).where(Job.city_id == city_id, Job.kind == kind, open_))
    return any(payload.items() <= json.loads(one).items() for one in found)


def take(session: Session) -> Job | None:
    """The oldest job that is due, now leased to the caller. Safe between processes."""
    query = select(Job).where(_due()).order_by(col(Job.id)).limit(1).with_for_update(skip_locked=True)
    job = session.exec(query).first()
    if job is None:
        return None
    job.state, job.attempts, job.leased_until = "running", job.attempts + 1, now() + LEASE
    session.add(job)
    session.flush()
    return job


def finish(session: Session, job_id: int, error: str = "", *, again: bool = False) -> bool:
    """Close the job, or put it back for another try; True when it will be tried again."""
    job = session.get_one(Job, job_id)
    retry = again and job.attempts < MOST_ATTEMPTS
    job.error = error
    job.leased_until = None
    job.state = "waiting" if retry else ("failed" if error else "done")
    job.run_after = now() + timedelta(seconds=5 * job.attempts) if retry else job.run_after
    session.add(job)
    return retry
