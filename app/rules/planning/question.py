"""What could be planned: the open criteria with their cost and time, and the question of the cheapest set that reaches a level.

Points and days are our estimates; a city can give its own effort and its own days for each criterion.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from app.rules.criteria.edition import DecisionKind, Edition, Effort, Level
from app.rules.criteria.prerequisites import BLOCK, codes_that_count, missing_for
from app.rules.review.moves import ResponseState
from app.rules.scoring.score import Score, compute_score, fewest_for

REVIEW_DAYS = 14
LITTLE_POINTS = 1
"""The cost of what is in review, or only has to be renewed."""
RENEWAL_DAYS = 14
EFFORT_POINTS = {Effort.SMALL: 1, Effort.MEDIUM: 2, Effort.LARGE: 4}
EFFORT_DAYS = {Effort.SMALL: 14, Effort.MEDIUM: 45, Effort.LARGE: 120}
DECISION_DAYS = {
    DecisionKind.POLICY: 60,  # two readings in a council, about a month apart
    DecisionKind.BUDGET: 90,
    DecisionKind.APPOINTMENT: 45,
    DecisionKind.MANDATE: 14,
}
"""Points and calendar days: our estimates, which a city can replace for each criterion."""

LOAD_FREE = 3
"""Criteria of one set that one owner carries at no extra cost; each further one costs a point."""
MOST_OPTIONS = 5


@dataclass(frozen=True)
class PlanningFacts:
    """What a city knows of its criteria, by code.

    What is left out has the edition's effort, the days of our tables, no owner, nothing begun, and evidence that never lapses.
    `lapses` has the date from which a met criterion is at risk.
    """

    efforts: Mapping[str, Effort] = field(default_factory=dict)
    lead_days: Mapping[str, int] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, ResponseState] = field(default_factory=dict)
    lapses: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True)
class Candidate:
    """A criterion that could be met, or renewed, for a level.

    `cost` is in points (>= 1), `lead_days` in calendar days from starting until a reviewer can decide. `needs` are other candidates that
    it builds on, directly or through criteria that are met but blocked. `finish_days` counts from today, after those needs where
    the edition blocks. `lapses_on` is set where it is met today and only has to be renewed.
    """

    code: str
    effort: Effort
    cost: int
    lead_days: int
    finish_days: int
    owner: str | None
    needs: tuple[str, ...]
    core: bool
    submitted: bool = False
    lapses_on: date | None = None

    @property
    def renewal(self) -> bool:
        return self.lapses_on is not None


@dataclass(frozen=True)
class PlanningQuestion:
    """Which candidates reach the level by the date? `met` are the codes still met then, blocked ones included."""

    edition: Edition
    level: Level
    today: date
    target: date | None
    met: frozenset[str]
    candidates: tuple[Candidate, ...]

    @cached_property
    def needed(self) -> int:
        """How many criteria must count for the level, 0..total."""
        return fewest_for(self.level, self.edition.total)

    @cached_property
    def by_code(self) -> dict[str, Candidate]:
        return {candidate.code: candidate for candidate in self.candidates}

    @cached_property
    def available(self) -> tuple[Candidate, ...]:
        """The candidates that can be done by the date, in the edition's order."""
        return tuple(
            candidate
            for candidate in self.candidates
            if self.target is None or self.finishes_on(candidate) <= self.target
        )

    @cached_property
    def returns(self) -> dict[str, frozenset[str]]:
        """What is met but blocked, with the candidates that it waits for: when all are met, it counts again at no cost."""
        blocked = self.met - codes_that_count(self.edition, self.met)
        in_order = (code for code in self.edition.criteria if code in blocked)
        return {code: frozenset(open_needs(self.edition, self.met, code)) for code in in_order}

    @property
    def blocks(self) -> bool:
        return self.edition.prerequisites == BLOCK

    @property
    def core(self) -> tuple[str, ...]:
        """The codes without which no level is given; none where the edition does not ask for them."""
        return self.edition.core.criteria if self.edition.core.required else ()

    def finishes_on(self, candidate: Candidate) -> date:
        return add_days(self.today, candidate.finish_days)

    def score_with(self, picked: Collection[str]) -> Score:
        return score_if_met(self.edition, self.met, picked)

    def reached_with(self, picked: Collection[str]) -> bool:
        """Whether the level is reached by count and the core check stands, with these codes met as well."""
        result = self.score_with(picked)
        return result.met >= self.needed and result.core_holds


Solver = Callable[[PlanningQuestion, int], Sequence[frozenset[str]]]
"""Gives the sets of available candidates that answer the question, at most so many.

They are minimal (none is reached with one less), the cheapest first, then those that hold the edition's earlier criteria.
"""


