"""Saved scenarios: kept, compared, shared, and adopted as due dates of the departments."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from app.rules.errors import Conflict, Invalid, Refused
from app.rules.history.verbs import Verb
from app.rules.message import Message, say
from app.rules.planning.outcome import (
    PlanOutcome,
    check_scenario_name,
    compute_outcome,
    outcome_details,
    outcome_warnings,
)
from app.rules.planning.question import Candidate
from app.rules.planning.schedule import ScheduleStep, schedule_steps
from app.rules.scoring import score
from app.services.assessment.overview import Overview, load_overview
from app.services.desk import Desk
from app.services.people.members import CHANGED_MEANWHILE
from app.services.planning.page import PlanningAim, ScenarioLine, aim_within, find_scenario, load_aim, scenario_line
from app.store import assessment, city, planning
from app.store.assessment import Assignment
from app.store.database.engine import now
from app.store.planning import Scenario

MOST_COMPARED = 4


@dataclass(frozen=True)
class ScenarioStep:
    """A criterion of a scenario with its dates; `step` is None without a date to plan backwards from."""

    candidate: Candidate
    title: str
    owner: str
    step: ScheduleStep | None


@dataclass(frozen=True)
class ScenarioPage:
    """A scenario as it stands today; `met` are criteria of it that are met by now. `version` belongs to its forms."""

    asked: PlanningAim
    line: ScenarioLine
    version: int
    withdrawn: bool
    can_undo: bool
    outcome: PlanOutcome
    headline: Message
    details: Message
    warnings: tuple[Message, ...]
    steps: tuple[ScenarioStep, ...]
    met: tuple[str, ...]
    codes: tuple[str, ...]

    @property
    def steps_without_department(self) -> tuple[ScenarioStep, ...]:
        """Those that no department answers for, so that nobody can be given a date."""
        return tuple(line for line in self.steps if not line.owner)

    @property
    def can_adopt(self) -> bool:
        return (
            not self.line.adopted and self.asked.by is not None and len(self.steps_without_department) < len(self.steps)
        )


def load_scenario(desk: Desk, scenario_id: int) -> ScenarioPage:
    """Raises NotFound, also for one that is not shared with the person."""
    return _scenario_page(desk, find_scenario(desk, scenario_id))


def _scenario_page(desk: Desk, scenario: Scenario) -> ScenarioPage:
    seen = load_overview(desk.session, desk.site, desk.who.city, desk.who.language)
    aim, result, steps, known = unfold_scenario(seen, scenario)
    open_codes = {candidate.code for candidate in result.picked}
    return ScenarioPage(
        asked=aim,
        line=scenario_line(scenario),
        version=scenario.version,
        withdrawn=scenario.withdrawn_at is not None,
        can_undo=scenario.adopted_at is not None,
        outcome=result,
        headline=score.score_headline(result.score),
        details=outcome_details(result),
        warnings=outcome_warnings(result),
        steps=steps,
        met=tuple(code for code in known if code not in open_codes),
        codes=known,
    )


def unfold_scenario(
    seen: Overview, scenario: Scenario
) -> tuple[PlanningAim, PlanOutcome, tuple[ScenarioStep, ...], tuple[str, ...]]:
    """A saved scenario within an overview, from its day on: its question, what it gives, its steps, and its codes.

    A date that has gone by counts as the overview's day; codes of another edition are left out.
    """
    aim = aim_within(seen, scenario.level, max(scenario.target_on, seen.day) if scenario.target_on else None)
    known = tuple(code for code in scenario.codes if code in seen.edition.criteria)
    result = compute_outcome(aim.question, known)
    return aim, result, _scenario_steps(aim, result.picked, seen.day), known


def _scenario_steps(aim: PlanningAim, picked: Sequence[Candidate], today: date) -> tuple[ScenarioStep, ...]:
    planned = {step.code: step for step in schedule_steps(picked, aim.by, today)} if aim.by else {}
    by_code, stands = {candidate.code: candidate for candidate in picked}, aim.stands
    return tuple(
        ScenarioStep(by_code[code], stands[code].criterion.title, stands[code].department, planned.get(code))
        for code in planned or by_code
    )


def save_scenario(desk: Desk, *, name: str, level: str, by: date | None, codes: Collection[str]) -> int:
    """Keep a set under a name; returns its id. Raises Invalid, NotFound."""
    name = check_scenario_name(name)
    aim = load_aim(desk, level, by)
    picked = [candidate.code for candidate in compute_outcome(aim.question, codes).picked]
    if not picked:
        raise Invalid({"pick": say("Pick at least one criterion that is not met yet.")})
    scenario = Scenario(
        city_id=desk.city_id,
        assessment_id=aim.assessment.id,
        name=name,
        level=aim.level.id,
        target_on=aim.by,
        criteria=json.dumps(picked),
        created_by=desk.who.person_id,
    )
    planning.add_scenario(desk.session, scenario)
    _record_event(desk, Verb.SCENARIO_SAVED, scenario, criteria=picked)
    return scenario.id


def change_scenario(
    desk: Desk,
    scenario_id: int,
    version: int,
    *,
    name: str,
    level: str,
    by: date | None,
    codes: Collection[str],
) -> None:
    """Give a scenario another name, aim or set. Raises Invalid, Conflict, NotFound, and Refused for an adopted one."""
    scenario = find_scenario(desk, scenario_id)
    if scenario.adopted_at:
        raise Refused(say("This scenario is adopted. Take that back first, or save a new one."))
    aim = load_aim(desk, level, by)
    picked = [candidate.code for candidate in compute_outcome(aim.question, codes).picked]
    if not picked:
        raise Invalid({"pick": say("Pick at least one criterion that is not met yet.")})
    values = {"level": aim.level.id, "target_on": aim.by, "criteria": json.dumps(picked)}
    _save_version(desk, scenario, version, Verb.SCENARIO_CHANGED, name=check_scenario_name(name), **values)


def share_scenario(desk: Desk, scenario_id: int, version: int, shared: bool) -> None:
    """Show a scenario to everyone in the city, or no longer. Raises Conflict, NotFound."""
    scenario = find_scenario(desk, scenario_id)
    if scenario.shared != shared:
        _save_version(
            desk, scenario, version, Verb.SCENARIO_SHARED if shared else Verb.SCENARIO_UNSHARED, shared=shared
        )


def withdraw_scenario(desk: Desk, scenario_id: int, version: int) -> None:
    """Take a scenario out of the lists. Raises Refused for an adopted one, Conflict, NotFound."""
    scenario = find_scenario(desk, scenario_id)
    if scenario.adopted_at:
        raise Refused(say("This scenario is adopted. Take that back first, or save a new one."))
    if scenario.withdrawn_at is None:
        _save_version(desk, scenario, version, Verb.SCENARIO_WITHDRAWN, withdrawn_at=now())


def restore_scenario(desk: Desk, scenario_id: int, version: int) -> None:
    """Put a scenario back into the lists. Raises Conflict, NotFound."""
    scenario = find_scenario(desk, scenario_id)
    if scenario.withdrawn_at:
        _save_version(desk, scenario, version, Verb.SCENARIO_RESTORED, withdrawn_at=None)


def _save_version(desk: Desk, scenario: Scenario, version: int, verb: Verb, **values: object) -> None:
    if not planning.save_scenario(desk.session, desk.city_id, scenario.id, version, **values):
        raise Conflict(CHANGED_MEANWHILE)
    _record_event(desk, verb, scenario)


def _record_event(desk: Desk, verb: Verb, scenario: Scenario, **details: object) -> None:
    desk.record(verb, scenario.name, scenario=scenario.id, **details)


def adopt_scenario(desk: Desk, scenario_id: int, version: int) -> None:
    """Give every criterion of the scenario that has a department its due date, and remember the dates before.

    Raises Refused without a date, for a withdrawn one, or where no criterion has a department; Conflict, NotFound.
    """
    scenario = find_scenario(desk, scenario_id)
    page = _scenario_page(desk, scenario)
    if scenario.adopted_at:
        return
    if not page.can_adopt or scenario.withdrawn_at:
        raise Refused(
            say("A scenario can be adopted when it has a date and a department answers for one of its criteria.")
        )
    city.lock_city(desk.session, desk.city_id)
    dates = {line.candidate.code: line.step.due_on for line in page.steps if line.owner and line.step}
    before = {code: [_give_date(desk, page, code, due), due.isoformat()] for code, due in dates.items()}
    _save_version(desk, scenario, version, Verb.SCENARIO_ADOPTED, adopted_at=now(), before=json.dumps(before))


def _give_date(desk: Desk, page: ScenarioPage, code: str, due_on: date | None) -> str | None:
    """Write the due date of an assignment; returns the one before it as text."""
    assessment_id = page.asked.assessment.id
    assignment = assessment.find_assignment(desk.session, desk.city_id, assessment_id, code)
    if assignment is None:
        raise Conflict(CHANGED_MEANWHILE)
    was, owner = assignment.due_on, page.asked.stands[code].department
    if was != due_on:
        new_assignment = Assignment(
            city_id=desk.city_id,
            assessment_id=assessment_id,
            criterion=code,
            department_id=assignment.department_id,
            person_id=assignment.person_id,
            deputy_id=assignment.deputy_id,
            due_on=due_on,
        )
        if not assessment.save_assignment(desk.session, new_assignment, assignment.version):
            raise Conflict(CHANGED_MEANWHILE)
        details = {"department": owner, "person": assignment.person_id, "due_on": due_on}
        desk.record(Verb.ASSIGNED, code, **details)
    return was.isoformat() if was else None


def undo_adoption(desk: Desk, scenario_id: int, version: int) -> None:
    """Take an adoption back: due dates that nobody has changed since become what they were. Raises Conflict, NotFound."""
    scenario = find_scenario(desk, scenario_id)
    if scenario.adopted_at is None:
        return
    page = _scenario_page(desk, scenario)
    city.lock_city(desk.session, desk.city_id)
    for code, (was, given) in json.loads(scenario.before).items():
        assignment = assessment.find_assignment(desk.session, desk.city_id, scenario.assessment_id, code)
        if assignment and assignment.due_on and assignment.due_on.isoformat() == given:
            _give_date(desk, page, code, date.fromisoformat(was) if was else None)
    _save_version(desk, scenario, version, Verb.ADOPTION_UNDONE, adopted_at=None, before="")


@dataclass(frozen=True)
class ScenarioComparison:
    """Scenarios side by side; `rows` has for each criterion of any of them whether each has it."""

    pages: tuple[ScenarioPage, ...]
    rows: tuple[tuple[str, str, tuple[bool, ...]], ...]


def compare_scenarios(desk: Desk, scenario_ids: Sequence[int]) -> ScenarioComparison:
    """Raises Invalid unless two to four are chosen, NotFound."""
    if not 2 <= len(set(scenario_ids)) <= MOST_COMPARED:
        raise Invalid({"scenario": say("Choose from two to %(most)s scenarios to compare.", most=MOST_COMPARED)})
    pages = tuple(load_scenario(desk, scenario_id) for scenario_id in dict.fromkeys(scenario_ids))
    edition = pages[0].asked.seen.edition
    rows = (
        (code, criterion.title, tuple(code in page.codes for page in pages))
        for code, criterion in edition.criteria.items()
    )
    return ScenarioComparison(pages, tuple(row for row in rows if any(row[2])))
