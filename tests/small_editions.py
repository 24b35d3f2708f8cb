"""Small editions made up at random, and the planner's answers to them found by trying every set of criteria.

What is tried here follows the definitions word by word and shares nothing with the planner but its inputs.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from random import Random
from types import MappingProxyType

from app.adapters.criteria.editions import load_edition
from app.rules.criteria.edition import CoreRule, Edition, Effort, Level
from app.rules.planning.question import PlanningFacts, PlanningQuestion, pose_question
from app.rules.review.moves import ResponseState
from app.settings import ROOT

REAL = load_edition(ROOT / "criteria" / "wwc-2022")
TODAY = date(2026, 3, 2)
POINTS = {"S": 1, "M": 2, "L": 4}
CODES = ["DM1", "DM2", "LC4", "OD1", "PA1", "PA2", "BF1", "CI1"]
"""Codes of the real edition, because some of them wait for leaders."""
DAYS = {"S": 14, "M": 45, "L": 120}
LEADERS = {"DM1": 14, "LC4": 45, "OD1": 60, "PA1": 14, "PA2": 14, "BF1": 90}


def small_edition(
    needs: dict[str, tuple[str, ...]], *, percent: int = 50, core: tuple[str, ...] = (), mode: str = "block"
) -> Edition:
    """An edition of the given codes in their order, each with what it builds on, and one level."""
    plain = REAL.criteria["DM9"]
    criteria = {code: replace(plain, code=code, prerequisites=needs[code], core=code in core) for code in needs}
    return replace(
        REAL,
        total=len(needs),
        levels=(Level("gold", percent),),
        core=CoreRule(bool(core), core, "made up"),
        prerequisites=mode,
        criteria=MappingProxyType(criteria),
    )


@dataclass(frozen=True)
class Case:
    edition: Edition
    verified: frozenset[str]
    target: date | None
    facts: PlanningFacts

    def question(self) -> PlanningQuestion:
        return pose_question(self.edition, self.edition.levels[0], self.verified, TODAY, self.target, self.facts)


def some_case(random: Random, codes: list[str] = CODES) -> Case:
    """Any level, core, prerequisites without circles, verdicts, efforts, owners, times, states and lapses."""
    names = codes[: random.randint(1, len(codes))]
    names = random.sample(names, len(names))
    chance = random.choice([0, 0.2, 0.5])
    needs = {code: tuple(other for other in names[:at] if random.random() < chance) for at, code in enumerate(names)}
    needs = {code: needs[code] for code in random.sample(names, len(names))}
    edition = small_edition(
        needs,
        percent=random.randint(1, 100),
        core=tuple(some_of(random, names, 0.2)),
        mode=random.choice(["warn", "block"]),
    )
    verified = frozenset(some_of(random, names, random.choice([0.2, 0.6])))
    unmet = [code for code in names if code not in verified]
    facts = PlanningFacts(
        efforts={code: random.choice(list(Effort)) for code in some_of(random, names, 0.7)},
        lead_days={code: random.randint(0, 120) for code in some_of(random, names, 0.3)},
        owners={code: random.choice("AB") for code in some_of(random, names, random.choice([0.5, 1]))},
        states={code: random.choice(list(ResponseState)) for code in some_of(random, unmet, 0.4)},
        lapses={code: TODAY + timedelta(days=random.randint(-50, 250)) for code in some_of(random, names, 0.3)},
    )
    target = random.choice([None, TODAY + timedelta(days=random.randint(0, 300))])
    return Case(edition, verified, target, facts)


def some_of(random: Random, codes: list[str], chance: float) -> list[str]:
    return [code for code in codes if random.random() < chance]


class Tried:
    """A case, answered by trying."""

    def __init__(self, case: Case) -> None:
        self.edition, self.facts, self.target = case.edition, case.facts, case.target
        lapsed = {code for code, day in case.facts.lapses.items() if case.target and day <= case.target}
        self.renewals = case.verified & lapsed
        self.met = case.verified - lapsed
        self.codes = [code for code in case.edition.criteria if code not in self.met]

    def cost_of(self, chosen: tuple[str, ...]) -> int:
        carried = Counter(self.facts.owners[code] for code in chosen if code in self.facts.owners)
        return sum(map(self.points, chosen)) + sum(many - 3 for many in carried.values() if many > 3)

    def points(self, code: str) -> int:
        return 1 if code in self.renewals or self.submitted(code) else POINTS[self.effort(code)]

    def effort(self, code: str) -> str:
        return self.facts.efforts.get(code, self.edition.criteria[code].effort).value

    def submitted(self, code: str) -> bool:
        return self.facts.states.get(code) is ResponseState.SUBMITTED

    def days(self, code: str) -> int:
        """From starting until a reviewer can decide."""
        if self.submitted(code):
            return 14
        if code in self.facts.lead_days:
            return self.facts.lead_days[code]
        return 14 if code in self.renewals else DAYS[self.effort(code)] + LEADERS.get(code, 0)

    def counts_after(self, code: str) -> int:
        """Days until a criterion counts, after those that it builds on where the edition blocks."""
        before = self.edition.criteria[code].prerequisites if self.edition.prerequisites == "block" else ()
        own = 0 if code in self.met else self.days(code)
        return own + max(map(self.counts_after, before), default=0)

    def in_time(self, code: str) -> bool:
        return self.target is None or TODAY + timedelta(days=self.counts_after(code)) <= self.target

    def counts(self, code: str, held: set[str]) -> bool:
        if self.edition.prerequisites == "warn":
            return code in held
        return code in held and all(self.counts(need, held) for need in self.edition.criteria[code].prerequisites)

    def reached_with(self, chosen: tuple[str, ...]) -> bool:
        held = {*self.met, *chosen}
        counted = {code for code in held if self.counts(code, held)}
        core = self.edition.core.criteria if self.edition.core.required else ()
        enough = len(counted) * 100 >= self.edition.levels[0].percent * self.edition.total
        return enough and counted.issuperset(core) and all(map(self.in_time, chosen))

    def minimal(self, chosen: tuple[str, ...]) -> bool:
        without = [tuple(code for code in chosen if code != out) for out in chosen]
        return self.reached_with(chosen) and not any(map(self.reached_with, without))

    def answers(self) -> list[tuple[int, tuple[str, ...]]]:
        """Cost and codes of every minimal set, the cheapest first, then those with the edition's earlier criteria."""
        place = list(self.edition.criteria).index
        found = [(self.cost_of(chosen), chosen) for chosen in self._all_sets() if self.minimal(chosen)]
        return sorted(found, key=lambda answer: (answer[0], [place(code) for code in answer[1]]))

    def _all_sets(self) -> Iterator[tuple[str, ...]]:
        for size in range(len(self.codes) + 1):
            yield from combinations(self.codes, size)
