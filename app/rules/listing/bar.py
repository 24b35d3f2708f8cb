"""The bar above a list: what can be chosen, what is chosen, and how many entries that leaves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from app.rules.listing.query import WORDS, ListQuery
from app.rules.message import Message, say

FIND = say("Find by any word")


@dataclass(frozen=True)
class ListFilter:
    """A filter by its name in the address; `choices` are (value, words). One with a single choice is on or off.

    One that `is_day` takes a date instead.
    """

    name: str
    label: Message
    choices: tuple[tuple[str, Message | str], ...] = ()
    is_day: bool = False

    @property
    def is_switch(self) -> bool:
        return len(self.choices) == 1

    def words_for(self, value: str) -> Message | str:
        if self.is_day:
            return say("%(day)s", day=date.fromisoformat(value))
        return dict(self.choices)[value]


@dataclass(frozen=True)
class FilterChip:
    """A filter that is on, in words; `address` asks the same without it, which would list `count` entries, where that is known."""

    name: str
    label: Message | None
    words: Message | str
    address: str
    count: int | None = None


@dataclass(frozen=True)
class ListBar:
    """What a page needs to show it. `shown` of `total` entries fit; `without` counts those that would fit without each filter.

    `sorts` are (value, words), the first being that of nobody's choice. `folds` where the list is in groups that can be opened.
    `page_size` is how many entries a page has; 0 for all of them.
    """

    query: ListQuery
    filters: tuple[ListFilter, ...]
    shown: int
    total: int
    sorts: tuple[tuple[str, Message], ...] = ()
    without: Mapping[str, int] = field(default_factory=dict)
    folds: bool = False
    page_size: int = 0
    finds: Message = FIND

    @property
    def chips(self) -> tuple[FilterChip, ...]:
        """Those of the filters that are on, and of the words that were typed."""
        chips = [
            FilterChip(
                each.name,
                None if each.is_switch else each.label,
                each.words_for(value),
                self.query.with_value(each.name, "").address(),
                self.without.get(each.name),
            )
            for each in self.filters
            if (value := self.query.value(each.name))
        ]
        if self.query.typed:
            wordless = replace(self.query, typed="", page=1)
            chips.append(FilterChip(WORDS, say("Words"), self.query.typed, wordless.address(), self.without.get(WORDS)))
        return tuple(chips)

    @property
    def switches(self) -> tuple[FilterChip, ...]:
        """Those that are off, each with the address that puts it on."""
        return tuple(
            FilterChip(each.name, None, words, self.query.with_value(each.name, value).address())
            for each in self.filters
            if each.is_switch and not self.query.value(each.name)
            for value, words in each.choices
        )

    @property
    def menus(self) -> tuple[ListFilter, ...]:
        """The filters with several choices."""
        return tuple(each for each in self.filters if not each.is_switch and (each.choices or each.is_day))

    @property
    def carried(self) -> tuple[tuple[str, str], ...]:
        """What a form of the bar sends along, because no field of it shows it."""
        switches = {each.name for each in self.filters if each.is_switch}
        unfolded = (("unfolded", "1"),) if self.query.unfolded else ()
        return (*((name, value) for name, value in self.query.chosen if name in switches), *unfolded)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.query.chosen or self.query.typed)

    @property
    def menus_on(self) -> int:
        """How many of the filters in the fold are on."""
        return sum(bool(self.query.value(each.name)) for each in self.menus)

    @property
    def can_loosen(self) -> bool:
        """Whether anything is left without one of the filters, or may be: a count is not always known."""
        return len(self.chips) > 1 and any(chip.count != 0 for chip in self.chips)

    @property
    def pages(self) -> int:
        return max(1, -(-self.shown // self.page_size)) if self.page_size else 1

    @property
    def has_more(self) -> bool:
        return self.query.page < self.pages

    @property
    def unfolding(self) -> str:
        """The address that opens every group of the list, or folds them again."""
        return replace(self.query, unfolded=not self.query.unfolded).address()


def only_offered(
    query: ListQuery, filters: Iterable[ListFilter], sorts: Iterable[tuple[str, Message]] = ()
) -> ListQuery:
    """The query without what none of these filters and orders offers: an address may be old, or anyone's."""
    offered = {each.name: [value for value, _ in each.choices] for each in filters}
    offered |= {each.name: [query.value(each.name)] for each in filters if each.is_day and query.day(each.name)}
    known = query.only_of(offered)
    return known if known.sort in {value for value, _ in sorts} else replace(known, sort="")
