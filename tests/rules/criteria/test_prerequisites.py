"""What counts of what is met, where an edition blocks and where it only warns."""

from dataclasses import replace

from app.adapters.criteria.editions import load_edition
from app.rules.criteria.prerequisites import codes_that_count, missing_for, prerequisite_trees
from app.settings import ROOT
from tests.small_editions import small_edition

CHAIN = small_edition({"A": (), "B": ("A",), "C": ("B",), "D": ("A", "B")})
WARNS = replace(CHAIN, prerequisites="warn")


def test_a_criterion_counts_only_when_all_it_builds_on_counts() -> None:
    assert codes_that_count(CHAIN, {"A", "B", "C", "D"}) == {"A", "B", "C", "D"}
    assert codes_that_count(CHAIN, {"A", "C"}) == {"A"}
    assert codes_that_count(CHAIN, {"B", "C", "D"}) == frozenset()
    assert codes_that_count(CHAIN, []) == frozenset()


def test_an_edition_that_only_warns_counts_everything_met() -> None:
    assert codes_that_count(WARNS, {"C", "D"}) == {"C", "D"}


def test_what_is_missing_is_named_for_met_and_unmet_criteria_alike() -> None:
    assert missing_for(CHAIN, {"A"}) == {"C": ("B",), "D": ("B",)}
    assert missing_for(CHAIN, {"B"}) == {"B": ("A",), "C": ("B",), "D": ("A", "B")}
    assert missing_for(CHAIN, {"A", "B"}) == {}


def test_where_the_edition_warns_a_met_prerequisite_is_not_missing_even_if_its_own_is() -> None:
    assert missing_for(WARNS, {"B"}) == {"B": ("A",), "D": ("A",)}


def test_the_graph_stands_as_trees_from_what_builds_on_nothing() -> None:
    edition = load_edition(ROOT / "criteria" / "wwc-2022")
    trees = {one.code: one for one in prerequisite_trees(edition)}
    assert list(trees) == ["DM2", "OD3", "PA1", "BF1", "RDC1", "EVAL2"]
    performance = trees["PA1"]
    assert [one.code for one in performance.unlocks] == ["PA2", "PA3"]
    assert [one.code for one in performance.unlocks[0].unlocks] == ["PA5"]
