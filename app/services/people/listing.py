"""The people of a city, narrowed as the page is asked."""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

from app.rules.listing.bar import ListBar, ListFilter, only_offered
from app.rules.listing.query import WORDS, ListQuery, count_without, narrow_entries, page_of
from app.rules.message import Message, say
from app.rules.people.roles import ROLE_NAMES
from app.rules.site_search import asked_words, has_words
from app.services.desk import Desk
from app.services.people.members import Member, PeoplePage, list_people

PAGE_SIZE = 20


class AccountState(StrEnum):
    """Whether an account is used."""

    ACTIVE = "active"
    UNUSED = "unused"
    ENDED = "ended"


ACCOUNT_STATE_NAMES: dict[AccountState, Message] = {
    AccountState.ACTIVE: say("Active"),
    AccountState.UNUSED: say("No passphrase yet"),
    AccountState.ENDED: say("Access ended"),
}
ROLE = ListFilter("role", say("Role"), tuple(ROLE_NAMES.items()))
STATE = ListFilter("state", say("State"), tuple(ACCOUNT_STATE_NAMES.items()))


def account_state(member: Member) -> AccountState:
    if member.ended:
        return AccountState.ENDED
    return AccountState.ACTIVE if member.signed_up else AccountState.UNUSED


def narrow_people(desk: Desk, query: ListQuery) -> PeoplePage:
    """The page of people as it is asked for. Words and the state find those whose access ended among the others."""
    page = list_people(desk)
    named = tuple((str(department.id), department.name) for department in page.departments)
    filters = (ROLE, ListFilter("department", say("Department"), named), STATE)
    query = only_offered(query, filters)
    tests = _member_tests(query, dict(named))
    has_former = WORDS in tests or query.value("state") == AccountState.ENDED
    everyone = (*page.members, *(page.left if has_former else ()))
    fitting = narrow_entries(everyone, tests)
    without = {} if fitting else count_without(everyone, tests)
    bar = ListBar(query, filters, len(fitting), len(everyone), without=without, page_size=PAGE_SIZE)
    return replace(page, members=page_of(fitting, query, PAGE_SIZE), left=() if bar.is_narrowed else page.left, bar=bar)


def _member_tests(query: ListQuery, departments: dict[str, str]) -> dict[str, Callable[[Member], bool]]:
    asked = asked_words(query.typed)
    tests: dict[str, Callable[[Member], bool]] = {
        "role": lambda member: member.role == query.value("role"),
        "department": lambda member: departments[query.value("department")] in member.departments,
        "state": lambda member: account_state(member) == query.value("state"),
    }
    chosen = {name: test for name, test in tests.items() if query.value(name)}
    has_asked = lambda member: has_words((member.name, member.email, *member.departments), asked)  # noqa: E731
    return chosen | ({WORDS: has_asked} if asked else {})
