"""What an assessment stands on and what changes seldom in it: the open one of a city, who answers for what, and the city's own words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlmodel import Session

from app.rules.assessment import AssessmentState, AssessmentValues, OwnCriterion
from app.rules.city.naming import CityValues
from app.rules.criteria.edition import ChecklistItem, Criterion, Edition, Window
from app.rules.errors import NotFound
from app.rules.message import say
from app.services.kept import CityResults
from app.services.site import Site
from app.store import assessment, people
from app.store.assessment import Assessment, AssignmentBrief, assessment_values


class NoAssessment(NotFound):
    """The city has no open assessment; an administrator can begin one at /{city}/cycle."""


def no_criterion(code: str) -> NotFound:
    return NotFound(say("There is no criterion %(code)s in this edition.", code=code[:12]))


@dataclass(frozen=True)
class AssessmentGround:
    """What changes seldom: the open assessment and who answers for what in it.

    `departments` and `names` are those of the city by id, the names also of people who left. `previous` is the name of the
    assessment that answers came along from, empty where there is none. `tasks` and `own` are, by code, the assignments and what the
    city says of a criterion in its own words.
    """

    assessment: AssessmentValues
    departments: dict[int, str]
    names: dict[int, str]
    previous: str
    tasks: Mapping[str, AssignmentBrief]
    own: Mapping[str, OwnCriterion]

    def criteria(self, edition: Edition) -> dict[str, Criterion]:
        """Those of the edition, as this city asks them."""
        return {
            code: with_local_checklist(criterion, self.own.get(code)) for code, criterion in edition.criteria.items()
        }


def load_open_assessment(session: Session, city: CityValues) -> Assessment:
    """The city's open assessment. Raises NoAssessment when none was begun."""
    found = assessment.find_current_assessment(session, city.id)
    if found is None:
        raise NoAssessment(say("This city has no open assessment yet. An administrator can begin one."))
    return found


def with_local_checklist(criterion: Criterion, local: OwnCriterion | None) -> Criterion:
    """The criterion with the city's own checklist in place of ours, where it has one."""
    if local is None or not local.checklist:
        return criterion
    items = tuple(
        ChecklistItem(entry["id"], entry["text"], bool(entry.get("required")), Window(entry.get("window", "none")))
        for entry in json.loads(local.checklist)
    )
    return replace(criterion, checklist=items, needed=local.needed or len(items))


GROUND = frozenset({"assessment", "assignment", "local_criterion", "department", "membership"})
"""The tables that it is made from; what people are called comes with their membership."""


def read_ground(seen: CityResults) -> AssessmentGround:
    """Read again only after one of its own rows has changed. Raises NoAssessment."""
    return seen.find("ground", lambda: _load_ground(seen), GROUND)


def open_ground(session: Session, site: Site, of: CityValues) -> AssessmentGround | None:
    """The same; None without an open assessment."""
    try:
        return read_ground(site.kept.seen_by(session, of))
    except NoAssessment:
        return None


def _load_ground(seen: CityResults) -> AssessmentGround:
    """Four queries, five where answers came along."""
    return load_ground(seen, load_open_assessment(seen.session, seen.city))


def load_ground(seen: CityResults, run: Assessment) -> AssessmentGround:
    """The same of any assessment of the city."""
    session, of = seen.session, seen.city
    own = assessment.load_own_criteria(session, of.id, run.edition)
    tasks = assessment.load_assignments(session, of.id, run.id)
    names, departments = people.names_and_departments(session, of.id, closed=run.state != AssessmentState.OPEN)
    previous = assessment.find_assessment_name(session, of.id, run.previous_id)
    return AssessmentGround(assessment_values(run), departments, names, previous, tasks, own)
