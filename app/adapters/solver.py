"""The cheapest sets of criteria, found and proven by HiGHS, a solver for linear problems in whole numbers.

It is loaded with the first question, so that a start of the app does not wait for it.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from app.rules.errors import OutsideUnavailable
from app.rules.message import say
from app.rules.planning.question import LOAD_FREE, PlanningQuestion

if TYPE_CHECKING:
    from highspy import Highs
    from highspy.highs import highs_linear_expression, highs_var

ORDERED_AT_ONCE = 16
"""Criteria whose order one run settles, the first weighing 2**15: far from where the solver's numbers stop being exact."""


def find_cheapest_sets(question: PlanningQuestion, most: int) -> Sequence[frozenset[str]]:
    """The sets as `rules.planning.question.Solver` wants them, for a question that is not answered without any. Raises OutsideUnavailable."""
    return list(islice(_PlanModel(question).find_sets(), most))


class _PlanModel:
    """The question as linear constraints over one variable (0 or 1) for each available candidate."""

    def __init__(self, question: PlanningQuestion) -> None:
        self._question = question
        self._highs = _make_solver()
        self._picked = {candidate.code: self._highs.addBinary() for candidate in question.available}
        self._cost = self._sum(candidate.cost * self._picked[candidate.code] for candidate in question.available)
        self._add_loads()
        self._budget = self._highs.addConstr(self._cost >= 0)
        self._add_core()
        self._add_count()
        if question.blocks:
            self._add_needs()

    def find_sets(self) -> Iterator[frozenset[str]]:
        """All sets, each without the supersets of those before.

        What contains a set that answers is not minimal; and the cheapest of the rest is, because each criterion costs something.
        """
        while self._has_optimum(self._highs.minimize, self._cost):
            cost = round(self._highs.getObjectiveValue())
            chosen = self._pick_earliest(cost)
            yield frozenset(chosen)
            self._highs.changeRowBounds(self._budget.index, cost, self._highs.inf)
            self._highs.addConstr(self._sum(self._picked[code] for code in chosen) <= len(chosen) - 1)

    def _pick_earliest(self, cost: int) -> list[str]:
        """Of the sets of this cost, the one with the edition's earlier criteria."""
        self._highs.changeRowBounds(self._budget.index, 0, cost)
        variables = list(self._picked.values())
        for start in range(0, len(variables), ORDERED_AT_ONCE):
            part = variables[start : start + ORDERED_AT_ONCE]
            weights = (2**at * variable for at, variable in enumerate(reversed(part)))
            self._has_optimum(self._highs.maximize, self._sum(weights))
            for variable in part:
                value = round(self._highs.variableValue(variable))
                self._highs.changeColBounds(variable.index, value, value)
        chosen = [code for code, variable in self._picked.items() if round(self._highs.variableValue(variable))]
        for variable in variables:
            self._highs.changeColBounds(variable.index, 0, 1)
        return chosen

    def _has_optimum(
        self, optimize: "Callable[[highs_linear_expression], object]", wanted: "highs_linear_expression"
    ) -> bool:
        """Whether there is a best answer; false when there is none at all."""
        from highspy import HighsModelStatus as Status

        optimize(wanted)
        status = self._highs.getModelStatus()
        if status not in {Status.kOptimal, Status.kInfeasible, Status.kUnboundedOrInfeasible}:
            raise OutsideUnavailable(say("The planner could not finish its search. Please tell your administrator."))
        return status == Status.kOptimal

    def _add_loads(self) -> None:
        """What an owner carries beyond the free ones costs; nothing makes these variables larger than they must be."""
        owners: dict[str, list[highs_var]] = {}
        for candidate in self._question.available:
            if candidate.owner is not None:
                owners.setdefault(candidate.owner, []).append(self._picked[candidate.code])
        for carried in owners.values():
            extra = self._highs.addVariable(0, len(carried))
            self._highs.addConstr(extra >= self._sum(carried) - LOAD_FREE)
            self._cost += extra

    def _add_core(self) -> None:
        """Core criteria that are met but blocked ask for what they wait for."""
        for code in self._question.core:
            waits_for = {code} if code in self._picked else self._question.returns.get(code, frozenset())
            for need in waits_for:
                self._highs.addConstr(self._picked[need] >= 1)

    def _add_count(self) -> None:
        """Enough must count: what counts already, the picked ones, and the blocked ones whose needs are all picked."""
        back = [self._add_returning(needs) for needs in self._question.returns.values() if needs <= self._picked.keys()]
        missing = self._question.needed - self._question.score_with([]).met
        self._highs.addConstr(self._sum([*self._picked.values(), *back]) >= missing)

    def _add_returning(self, needs: Iterable[str]) -> "highs_var":
        back: highs_var = self._highs.addVariable(0, 1)
        for need in needs:
            self._highs.addConstr(back <= self._picked[need])
        return back

    def _add_needs(self) -> None:
        for candidate in self._question.available:
            for need in candidate.needs:
                self._highs.addConstr(self._picked[candidate.code] <= self._picked[need])

    def _sum(self, parts: "Iterable[highs_linear_expression | highs_var]") -> "highs_linear_expression":
        return self._highs.qsum(parts)


def _make_solver() -> "Highs":
    """A silent solver that proves its answers to the end and takes one thread."""
    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1"
    )  # the solver brings numpy, which would start a thread for each processor
    from highspy import Highs

    class Silent(Highs):
        def enableCallbacks(self) -> None:
            """The first thing that is set, upon which the solver would print its name among the results."""
            self.silent()

    highs: Highs = Silent()  # type: ignore[no-untyped-call]
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", 0.0)
    return highs
