"""Tries that are counted in the database, so that all processes share the limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.rules.account.tries import TryLimit, minutes_until
from app.rules.errors import CityReadyError
from app.rules.message import counted
from app.services.site import Site
from app.store.account.tries import add_tries, list_tries, lock_tries
from app.store.database.engine import now


class TooManyAttempts(CityReadyError):
    """Nothing is taken from there for `seconds`."""

    def __init__(self, until: datetime, at: datetime) -> None:
        minutes = minutes_until(until, at)
        self.seconds = minutes * 60
        super().__init__(
            counted(
                "Too many attempts. Try again in %(count)s minute.",
                "Too many attempts. Try again in %(count)s minutes.",
                minutes,
            )
        )


@dataclass(frozen=True)
class CountedTry:
    """The numbers of its rows, and whether it is the last before a pause."""

    ids: tuple[int, ...]
    last: bool


def count_try(site: Site, limits: Sequence[TryLimit]) -> CountedTry:
    """Count a try before what it brings is looked at: of many in the same moment no more pass than of those one after the other.

    Raises TooManyAttempts, without having written or waited for anything where the pause is known already.
    """
    with site.database.reading() as session:
        check_limits(session, limits)
    with site.database.writing() as session:
        lock_tries(session)
        last = check_limits(session, limits)
        return CountedTry(add_tries(session, [limit.subject for limit in limits]), last)


def check_limits(session: Session, limits: Sequence[TryLimit]) -> bool:
    """Whether one more makes a pause; nothing is counted. Raises TooManyAttempts where there is one."""
    moment = now()
    counts = [(limit, list_tries(session, limit.subject, moment - limit.within, limit.most)) for limit in limits]
    pauses = [until for limit, times in counts if (until := limit.free_at(times))]
    if pauses:
        raise TooManyAttempts(max(pauses), moment)
    return any(len(times) + 1 >= limit.most for limit, times in counts)
