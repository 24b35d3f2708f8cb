"""The figures of the readiness page as a report shows them: the same values, said in the report's language."""

from app.adapters.translations import Translator
from app.rules.message import Message, say
from app.rules.report.page import (
    LevelDistance,
    ReportCoreLine,
    ReportDecision,
    ReportFigures,
    ReportGap,
    ReportLevel,
    ReportOutlook,
    ReportResult,
    ReportStrength,
)
from app.rules.scoring.score import RANGE_PHRASES
from app.services.assessment.figures import LeadersDecision, Readiness, ReadinessGap
from app.services.assessment.stand import Stand

STRENGTHS_SHOWN = 6


def report_figures(t: Translator, now: Readiness) -> ReportFigures:
    figures = now.figures
    return ReportFigures(
        figures.verified, figures.claimed, figures.possible, figures.total, t.percent(now.score.percent)
    )


def both_results(t: Translator, now: Readiness) -> tuple[ReportResult, ...]:
    return tuple(
        ReportResult(t.say(line.name), line.met, line.total, t.say(line.level), line.is_aged)
        for line in now.results.lines
    )


def core_lines(t: Translator, now: Readiness) -> tuple[ReportCoreLine, ...]:
    return tuple(ReportCoreLine(line.code, line.title, line.state, t.say(line.name)) for line in now.core)


def report_levels(t: Translator, now: Readiness) -> tuple[ReportLevel, ...]:
    return tuple(ReportLevel(t.say(level.title), level.needed, level.percent) for level in now.levels)


def level_distance(t: Translator, now: Readiness) -> LevelDistance | None:
    next_level = now.score.next_level
    if next_level is None:
        return None
    level = next(level for level in now.levels if level.id == next_level)
    return LevelDistance(t.say(RANGE_PHRASES[level.id]), now.score.needed_for_next, level.percent)


def report_strengths(t: Translator, now: Readiness, stands: dict[str, Stand]) -> tuple[ReportStrength, ...]:
    return tuple(
        ReportStrength(strength.code, strength.title, t.say(_strength_words(stands[strength.code])))
        for strength in now.strengths[:STRENGTHS_SHOWN]
    )


def _strength_words(stand: Stand) -> Message:
    return say(
        "Met by our own review; %(have)s of %(total)s checklist items in place, evidence: %(pieces)s.",
        have=stand.checklist.in_place,
        total=stand.checklist.total,
        pieces=stand.evidence_count,
    )


def report_gaps(t: Translator, now: Readiness) -> tuple[ReportGap, ...]:
    return tuple(_report_gap(t, gap) for gap in now.gaps)


def _report_gap(t: Translator, gap: ReadinessGap) -> ReportGap:
    return ReportGap(gap.code, gap.title, t.say(gap.why), (t.say(gap.lacking),), gap.core, t.say(gap.effort), gap.owner)


def report_decisions(t: Translator, now: Readiness) -> tuple[ReportDecision, ...]:
    return tuple(_report_decision(t, decision) for decision in now.decisions)


def _report_decision(t: Translator, decision: LeadersDecision) -> ReportDecision:
    return ReportDecision(decision.code, decision.title, t.say(decision.kind), decision.text, decision.core)


def report_outlook(t: Translator, now: Readiness) -> ReportOutlook:
    return ReportOutlook(now.outlook.at_risk, tuple(t.say(sentence) for sentence in now.outlook.sentences))
