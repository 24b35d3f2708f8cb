"""The whole assessment at a glance: what board, lists, readiness and report are all made from, in a fixed number of queries."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.rules.checklist.stand import Checklist, ItemSupport, evaluate_checklist
from app.rules.criteria import Area, ChecklistItem, Criterion, Edition, Window
from app.rules.cycle.confirming import Confirmation, confirmation_needed
from app.rules.errors import NotFound
from app.rules.message import Message, say
from app.rules.response import missing_for_report, next_thing_missing
from app.rules.review import ResponseState
from app.rules.scoring import forecast
from app.rules.scoring import score as scoring
from app.rules.scoring.confidence import Confidence, LevelRange, estimate_levels
from app.rules.scoring.forecast import Lapse, Risks
from app.rules.scoring.score import Score, SelfRating, Standing, VerdictKind
from app.services.account.sessions import today_in
from app.services.site import Site
from app.store import assessment, city, people, response, review
from app.store.assessment import Assessment, LocalCriterion
from app.store.city import City
from app.store.evidence import pieces as evidence
from app.store.evidence.pieces import SupportRow


@dataclass(frozen=True)
class Stand:
    """How one criterion stands, without its texts; its checklist on the overview's day.

    With a `confirmation` it came along from the assessment called `previous`.
    """

    criterion: Criterion
    state: ResponseState
    decision: VerdictKind | None
    self_rating: SelfRating | None
    confidence: Confidence | None
    checklist: Checklist
    written: bool
    evidence_count: int
    dead_links: int
    department_id: int | None
    department: str
    person_id: int | None
    person: str
    due_on: date | None
    submitted_at: datetime | None
    claimed_by: int | None
    updated_at: datetime | None
    confirmation: Confirmation | None = None
    previous: str = ""

    @property
    def code(self) -> str:
        return self.criterion.code

    @property
    def met(self) -> bool:
        return self.decision is VerdictKind.MET

    @property
    def at_risk_from(self) -> date | None:
        """From when lapsed evidence puts a met criterion at risk; None for never, and for what is not met."""
        return self.checklist.at_risk_from if self.met else None

    @property
    def missing(self) -> Message | None:
        """The one thing to do next, or None when it is ready to submit."""
        unconfirmed = confirmation_needed(self.confirmation, self.previous)
        return unconfirmed or next_thing_missing(self.written, self.checklist, self.evidence_count)

    @property
    def lacking(self) -> Message | None:
        """The same in the words of a report."""
        unconfirmed = self.previous if confirmation_needed(self.confirmation, self.previous) else ""
        return missing_for_report(self.written, self.checklist, self.evidence_count, unconfirmed)


@dataclass(frozen=True)
class Overview:
    """One assessment on `day`: its edition in the reader's language, and a `Stand` for every criterion in the edition's order.

    `departments` and `names` are those of the city by id, the names also of people who left. `previous` is the name of the
    assessment that answers came along from, empty where there is none.
    """

    assessment: Assessment
    edition: Edition
    day: date
    stands: tuple[Stand, ...]
    departments: dict[int, str]
    names: dict[int, str]
    previous: str = ""

    @cached_property
    def decisions(self) -> dict[str, VerdictKind]:
        return {stand.code: stand.decision for stand in self.stands if stand.decision}

    @cached_property
    def score(self) -> Score:
        return scoring.compute_score(self.edition, self.met)

    @cached_property
    def met(self) -> frozenset[str]:
        return scoring.met_codes(self.decisions)

    @cached_property
    def risks(self) -> Risks:
        return {stand.code: stand.at_risk_from for stand in self.stands if stand.at_risk_from}

    @cached_property
    def forecast(self) -> Score:
        """The score without the criteria that are at risk on the day."""
        return forecast.forecast_score(self.edition, self.met, self.risks, self.day)

    @cached_property
    def at_risk(self) -> frozenset[str]:
        return forecast.criteria_at_risk(self.met, self.risks, self.day)

    @cached_property
    def timeline(self) -> tuple[Lapse, ...]:
        """The days after this one on which something lapses."""
        return forecast.list_lapses(self.edition, self.met, self.risks, self.day)

    def to_keep(self, lapse: Lapse) -> frozenset[int]:
        """Ids of the pieces of evidence whose renewal would keep the level of the day before."""
        stands = {stand.code: stand for stand in self.stands}
        lapsed = {code: stands[code].checklist.lapsed_by(lapse.day) for code in lapse.at_risk}
        return forecast.renewals_to_keep(self.edition, lapse, lapsed)

    @property
    def next_drop(self) -> Message | None:
        """The next day on which a level is lost if nothing is renewed, in one sentence; None where none is."""
        lapse = next((lapse for lapse in self.timeline if lapse.drops), None)
        return forecast.drop_in_words(lapse, len(self.to_keep(lapse))) if lapse else None

    @cached_property
    def level_range(self) -> LevelRange:
        """Between which levels the result lies if the departments are right."""
        confidences = {stand.code: stand.confidence for stand in self.stands if stand.self_rating is SelfRating.MET}
        not_met = {code for code, decision in self.decisions.items() if decision is VerdictKind.NOT_MET}
        return estimate_levels(self.edition, self.met, confidences, not_met)

    @cached_property
    def standing(self) -> Standing:
        ratings = {stand.code: stand.self_rating for stand in self.stands if stand.self_rating}
        return scoring.compute_standing(self.edition, self.decisions, ratings)

    @cached_property
    def by_area(self) -> tuple[tuple[Area, tuple[Stand, ...]], ...]:
        """The stands in groups, in the order of the practice areas."""
        stands_by_code = {stand.code: stand for stand in self.stands}
        return tuple((area, tuple(stands_by_code[code] for code in area.criteria)) for area in self.edition.areas)


class NoAssessment(NotFound):
    """The city has no open assessment; an administrator can begin one at /{city}/cycle."""


def load_open_assessment(session: Session, city: City) -> Assessment:
    """The city's open assessment. Raises NoAssessment when none was begun."""
    open_assessment = assessment.find_current_assessment(session, city.id)
    if open_assessment is None:
        raise NoAssessment(say("This city has no open assessment yet. An administrator can begin one."))
    return open_assessment


