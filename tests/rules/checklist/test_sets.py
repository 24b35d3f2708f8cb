"""The minimal passing sets: enough by the same rule that decides, and no item of them idle; and what they may never be."""

from datetime import date
from itertools import chain, combinations

import pytest

from app.adapters.criteria.editions import load_edition
from app.rules.checklist.sets import minimal_sets
from app.rules.checklist.stand import ItemSupport, evaluate_checklist
from app.rules.criteria.edition import Criterion
from app.settings import ROOT

DAY = date(2026, 11, 28)
EDITIONS = [load_edition(ROOT / "criteria" / name) for name in ("wwc-2018", "wwc-2022")]
CRITERIA = EDITIONS[1].criteria
EVERY = [criterion for edition in EDITIONS for criterion in edition.criteria.values()]


def passes(criterion: Criterion, items: set[str]) -> bool:
    supports = {item: [ItemSupport(1, DAY, date(2026, 7, 1))] for item in items}
    return evaluate_checklist(criterion, items, supports, DAY).holds


@pytest.mark.parametrize("criterion", EVERY, ids=lambda criterion: f"{criterion.code} {criterion.area}")
def test_they_are_all_the_sets_that_pass_and_lose_it_with_any_item(criterion: Criterion) -> None:
    items = [item.id for item in criterion.checklist]
    every_set = chain.from_iterable(combinations(items, size) for size in range(len(items) + 1))
    passing = [set(chosen) for chosen in every_set if passes(criterion, set(chosen))]
    smallest = [chosen for chosen in passing if not any(other < chosen for other in passing)]
    found = [{item.id for item in chosen} for chosen in minimal_sets(criterion)]
    assert sorted(found, key=sorted) == sorted(smallest, key=sorted)
    assert found


REFUSED = {
    "EVAL1": "policy resources",
    "RDC3": "scorecard stored",
    "CI2": "for-residents for-staff benefit",
    "RDC5": "meetings adjustment follow-up",
    "RDC7": "open-data",
    "RDC6": "scored rule",
    "LC2": "address story",
    "CI3": "partnership joint-product",
    "PA1": "measures targets progress",
    "PA2": "actions follow-up calendar",
    "EVAL2": "selection plans capacity",
    "EVAL4": "adopted adapted",
    "LC7": "pipeline guides applied",
    "DM3": "procedure contacts agreements restricted",
    "DM8": "breakdown standard discussed",
    "LC3": "courses encouragement use",
    "LC6": "named duty skills",
    "OD2": "how-to beginners audiences",
    "PA5": "routine decisions result",
    "RDC4": "bid-scoring rationale",
    "EVAL3": "report decision",
    "BF3": "moved backed",
    "OD3": "one-site dates terms",
}
"""Sets that a reader has found to be less than what the statement asks."""


@pytest.mark.parametrize("code", REFUSED)
def test_what_is_less_than_the_statement_asks_does_not_pass(code: str) -> None:
    items = set(REFUSED[code].split())
    assert items <= {item.id for item in CRITERIA[code].checklist}
    assert not passes(CRITERIA[code], items)


@pytest.mark.parametrize(
    ("code", "items"),
    [("RDC8", "simpler"), ("RDC8", "reachable"), ("RDC8", "vendor-help"), ("BF1", "request-form goal-map need")],
)
def test_what_the_source_takes_passes(code: str, items: str) -> None:
    assert passes(CRITERIA[code], set(items.split()))
