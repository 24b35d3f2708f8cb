"""What an address asks of a list, and how it is written again with something more or less in it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from app.rules.site_search import MOST_TYPED

Entry = TypeVar("Entry")
WORDS, SORT, PAGE, ALL, AGAIN, UNFOLDED = "q", "sort", "page", "all", "again", "unfolded"
"""What the address of any list may ask, besides its filters: ALL for nothing narrowed, AGAIN that the last filter is on once more."""
MOST_VALUE = 40
"""Characters of one filter's value."""
LAST_PAGE = 9_999


class ListName(StrEnum):
    """The lists of a city, by their place below its address."""

    CRITERIA = "criteria"
    EVIDENCE = "evidence"
    REVIEW = "review"
    ASSIGNMENTS = "people/assignments"
    PEOPLE = "people"
    HISTORY = "history"
    REQUESTS = "requests"
    BOARD = "board"


LIST_FIELDS: dict[ListName, tuple[str, ...]] = {
    ListName.CRITERIA: ("mine", "core", "state", "due", "area", "department"),
    ListName.EVIDENCE: ("mine", "show", "area", "department", "visibility", "state"),
    ListName.REVIEW: ("core", "area", "department", "claimed"),
    ListName.ASSIGNMENTS: ("open", "core", "due", "area", "department", "person"),
    ListName.PEOPLE: ("role", "department", "state"),
    ListName.HISTORY: ("by", "person", "kind", "criterion", "since", "until"),
    ListName.REQUESTS: ("state", "due", "to", "area"),
    ListName.BOARD: ("view",),
}
"""The filters that the address of a list may name; what each offers is said where the list is made."""


@dataclass(frozen=True)
class ListQuery:
    """What was typed, the filters that are chosen as (name, value), an order, and the page, which counts from 1.

    `is_again` where the person's last filter was put on by itself; `unfolded` where every group of the list is to be open.
    `kept` is what each address of the list says besides, such as its tab.
    """

    typed: str = ""
    chosen: tuple[tuple[str, str], ...] = ()
    sort: str = ""
    page: int = 1
    is_again: bool = False
    unfolded: bool = False
    kept: tuple[tuple[str, str], ...] = ()

    def value(self, name: str) -> str:
        """The value chosen for a filter; empty for none."""
        return dict(self.chosen).get(name, "")

    def day(self, name: str) -> date | None:
        """The day chosen for a filter; None for none, and for what is no day."""
        try:
            return date.fromisoformat(self.value(name))
        except ValueError:
            return None

    @property
    def lasting(self) -> str:
        """What is kept for the next time: the filters and the order, as an address has them."""
        return urlencode([*self.chosen, *([(SORT, self.sort)] if self.sort else [])])

    def address(self, page: int = 1) -> str:
        """The end of an address that asks this, on a page; one that asks nothing says so, or the last filter would come back."""
        pairs = [(WORDS, self.typed), *self.chosen, (SORT, self.sort), (UNFOLDED, "1" if self.unfolded else "")]
        pairs.append((PAGE, str(page) if page > 1 else ""))
        asked = [(name, value) for name, value in pairs if value]
        return "?" + urlencode([*self.kept, *(asked or [(ALL, "1")])])

    @property
    def everything(self) -> str:
        """The end of the address that asks nothing of the list."""
        return ListQuery(kept=self.kept).address()

    @property
    def tail(self) -> str:
        """The end of an address that comes back to this list: nothing where nothing is asked."""
        return self.address() if self != ListQuery(is_again=self.is_again) else ""

    def with_value(self, name: str, value: str) -> "ListQuery":
        """The same with this filter chosen so; empty for without it."""
        others = tuple(pair for pair in self.chosen if pair[0] != name)
        return replace(self, chosen=(*others, (name, value)) if value else others, page=1, is_again=False)

    def only_of(self, offered: Mapping[str, Collection[str]]) -> "ListQuery":
        """The same without values that no filter offers."""
        return replace(
            self, chosen=tuple((name, value) for name, value in self.chosen if value in offered.get(name, ()))
        )


def read_query(params: Mapping[str, str], names: Iterable[str]) -> ListQuery:
    """What an address asks that anyone can write: only these filters, each value and the words cut at their length."""
    number = params.get(PAGE, "")
    return ListQuery(
        typed=params.get(WORDS, "")[:MOST_TYPED].strip(),
        chosen=tuple((name, params[name][:MOST_VALUE]) for name in names if params.get(name)),
        sort=params.get(SORT, "")[:MOST_VALUE],
        page=min(int(number), LAST_PAGE)
        if number.isascii() and number.isdigit() and 0 < len(number) < 6 and int(number)
        else 1,
        is_again=bool(params.get(AGAIN)),
        unfolded=bool(params.get(UNFOLDED)),
    )


def asks_something(params: Collection[str], names: Iterable[str]) -> bool:
    """Whether an address says itself what to list, so that no last filter is put on."""
    return not {WORDS, SORT, PAGE, ALL, UNFOLDED, *names}.isdisjoint(params)


def narrow_entries(entries: Iterable[Entry], tests: Mapping[str, Callable[[Entry], bool]]) -> tuple[Entry, ...]:
    """The entries that pass every test."""
    return tuple(entry for entry in entries if all(passes(entry) for passes in tests.values()))


def page_of(entries: Sequence[Entry], query: ListQuery, size: int) -> tuple[Entry, ...]:
    """Those of the page that is asked for."""
    return tuple(entries[(query.page - 1) * size : query.page * size])


def count_without(entries: Collection[Entry], tests: Mapping[str, Callable[[Entry], bool]]) -> dict[str, int]:
    """How many entries there would be without each of the tests: what to loosen where nothing is left."""
    return {
        name: len(narrow_entries(entries, {other: test for other, test in tests.items() if other != name}))
        for name in tests
    }
