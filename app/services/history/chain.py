"""Whether the events of a city follow each other, each as it was written, with what is kept of each and what is known of it elsewhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.rules.history.anchor import SHORTEST_HASH, Anchor
from app.rules.message import Message, say
from app.store.city import City
from app.store.history import baseline
from app.store.history import events as history
from app.store.history.event import StateDigest
from app.store.history.events import HistoryEvent
from app.store.history.recorded import RowState


@dataclass(frozen=True)
class ExpectedMark:
    """The hash that event `number` must have, and what to say where it has another; `by_others` where it was printed or handed out."""

    number: int
    hash: str
    otherwise: Message
    by_others: bool = True


def expected_marks(
    city: City, reports: Sequence[tuple[int, int, str]], anchors: Sequence[Anchor]
) -> list[ExpectedMark]:
    marks = [ExpectedMark(number, head, _differs_from_report(number, no)) for no, number, head in reports]
    marks += [ExpectedMark(anchor.number, anchor.hash, _differs_from_anchor(anchor)) for anchor in anchors]
    own = ExpectedMark(city.history_count, city.history_head, _differs_from_mark(city.history_count), by_others=False)
    return [*marks, own] if city.history_count else marks


def _differs_from_report(number: int, report_number: int) -> Message:
    return say(
        "Event %(number)s is not the one that report no. %(report)s shows, so the record was rewritten since.",
        number=number,
        report=report_number,
    )


def _differs_from_anchor(anchor: Anchor) -> Message:
    return say(
        "Event %(number)s is not the one of your anchor %(anchor)s, so the record was rewritten since.",
        number=anchor.number,
        anchor=str(anchor),
    )


def _differs_from_mark(number: int) -> Message:
    return say("Event %(number)s is not the one that the city’s own mark names.", number=number)


class EventChain:
    """Follows the events from the first to the last and says where they break off; `number` and `head` are where it stands."""

    def __init__(self, marks: Sequence[ExpectedMark], states: Iterator[RowState]) -> None:
        self.number, self.head, self.baseline = 0, "", 0
        self._states = _StateFollower(states)
        self._marks: dict[int, list[ExpectedMark]] = {}
        for mark in marks:
            self._marks.setdefault(mark.number, []).append(mark)

    def problems(self, events: Iterator[HistoryEvent], marked: int) -> Iterator[Message]:
        """`marked` is how many events the city itself counts."""
        for event in events:
            if event.number > self.number + 1:
                yield self._missing()
            else:
                yield from self._misfit(event)
            yield from self._states.problems(event)
            self.number, self.head = event.number, event.hash
            if event.verb == baseline.BASELINE_VERB:
                self.baseline = event.number
            yield from self._unlike_marks(event)
        if marked < self.number:
            yield say("The city counts %(marked)s events, but there are %(number)s.", marked=marked, number=self.number)
        yield from self._states.left()
        for number in sorted(self._marks):
            yield from (mark.otherwise if mark.by_others else self._missing() for mark in self._marks[number])

    def _missing(self) -> Message:
        return say("Event %(number)s is missing from the record.", number=self.number + 1)

    def _misfit(self, event: HistoryEvent) -> Iterator[Message]:
        fits = event.number == self.number + 1 and event.previous_hash == self.head
        if not fits or event.hash != history.hash_event(event):
            yield say(
                "Event %(number)s does not fit: it, or the one before it, was changed after it was written.",
                number=event.number,
            )

    def _unlike_marks(self, event: HistoryEvent) -> Iterator[Message]:
        for mark in self._marks.pop(event.number, ()):
            if not (event.hash.startswith(mark.hash) and len(mark.hash) >= SHORTEST_HASH):
                yield mark.otherwise


class _StateFollower:
    """What the events led to, read along with them."""

    def __init__(self, states: Iterator[RowState]) -> None:
        self._states, self._next = states, next(states, None)

    def problems(self, event: HistoryEvent) -> Iterator[Message]:
        if self._next and self._next.number < event.number:
            yield _without_event(self._next.number)
        digest = StateDigest()
        while self._next and self._next.number <= event.number:
            if self._next.number == event.number:
                digest.take(self._next.kind, self._next.row_id, self._next.before, self._next.after)
            self._next = next(self._states, None)
        if digest.read() != event.state:
            yield say("What is kept of event %(number)s was changed after it was written.", number=event.number)

    def left(self) -> Iterator[Message]:
        """Of events that are not there."""
        if self._next:
            yield _without_event(self._next.number)
        for _ in self._states:
            pass


def _without_event(number: int) -> Message:
    return say("Something is kept of event %(number)s, which is not in the record.", number=number)
