"""The parts of a report that look ahead: what lapses when, and the plan."""

from app.adapters.translations import Translator
from app.rules.criteria.edition import EFFORT_NAMES
from app.rules.days.typed_day import years_after
from app.rules.message import Message, counted, say
from app.rules.planning.outcome import outcome_details
from app.rules.planning.question import Candidate
from app.rules.report.page import ForecastLine, PlanStep, ReportForecast, ReportPlan
from app.rules.scoring.forecast import Lapse, drop_in_words, lapses_until, score_name
from app.rules.scoring.score import LEVEL_NAMES, score_headline
from app.services.assessment.overview import Overview
from app.services.planning.scenarios import ScenarioStep, unfold_scenario
from app.store.planning import Scenario


def forecast_of(t: Translator, seen: Overview) -> ReportForecast:
    """What lapses in the twelve months from the overview's day on, in the report's language."""
    near, later = lapses_until(seen.timeline, years_after(seen.day, 1))
    return ReportForecast(
        drops=tuple(t.say(drop_in_words(lapse, len(seen.to_keep(lapse)))) for lapse in near if lapse.drops),
        lines=tuple(forecast_line(t, seen, lapse) for lapse in near),
        at_risk=seen.edition.name_criteria(stand.code for stand in seen.stands if stand.code in seen.at_risk),
        unknown=name_unknown(seen),
        later=t.say(_count_later(later)) if later else "",
    )


def name_unknown(seen: Overview) -> str:
    """The criteria met of which nobody knows how long they count; empty for none."""
    return seen.edition.name_criteria(
        stand.code for stand in seen.stands if stand.met and stand.checklist.period_unknown
    )


def _count_later(count: int) -> Message:
    return counted(
        "After these twelve months there is %(count)s more day on which something is out of date.",
        "After these twelve months there are %(count)s more days on which something is out of date.",
        count,
    )


def forecast_line(t: Translator, seen: Overview, lapse: Lapse) -> ForecastLine:
    """A day on which something lapses, and the result then."""
    then = say(
        "%(met)s of %(total)s count then: %(level)s.",
        met=lapse.after.met,
        total=lapse.after.total,
        level=score_name(lapse.after),
    )
    return ForecastLine(t.day(lapse.day), seen.edition.name_criteria(lapse.codes), t.say(then))


def plan_of(t: Translator, seen: Overview, scenario: Scenario) -> ReportPlan:
    """A saved scenario as it stands on the overview's day, in the report's language."""
    _, result, steps, _ = unfold_scenario(seen, scenario)
    gives = say("%(headline)s. %(details)s", headline=score_headline(result.score), details=outcome_details(result))
    return ReportPlan(
        scenario.name, t.say(_plan_aim(scenario)), t.say(gives), tuple(_plan_step(t, line) for line in steps)
    )


def _plan_aim(scenario: Scenario) -> Message:
    level = LEVEL_NAMES[scenario.level]
    if scenario.target_on is None:
        return say("%(level)s, without a date", level=level)
    return say("%(level)s by %(day)s", level=level, day=scenario.target_on)


def _plan_step(t: Translator, line: ScenarioStep) -> PlanStep:
    """What is in review waits for nobody but the reviewer, so it has no dates."""
    candidate, dates = line.candidate, ("", "")
    if line.step and not candidate.submitted:
        dates = (t.day(line.step.start_on), t.day(line.step.due_on))
    return PlanStep(candidate.code, line.title, line.owner, t.say(_effort_words(candidate)), *dates)


def _effort_words(candidate: Candidate) -> Message:
    if candidate.submitted:
        return say("in review, only the verdict is missing")
    return say("renew the evidence") if candidate.renewal else EFFORT_NAMES[candidate.effort]
