"""The requests of a city, narrowed as the page is asked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from app.rules.criteria.edition import Edition
from app.rules.listing.bar import ListBar, ListFilter, only_offered
from app.rules.listing.filters import DUE, area_filter, due_choice
from app.rules.listing.query import WORDS, ListQuery, count_without, narrow_entries, page_of
from app.rules.message import Message, say
from app.rules.request import REQUEST_STATE_NAMES, RequestState
from app.rules.site_search import asked_words, has_words
from app.services.assessment.ground import load_open_assessment
from app.services.desk import Desk
from app.services.requests.page import RequestLine, RequestsPage, list_requests, with_title

PAGE_SIZE = 20
ANSWERED, LATE = "answered", "late"
STATE = ListFilter(
    "state",
    say("State"),
    (*REQUEST_STATE_NAMES.items(), (ANSWERED, say("Answered, waits for you")), (LATE, say("Late"))),
)
TO = ListFilter("to", say("To"), (("partner", say("A partner")), ("department", say("A department"))))
SORTS: tuple[tuple[str, Message], ...] = (
    ("", say("What is waited for first")),
    ("due", say("By due date")),
    ("new", say("Newest first")),
    ("code", say("In the order of the standard")),
)


def narrow_requests(desk: Desk, query: ListQuery) -> RequestsPage:
    """The page of requests as it is asked for, each with the title of its criterion. Raises NotFound without an open assessment."""
    page = list_requests(desk)
    edition = desk.site.edition(load_open_assessment(desk.session, desk.who.city).edition, desk.who.language)
    filters = (STATE, DUE, TO, area_filter(edition.areas))
    query = only_offered(query, filters, SORTS)
    lines = [with_title(edition, line) for line in page.lines]
    tests = _line_tests(desk, edition, query)
    fitting = narrow_entries(lines, tests)
    without = {} if fitting else count_without(lines, tests)
    bar = ListBar(query, filters, len(fitting), len(lines), SORTS, without, page_size=PAGE_SIZE)
    order = list(edition.criteria)
    sort_keys: dict[str, Callable[[RequestLine], object]] = {
        "due": lambda line: line.request.due_on or date.max,
        "new": lambda line: -line.request.id,
        "code": lambda line: order.index(line.request.criterion) if line.title else len(order),
    }
    if query.sort:
        fitting = tuple(sorted(fitting, key=sort_keys[query.sort]))  # type: ignore[arg-type]  # each key is of one kind
    return replace(page, lines=page_of(fitting, query, PAGE_SIZE), bar=bar)


def _line_tests(desk: Desk, edition: Edition, query: ListQuery) -> dict[str, Callable[[RequestLine], bool]]:
    asked, state = asked_words(query.typed), query.value("state")

    def is_in_area(line: RequestLine) -> bool:
        return bool(line.title) and edition.criteria[line.request.criterion].area == query.value("area")

    def is_so(line: RequestLine) -> bool:
        answered = bool(line.waiting) and line.state is RequestState.SENT
        return {ANSWERED: answered, LATE: line.late}.get(state, line.state == state)

    def is_due(line: RequestLine) -> bool:
        is_open = line.state in {RequestState.OPEN, RequestState.SENT}
        return due_choice(line.request.due_on, is_open, desk.who.today) == query.value("due")

    def has_asked(line: RequestLine) -> bool:
        return has_words((line.request.criterion, line.title, line.request.what, line.request.why, line.to), asked)

    tests: dict[str, Callable[[RequestLine], bool]] = {
        "state": is_so,
        "due": is_due,
        "to": lambda line: (line.request.partner_id is not None) == (query.value("to") == "partner"),
        "area": is_in_area,
    }
    chosen = {name: test for name, test in tests.items() if query.value(name)}
    return chosen | ({WORDS: has_asked} if asked else {})
