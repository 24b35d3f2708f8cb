"""When to begin and when to hand in each criterion of a plan, planned backwards from its date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.rules.planning.question import REVIEW_DAYS, Candidate, in_order_of_needs


@dataclass(frozen=True)
class Step:
    """`due_on` is the last day to submit. `late`: the plan would have had to begin before today, so its days do not suffice."""

    code: str
    start_on: date
    due_on: date
    late: bool


def schedule(picked: Iterable[Candidate], target: date, today: date) -> tuple[Step, ...]:
    """The steps for a set, by the day they begin, core ones first among equals; the target is not before today.

    All is due REVIEW_DAYS before the target, and what another one of the set builds on before that one begins; nothing before today.
    """
    chosen = {one.code: one for one in picked}
    last = target - timedelta(days=REVIEW_DAYS)
    steps: dict[str, Step] = {}
    for code in reversed(in_order_of_needs(chosen, lambda code: chosen[code].needs)):
        waiting = [steps[other].start_on for other in steps if code in chosen[other].needs]
        steps[code] = _step(chosen[code], min([last, *(day - timedelta(days=1) for day in waiting)]), today)
    ordered = [steps[code] for code in chosen]
    return tuple(sorted(ordered, key=lambda step: (step.start_on, not chosen[step.code].core)))


def _step(one: Candidate, due_on: date, today: date) -> Step:
    """What is submitted already only waits for its review."""
    spare = (due_on - today).days - (0 if one.submitted else one.lead_days)
    return Step(one.code, today + timedelta(days=max(0, spare)), max(today, due_on), late=spare < 0)
