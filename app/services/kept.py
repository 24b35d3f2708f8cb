"""What is worked out from a city's rows, kept under the number of the city's last change: once for all people and pages.

Every change of a row that belongs to a city moves the city's history in the same transaction, and the record says which rows those
were, see `app.store.history.recording`. So what was worked out at a number is right for whoever sees that number; and it is still right
at a later one where no row of the kinds that it was made from has changed in between.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from sqlmodel import Session

from app.rules.city.naming import CityValues
from app.store import city
from app.store.database.engine import Database
from app.store.history import recorded, recording

MOST_KEPT = 400
"""Results, of which a city in use needs about ten."""
MOST_CHANGES = 200
"""After so many changes it is quicker to work something out again than to look what they were."""
Worked = TypeVar("Worked")


class KeptResult(NamedTuple):
    """What was worked out, and the number of the last change at which it is known to be right."""

    number: int
    worked: Any


class KeptResults:
    """Kept in memory, the least recently used thrown out first. Whoever is given something only reads it: it is everyone's."""

    def __init__(self, database: Database, most: int = MOST_KEPT) -> None:
        self._database, self._most = database, most
        self._results: OrderedDict[tuple[Hashable, ...], KeptResult] = OrderedDict()
        self._lock = Lock()

    def trust_city(self, session: Session, read_here: CityValues) -> None:
        """The city was read in this session, in which nothing will be written: nobody has to ask for its last number again."""
        city.note_number(session, read_here)

    def seen_by(self, session: Session, of: CityValues) -> "CityResults":
        """The city's results, as this session sees the city now.

        A session that has changed something works everything out for itself: that is under no number yet.
        """
        has_changed = not self._database.only_reads(session) and recording.has_changed_rows(session)
        number = None if has_changed else city.last_number(session, of.id)
        return CityResults(self, session, of, number)

    def find_result(self, key: tuple[Hashable, ...]) -> KeptResult | None:
        with self._lock:
            return self._results.get(key)

    def keep_result(self, key: tuple[Hashable, ...], result: KeptResult) -> None:
        """Whoever sees the city as it was a moment ago takes nothing away from those who see it as it is."""
        with self._lock:
            newer = self._results.get(key)
            if newer is None or newer.number <= result.number:
                self._results[key] = result
                self._results.move_to_end(key)
            while len(self._results) > self._most:
                self._results.popitem(last=False)


class CityResults:
    """One city's results for one session; `number` is None for one that has changed something."""

    def __init__(self, kept: KeptResults, session: Session, of: CityValues, number: int | None) -> None:
        self.session, self.city = session, of
        self._kept, self._number = kept, number

    def find(self, about: Hashable, work_out: Callable[[], Worked], kinds: frozenset[str] | None = None) -> Worked:
        """What `about` names, kept or worked out now. `about` holds everything that it depends on besides the city's rows, and `kinds`
        are the tables that it is made from; None for all of them.
        """
        if self._number is None:
            return work_out()
        key = self._key(about)
        result = self._kept.find_result(key)
        if result is None or not self._still_holds(result.number, self._number, kinds):
            result = KeptResult(self._number, work_out())
        self._kept.keep_result(key, result._replace(number=self._number))
        worked: Worked = result.worked
        return worked

    def find_earlier(self, about: Hashable) -> Any:
        """What was worked out last, at whatever number, to take over what has not changed since; None where nothing is kept."""
        result = None if self._number is None else self._kept.find_result(self._key(about))
        return result.worked if result else None

    @property
    def number(self) -> int | None:
        """The number of the last change that this session sees; None where it has changed something itself."""
        return self._number

    def _key(self, about: Hashable) -> tuple[Hashable, ...]:
        """The moment of its making, too: a number is given to another city when this one is gone."""
        return self.city.id, self.city.created_at, about

    def _still_holds(self, then: int, number: int, kinds: frozenset[str] | None) -> bool:
        if kinds is None or then >= number or number - then > MOST_CHANGES:
            return then == number
        return kinds.isdisjoint(self._changed_kinds(then, number))

    def _changed_kinds(self, then: int, number: int) -> frozenset[str]:
        """The kinds of rows that have changed in between; asked once for all that was worked out at the same number."""
        key = self._key(("changed since", then))
        result = self._kept.find_result(key)
        if result is None or result.number != number:
            result = KeptResult(number, recorded.kinds_after(self.session, self.city.id, then))
            self._kept.keep_result(key, result)
        changed: frozenset[str] = result.worked
        return changed
