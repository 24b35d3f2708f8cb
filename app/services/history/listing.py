"""The record as its page is asked for: day by day what people did, and in a fold what the app did by itself."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from app.adapters.translations import load_translator
from app.rules.history.kinds import KIND_NAMES
from app.rules.listing.bar import ListBar, ListFilter, only_offered
from app.rules.listing.query import ListQuery
from app.rules.message import say
from app.rules.site_search import asked_words, has_words
from app.services.account.sessions import today_in
from app.services.desk import Desk
from app.services.history.page import (
    MOST_EVENTS,
    HistoryFilters,
    HistoryLine,
    criterion_titles,
    read_lines,
)
from app.store import people

MOST_SEARCHED = 2_000
"""Events in which words are looked for at once; the page goes on behind them."""
LINES_SHOWN = 20
MOST_FOLDED = 20
"""Lines of what the app did on one day that stand in the page; the others are a link away."""
PEOPLE, APP = "people", "app"
BY = ListFilter("by", say("Done by"), ((PEOPLE, say("People")), (APP, say("The app by itself"))))


@dataclass(frozen=True)
class HistoryDay:
    """One day in the city: what people did, and what the app did by itself, of which `app_count` happened on this page."""

    day: date
    lines: tuple[HistoryLine, ...]
    app_lines: tuple[HistoryLine, ...]
    app_count: int


@dataclass(frozen=True)
class HistoryList:
    """`older` is the end of the address of what happened before, empty at the end; `is_first` for the newest page."""

    bar: ListBar
    days: tuple[HistoryDay, ...]
    older: str
    is_first: bool

    @property
    def is_by_app(self) -> bool:
        """Whether only that is asked for, so that nothing of it is folded."""
        return self.bar.query.value("by") == APP


def list_history(desk: Desk, query: ListQuery, before: int = 0) -> HistoryList:
    """What happened, the newest first, below the number `before` where one is given."""
    names, titles = people.load_names(desk.session, desk.city_id), criterion_titles(desk)
    filters = _history_filters(sorted(names.items(), key=lambda pair: pair[1].casefold()), titles, query)
    query = only_offered(query, filters)
    asked = asked_words(query.typed)
    most = MOST_SEARCHED if asked else MOST_EVENTS
    lines, is_cut = read_lines(desk, _read_filters(desk, query, before), most, names, titles)
    last = lines[-1].first_number if lines else 0
    fitting = [line for line in lines if not asked or has_words(_texts_of(desk, line), asked)]
    shown = _first_page(fitting, query)
    has_more = len(shown) < len(fitting) or is_cut
    below = shown[-1].first_number if len(shown) < len(fitting) else last
    total = desk.who.city.history_count
    bar = ListBar(query, filters, len(shown) if query.chosen or asked else total, total)
    older = f"{query.address()}&before={below}" if has_more and below > 1 else ""
    return HistoryList(bar, tuple(_by_day(desk, shown, query)), older, not before)


def _history_filters(
    names: Iterable[tuple[int, str]], titles: dict[str, str], query: ListQuery
) -> tuple[ListFilter, ...]:
    """A code that no criterion has is a choice as well: it finds nothing, and says so."""
    unknown = query.value("criterion")
    codes = {**titles, **({unknown: ""} if unknown and unknown not in titles else {})}
    return (
        BY,
        ListFilter("person", say("Person"), tuple((str(person_id), name) for person_id, name in names)),
        ListFilter("kind", say("What about"), tuple(KIND_NAMES.items())),
        ListFilter("criterion", say("Criterion"), tuple((code, f"{code} {title}") for code, title in codes.items())),
        ListFilter("since", say("From"), is_day=True),
        ListFilter("until", say("Until"), is_day=True),
    )


def _read_filters(desk: Desk, query: ListQuery, before: int) -> HistoryFilters:
    zone = ZoneInfo(desk.who.city.time_zone)
    first, last = query.day("since"), query.day("until")
    by = query.value("by")
    return HistoryFilters(
        person=int(query.value("person") or 0),
        kind=query.value("kind"),
        criterion=query.value("criterion"),
        before=before,
        since=datetime.combine(first, time.min, zone) if first else None,
        until=datetime.combine(last + timedelta(days=1), time.min, zone) if last and last < date.max else None,
        by_people=(by == PEOPLE) if by else None,
    )


def _texts_of(desk: Desk, line: HistoryLine) -> tuple[str, ...]:
    return load_translator(desk.who.language).say(line.said), line.reason, line.code


def _first_page(lines: list[HistoryLine], query: ListQuery) -> list[HistoryLine]:
    """As many as a page has, not counting what is folded."""
    room = LINES_SHOWN
    for place, line in enumerate(lines):
        room -= 0 if line.by_app and query.value("by") != APP else 1
        if room < 0:
            return lines[:place]
    return lines


def _by_day(desk: Desk, lines: list[HistoryLine], query: ListQuery) -> Iterable[HistoryDay]:
    folds = query.value("by") != APP
    for day, of_day in groupby(lines, key=lambda line: today_in(desk.who.city, line.at)):
        all_lines = tuple(of_day)
        by_app = tuple(line for line in all_lines if line.by_app and folds)
        own = tuple(line for line in all_lines if not (line.by_app and folds))
        yield HistoryDay(day, own, by_app[:MOST_FOLDED], sum(line.count for line in by_app))


def app_address(query: ListQuery, day: date) -> str:
    """The end of the address that lists all that the app did on a day."""
    narrowed = replace(query, chosen=(("by", APP), ("since", day.isoformat()), ("until", day.isoformat())), typed="")
    return narrowed.address()
