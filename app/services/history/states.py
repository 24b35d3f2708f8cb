"""Whether the rows of a city say what its events led to: nothing altered, removed or added from outside."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from sqlmodel import Session

from app.rules.history.state import Difference, tell_difference
from app.rules.message import Said, say
from app.store import people
from app.store.history import events, fingerprint, recorded
from app.store.history.fingerprint import Fingerprint
from app.store.history.recorded import State

FEW_ROWS = 6
"""What an event may have changed at most to lend its subject to a row that is gone."""


@dataclass(frozen=True)
class KindCheck:
    """How many rows of a kind were compared, and how many of them, or of what should be there, differ."""

    kind: str
    several: Said
    compared: int
    differing: int

    @property
    def well(self) -> bool:
        return not self.differing


@dataclass(frozen=True)
class RowProblem:
    """A row that differs; `number` is the event that recorded it last, 0 where none did."""

    kind: str
    row_id: int
    difference: Difference
    number: int


class RowComparison:
    """Compares one kind after the other; `compared` counts the rows of the kind that it is at."""

    def __init__(self, session: Session, city_id: int) -> None:
        self._session, self._city_id = session, city_id
        self.compared = 0

    def problems(self, kind: str) -> Iterator[RowProblem]:
        """Both sides come in the order of ids, so that neither is held whole."""
        self.compared = 0
        said = groupby(recorded.states_of_kind(self._session, self._city_id, kind), key=lambda state: state.row_id)
        rows = self._counted(fingerprint.of_city(self._session.connection(), kind, self._city_id))
        row = next(rows, None)
        for row_id, states in said:
            while row and row.row_id < row_id:
                yield RowProblem(kind, row.row_id, Difference.UNRECORDED, 0)
                row = next(rows, None)
            here = row if row and row.row_id == row_id else None
            yield from _differences(kind, row_id, list(states), here)
            row = next(rows, None) if here else row
        while row:
            yield RowProblem(kind, row.row_id, Difference.UNRECORDED, 0)
            row = next(rows, None)

    def _counted(self, rows: Iterator[Fingerprint]) -> Iterator[Fingerprint]:
        for row in rows:
            self.compared += 1
            yield row


def _differences(kind: str, row_id: int, states: list[State], row: Fingerprint | None) -> Iterator[RowProblem]:
    last, is_now = states[-1], row.sha256 if row else ""
    if last.after != is_now:
        difference = Difference.ALTERED if last.after and is_now else Difference.GONE if last.after else Difference.BACK
        yield RowProblem(kind, row_id, difference, last.number)
    before = ""
    for state in states:
        if state.before != before:
            yield RowProblem(kind, row_id, Difference.OVERWRITTEN, state.number)
            return
        before = state.after


def tell(session: Session, city_id: int, problems: list[RowProblem]) -> list[Said]:
    """A sentence for each, with the name that a person has for the row."""
    called = {
        kind: recorded.names(session, kind, {problem.row_id for problem in problems if problem.kind == kind})
        for kind in {problem.kind for problem in problems}
    }
    return [
        tell_difference(
            problem.kind,
            problem.difference,
            called[problem.kind].get(problem.row_id) or _called_by_event(session, city_id, problem),
            problem.number,
        )
        for problem in problems
    ]


def _called_by_event(session: Session, city_id: int, problem: RowProblem) -> Said | str:
    """For a row that is gone: what its event was about, where that was about little else; otherwise its number in the database."""
    event = events.by_number(session, city_id, problem.number)
    if event is None or problem.kind == "evidence" or recorded.count(session, city_id, event.number) > FEW_ROWS:
        return say("no. %(number)s", number=problem.row_id)
    person = people.names(session, city_id).get(json.loads(event.details).get("person") or 0, "")
    return person or event.subject or say("no. %(number)s", number=problem.row_id)
