"""The parts of a report that look ahead: what lapses when, and the plan."""

from sqlmodel import Session

from app.adapters.translations import Tongue
from app.rules.gaps import EFFORT_NAMES
from app.rules.message import Said, say
from app.rules.planning.outcome import details
from app.rules.planning.question import Candidate
from app.rules.report import ForecastLine, PlanStep, ReportForecast, ReportPlan
from app.rules.scoring.forecast import Lapse, drop_in_words, standing_name
from app.rules.scoring.score import LEVEL_NAMES, headline
from app.services.assessment import Overview
from app.services.planning.scenarios import StepLine, unfold
from app.store.planning import Scenario


def forecast_of(t: Tongue, seen: Overview) -> ReportForecast:
    """What lapses when, from the overview's day on, in the report's language."""
    return ReportForecast(
        drops=tuple(t.say(drop_in_words(one, len(seen.to_keep(one)))) for one in seen.timeline if one.drops),
        lines=tuple(_line(t, one) for one in seen.timeline),
        at_risk=", ".join(stand.code for stand in seen.stands if stand.code in seen.at_risk),
        unknown=", ".join(stand.code for stand in seen.stands if stand.met and stand.checklist.period_unknown),
    )


def _line(t: Tongue, lapse: Lapse) -> ForecastLine:
    then = say(
        "%(met)s of %(total)s count then: %(level)s.",
        met=lapse.after.met,
        total=lapse.after.total,
        level=standing_name(lapse.after),
    )
    return ForecastLine(t.day(lapse.day), ", ".join(lapse.codes), t.say(then))


def plan_of(session: Session, t: Tongue, seen: Overview, row: Scenario) -> ReportPlan:
    """A saved scenario as it stands on the overview's day, in the report's language."""
    _, result, steps, _ = unfold(session, seen, row)
    gives = say("%(headline)s. %(details)s", headline=headline(result.score), details=details(result))
    return ReportPlan(row.name, t.say(_aim(row)), t.say(gives), tuple(_step(t, line) for line in steps))


def _aim(row: Scenario) -> Said:
    level = LEVEL_NAMES[row.level]
    if row.target_on is None:
        return say("%(level)s, without a date", level=level)
    return say("%(level)s by %(day)s", level=level, day=row.target_on)


def _step(t: Tongue, line: StepLine) -> PlanStep:
    """What is in review waits for nobody but the reviewer, so it has no dates."""
    one, dates = line.candidate, ("", "")
    if line.step and not one.submitted:
        dates = (t.day(line.step.start_on), t.day(line.step.due_on))
    return PlanStep(one.code, line.title, line.owner, t.say(_effort(one)), *dates)


def _effort(one: Candidate) -> Said:
    if one.submitted:
        return say("in review, only the verdict is missing")
    return say("renew the evidence") if one.renewal else EFFORT_NAMES[one.effort]