def with_local_checklist(criterion: Criterion, local_criterion: LocalCriterion | None) -> Criterion:
    """The criterion with the city's own checklist in place of ours, where it has one."""
    if local_criterion is None or not local_criterion.checklist:
        return criterion
    items = tuple(
        ChecklistItem(entry["id"], entry["text"], bool(entry.get("required")), Window(entry.get("window", "none")))
        for entry in json.loads(local_criterion.checklist)
    )
    return replace(criterion, checklist=items, needed=local_criterion.needed or len(items))


def load_overview(
    session: Session, site: Site, assessed_city: City, language: str, day: date | None = None
) -> Overview:
    """Everything about the city's open assessment that lists need, today or on `day`.

    Nine queries whatever the number of rows, ten where answers came along. For a day in the past, the verdicts are those of its
    evening in the city; answers and evidence are as they are now. Raises NotFound.
    """
    open_assessment = load_open_assessment(session, assessed_city)
    edition = site.edition(open_assessment.edition, language)
    city_id, assessment_id, today = assessed_city.id, open_assessment.id, today_in(assessed_city)
    day = day or today
    evening = datetime.combine(day, time.max, ZoneInfo(assessed_city.time_zone)) if day < today else None
    local_criteria = assessment.load_local_criteria(session, city_id, open_assessment.edition)
    briefs = response.load_briefs(session, city_id, assessment_id)
    ticked = response.load_ticked_by_criterion(session, city_id, assessment_id)
    supports_by_code = evidence.load_support_rows(session, city_id, assessment_id)
    decisions = review.load_verdict_kinds(session, city_id, assessment_id, evening)
    assignments = assessment.load_assignments(session, city_id, assessment_id)
    departments = {department.id: department.name for department in city.list_departments(session, city_id)}
    names = people.load_names(session, city_id)
    previous = assessment.find_assessment_name(session, city_id, open_assessment.previous_id)

    def build_stand(criterion: Criterion) -> Stand:
        code = criterion.code
        criterion = with_local_checklist(criterion, local_criteria.get(code))
        brief, assignment, supports = briefs.get(code), assignments.get(code), supports_by_code.get(code, [])
        return Stand(
            criterion=criterion,
            state=ResponseState(brief.state) if brief else ResponseState.NOT_STARTED,
            decision=VerdictKind(decisions[code]) if code in decisions else None,
            self_rating=SelfRating(brief.self_rating) if brief and brief.self_rating else None,
            confidence=Confidence(brief.confidence) if brief and brief.confidence else None,
            checklist=evaluate_checklist(criterion, ticked.get(code, ()), _group_by_item(supports), day),
            written=bool(brief and brief.written),
            evidence_count=len({support.evidence_id for support in supports}),
            dead_links=len({support.evidence_id for support in supports if support.link_dead}),
            department_id=assignment.department_id if assignment else None,
            department=departments.get(assignment.department_id, "") if assignment else "",
            person_id=assignment.person_id if assignment else None,
            person=names.get(assignment.person_id, "") if assignment and assignment.person_id else "",
            due_on=assignment.due_on if assignment else None,
            submitted_at=brief.submitted_at if brief else None,
            claimed_by=brief.claimed_by if brief else None,
            updated_at=brief.updated_at if brief else None,
            confirmation=Confirmation(brief.confirmation) if brief and brief.confirmation else None,
            previous=previous,
        )

    return Overview(
        open_assessment, edition, day, tuple(map(build_stand, edition.criteria.values())), departments, names, previous
    )


def _group_by_item(supports: Iterable[SupportRow]) -> dict[str, list[ItemSupport]]:
    supports_by_item: dict[str, list[ItemSupport]] = {}
    for support in supports:
        supports_by_item.setdefault(support.item, []).append(ItemSupport(support.evidence_id, support.period_to))
    return supports_by_item
