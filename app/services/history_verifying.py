"""Whether a city's record is complete and unaltered: each event against itself, the one before it, and what is kept elsewhere of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.rules.history_anchor import SHORTEST_HASH, Anchor
from app.rules.wording import Said, say
from app.store import history, report
from app.store.city import City
from app.store.history import HistoryEvent

MOST_PROBLEMS = 50


@dataclass(frozen=True)
class RecordCheck:
    """What was compared and what does not fit; `number` and `head` are those of the newest event.

    `problems` are sentences for a person, the first that were found; `more` says how many follow.
    """

    events: int
    reports: int
    anchors: int
    number: int
    head: str
    problems: tuple[Said, ...] = ()
    more: int = 0

    @property
    def whole(self) -> bool:
        return not self.problems


def verify_city(session: Session, city_id: int, anchors: Sequence[Anchor] = ()) -> RecordCheck:
    """Compare the city's whole record with itself, with its reports, and with `anchors` that were kept outside.

    Give it a session of `Database.snapshot()`, so that changes that happen meanwhile are no difference. It reads row by row, whatever
    the size of the city, and takes time in proportion to it. It changes nothing, asks for no rights, and finds every problem.
    """
    city = session.get_one(City, city_id)
    reports = report.anchors(session, city_id)
    chain = _Chain(_marks(city, reports, anchors))
    problems = list(chain.problems(history.stream(session, city_id)))
    return RecordCheck(
        events=chain.number,
        reports=len(reports),
        anchors=len(anchors),
        number=chain.number,
        head=chain.head,
        problems=tuple(problems[:MOST_PROBLEMS]),
        more=max(len(problems) - MOST_PROBLEMS, 0),
    )


@dataclass(frozen=True)
class _Mark:
    """The hash that event `number` must have, and what to say where it has another; `by_others` where it was printed or handed out."""

    number: int
    hash: str
    otherwise: Said
    by_others: bool = True


def _marks(city: City, reports: Sequence[tuple[int, int, str]], anchors: Sequence[Anchor]) -> list[_Mark]:
    marks = [_Mark(number, head, _not_as_printed(number, no)) for no, number, head in reports]
    marks += [_Mark(anchor.number, anchor.hash, _not_as_kept(anchor)) for anchor in anchors]
    if city.history_count:
        marks.append(_Mark(city.history_count, city.history_head, _not_as_marked(city.history_count), by_others=False))
    return marks


def _not_as_printed(number: int, report_number: int) -> Said:
    return say(
        "Event %(number)s is not the one that report no. %(report)s shows, so the record was rewritten since.",
        number=number,
        report=report_number,
    )


def _not_as_kept(anchor: Anchor) -> Said:
    return say(
        "Event %(number)s is not the one of your anchor %(anchor)s, so the record was rewritten since.",
        number=anchor.number,
        anchor=str(anchor),
    )


def _not_as_marked(number: int) -> Said:
    return say("Event %(number)s is not the one that the city’s own mark names.", number=number)


class _Chain:
    """Follows the events from the first to the last and says where they break off; `number` and `head` are where it stands."""

    def __init__(self, marks: Sequence[_Mark]) -> None:
        self.number, self.head = 0, ""
        self._marks: dict[int, list[_Mark]] = {}
        for mark in marks:
            self._marks.setdefault(mark.number, []).append(mark)

    def problems(self, events: Iterator[HistoryEvent]) -> Iterator[Said]:
        for event in events:
            if event.number > self.number + 1:
                yield self._missing()
            else:
                yield from self._misfit(event)
            self.number, self.head = event.number, event.hash
            yield from self._unlike_marks(event)
        for number in sorted(self._marks):
            yield from (mark.otherwise if mark.by_others else self._missing() for mark in self._marks[number])

    def _missing(self) -> Said:
        return say("Event %(number)s is missing from the record.", number=self.number + 1)

    def _misfit(self, event: HistoryEvent) -> Iterator[Said]:
        fits = event.number == self.number + 1 and event.previous_hash == self.head
        if not fits or event.hash != history.digest(event):
            yield say(
                "Event %(number)s does not fit: it, or the one before it, was changed after it was written.",
                number=event.number,
            )

    def _unlike_marks(self, event: HistoryEvent) -> Iterator[Said]:
        for mark in self._marks.pop(event.number, ()):
            if not (event.hash.startswith(mark.hash) and len(mark.hash) >= SHORTEST_HASH):
                yield mark.otherwise
