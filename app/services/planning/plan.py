"""The plan for a file of answers, for the command line: the cheapest sets of criteria that reach a level by a date."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from app.adapters.solver import find_cheapest_sets
from app.rules.criteria.edition import Edition, Level
from app.rules.message import Message, counted, say
from app.rules.planning.options import Plan, PlanOption, make_plan
from app.rules.planning.question import pose_question
from app.rules.scoring.score import LEVEL_NAMES, met_codes
from app.services.planning.answers_file import (
    find_edition,
    parse_day_option,
    read_answers_file,
    read_facts,
    unusable_answers,
)


def plan_answers(edition_id: str, path: Path, target: str, by: str | None, today: date) -> Plan:
    """The plan for reaching a level (its id) by a date (ISO, or none). Raises Invalid, in one sentence, for whatever cannot be used."""
    edition = find_edition(edition_id)
    level, day = _find_level(edition, target), parse_day_option(by)
    verdicts, facts = read_facts(read_answers_file(path), edition)
    return make_plan(pose_question(edition, level, met_codes(verdicts), today, day, facts), find_cheapest_sets)


def plan_as_data(plan_found: Plan) -> dict[str, Any]:
    """The plan with exactly the keys that the command line promises."""
    return {
        "target": plan_found.question.level.id,
        "date": plan_found.question.target and plan_found.question.target.isoformat(),
        "options": [_option_as_data(option) for option in plan_found.options],
        "unreachable_because": " ".join(map(str, plan_found.unreachable_because)) or None,
    }


def _option_as_data(option: PlanOption) -> dict[str, Any]:
    reasons = [str(reason) for reason in option.reasons]
    return {"criteria": list(option.criteria), "cost": option.cost, "reasons": reasons}


def plan_as_lines(plan_found: Plan) -> Iterator[Message]:
    """The plan to be read: a heading, then each option with its reasons, or why there is none."""
    yield _plan_heading(plan_found)
    yield from plan_found.unreachable_because
    for number, option in enumerate(plan_found.options, start=1):
        yield counted(
            "Option %(number)s: %(count)s point, done by %(date)s at the earliest.",
            "Option %(number)s: %(count)s points, done by %(date)s at the earliest.",
            option.cost,
            number=number,
            date=option.finishes_on,
        )
        yield from (say("  %(reason)s", reason=reason) for reason in option.reasons)


def _plan_heading(plan_found: Plan) -> Message:
    values = {"level": LEVEL_NAMES[plan_found.question.level.id], "date": plan_found.question.target}
    if plan_found.question.target is None:
        reached, missed = say("Estimated: %(level)s.", **values), say("Out of reach: %(level)s.", **values)
    else:
        reached = say("Estimated: %(level)s by %(date)s.", **values)
        missed = say("Out of reach: %(level)s by %(date)s.", **values)
    return reached if plan_found.options else missed


def _find_level(edition: Edition, wanted: str) -> Level:
    for level in edition.levels:
        if level.id == wanted:
            return level
    names = ", ".join(level.id for level in edition.levels)
    raise unusable_answers(
        say("There is no level “%(id)s” in this edition; choose %(all)s.", id=wanted[:40], all=names)
    )
