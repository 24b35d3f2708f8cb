"""Saved scenarios: kept, compared, shared, and adopted as due dates of the departments."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.rules.errors import Conflict, Invalid, Refused
from app.rules.history.verbs import Verb
from app.rules.message import Said, say
from app.rules.planning.outcome import Outcome, check_name, details, outcome, warnings
from app.rules.planning.question import Candidate
from app.rules.planning.schedule import Step, schedule
from app.rules.scoring import score
from app.services.assessment import Overview, overview
from app.services.desk import Desk
from app.services.people.members import CHANGED_MEANWHILE
from app.services.planning.page import Asked, ScenarioLine, asked, asked_in, find, scenario_line
from app.store import assessment, city, planning
from app.store.assessment import Assignment
from app.store.database.engine import now
from app.store.planning import Scenario

MOST_COMPARED = 4


@dataclass(frozen=True)
class StepLine:
    """A criterion of a scenario with its dates; `step` is None without a date to plan backwards from."""

    candidate: Candidate
    title: str
    owner: str
    step: Step | None


@dataclass(frozen=True)
class ScenarioPage:
    """A scenario as it stands today; `met` are criteria of it that are met by now. `version` belongs to its forms."""

    asked: Asked
    line: ScenarioLine
    version: int
    withdrawn: bool
    can_undo: bool
    outcome: Outcome
    headline: Said
    details: Said
    warnings: tuple[Said, ...]
    steps: tuple[StepLine, ...]
    met: tuple[str, ...]
    codes: tuple[str, ...]

    @property
    def homeless(self) -> tuple[StepLine, ...]:
        """Those that no department answers for, so that nobody can be given a date."""
        return tuple(line for line in self.steps if not line.owner)

    @property
    def can_adopt(self) -> bool:
        return not self.line.adopted and self.asked.by is not None and len(self.homeless) < len(self.steps)


def show(desk: Desk, scenario_id: int) -> ScenarioPage:
    """Raises NotFound, also for one that is not shared with the person."""
    return _page(desk, find(desk, scenario_id))


def _page(desk: Desk, row: Scenario) -> ScenarioPage:
    seen = overview(desk.session, desk.site, desk.who.city, desk.who.language)
    found, result, steps, known = unfold(desk.session, seen, row)
    open_codes = {one.code for one in result.picked}
    return ScenarioPage(
        asked=found,
        line=scenario_line(row),
        version=row.version,
        withdrawn=row.withdrawn_at is not None,
        can_undo=row.adopted_at is not None,
        outcome=result,
        headline=score.headline(result.score),
        details=details(result),
        warnings=warnings(result),
        steps=steps,
        met=tuple(code for code in known if code not in open_codes),
        codes=known,
    )


def unfold(
    session: Session, seen: Overview, row: Scenario
) -> tuple[Asked, Outcome, tuple[StepLine, ...], tuple[str, ...]]:
    """A saved scenario within an overview, from its day on: its question, what it gives, its steps, and its codes.

    A date that has gone by counts as the overview's day; codes of another edition are left out.
    """
    found = asked_in(session, seen, row.level, max(row.target_on, seen.day) if row.target_on else None)
    known = tuple(code for code in row.codes if code in seen.edition.criteria)
    result = outcome(found.question, known)
    return found, result, _steps(found, result.picked, seen.day), known


def _steps(found: Asked, picked: Sequence[Candidate], today: date) -> tuple[StepLine, ...]:
    planned = {step.code: step for step in schedule(picked, found.by, today)} if found.by else {}
    by_code, stands = {one.code: one for one in picked}, found.stands
    return tuple(
        StepLine(by_code[code], stands[code].criterion.title, stands[code].department, planned.get(code))
        for code in planned or by_code
    )


def save(desk: Desk, *, name: str, level: str, by: date | None, codes: Collection[str]) -> int:
    """Keep a set under a name; returns its id. Raises Invalid, NotFound."""
    name = check_name(name)
    found = asked(desk, level, by)
    picked = [one.code for one in outcome(found.question, codes).picked]
    if not picked:
        raise Invalid({"pick": say("Pick at least one criterion that is not met yet.")})
    row = Scenario(
        city_id=desk.city_id,
        assessment_id=found.assessment.id,
        name=name,
        level=found.level.id,
        target_on=found.by,
        criteria=json.dumps(picked),
        created_by=desk.who.person_id,
    )
    desk.session.add(row)
    desk.session.flush()
    _record(desk, Verb.SCENARIO_SAVED, row, criteria=picked)
    return row.id


def change(
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
    row = find(desk, scenario_id)
    if row.adopted_at:
        raise Refused(say("This scenario is adopted. Take that back first, or save a new one."))
    found = asked(desk, level, by)
    picked = [one.code for one in outcome(found.question, codes).picked]
    if not picked:
        raise Invalid({"pick": say("Pick at least one criterion that is not met yet.")})
    values = {"level": found.level.id, "target_on": found.by, "criteria": json.dumps(picked)}
    _save(desk, row, version, Verb.SCENARIO_CHANGED, name=check_name(name), **values)


def share(desk: Desk, scenario_id: int, version: int, shared: bool) -> None:
    """Show a scenario to everybody in the city, or no longer. Raises Conflict, NotFound."""
    row = find(desk, scenario_id)
    if row.shared != shared:
        _save(desk, row, version, Verb.SCENARIO_SHARED if shared else Verb.SCENARIO_UNSHARED, shared=shared)


def withdraw(desk: Desk, scenario_id: int, version: int) -> None:
    """Take a scenario out of the lists. Raises Refused for an adopted one, Conflict, NotFound."""
    row = find(desk, scenario_id)
    if row.adopted_at:
        raise Refused(say("This scenario is adopted. Take that back first, or save a new one."))
    if row.withdrawn_at is None:
        _save(desk, row, version, Verb.SCENARIO_WITHDRAWN, withdrawn_at=now())


def restore(desk: Desk, scenario_id: int, version: int) -> None:
    """Put a scenario back into the lists. Raises Conflict, NotFound."""
    row = find(desk, scenario_id)
    if row.withdrawn_at:
        _save(desk, row, version, Verb.SCENARIO_RESTORED, withdrawn_at=None)


def _save(desk: Desk, row: Scenario, version: int, verb: Verb, **values: object) -> None:
    if not planning.save(desk.session, desk.city_id, row.id, version, **values):
        raise Conflict(CHANGED_MEANWHILE)
    _record(desk, verb, row)


def _record(desk: Desk, verb: Verb, row: Scenario, **details: object) -> None:
    desk.record(verb, row.name, scenario=row.id, **details)


def adopt(desk: Desk, scenario_id: int, version: int) -> None:
    """Give every criterion of the scenario that has a department its due date, and remember the dates before.

    Raises Refused without a date, for a withdrawn one, or where no criterion has a department; Conflict, NotFound.
    """
    row = find(desk, scenario_id)
    page = _page(desk, row)
    if row.adopted_at:
        return
    if not page.can_adopt or row.withdrawn_at:
        raise Refused(
            say("A scenario can be adopted when it has a date and a department answers for one of its criteria.")
        )
    city.lock(desk.session, desk.city_id)
    dates = {line.candidate.code: line.step.due_on for line in page.steps if line.owner and line.step}
    before = {code: [_give_date(desk, page, code, due), due.isoformat()] for code, due in dates.items()}
    _save(desk, row, version, Verb.SCENARIO_ADOPTED, adopted_at=now(), before=json.dumps(before))


def _give_date(desk: Desk, page: ScenarioPage, code: str, due_on: date | None) -> str | None:
    """Write the due date of an assignment; returns the one before it as text."""
    run_id = page.asked.assessment.id
    kept = assessment.assignment(desk.session, desk.city_id, run_id, code)
    if kept is None:
        raise Conflict(CHANGED_MEANWHILE)
    was, owner = kept.due_on, page.asked.stands[code].department
    if was != due_on:
        wanted = Assignment(
            city_id=desk.city_id,
            assessment_id=run_id,
            criterion=code,
            department_id=kept.department_id,
            person_id=kept.person_id,
            due_on=due_on,
        )
        if not assessment.assign(desk.session, wanted, kept.version):
            raise Conflict(CHANGED_MEANWHILE)
        details = {"department": owner, "person": kept.person_id, "due_on": due_on}
        desk.record(Verb.ASSIGNED, code, **details)
    return was.isoformat() if was else None


def undo(desk: Desk, scenario_id: int, version: int) -> None:
    """Take an adoption back: due dates that nobody has changed since become what they were. Raises Conflict, NotFound."""
    row = find(desk, scenario_id)
    if row.adopted_at is None:
        return
    page = _page(desk, row)
    city.lock(desk.session, desk.city_id)
    for code, (was, given) in json.loads(row.before).items():
        kept = assessment.assignment(desk.session, desk.city_id, row.assessment_id, code)
        if kept and kept.due_on and kept.due_on.isoformat() == given:
            _give_date(desk, page, code, date.fromisoformat(was) if was else None)
    _save(desk, row, version, Verb.ADOPTION_UNDONE, adopted_at=None, before="")


@dataclass(frozen=True)
class ComparePage:
    """Scenarios side by side; `rows` has for each criterion of any of them whether each has it."""

    pages: tuple[ScenarioPage, ...]
    rows: tuple[tuple[str, str, tuple[bool, ...]], ...]


def compare(desk: Desk, scenario_ids: Sequence[int]) -> ComparePage:
    """Raises Invalid unless two to four are chosen, NotFound."""
    if not 2 <= len(set(scenario_ids)) <= MOST_COMPARED:
        raise Invalid({"scenario": say("Choose from two to %(most)s scenarios to compare.", most=MOST_COMPARED)})
    pages = tuple(show(desk, one) for one in dict.fromkeys(scenario_ids))
    edition = pages[0].asked.seen.edition
    rows = (
        (code, criterion.title, tuple(code in page.codes for page in pages))
        for code, criterion in edition.criteria.items()
    )
    return ComparePage(pages, tuple(row for row in rows if any(row[2])))
