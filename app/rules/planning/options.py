"""What the planner answers: the cheapest sets with a reason for every criterion, or why there is none."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

from app.rules.gaps import EFFORT_NAMES
from app.rules.message import Said, counted, say
from app.rules.planning.question import OPTIONS, Candidate, Question, Solver, in_order_of_needs, load
from app.rules.planning.unreachable import why_unreachable
from app.rules.scoring.score import LEVEL_NAMES, explain


@dataclass(frozen=True)
class Pick:
    """A criterion of an option and why it is in."""

    candidate: Candidate
    finishes_on: date
    reason: Said


@dataclass(frozen=True)
class Option:
    """One set that reaches the level; `picks` in the order to begin in.

    `cost` in points, `load` of them because owners carry many. `finishes_on` is the earliest date on which all can be done.
    `minimal` says why none can be left out, `cheapest` how the cost compares with the other options.
    """

    picks: tuple[Pick, ...]
    cost: int
    load: int
    finishes_on: date
    minimal: Said
    cheapest: Said

    @property
    def criteria(self) -> tuple[str, ...]:
        return tuple(pick.candidate.code for pick in self.picks)

    @property
    def reasons(self) -> tuple[Said, ...]:
        """All that speaks for the set, a sentence or two each: its criteria in their order, then the set as a whole."""
        each = [say("%(code)s: %(reason)s", code=pick.candidate.code, reason=pick.reason) for pick in self.picks]
        heavy = [_heavy(self.load)] if self.load else []
        return (*each, *heavy, self.minimal, self.cheapest)


@dataclass(frozen=True)
class Plan:
    """The options, cheapest first, or where there are none the sentences that say why."""

    question: Question
    options: tuple[Option, ...]
    unreachable_because: tuple[Said, ...]


def plan(question: Question, solve: Solver) -> Plan:
    """The cheapest sets that answer the question, at most OPTIONS."""
    everything = [candidate.code for candidate in question.available]
    if not question.reached_with(everything):
        return Plan(question, (), why_unreachable(question))
    found = [frozenset[str]()] if question.reached_with([]) else solve(question, OPTIONS)
    sets = [_in_order(question, codes) for codes in found]
    return Plan(question, tuple(_option(question, each, cost_of(sets[0])) for each in sets), ())


def cost_of(chosen: Collection[Candidate]) -> int:
    """Points of a set: those of its criteria, and the load of its owners."""
    return sum(one.cost for one in chosen) + load(one.owner for one in chosen)


def _in_order(question: Question, codes: Collection[str]) -> list[Candidate]:
    """The order to begin in: core first, then as the edition has them, but nothing before what it builds on."""
    ranked = sorted((one for one in question.candidates if one.code in codes), key=lambda one: not one.core)
    ordered = in_order_of_needs([one.code for one in ranked], lambda code: question.by_code[code].needs)
    return [question.by_code[code] for code in ordered]


def _option(question: Question, chosen: Sequence[Candidate], least: int) -> Option:
    codes = [one.code for one in chosen]
    cost = cost_of(chosen)
    return Option(
        picks=tuple(Pick(one, question.finishes_on(one), _reason(question, one, codes)) for one in chosen),
        cost=cost,
        load=load(one.owner for one in chosen),
        finishes_on=max((question.finishes_on(one) for one in chosen), default=question.today),
        minimal=_why_minimal(question, codes),
        cheapest=_why_cheapest(cost, least),
    )


def _heavy(points: int) -> Said:
    return counted(
        "%(count)s point of the cost is for an owner who would carry more than three of these criteria.",
        "%(count)s points of the cost are for owners who would carry more than three of these criteria.",
        points,
    )


def _reason(question: Question, one: Candidate, codes: Sequence[str]) -> Said:
    """Why it must be in, where it must; then what it takes; then what it builds on, where that is left open."""
    parts = (*_why_needed(question, one, codes), _what_it_takes(question, one), *_open_needs(one, codes))
    return reduce(lambda reason, more: say("%(reason)s %(more)s", reason=reason, more=more), parts)


def _why_needed(question: Question, one: Candidate, codes: Sequence[str]) -> Iterator[Said]:
    if one.core:
        yield say("Core: without it no level is given.")
    if unlocked := _unlocked_by(question, one, codes):
        yield counted(
            "%(codes)s counts only with it.", "%(codes)s count only with it.", len(unlocked), codes=", ".join(unlocked)
        )


def _what_it_takes(question: Question, one: Candidate) -> Said:
    if one.submitted:
        return say("In review already: only the verdict is missing.")
    if one.renewal:
        return say("Met today; its evidence lapses on %(date)s and only has to be renewed.", date=one.lapses_on)
    effort = EFFORT_NAMES[one.effort]
    if question.target is None:
        return say("Effort: %(effort)s.", effort=effort)
    return say("Effort: %(effort)s; can be done by %(date)s.", effort=effort, date=question.finishes_on(one))


def _open_needs(one: Candidate, codes: Sequence[str]) -> Iterator[Said]:
    """Only where the edition warns: where it blocks, what a criterion builds on is in the set."""
    still_open = [need for need in one.needs if need not in codes]
    if still_open:
        yield counted(
            "Builds on %(codes)s, which is still open.",
            "Builds on %(codes)s, which are still open.",
            len(still_open),
            codes=", ".join(still_open),
        )


def _unlocked_by(question: Question, one: Candidate, codes: Sequence[str]) -> list[str]:
    """What counts only with this criterion: others of the set, and what is met but blocked."""
    if not question.blocks:
        return []
    back = [code for code, needs in question.returns.items() if one.code in needs and needs.issubset(codes)]
    unlocked = {*back, *(code for code in codes if one.code in question.by_code[code].needs)}
    return [code for code in question.edition.criteria if code in unlocked]


def _why_minimal(question: Question, codes: Sequence[str]) -> Said:
    if not codes:
        return say("Nothing has to be added. %(score)s", score=explain(question.score_with([])))
    without = [question.score_with([code for code in codes if code != out]) for out in codes]
    values = {
        "left": max(score.met for score in without),
        "total": question.edition.total,
        "level": LEVEL_NAMES[question.level.id],
        "needed": question.needed,
    }
    if all(score.met < question.needed for score in without):
        return say(
            "Take out any one and at most %(left)s of %(total)s are met; %(level)s begins at %(needed)s.", **values
        )
    if all(score.core_open for score in without):
        return say("Take out any one and a core criterion is open.")
    return say(
        "Take out any one and either a core criterion is open or fewer than %(needed)s of %(total)s are met.", **values
    )


def _why_cheapest(cost: int, least: int) -> Said:
    if not cost:
        return say("It costs nothing.")
    if cost == least:
        return counted(
            "No set that gets there costs less than %(count)s point.",
            "No set that gets there costs less than %(count)s points.",
            cost,
        )
    return counted(
        "Costs %(count)s point more than the cheapest set.",
        "Costs %(count)s points more than the cheapest set.",
        cost - least,
    )
