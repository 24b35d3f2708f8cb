"""What the menu shows to whom, and what waits at its entries."""

from app.rules.menu import PAGE_NAMES, Waiting, WaitingItem, count_waiting, menu_for
from app.rules.people.permissions import Role

ANA, BEN = 1, 2
FINANCE, WORKS = 10, 20


def paths(role: Role) -> list[list[str]]:
    return [[entry.path for entry in group.entries] for group in menu_for(role)]


def test_the_own_work_comes_before_the_offices() -> None:
    assert paths(Role.LEAD) == [["my-work", "criteria", "evidence"], ["board", "planning", "readiness"]]
    assert paths(Role.OFFICIAL) == [["criteria", "evidence"], ["board", "planning", "readiness"]]
    assert paths(Role.ADMIN)[1] == [
        "review",
        "requests",
        "board",
        "planning",
        "readiness",
        "people",
        "history",
    ]
    assert {path for group in paths(Role.ADMIN) for path in group} <= PAGE_NAMES.keys()


def test_returns_count_for_those_whose_they_are_and_the_rest_for_the_office() -> None:
    items = [
        WaitingItem(Waiting.SUBMITTED, FINANCE, ANA),
        WaitingItem(Waiting.RENEWAL, WORKS),
        WaitingItem(Waiting.RETURNED, FINANCE),
        WaitingItem(Waiting.RETURNED, WORKS, BEN, ANA),
        WaitingItem(Waiting.CONTRIBUTION),
    ]
    office = {"review": 2, "requests": 1}
    assert count_waiting(items, ANA, {FINANCE}, ()) == {**office, "my-work": 2}
    assert count_waiting(items, BEN, (), ()) == {**office, "my-work": 1}
    assert count_waiting(items, 3, (), {BEN}) == {**office, "my-work": 1}
    assert count_waiting(items, 3, (), ()) == office
