"""How a result came about: each rule with its inputs and its result, the edition and its version, so that anyone can do it again.

A trace is plain data that JSON can hold. Page, interface and command line show the same one, and replaying its inputs gives it again.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.rules.criteria import Edition
from app.rules.message import Said, say
from app.rules.prerequisites import missing_for
from app.rules.scoring import forecast
from app.rules.scoring.forecast import Risks
from app.rules.scoring.score import Decision, Score, fewest_for, met_codes, score


class Rule(StrEnum):
    """The rules in the order in which they are applied."""

    VERDICTS = "verdicts"
    FRESHNESS = "freshness"
    PREREQUISITES = "prerequisites"
    COUNT = "count"
    LEVELS = "levels"
    CORE = "core"
    LEVEL = "level"
    NEXT = "next"


RULE_MEANINGS: dict[Rule, Said] = {
    Rule.VERDICTS: say("A criterion is met when the reviewer’s verdict that counts says so, and by nothing else."),
    Rule.FRESHNESS: say("For a date, criteria whose evidence has lapsed by then are left out. Their verdicts stay."),
    Rule.PREREQUISITES: say(
        "Where the edition says so, a criterion counts only together with those that it builds on."
    ),
    Rule.COUNT: say("One point for each criterion that counts, nothing in between, of all criteria of the edition."),
    Rule.LEVELS: say("A level is reached when met × 100 ≥ percent × total: whole numbers, no rounding."),
    Rule.CORE: say("Every core criterion must count, where the edition says so."),
    Rule.LEVEL: say("With a core criterion open no level is given, whatever the count."),
    Rule.NEXT: say("The next level is the lowest one that the count does not reach."),
}


@dataclass(frozen=True)
class Step:
    """One rule: what went in and what came out, both as JSON can hold them."""

    rule: Rule
    inputs: dict[str, Any]
    result: Any


@dataclass(frozen=True)
class Trace:
    """Everything that a result rests on. `as_of` is None for the verdicts alone; `lapses` matter only with a date."""

    edition: str
    edition_version: str
    as_of: date | None
    verdicts: dict[str, Decision]
    lapses: dict[str, date]
    steps: tuple[Step, ...]
    score: Score


def trace(
    edition: Edition, verdicts: Mapping[str, Decision], as_of: date | None = None, lapses: Risks | None = None
) -> Trace:
    """Score the verdicts, on a day if one is given, and keep every step. `lapses` are the days from which criteria are at risk."""
    given = {code: verdicts[code] for code in sorted(verdicts)}
    risks = {code: lapses[code] for code in sorted(lapses)} if lapses else {}
    met = met_codes(given)
    result = forecast.forecast(edition, met, risks, as_of) if as_of else score(edition, met)
    at_risk = forecast.at_risk(met, risks, as_of) if as_of else frozenset()
    steps = _steps(edition, met, at_risk, result, as_of)
    return Trace(edition.id, version_of(edition), as_of, given, risks, steps, result)


def _steps(
    edition: Edition, met: frozenset[str], at_risk: frozenset[str], result: Score, as_of: date | None
) -> tuple[Step, ...]:
    counted = met - at_risk
    levels = [
        {"id": level.id, "percent": level.percent, "from": fewest_for(level, edition.total)} for level in edition.levels
    ]
    missing = {code: list(codes) for code, codes in missing_for(edition, counted).items() if code in counted}
    day = as_of.isoformat() if as_of else None
    return (
        Step(Rule.VERDICTS, {}, _in_order(edition, met)),
        Step(Rule.FRESHNESS, {"as_of": day}, _in_order(edition, at_risk)),
        Step(Rule.PREREQUISITES, {"mode": edition.prerequisites, "missing": missing}, list(result.blocked)),
        Step(Rule.COUNT, {"total": result.total}, {"met": result.met, "percent": float(result.percent)}),
        Step(Rule.LEVELS, {"met": result.met, "total": result.total, "levels": levels}, result.level_by_count),
        Step(Rule.CORE, {"required": list(result.core_required)}, list(result.core_open)),
        Step(Rule.LEVEL, {"by_count": result.level_by_count, "core_open": list(result.core_open)}, result.level),
        Step(Rule.NEXT, {"met": result.met, "levels": levels}, [result.next_level, result.needed_for_next]),
    )


def _in_order(edition: Edition, codes: frozenset[str]) -> list[str]:
    return [code for code in edition.criteria if code in codes]


def version_of(edition: Edition) -> str:
    """The first 16 signs of a SHA-256 over all of an edition that a score depends on: the same in every language."""
    content = {
        "id": edition.id,
        "total": edition.total,
        "levels": [[level.id, level.percent] for level in edition.levels],
        "core": [edition.core.required, *edition.core.criteria],
        "prerequisites": edition.prerequisites,
        "criteria": {code: criterion.prerequisites for code, criterion in edition.criteria.items()},
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def as_data(found: Trace) -> dict[str, Any]:
    """The trace as JSON holds it."""
    return {
        "edition": found.edition,
        "edition_version": found.edition_version,
        "as_of": found.as_of.isoformat() if found.as_of else None,
        "verdicts": {code: decision.value for code, decision in found.verdicts.items()},
        "lapses": {code: day.isoformat() for code, day in found.lapses.items()},
        "steps": [{"rule": step.rule.value, "inputs": step.inputs, "result": step.result} for step in found.steps],
        "level": found.score.level,
    }


def replay(edition: Edition, data: Mapping[str, Any]) -> Trace:
    """Do it again from the inputs in a trace's data. Raises KeyError and ValueError for what is no trace of this edition."""
    verdicts = {code: Decision(decision) for code, decision in data["verdicts"].items()}
    lapses = {code: date.fromisoformat(day) for code, day in data["lapses"].items()}
    return trace(edition, verdicts, date.fromisoformat(data["as_of"]) if data["as_of"] else None, lapses)
