"""The list of criteria: by practice area, or narrowed and in another order."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.rules.board import CriterionStatus, status_of
from app.rules.criteria.edition import Area
from app.rules.listing.bar import ListBar, only_offered
from app.rules.listing.filters import (
    CORE,
    DUE,
    MINE,
    STATUS,
    area_filter,
    department_filter,
    due_choice,
    is_of_department,
)
from app.rules.listing.query import WORDS, ListQuery, count_without, narrow_entries, page_of
from app.rules.message import Message, say
from app.rules.my_work import WITH_THE_DEPARTMENT, due_in_words
from app.rules.people.permissions import OFFICE
from app.rules.review.moves import ResponseState
from app.rules.site_search import asked_words, begins_words, criterion_words, has_words
from app.services.assessment.overview import Overview, load_overview
from app.services.assessment.stand import Stand
from app.services.desk import Desk, Who
from app.services.evidence.library import search_library
from app.services.evidence.shelf import LibrarySearch
from app.store.narratives import load_narratives

PAGE_SIZE = 20
MOST_UNFOLDED = 12
"""Criteria that stand open when the list is not narrowed: with the folded areas, five screens of a phone."""
MOST_PIECES = 200
"""Pieces of evidence in which words are looked for; who finds more has to say more."""
SORTS: tuple[tuple[str, Message], ...] = (
    ("", say("In the order of the standard")),
    ("due", say("By due date")),
    ("changed", say("Last changed first")),
    ("title", say("By title")),
)


@dataclass(frozen=True)
class CriterionLine:
    """A criterion in the list. `pieces_found` counts the pieces of its evidence that have the words which were looked for."""

    stand: Stand
    is_mine: bool
    due_on: date | None
    due_words: Message | None
    is_late: bool
    pieces_found: int = 0

    @property
    def status(self) -> CriterionStatus:
        return status_of(self.stand.state, self.stand.decision)


@dataclass(frozen=True)
class CriteriaGroup:
    """A practice area with the criteria of it that fit; `met` of `total` counts all of them, `calls` those that wait for the reader."""

    area: Area
    lines: tuple[CriterionLine, ...]
    met: int
    total: int
    calls: int
    is_open: bool


@dataclass(frozen=True)
class CriteriaPage:
    """The criteria that fit: in `groups` by practice area in the order of the standard, in `lines` in any other order."""

    bar: ListBar
    groups: tuple[CriteriaGroup, ...]
    lines: tuple[CriterionLine, ...]


def list_criteria(desk: Desk, query: ListQuery) -> CriteriaPage:
    """The list as it is asked for. Words are found in the criterion's own texts, its narrative, its department and its evidence."""
    seen = load_overview(desk.session, desk.site, desk.who.city, desk.who.language)
    filters = (MINE, CORE, STATUS, DUE, area_filter(seen.edition.areas), department_filter(seen.departments.items()))
    query = only_offered(query, filters, SORTS)
    tests = _filter_tests(desk.who, seen, query)
    pieces_found: Mapping[str, int] = {}
    if asked := asked_words(query.typed):
        pieces_found, tests[WORDS] = _word_test(desk, seen, query.typed, asked)
    fitting = narrow_entries(seen.stands, tests)
    lines = [_criterion_line(desk.who, seen, stand, pieces_found) for stand in fitting]
    without = {} if fitting else count_without(seen.stands, tests)
    bar = ListBar(query, filters, len(lines), len(seen.stands), SORTS, without, folds=not query.sort)
    if query.sort:
        bar = replace(bar, page_size=PAGE_SIZE)
        return CriteriaPage(bar, (), page_of(sorted(lines, key=SORT_KEYS[query.sort]), query, PAGE_SIZE))
    return CriteriaPage(bar, tuple(_group_lines(desk.who, seen, lines, bar)), ())


