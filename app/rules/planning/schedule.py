"""When to begin and when to hand in each criterion of a plan, planned backwards from its date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.rules.planning.question import REVIEW_DAYS, Candidate, order_by_needs


@dataclass(frozen=True)
class ScheduleStep:
    """`due_on` is the last day to submit. `late`: the plan would have had to begin before today, so its days do not suffice."""

    code: str
    start_on: date
    due_on: date
    late: bool


def schedule_steps(picked: Iterable[Candidate], target: date, today: date) -> tuple[ScheduleStep, ...]:
    """The steps for a set, by the day they begin, core ones first among equals; the target is not before today.

    All is due REVIEW_DAYS before the target, and what another one of the set builds on before that one begins; nothing before today.
    """
    chosen = {candidate.code: candidate for candidate in picked}
    last = target - timedelta(days=REVIEW_DAYS)
    steps: dict[str, ScheduleStep] = {}
    for code in reversed(order_by_needs(chosen, lambda code: chosen[code].needs)):
        waiting = [steps[other].start_on for other in steps if code in chosen[other].needs]
        steps[code] = _schedule_step(chosen[code], min([last, *(day - timedelta(days=1) for day in waiting)]), today)
    ordered = [steps[code] for code in chosen]
    return tuple(sorted(ordered, key=lambda step: (step.start_on, not chosen[step.code].core)))


def _schedule_step(candidate: Candidate, due_on: date, today: date) -> ScheduleStep:
    """What is submitted already only waits for its review."""
    spare = (due_on - today).days - (0 if candidate.submitted else candidate.lead_days)
    return ScheduleStep(candidate.code, today + timedelta(days=max(0, spare)), max(today, due_on), late=spare < 0)
