"""What the planner answers: the cheapest sets with a reason for every criterion, or why there is none."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

from app.rules.criteria.edition import EFFORT_NAMES
from app.rules.message import Message, NamedCriteria, counted, say
from app.rules.planning.question import MOST_OPTIONS, Candidate, PlanningQuestion, Solver, order_by_needs, owner_load
from app.rules.planning.unreachable import why_unreachable
from app.rules.scoring.score import RANGE_PHRASES, explain_score


@dataclass(frozen=True)
class PickedCriterion:
    """A criterion of an option and why it is in."""

    candidate: Candidate
    finishes_on: date
    reason: Message


@dataclass(frozen=True)
class PlanOption:
    """One set that reaches the level; `picks` in the order to begin in.

    `cost` in points, `load` of them because owners carry many. `finishes_on` is the earliest date on which all can be done.
    `minimal` says why none can be left out, `cheapest` how the cost compares with the other options.
    """

    picks: tuple[PickedCriterion, ...]
    cost: int
    load: int
    finishes_on: date
    minimal: Message
    cheapest: Message

    @property
    def criteria(self) -> tuple[str, ...]:
        return tuple(pick.candidate.code for pick in self.picks)

    @property
    def reasons(self) -> tuple[Message, ...]:
        """All that speaks for the set, a sentence or two each: its criteria in their order, then the set as a whole."""
        each = [say("%(code)s: %(reason)s", code=pick.candidate.code, reason=pick.reason) for pick in self.picks]
        heavy = [_explain_load(self.load)] if self.load else []
        return (*each, *heavy, self.minimal, self.cheapest)


@dataclass(frozen=True)
class Plan:
    """The options, cheapest first, or where there are none the sentences that say why."""

    question: PlanningQuestion
    options: tuple[PlanOption, ...]
    unreachable_because: tuple[Message, ...]


def make_plan(question: PlanningQuestion, solve: Solver) -> Plan:
    """The sets with the least work that answer the question, at most MOST_OPTIONS."""
    everything = [candidate.code for candidate in question.available]
    if not question.reached_with(everything):
        return Plan(question, (), why_unreachable(question))
    solutions = [frozenset[str]()] if question.reached_with([]) else solve(question, MOST_OPTIONS)
    sets = [_order_candidates(question, codes) for codes in solutions]
    return Plan(question, tuple(_make_option(question, chosen, set_cost(sets[0])) for chosen in sets), ())


def set_cost(chosen: Collection[Candidate]) -> int:
    """Points of a set: those of its criteria, and the load of its owners."""
    return sum(candidate.cost for candidate in chosen) + owner_load(candidate.owner for candidate in chosen)


def _order_candidates(question: PlanningQuestion, codes: Collection[str]) -> list[Candidate]:
    """The order to begin in: core first, then as the edition has them, but nothing before what it builds on."""
    ranked = sorted(
        (candidate for candidate in question.candidates if candidate.code in codes),
        key=lambda candidate: not candidate.core,
    )
    ordered = order_by_needs([candidate.code for candidate in ranked], lambda code: question.by_code[code].needs)
    return [question.by_code[code] for code in ordered]


def _make_option(question: PlanningQuestion, chosen: Sequence[Candidate], least: int) -> PlanOption:
    codes = [candidate.code for candidate in chosen]
    cost = set_cost(chosen)
    return PlanOption(
        picks=tuple(
            PickedCriterion(candidate, question.finishes_on(candidate), _explain_pick(question, candidate, codes))
            for candidate in chosen
        ),
        cost=cost,
        load=owner_load(candidate.owner for candidate in chosen),
        finishes_on=max((question.finishes_on(candidate) for candidate in chosen), default=question.today),
        minimal=_why_minimal(question, codes),
        cheapest=_why_cheapest(cost, least),
    )


def _explain_load(points: int) -> Message:
    return counted(
        "%(count)s point is added because an owner would carry more than three of these criteria.",
        "%(count)s points are added because owners would carry more than three of these criteria.",
        points,
    )


def _explain_pick(question: PlanningQuestion, candidate: Candidate, codes: Sequence[str]) -> Message:
    """Why it must be in, where it must; then what it takes; then what it builds on, where that is left open."""
    parts = (
        *_why_needed(question, candidate, codes),
        _what_it_takes(question, candidate),
        *_explain_open_needs(question, candidate, codes),
    )
    return reduce(lambda reason, more: say("%(reason)s %(more)s", reason=reason, more=more), parts)


def _why_needed(question: PlanningQuestion, candidate: Candidate, codes: Sequence[str]) -> Iterator[Message]:
    if candidate.core:
        yield say("Core: without it no level is given.")
    if unlocked := _unlocked_by(question, candidate, codes):
        yield counted(
            "%(codes)s counts only with it.",
            "%(codes)s count only with it.",
            len(unlocked),
            codes=NamedCriteria(question.edition.id, tuple(unlocked)),
        )


def _what_it_takes(question: PlanningQuestion, candidate: Candidate) -> Message:
    if candidate.submitted:
        return say("In review already: only the verdict is missing.")
    if candidate.renewal:
        return say("Met today; its evidence lapses on %(date)s and only has to be renewed.", date=candidate.lapses_on)
    effort = EFFORT_NAMES[candidate.effort]
    if question.target is None:
        return say("Effort: %(effort)s.", effort=effort)
    return say("Effort: %(effort)s; can be done by %(date)s.", effort=effort, date=question.finishes_on(candidate))


def _explain_open_needs(question: PlanningQuestion, candidate: Candidate, codes: Sequence[str]) -> Iterator[Message]:
    """Only where the edition warns: where it blocks, what a criterion builds on is in the set."""
    still_open = [need for need in candidate.needs if need not in codes]
    if still_open:
        yield counted(
            "Builds on %(codes)s, which is still open.",
            "Builds on %(codes)s, which are still open.",
            len(still_open),
            codes=NamedCriteria(question.edition.id, tuple(still_open)),
        )


def _unlocked_by(question: PlanningQuestion, candidate: Candidate, codes: Sequence[str]) -> list[str]:
    """What counts only with this criterion: others of the set, and what is met but blocked."""
    if not question.blocks:
        return []
    back = [code for code, needs in question.returns.items() if candidate.code in needs and needs.issubset(codes)]
    unlocked = {*back, *(code for code in codes if candidate.code in question.by_code[code].needs)}
    return [code for code in question.edition.criteria if code in unlocked]


def _why_minimal(question: PlanningQuestion, codes: Sequence[str]) -> Message:
    if not codes:
        return say("Nothing has to be added. %(score)s", score=explain_score(question.score_with([])))
    without = [question.score_with([code for code in codes if code != out]) for out in codes]
    values = {
        "left": max(score.met for score in without),
        "total": question.edition.total,
        "level": RANGE_PHRASES[question.level.id],
        "needed": question.needed,
    }
    if all(score.met < question.needed for score in without):
        return say(
            "Leave any one out and you have at most %(left)s of %(total)s; %(level)s starts at %(needed)s.", **values
        )
    if all(score.core_open for score in without):
        return say("Leave any one out and a core criterion is open.")
    return say(
        "Leave any one out and either a core criterion is open or fewer than %(needed)s of %(total)s are met.", **values
    )


def _why_cheapest(cost: int, least: int) -> Message:
    if not cost:
        return say("It needs no work.")
    if cost == least:
        return counted(
            "No option that gets there needs less than %(count)s point of work.",
            "No option that gets there needs less than %(count)s points of work.",
            cost,
        )
    return counted(
        "%(count)s point of work more than the first option.",
        "%(count)s points of work more than the first option.",
        cost - least,
    )