def _filter_tests(who: Who, seen: Overview, query: ListQuery) -> dict[str, Callable[[Stand], bool]]:
    """What a criterion has to pass, by the filter that asks it."""
    tests: dict[str, Callable[[Stand], bool]] = {
        "mine": who.is_assigned,
        "core": lambda stand: stand.criterion.core,
        "state": lambda stand: status_of(stand.state, stand.decision) == query.value("state"),
        "due": lambda stand: _due_choice(who, seen, stand) == query.value("due"),
        "area": lambda stand: stand.criterion.area == query.value("area"),
        "department": lambda stand: is_of_department(stand.department_id, query.value("department")),
    }
    return {name: test for name, test in tests.items() if query.value(name)}


def _due_choice(who: Who, seen: Overview, stand: Stand) -> str | None:
    return due_choice(seen.find_due_day(stand), stand.state in WITH_THE_DEPARTMENT, who.today)


def _word_test(
    desk: Desk, seen: Overview, typed: str, asked: tuple[str, ...]
) -> tuple[Mapping[str, int], Callable[[Stand], bool]]:
    """How many pieces of evidence of each criterion have the words, and what tells whether anything of it has them."""
    library = search_library(desk, LibrarySearch(word=typed), most=MOST_PIECES)
    pieces_found = Counter(code for piece in library.rows if not piece.hidden for code in piece.codes)
    narratives = load_narratives(desk.session, desk.city_id, seen.assessment.id)
    areas = {area.id: area.title for area in seen.edition.areas}

    def has_them(stand: Stand) -> bool:
        own = begins_words(criterion_words(stand.criterion), asked)
        around = (areas[stand.criterion.area], stand.department, stand.person, narratives.get(stand.code, ""))
        return own or stand.code in pieces_found or has_words((*around, stand.criterion.title), asked)

    return pieces_found, has_them


def _criterion_line(who: Who, seen: Overview, stand: Stand, pieces_found: Mapping[str, int]) -> CriterionLine:
    due_on = seen.find_due_day(stand) if stand.state in WITH_THE_DEPARTMENT else None
    return CriterionLine(
        stand=stand,
        is_mine=who.is_assigned(stand),
        due_on=due_on,
        due_words=due_in_words(due_on, who.today) if due_on else None,
        is_late=due_on is not None and due_on < who.today,
        pieces_found=pieces_found.get(stand.code, 0),
    )


def calls_for(who: Who, stand: Stand) -> bool:
    """Whether the criterion waits for this person: a lead's own to write, the office's to review or to give to a department."""
    if who.role in OFFICE and (stand.state is ResponseState.SUBMITTED or stand.department_id is None):
        return True
    return who.is_assigned(stand) and stand.state in WITH_THE_DEPARTMENT


def _group_lines(who: Who, seen: Overview, lines: Iterable[CriterionLine], bar: ListBar) -> Iterable[CriteriaGroup]:
    """By practice area. Narrowed, everything is open; otherwise the areas with something for the person, as long as a phone has room."""
    by_area: dict[str, list[CriterionLine]] = {}
    for line in lines:
        by_area.setdefault(line.stand.criterion.area, []).append(line)
    room = MOST_UNFOLDED
    for area, stands in seen.by_area:
        own_lines = tuple(by_area.get(area.id, ()))
        calls = sum(calls_for(who, stand) for stand in stands)
        fits = calls > 0 and len(own_lines) <= room
        room -= len(own_lines) if fits else 0
        if own_lines:
            is_open = fits or bar.is_narrowed or bar.query.unfolded
            yield CriteriaGroup(area, own_lines, sum(stand.met for stand in stands), len(stands), calls, is_open)


SORT_KEYS: dict[str, Callable[[CriterionLine], tuple[object, ...]]] = {
    "due": lambda line: (line.due_on or date.max,),
    "changed": lambda line: (-line.stand.updated_at.timestamp() if line.stand.updated_at else 0.0,),
    "title": lambda line: (line.stand.criterion.title.casefold(),),
}
