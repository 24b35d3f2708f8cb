"""The solver's answers beside those found by trying every set, and on the real edition."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest

from app.adapters.solver import find_cheapest_sets
from app.rules.criteria.edition import Effort
from app.rules.planning.options import Plan, make_plan
from app.rules.planning.question import PlanningFacts, pose_question
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
        expected, answer = Tried(case).answers(), make_plan(case.question(), find_cheapest_sets)
        assert found_by(answer) == expected[:5], case
        assert bool(answer.unreachable_because) == (not expected), case
        reached, unreachable = reached + (len(expected) > 1), unreachable + (not expected)
    assert min(reached, unreachable) > CASES_OF_A_SEED / 20, "most cases are too easy to tell anything"


PLAIN = [code for code in REAL.criteria if code not in {"LC1", "DM1", "PA1"}]


def real_plan(level: int, met: list[str], mode: str = "warn", **facts: Any) -> Plan:
    edition = replace(REAL, prerequisites=mode)
    return make_plan(
        pose_question(edition, edition.levels[level], met, TODAY, None, PlanningFacts(**facts)), find_cheapest_sets
    )


@pytest.mark.parametrize(
    ("level", "size", "mode", "cost"),
    [
        (0, 22, "warn", 5 * 1 + 16 * 2 + 1 * 4),  # of the large efforts only PA1, which is core
        (1, 30, "warn", 5 * 1 + 24 * 2 + 1 * 4),
        (2, 37, "warn", 5 * 1 + 25 * 2 + 7 * 4),  # all small and medium ones, so six more large ones
        (0, 22, "block", 5 * 1 + 16 * 2 + 1 * 4),
        (1, 30, "block", 5 * 1 + 24 * 2 + 1 * 4),
        (2, 37, "block", 5 * 1 + 25 * 2 + 7 * 4),
    ],
)
def test_from_nothing_each_level_of_the_real_edition_costs_its_smallest_efforts(
    level: int, size: int, mode: str, cost: int
) -> None:
    answer = real_plan(level, [], mode)
    assert answer.options[0].cost == cost
    assert {len(option.criteria) for option in answer.options} == {size}


@pytest.mark.parametrize("mode", ["warn", "block"])
@pytest.mark.parametrize("out", ["LC1", "DM1", "PA1"])
def test_an_open_core_criterion_is_in_every_option(mode: str, out: str) -> None:
    for count in (0, 20, 40):
        answer = real_plan(1, [code for code in REAL.criteria if code != out][:count], mode)
        assert answer.options
        assert all(out in option.criteria for option in answer.options)


def test_one_owner_is_not_given_everything_when_others_cost_the_same() -> None:
    owners = {code: "A" if code in PLAIN[:20] else code for code in REAL.criteria}
    efforts = dict.fromkeys(REAL.criteria, Effort.MEDIUM)
    answer = real_plan(0, ["LC1", "DM1", "PA1"], owners=owners, efforts=efforts)
    carried = [code for code in answer.options[0].criteria if owners[code] == "A"]
    assert (len(carried), answer.options[0].load, answer.options[0].cost) == (3, 0, 38)


def test_the_answer_is_the_same_whatever_the_order_of_what_is_known() -> None:
    met = [code for code in REAL.criteria if code.startswith(("DM", "OD"))]
    owners = {code: code[:2] for code in REAL.criteria}
    lapses = dict.fromkeys(met, date(2026, 6, 1))
    turned = [dict(reversed(values.items())) for values in (owners, lapses)]
    first = real_plan(1, met, "block", owners=owners, lapses=lapses)
    again = real_plan(1, met[::-1], "block", owners=turned[0], lapses=turned[1])
    assert first.options == again.options


def test_several_threads_plan_at_once() -> None:
    expected = real_plan(2, PLAIN[:5], "block").options
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: real_plan(2, PLAIN[:5], "block").options, range(12)))
    assert found == [expected] * 12


PROCESS = """
import sys, threading
import app.main, app.services.planning.plan
assert "highspy" not in sys.modules and "numpy" not in sys.modules
from tests.adapters.test_solver import real_plan
assert real_plan(1, []).options
with open("/proc/self/status") as file:
    print(next(line for line in file if line.startswith("Threads")).split()[1])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="counts the threads in /proc")
def test_the_solver_is_loaded_with_the_first_question_says_nothing_and_starts_no_threads() -> None:
    done = subprocess.run([sys.executable, "-c", PROCESS], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("1\n", "")
