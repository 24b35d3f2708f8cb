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

from app.rules.criteria.edition import Edition
from app.rules.criteria.prerequisites import missing_for
from app.rules.message import Message, say
from app.rules.scoring import forecast
from app.rules.scoring.forecast import Risks
from app.rules.scoring.score import Score, VerdictKind, compute_score, fewest_for, met_codes


class ScoringRule(StrEnum):
    """The rules in the order in which they are applied."""

    VERDICTS = "verdicts"
    FRESHNESS = "freshness"
    PREREQUISITES = "prerequisites"
    COUNT = "count"
    LEVELS = "levels"
    CORE = "core"
    LEVEL = "level"
    NEXT = "next"


RULE_MEANINGS: dict[ScoringRule, Message] = {
    ScoringRule.VERDICTS: say(
        "A criterion is met when the reviewer’s verdict that counts says so, and by nothing else."
    ),
    ScoringRule.FRESHNESS: say(
        "For a date, criteria whose evidence has lapsed by then are left out. Their verdicts stay."
    ),
    ScoringRule.PREREQUISITES: say(
        "Where the edition says so, a criterion counts only together with those that it builds on."
    ),
    ScoringRule.COUNT: say(
        "One point for each criterion that counts, nothing in between, of all criteria of the edition."
    ),
    ScoringRule.LEVELS: say("A level is reached when met × 100 ≥ percent × total: whole numbers, no rounding."),
    ScoringRule.CORE: say("Every core criterion must count, where the edition says so."),
    ScoringRule.LEVEL: say("With a core criterion open no level is given, whatever the count."),
    ScoringRule.NEXT: say("The next level is the lowest one that the count does not reach."),
}


@dataclass(frozen=True)
class TraceStep:
    """One rule: what went in and what came out, both as JSON can hold them."""

    rule: ScoringRule
    inputs: dict[str, Any]
    result: Any


@dataclass(frozen=True)
class Trace:
    """Everything that a result rests on. `as_of` is None for the verdicts alone; `lapses` matter only with a date."""

    edition: str
    edition_version: str
    as_of: date | None
    verdicts: dict[str, VerdictKind]
    lapses: dict[str, date]
    steps: tuple[TraceStep, ...]
    score: Score


def trace_score(
    edition: Edition, verdicts: Mapping[str, VerdictKind], as_of: date | None = None, lapses: Risks | None = None
) -> Trace:
    """Score the verdicts, on a day if one is given, and keep every step. `lapses` are the days from which criteria are at risk."""
    sorted_verdicts = {code: verdicts[code] for code in sorted(verdicts)}
    risks = {code: lapses[code] for code in sorted(lapses)} if lapses else {}
    met = met_codes(sorted_verdicts)
    result = forecast.forecast_score(edition, met, risks, as_of) if as_of else compute_score(edition, met)
    at_risk = forecast.criteria_at_risk(met, risks, as_of) if as_of else frozenset()
    steps = _trace_steps(edition, met, at_risk, result, as_of)
    return Trace(edition.id, edition_version(edition), as_of, sorted_verdicts, risks, steps, result)


def _trace_steps(
    edition: Edition, met: frozenset[str], at_risk: frozenset[str], result: Score, as_of: date | None
) -> tuple[TraceStep, ...]:
    counted = met - at_risk
    levels = [
        {"id": level.id, "percent": level.percent, "from": fewest_for(level, edition.total)} for level in edition.levels
    ]
    missing = {code: list(codes) for code, codes in missing_for(edition, counted).items() if code in counted}
    day = as_of.isoformat() if as_of else None
    return (
        TraceStep(ScoringRule.VERDICTS, {}, _in_order(edition, met)),
        TraceStep(ScoringRule.FRESHNESS, {"as_of": day}, _in_order(edition, at_risk)),
        TraceStep(ScoringRule.PREREQUISITES, {"mode": edition.prerequisites, "missing": missing}, list(result.blocked)),
        TraceStep(ScoringRule.COUNT, {"total": result.total}, {"met": result.met, "percent": float(result.percent)}),
        TraceStep(
            ScoringRule.LEVELS, {"met": result.met, "total": result.total, "levels": levels}, result.level_by_count
        ),
        TraceStep(ScoringRule.CORE, {"required": list(result.core_required)}, list(result.core_open)),
        TraceStep(
            ScoringRule.LEVEL, {"by_count": result.level_by_count, "core_open": list(result.core_open)}, result.level
        ),
        TraceStep(ScoringRule.NEXT, {"met": result.met, "levels": levels}, [result.next_level, result.needed_for_next]),
    )


def _in_order(edition: Edition, codes: frozenset[str]) -> list[str]:
    return [code for code in edition.criteria if code in codes]


def edition_version(edition: Edition) -> str:
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


def trace_as_data(trace: Trace) -> dict[str, Any]:
    """The trace as JSON holds it."""
    return {
        "edition": trace.edition,
        "edition_version": trace.edition_version,
        "as_of": trace.as_of.isoformat() if trace.as_of else None,
        "verdicts": {code: decision.value for code, decision in trace.verdicts.items()},
        "lapses": {code: day.isoformat() for code, day in trace.lapses.items()},
        "steps": [{"rule": step.rule.value, "inputs": step.inputs, "result": step.result} for step in trace.steps],
        "level": trace.score.level,
    }


def replay_trace(edition: Edition, data: Mapping[str, Any]) -> Trace:
    """Do it again from the inputs in a trace's data. Raises KeyError and ValueError for what is no trace of this edition."""
    verdicts = {code: VerdictKind(decision) for code, decision in data["verdicts"].items()}
    lapses = {code: date.fromisoformat(day) for code, day in data["lapses"].items()}
    return trace_score(edition, verdicts, date.fromisoformat(data["as_of"]) if data["as_of"] else None, lapses)
