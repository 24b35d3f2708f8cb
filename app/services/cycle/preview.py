"""What would be copied into the next assessment, criterion by criterion, before it begins."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlmodel import Session

from app.adapters.criteria.editions import list_edition_ids
from app.rules.assessment import AssessmentValues
from app.rules.city.naming import SizeNotice, size_notice
from app.rules.criteria.edition import Area, Edition
from app.rules.criteria.edition_change import (
    SUCCESSION_NAMES,
    CriterionSuccession,
    SuccessionKind,
    derive_successions,
    succeed_by_itself,
)
from app.rules.cycle.carrying import CarriedCriterion, CarriedTotals, PreviousResponse, carry_criterion, total_carried
from app.rules.cycle.confirming import next_assessment_name
from app.rules.errors import Invalid
from app.rules.message import Message, say
from app.rules.scoring.begun import BegunAssessment, begun_headline
from app.services.assessment.begun import find_last_score
from app.services.assessment.comparison import name_origin
from app.services.assessment.ground import with_local_checklist
from app.services.assigning.assignment import list_writers
from app.services.desk import Desk, Who
from app.services.site import NEWEST_EDITION, Site
from app.store import assessment, city, cycle, people, response
from app.store.assessment import Assessment, AssignmentBrief, assessment_values
from app.store.response import Response
from app.store.review import ReviewComment


@dataclass(frozen=True)
class CarriedLine:
    """What would happen to one criterion: `code` is the new one, or the old one of a criterion that is retired.

    `origin` says from which it comes, where that is not the same code.
    """

    code: str
    title: str
    carried: CarriedCriterion
    department: str
    person: str
    origin: Message | None

    @property
    def kind(self) -> SuccessionKind:
        return self.carried.move.kind

    @property
    def is_moved(self) -> bool:
        """Whether the next edition asks for something else under this code."""
        return self.kind is not SuccessionKind.SAME

    @property
    def kind_name(self) -> Message:
        return SUCCESSION_NAMES[self.kind]


@dataclass(frozen=True)
class EditionChoice:
    """An edition that answers can get to; `complete` as in `Edition`."""

    id: str
    label: str
    complete: bool


@dataclass(frozen=True)
class CyclePreview:
    """What beginning the next assessment would do; nothing is written by looking.

    `closing` is the open assessment, None where the city has none and the first one begins empty. `version` is for the form,
    `inferred` when no public source says how the editions follow one another. `officials_see` is the headline from that day on.
    """

    closing: AssessmentValues | None
    name: str
    edition: str
    choices: tuple[EditionChoice, ...]
    areas: tuple[tuple[Area, tuple[CarriedLine, ...]], ...]
    retired: tuple[CarriedLine, ...]
    totals: CarriedTotals | None
    inferred: bool
    small: SizeNotice | None
    officials_see: Message | None = None

    @property
    def is_complete(self) -> bool:
        return all(choice.complete for choice in self.choices if choice.id == self.edition)

    @property
    def version(self) -> int:
        return self.closing.version if self.closing else 0


def preview_cycle(desk: Desk, edition: str = "", name: str = "") -> CyclePreview:
    """The page before beginning; an edition that cannot be reached is taken for the one that is proposed."""
    open_assessment = assessment.find_current_assessment(desk.session, desk.city_id)
    choices = _list_choices(desk.site, desk.who, open_assessment)
    chosen = edition if edition in {choice.id for choice in choices} else _propose_edition(choices, open_assessment)
    small = size_notice(desk.who.city.population, desk.site.edition(chosen, desk.who.language).population)
    if open_assessment is None:
        return CyclePreview(None, name, chosen, choices, (), (), None, False, small)
    plan = plan_carrying(desk, open_assessment, chosen)
    lines, totals = _build_lines(desk, plan), total_carried(plan.carried)
    name = name or next_assessment_name(open_assessment.name)
    return CyclePreview(
        closing=assessment_values(open_assessment),
        name=name,
        edition=chosen,
        choices=choices,
        areas=tuple((area, tuple(lines[code] for code in area.criteria)) for area in plan.new.areas),
        retired=tuple(line for line in lines.values() if line.kind is SuccessionKind.RETIRED),
        totals=totals,
        inferred=plan.inferred,
        small=small,
        officials_see=_announce_beginning(desk, open_assessment, name, totals.answers),
    )


def _announce_beginning(desk: Desk, closing: Assessment, name: str, carried: int) -> Message | None:
    """The headline from the day it begins until the first verdict; None where nothing was decided before."""
    last = find_last_score(desk.session, desk.site, closing, desk.who.language)
    begun = last and BegunAssessment(name or closing.name, closing.name, last, desk.who.today, 0, carried)
    return begun_headline(begun) if begun else None


def _list_choices(site: Site, who: Who, open_assessment: Assessment | None) -> tuple[EditionChoice, ...]:
    reachable = (
        site.edition(edition_id, who.language)
        for edition_id in list_edition_ids()
        if open_assessment is None or site.succession(open_assessment.edition, edition_id)
    )
    return tuple(EditionChoice(edition.id, edition.label, edition.complete) for edition in reachable)


def _propose_edition(choices: Collection[EditionChoice], open_assessment: Assessment | None) -> str:
    """The newest edition, or the present one where no way leads there."""
    reachable = {choice.id for choice in choices}
    return NEWEST_EDITION if open_assessment is None or NEWEST_EDITION in reachable else open_assessment.edition


def _build_lines(desk: Desk, plan: "CarryingPlan") -> dict[str, CarriedLine]:
    """A line for each move; a retired code that the new edition uses for something else is told apart by a mark that no code has."""
    departments = {
        department_row.id: department_row.name for department_row in city.list_departments(desk.session, desk.city_id)
    }
    names = people.load_names(desk.session, desk.city_id)
    lines = {}
    for carried in plan.carried:
        code, owner = carried.move.new or carried.move.old[0], plan.owner(carried.move)
        edition = plan.new if carried.move.new else plan.old
        department = departments.get(owner.department_id, "") if owner else ""
        person = names.get(owner.person_id or 0, "") if owner else ""
        key = code if carried.move.new else f"-{code}"
        origin = name_origin(plan.old, carried.move)
        lines[key] = CarriedLine(code, edition.criteria[code].title, carried, department, person, origin)
    return lines


@dataclass(frozen=True)
class CarryingPlan:
    """All that the open assessment `run` has to give, by criterion code, and what each criterion gets of it, in the order of the moves."""

    run: Assessment
    old: Edition
    new: Edition
    inferred: bool
    responses: Mapping[str, Response]
    comments: Mapping[str, list[ReviewComment]]
    tasks: Mapping[str, AssignmentBrief]
    here: Collection[int]
    carried: tuple[CarriedCriterion, ...]

    def owner(self, move: CriterionSuccession) -> AssignmentBrief | None:
        """Who answers for it from now on: the first of those who did, without a person who works here no more."""
        assignment = next((self.tasks[code] for code in move.old if code in self.tasks), None)
        if assignment is None:
            return None
        person, deputy = assignment.person_id, assignment.deputy_id
        return replace(
            assignment,
            person_id=person if person in self.here else None,
            deputy_id=deputy if deputy in self.here and person in self.here else None,
        )


def plan_carrying(desk: Desk, open_assessment: Assessment, edition: str) -> CarryingPlan:
    """Raises Invalid where no way leads to the edition."""
    old = _load_local_edition(desk, open_assessment.edition)
    new = old if edition == open_assessment.edition else _load_local_edition(desk, edition)
    succession = succeed_by_itself(new) if new is old else desk.site.succession(old.id, new.id)
    if succession is None:
        raise Invalid({"edition": say("Nothing says how the answers would get to this edition. Choose another one.")})
    city_id, run_id = desk.city_id, open_assessment.id
    responses = {
        stored_response.criterion: stored_response
        for stored_response in response.list_responses(desk.session, city_id, run_id)
    }
    comments = cycle.load_comments(desk.session, city_id, run_id)
    answers = _collect_answers(desk.session, open_assessment, responses, comments)
    return CarryingPlan(
        run=open_assessment,
        old=old,
        new=new,
        inferred=succession.inferred,
        responses=responses,
        comments=comments,
        tasks=assessment.load_assignments(desk.session, city_id, run_id),
        here=list_writers(desk),
        carried=tuple(carry_criterion(move, old, new, answers) for move in derive_successions(old, new, succession)),
    )


def _load_local_edition(desk: Desk, edition_id: str) -> Edition:
    """The edition with the city's own checklists in place of ours."""
    edition = desk.site.edition(edition_id, desk.who.language)
    local_criteria = assessment.load_own_criteria(desk.session, desk.city_id, edition_id)
    criteria = {
        code: with_local_checklist(criterion, local_criteria.get(code)) for code, criterion in edition.criteria.items()
    }
    return replace(edition, criteria=criteria)


def _collect_answers(
    session: Session,
    open_assessment: Assessment,
    responses: Mapping[str, Response],
    comments: Mapping[str, list[ReviewComment]],
) -> dict[str, PreviousResponse]:
    ticked = response.load_ticked_by_criterion(session, open_assessment.city_id, open_assessment.id)
    pieces, guests = cycle.load_pieces_in_use(session, open_assessment.city_id, open_assessment.id)
    return {
        code: PreviousResponse(
            code=code,
            narrative=stored_response.narrative,
            ticked=frozenset(ticked.get(code, ())),
            pieces=pieces.get(code, {}),
            comments=len(comments.get(code, ())),
            guests=guests.get(code, ()),
        )
        for code, stored_response in responses.items()
    }
