"""Whether a city's record is complete and unaltered: its events, what is kept of them elsewhere, and the rows that they led to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from types import MappingProxyType

from sqlmodel import Session

from app.rules.errors import Invalid
from app.rules.history.anchor import MOST_TEXT, Anchor, anchors_of_city, read_anchors
from app.rules.history.state import ROW_KINDS
from app.rules.message import Message, say
from app.services.city import find_city
from app.services.desk import Desk
from app.services.history.chain import EventChain, expected_marks
from app.services.history.page import criterion_titles
from app.services.history.states import KindCheck, RowComparison, RowProblem, tell_rows
from app.store.city import City, list_cities
from app.store.history import events as history
from app.store.history import recorded
from app.store.report.reports import list_anchors

MOST_PROBLEMS = 50
UNTITLED: Mapping[str, str] = MappingProxyType({})
"""Where nobody reads the problems on a page."""


@dataclass(frozen=True)
class HistoryCheck:
    """What was compared and what does not fit; `number` and `head` are those of the newest event.

    `kinds` are the rows that the events led to, kind by kind; `baseline` is the event from which on that is recorded, 0 for the first.
    `problems` are sentences for a person, the first that were found; `more` says how many follow.
    """

    events: int
    reports: int
    anchors: int
    kinds: tuple[KindCheck, ...]
    baseline: int
    number: int
    head: str
    problems: tuple[Message, ...] = ()
    more: int = 0

    @property
    def whole(self) -> bool:
        return not self.problems

    @property
    def rows(self) -> int:
        return sum(kind.compared for kind in self.kinds)

    @property
    def count(self) -> int:
        """How many things do not fit."""
        return len(self.problems) + self.more


def verify_city(
    session: Session, city_id: int, anchors: Sequence[Anchor] = (), titles: Mapping[str, str] = UNTITLED
) -> HistoryCheck:
    """Compare the city's whole record with itself, with its reports, with the rows that it led to, and with `anchors` from outside.

    Give it a session of `Database.snapshot()`, so that changes that happen meanwhile are no difference. It reads row by row, whatever
    the size of the city, and takes time in proportion to it. It changes nothing, asks for no rights, and finds every problem; `titles`
    are those of criteria by code, for sentences that name one.
    """
    city = session.get_one(City, city_id)
    reports = list_anchors(session, city_id)
    chain = EventChain(expected_marks(city, reports, anchors), recorded.stream_states(session, city_id))
    problems = _ProblemList()
    problems.take(chain.problems(history.stream_events(session, city_id), city.history_count))
    kinds = _compare_rows(session, city_id, problems, titles)
    return HistoryCheck(
        events=chain.number,
        reports=len(reports),
        anchors=len(anchors),
        kinds=kinds,
        baseline=chain.baseline,
        number=chain.number,
        head=chain.head,
        problems=tuple(problems.first),
        more=problems.more,
    )


def verify_all(session: Session, slug: str | None, anchors: Sequence[Anchor]) -> Iterator[tuple[str, HistoryCheck]]:
    """`verify_city` for each city, or for the one, with the anchors that are of it or name none; with the city's slug.

    Raises NotFound, and Invalid where an anchor could be of several cities, or is of none that is looked at.
    """
    cities = _list_cities(session, slug)
    if len(cities) > 1 and any(not anchor.slug for anchor in anchors):
        raise Invalid({"anchor": say("Say with --city which city this anchor is of.")})
    unknown = {anchor.slug for anchor in anchors if anchor.slug} - {each.slug for each in cities}
    if unknown and not slug:
        raise Invalid(
            {"anchor": say("There is no city “%(slug)s” here, but an anchor of it was given.", slug=min(unknown))}
        )
    for each in cities:
        own_anchors = (
            anchors_of_city(anchors, each.slug)
            if slug
            else tuple(one for one in anchors if one.slug in ("", each.slug))
        )
        yield each.slug, verify_city(session, each.id, own_anchors)


def newest_anchors(session: Session, slug: str | None) -> list[str]:
    """A line for each city, or for the one, with what `read_anchors` reads and the moment of the event. Raises NotFound."""
    lines = []
    for each in _list_cities(session, slug):
        event = history.find_event(session, each.id, each.history_count)
        if event:
            at = event.at.astimezone(UTC).isoformat(timespec="seconds")
            lines.append(f"{each.slug} {Anchor(event.number, event.hash)} {at}")
    return lines


def _list_cities(session: Session, slug: str | None) -> list[City]:
    return [find_city(session, slug)] if slug else list_cities(session)


@dataclass(frozen=True)
class VerifyPage:
    """What the page shows: the check, what was typed as anchors, and what is wrong with that."""

    check: HistoryCheck
    typed: str
    errors: Mapping[str, Message]


def load_verification_page(desk: Desk, typed: str) -> VerifyPage:
    """As `verify_city`, with the anchors that a person pasted; those of other cities are left out."""
    errors: Mapping[str, Message] = {}
    anchors: tuple[Anchor, ...] = ()
    try:
        anchors = anchors_of_city(read_anchors(typed), desk.who.city.slug)
    except Invalid as refused:
        errors = refused.fields
    check = verify_city(desk.session, desk.city_id, anchors, criterion_titles(desk))
    return VerifyPage(check, typed[:MOST_TEXT], errors)


class _ProblemList:
    """The first MOST_PROBLEMS, and a count of the others."""

    def __init__(self) -> None:
        self.first: list[Message] = []
        self.more = 0

    def take(self, problems: Iterable[Message]) -> None:
        for problem in problems:
            if len(self.first) < MOST_PROBLEMS:
                self.first.append(problem)
            else:
                self.more += 1


def _compare_rows(
    session: Session, city_id: int, problems: _ProblemList, titles: Mapping[str, str]
) -> tuple[KindCheck, ...]:
    comparison, kinds = RowComparison(session, city_id), []
    for kind, named in ROW_KINDS.items():
        told: list[RowProblem] = []
        differing = 0
        for problem in comparison.problems(kind):
            differing += 1
            if len(told) < MOST_PROBLEMS:
                told.append(problem)
        problems.take(tell_rows(session, city_id, told, titles))
        problems.more += differing - len(told)
        kinds.append(KindCheck(kind, named.several, comparison.compared, differing))
    problems.take(_unknown_kind_message(kind) for kind in recorded.list_unknown_kinds(session, city_id))
    return tuple(kinds)


def _unknown_kind_message(kind: str) -> Message:
    return say("The record speaks of “%(kind)s”, which this version of the app does not know.", kind=kind)
