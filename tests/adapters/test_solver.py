"""The solver's answers beside those found by trying every set, and on the real edition."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from app.adapters.solver import cheapest
from app.rules.planning import Facts, ask
from app.rules.planning_options import Plan, plan
from app.settings import ROOT
from tests.small_editions import REAL, TODAY, Tried, some_case

CASES_OF_A_SEED = 250


def found_by(answer: Plan) -> list[tuple[int, tuple[str, ...]]]:
    """Cost and codes of each option, in the edition's order."""
    place = list(answer.question.edition.criteria).index
    return [(option.cost, tuple(sorted(option.criteria, key=place))) for option in answer.options]


@pytest.mark.parametrize("seed", range(12))
def test_the_five_cheapest_sets_are_those_found_by_trying_all(seed: int) -> None:
    random = Random(seed)
    reached = unreachable = 0
    for _ in range(CASES_OF_A_SEED):
        case = some_case(random)
        expected, answer = Tried(case).answers(), plan(case.question(), cheapest)
        assert found_by(answer) == expected[:5], case
        assert bool(answer.unreachable_because) == (not expected), case
        reached, unreachable = reached + (len(expected) > 1), unreachable + (not expected)
    assert min(reached, unreachable) > CASES_OF_A_SEED / 20, "most cases are too easy to tell anything"
