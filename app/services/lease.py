"""A job in hand: kept by counting on while it is done, and nothing written by whoever has lost it."""

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from types import TracebackType

import structlog
from sqlmodel import Session

from app.services.site import Site
from app.store import job
from app.store.database.engine import Database
from app.store.job import Job, LeaseBeat

log = structlog.get_logger()

BEAT_SECONDS = 3.0
LEFT_AFTER_SECONDS = 20.0
"""A holder that has not counted on for so long is dead, or will find that it has lost the job."""
LOOK_SECONDS = 3.0
"""No more than this counts between two looks: a machine that slept, or a database that was away, makes nobody dead."""


def new_lease_token() -> str:
    return secrets.token_hex(16)


class Lease:
    """A taken job. While the block runs a thread counts on; `site` is the installation with a database that only a holder can write."""

    def __init__(self, site: Site, taken: Job, beat_seconds: float = BEAT_SECONDS) -> None:
        self.job = taken
        self.job_id = taken.id
        self.site = _hold_site(site, self._hold)
        self._database = site.database
        self._token = taken.lease
        self._every = beat_seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"lease of job {self.job_id}", daemon=True)

    def __enter__(self) -> "Lease":
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _problem: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._ended.set()

    def _hold(self, session: Session) -> None:
        job.hold_job(session, self.job_id, self._token)

    def _beat(self) -> None:
        while not self._ended.wait(self._every):
            try:
                with self._database.writing() as session:
                    if not job.advance_beat(session, self.job_id, self._token):
                        return
            except Exception as problem:
                log.warning("lease not renewed", job=self.job_id, problem=type(problem).__name__)

    def finish(self, session: Session, error: str = "", *, again: bool = False) -> bool:
        """Close the job in this transaction, or put it off; True when it will be tried again. Raises LeaseLost."""
        return job.finish_job(session, self.job_id, self._token, error, may_retry=again)

    def give_back(self) -> None:
        """Let another worker begin it anew, now; what is still done here is not written. Raises LeaseLost."""
        self._ended.set()
        with self._database.writing() as session:
            job.return_job(session, self.job_id, self._token)


def _hold_site(site: Site, hold: Callable[[Session], None]) -> Site:
    """The same installation, its storage and PDF process shared, with a database that is written under the lease."""
    _ = site.storage, site.pdf  # made once for both
    own = copy(site)
    own.database = _HeldDatabase(site.database, hold)
    return own


class _HeldDatabase(Database):
    def __init__(self, shared: Database, hold: Callable[[Session], None]) -> None:
        self.__dict__.update(shared.__dict__)
        self._under_lease = hold

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """As ever, and the lease stays held until the transaction ends. Raises LeaseLost before anything is done without it."""
        with super().writing() as session:
            self._under_lease(session)
            yield session


class LeaseWatch:
    """Finds running jobs whose holder has stopped counting, by `clock` alone: seconds that only go forward."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._looked = clock()
        self._still: dict[LeaseBeat, float] = {}

    def left(self, beats: Sequence[LeaseBeat]) -> list[LeaseBeat]:
        """Those of the running jobs that have stood still for LEFT_AFTER_SECONDS of looking."""
        moment = self._clock()
        passed = min(moment - self._looked, LOOK_SECONDS)
        self._looked = moment
        self._still = {each: self._still[each] + passed if each in self._still else 0.0 for each in beats}
        return [each for each, seconds in self._still.items() if seconds >= LEFT_AFTER_SECONDS]