def add_days(day: date, days: int) -> date:
    """The day so many calendar days later, or the last one of the calendar."""
    return day + timedelta(days=min(days, (date.max - day).days))


def pose_question(
    edition: Edition, level: Level, verified: Collection[str], today: date, target: date | None, facts: PlanningFacts
) -> PlanningQuestion:
    """The question, from the codes that a reviewer found met. Without a date nothing lapses and nothing comes too late."""
    lapsing = {code for code in verified if target and code in facts.lapses and facts.lapses[code] <= target}
    met = frozenset(verified) - lapsing
    return PlanningQuestion(edition, level, today, target, met, list_candidates(edition, met, lapsing, facts))


def list_candidates(
    edition: Edition, met: Collection[str], lapsing: Collection[str], facts: PlanningFacts
) -> tuple[Candidate, ...]:
    """Everything not met at the date, in the edition's order; `lapsing` is met today but not then."""
    finish: dict[str, int] = {}
    by_code: dict[str, Candidate] = {}
    for code in _order_codes(edition):
        if code in met:
            continue
        needs = open_needs(edition, met, code)
        waits = max((finish[need] for need in needs), default=0) if edition.prerequisites == BLOCK else 0
        lead = _lead_days(edition, code, code in lapsing, facts)
        finish[code] = waits + lead
        by_code[code] = _make_candidate(edition, code, needs, lead, finish[code], code in lapsing, facts)
    return tuple(by_code[code] for code in edition.criteria if code in by_code)


def _make_candidate(
    edition: Edition, code: str, needs: tuple[str, ...], lead: int, finish: int, renewal: bool, facts: PlanningFacts
) -> Candidate:
    effort = facts.efforts.get(code, edition.criteria[code].effort)
    submitted = facts.states.get(code) is ResponseState.SUBMITTED
    return Candidate(
        code=code,
        effort=effort,
        cost=LITTLE_POINTS if submitted or renewal else EFFORT_POINTS[effort],
        lead_days=lead,
        finish_days=finish,
        owner=facts.owners.get(code),
        needs=needs,
        core=edition.core.required and code in edition.core.criteria,
        submitted=submitted,
        lapses_on=facts.lapses[code] if renewal else None,
    )


def _lead_days(edition: Edition, code: str, renewal: bool, facts: PlanningFacts) -> int:
    """What is in review only waits for it; otherwise the city's own figure goes before ours."""
    if facts.states.get(code) is ResponseState.SUBMITTED:
        return REVIEW_DAYS
    if code in facts.lead_days:
        return facts.lead_days[code]
    if renewal:
        return RENEWAL_DAYS
    decision = edition.leaders_decide.get(code)
    effort_days = EFFORT_DAYS[facts.efforts.get(code, edition.criteria[code].effort)]
    return effort_days + (DECISION_DAYS[decision.kind] if decision else 0)


def open_needs(edition: Edition, met: Collection[str], code: str) -> tuple[str, ...]:
    """The unmet codes that a criterion builds on, directly or through others that are met but blocked, in the edition's order."""
    missing = missing_for(edition, met)
    open_codes, ahead = set(), list(missing.get(code, ()))
    while ahead:
        need = ahead.pop()
        if need in met:
            ahead += missing[need]
        else:
            open_codes.add(need)
    return tuple(other for other in edition.criteria if other in open_codes)


def _order_codes(edition: Edition) -> Iterable[str]:
    """All codes, each after those that it builds on."""
    return order_by_needs(edition.criteria, lambda code: edition.criteria[code].prerequisites)


def order_by_needs(codes: Iterable[str], needs: Callable[[str], Iterable[str]]) -> list[str]:
    """The codes as given, but each after those of them that it needs."""
    wanted = list(codes)
    placed: dict[str, None] = {}

    def place(code: str) -> None:
        for need in needs(code):
            if need in wanted and need not in placed:
                place(need)
        placed[code] = None

    for code in wanted:
        if code not in placed:
            place(code)
    return list(placed)


def owner_load(owners: Iterable[str | None]) -> int:
    """Extra points of a set, from the owner of each of its criteria: one for each that anyone carries beyond LOAD_FREE."""
    carried = [owner for owner in owners if owner is not None]
    return sum(max(0, carried.count(owner) - LOAD_FREE) for owner in set(carried))


def score_if_met(edition: Edition, met: Collection[str], picked: Collection[str]) -> Score:
    """The score if the picked codes were met as well, counting only what the edition's prerequisites let count."""
    return compute_score(edition, codes_that_count(edition, {*met, *picked}))
