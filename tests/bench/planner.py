"""Budget 8: the planner is exact within a second for 43 criteria, whether the edition's prerequisites warn or block."""

import random
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median

from app.adapters.criteria.editions import load_edition
from app.adapters.solver import find_cheapest_sets
from app.rules.criteria.edition import Edition
from app.rules.planning.options import make_plan
from app.rules.planning.question import PlanningFacts, pose_question
from app.settings import ROOT
from tests.bench.table import Line

CASES, SECONDS = 60, 1.0
TODAY, BY = date(2026, 11, 25), date(2027, 11, 25)
OWNERS = ("Data", "Finance", "Works", "Mayor", "Procurement")


def measure(_folder: Path) -> list[Line]:
    """The slowest of many cities in each mode; every level and every number of criteria met comes up."""
    edition = load_edition(ROOT / "criteria" / "wwc-2022")
    return [
        _line(mode, [_seconds(replace(edition, prerequisites=mode), case) for case in range(CASES)])
        for mode in ("warn", "block")
    ]


def _seconds(edition: Edition, case: int) -> float:
    chance = random.Random(case)  # the same cities in every run
    codes = list(edition.criteria)
    met = chance.sample(codes, chance.randrange(0, 36))
    facts = PlanningFacts(
        owners={code: chance.choice(OWNERS) for code in codes},
        lapses={code: date(2027, chance.randrange(1, 12), 1) for code in chance.sample(codes, 8)},
    )
    level = chance.choice(edition.levels)
    began = time.perf_counter()
    make_plan(pose_question(edition, level, met, TODAY, BY, facts), find_cheapest_sets)
    return time.perf_counter() - began


def _line(mode: str, seconds: list[float]) -> Line:
    slowest = max(seconds)
    what = f"five cheapest sets of 43, prerequisites {mode}: slowest of {CASES}"
    return Line(
        what, f"{slowest * 1000:.0f} ms (median {median(seconds) * 1000:.0f})", "1 s", slowest / SECONDS, at_most=1
    )
