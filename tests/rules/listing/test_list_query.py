"""What an address asks of a list, whoever wrote it, and what the bar above the list makes of it."""

from datetime import date

import pytest

from app.rules.listing.bar import ListBar, ListFilter, only_offered
from app.rules.listing.filters import DueChoice, due_choice
from app.rules.listing.query import (
    LAST_PAGE,
    MOST_VALUE,
    ListQuery,
    asks_something,
    count_without,
    narrow_entries,
    page_of,
    read_query,
)
from app.rules.message import say
from app.rules.site_search import MOST_TYPED

TODAY = date(2026, 11, 28)
MINE = ListFilter("mine", say("Mine"), (("1", say("Mine")),))
AREA = ListFilter("area", say("Area"), (("dm", "Data Management"), ("lc", "Leadership")))
FIELDS = ("mine", "area")


def test_an_address_is_read_as_it_was_written() -> None:
    query = read_query({"q": " plan ", "mine": "1", "area": "dm", "sort": "due", "page": "3", "x": "y"}, FIELDS)
    assert query == ListQuery("plan", (("mine", "1"), ("area", "dm")), "due", 3)
    assert query.address(3) == "?q=plan&mine=1&area=dm&sort=due&page=3"
    assert query.lasting == "mine=1&area=dm&sort=due", "what was typed comes not back by itself"
    assert ListQuery().address() == "?all=1", "or the last filter would come back"


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "²", "9" * 400])
def test_no_page_is_asked_for_that_cannot_be(page: str) -> None:
    query = read_query({"q": "w" * 10_000, "area": "a" * 10_000, "page": page}, FIELDS)
    assert (len(query.typed), len(query.value("area"))) == (MOST_TYPED, MOST_VALUE)
    assert 1 <= query.page <= LAST_PAGE


def test_what_no_filter_offers_is_not_asked() -> None:
    asked = read_query({"area": "<b>", "mine": "1", "sort": "password"}, FIELDS)
    assert only_offered(asked, (MINE, AREA), [("due", say("Due"))]) == ListQuery(chosen=(("mine", "1"),))


def test_only_a_bare_address_brings_the_last_filter_back() -> None:
    assert not asks_something({"done"}, FIELDS)
    for name in ("q", "all", "page", "sort", "mine"):
        assert asks_something({name, "done"}, FIELDS)


def test_each_filter_that_is_on_is_a_link_that_takes_it_off() -> None:
    bar = ListBar(ListQuery("plan", (("area", "dm"),), page=2), (MINE, AREA), 12, 43, page_size=10)
    assert [(str(chip.label), chip.words, chip.address) for chip in bar.chips] == [
        ("Area", "Data Management", "?q=plan"),
        ("Words", "plan", "?area=dm"),
    ]
    assert [chip.address for chip in bar.switches] == ["?q=plan&area=dm&mine=1"]
    assert (bar.pages, bar.has_more) == (2, False)


def test_an_empty_list_knows_what_to_loosen() -> None:
    tests = {"even": lambda number: number % 2 == 0, "small": lambda number: number < 2}
    assert narrow_entries([1, 2, 3, 4], tests) == ()
    assert count_without([1, 2, 3, 4], tests) == {"even": 1, "small": 2}
    assert page_of([1, 2, 3], ListQuery(page=2), 2) == (3,)


def test_what_is_done_is_never_due() -> None:
    assert due_choice(TODAY.replace(year=2020), True, TODAY) is DueChoice.OVERDUE
    assert due_choice(TODAY.replace(year=2020), False, TODAY) is None
    assert due_choice(None, True, TODAY) is DueChoice.UNDATED
    assert due_choice(TODAY, True, TODAY) is DueChoice.SOON
