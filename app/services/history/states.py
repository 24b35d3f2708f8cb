"""Whether the rows of a city say what its events led to: nothing altered, removed or added from outside."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from sqlmodel import Session

from app.rules.history.state import RowDifference, describe_difference
from app.rules.message import Message, say
from app.store import people
from app.store.history import events, fingerprint, recorded
from app.store.history.fingerprint import Fingerprint
from app.store.history.recorded import RowState

FEW_ROWS = 6
"""What an event may have changed at most to lend its subject to a row that is gone."""


@dataclass(frozen=True)
class KindCheck:
    """How many rows of a kind were compared, and how many of them, or of what should be there, differ."""

    kind: str
    several: Message
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
    difference: RowDifference
    number: int


class RowComparison:
    """Compares one kind after the other; `compared` counts the rows of the kind that it is at."""

    def __init__(self, session: Session, city_id: int) -> None:
        self._session, self._city_id = session, city_id
        self.compared = 0

    def problems(self, kind: str) -> Iterator[RowProblem]:
        """Both sides come in the order of ids, so that neither is held whole."""
        self.compared = 0
        states_by_row = groupby(
            recorded.stream_states_of_kind(self._session, self._city_id, kind), key=lambda state: state.row_id
        )
        current_rows = self._counted(
            fingerprint.read_fingerprints_of_city(self._session.connection(), kind, self._city_id)
        )
        current_row = next(current_rows, None)
        for row_id, states in states_by_row:
            while current_row and current_row.row_id < row_id:
                yield RowProblem(kind, current_row.row_id, RowDifference.UNRECORDED, 0)
                current_row = next(current_rows, None)
            here = current_row if current_row and current_row.row_id == row_id else None
            yield from _list_differences(kind, row_id, list(states), here)
            current_row = next(current_rows, None) if here else current_row
        while current_row:
            yield RowProblem(kind, current_row.row_id, RowDifference.UNRECORDED, 0)
            current_row = next(current_rows, None)

    def _counted(self, rows: Iterator[Fingerprint]) -> Iterator[Fingerprint]:
        for current_row in rows:
            self.compared += 1
            yield current_row


def _list_differences(
    kind: str, row_id: int, states: list[RowState], current_row: Fingerprint | None
) -> Iterator[RowProblem]:
    last, is_now = states[-1], current_row.sha256 if current_row else ""
    if last.after != is_now:
        difference = (
            RowDifference.ALTERED if last.after and is_now else RowDifference.GONE if last.after else RowDifference.BACK
        )
        yield RowProblem(kind, row_id, difference, last.number)
    before = ""
    for state in states:
        if state.before != before:
            yield RowProblem(kind, row_id, RowDifference.OVERWRITTEN, state.number)
            return
        before = state.after


def tell_rows(session: Session, city_id: int, problems: list[RowProblem], titles: Mapping[str, str]) -> list[Message]:
    """A sentence for each, with the name that a person has for the row: the code of a criterion beside its title, where `titles` has it."""
    names_by_kind = {
        kind: recorded.load_row_names(session, kind, {problem.row_id for problem in problems if problem.kind == kind})
        for kind in {problem.kind for problem in problems}
    }

    def name_row(problem: RowProblem) -> Message | str:
        name = names_by_kind[problem.kind].get(problem.row_id) or _name_from_event(session, city_id, problem)
        return f"{name} {titles[name]}" if isinstance(name, str) and name in titles else name

    return [
        describe_difference(problem.kind, problem.difference, name_row(problem), problem.number) for problem in problems
    ]


def _name_from_event(session: Session, city_id: int, problem: RowProblem) -> Message | str:
    """For a row that is gone: what its event was about, where that was about little else; otherwise its number in the database."""
    event = events.find_event(session, city_id, problem.number)
    if (
        event is None
        or problem.kind == "evidence"
        or recorded.count_changed_rows(session, city_id, event.number) > FEW_ROWS
    ):
        return say("no. %(number)s", number=problem.row_id)
    person = people.load_names(session, city_id).get(json.loads(event.details).get("person") or 0, "")
    return person or event.subject or say("no. %(number)s", number=problem.row_id)
