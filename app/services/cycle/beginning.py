"""Beginning the next assessment from the open one: first as a preview that writes nothing, then all at once."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import chain
from typing import Any

from sqlmodel import Session, SQLModel

from app.adapters.criteria.editions import list_edition_ids
from app.rules.criteria import Area, Edition
from app.rules.cycle.carrying import CarriedCriterion, CarriedTotals, PreviousResponse, carry_criterion, total_carried
from app.rules.cycle.confirming import Confirmation, next_assessment_name
from app.rules.editions import (
    SUCCESSION_NAMES,
    CriterionSuccession,
    SuccessionKind,
    derive_successions,
    succeed_by_itself,
)
from app.rules.errors import Conflict, Invalid
from app.rules.history.verbs import Verb
from app.rules.message import Message, say
from app.rules.review import ResponseState
from app.services.assignment import check_due_day, list_writers
from app.services.city import add_assessment, check_new_assessment
from app.services.cycle.page import lock_assessment
from app.services.desk import Desk, Who
from app.services.ground import with_local_checklist
from app.services.people.members import CHANGED_MEANWHILE
from app.services.site import NEWEST_EDITION, Site
from app.store import assessment, city, cycle, people, response
from app.store.assessment import Assessment, Assignment, AssignmentBrief
from app.store.evidence.pieces import EvidenceSupport
from app.store.response import ChecklistAnswer, NarrativeVersion, Response
from app.store.review import ReviewComment


@dataclass(frozen=True)
class CarriedLine:
    """What would happen to one criterion: `code` is the new one, or the old one of a criterion that is retired."""

    code: str
    title: str
    carried: CarriedCriterion
    department: str
    person: str

    @property
    def kind(self) -> SuccessionKind:
        return self.carried.move.kind

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
    `inferred` when no public source says how the editions follow one another.
    """

    closing: Assessment | None
    name: str
    edition: str
    choices: tuple[EditionChoice, ...]
    areas: tuple[tuple[Area, tuple[CarriedLine, ...]], ...]
    retired: tuple[CarriedLine, ...]
    totals: CarriedTotals | None
    inferred: bool

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
    if open_assessment is None:
        return CyclePreview(None, name, chosen, choices, (), (), None, False)
    plan = _plan_carrying(desk, open_assessment, chosen)
    lines = _build_lines(desk, plan)
    return CyclePreview(
        closing=open_assessment,
        name=name or next_assessment_name(open_assessment.name),
        edition=chosen,
        choices=choices,
        areas=tuple((area, tuple(lines[code] for code in area.criteria)) for area in plan.new.areas),
        retired=tuple(line for line in lines.values() if line.kind is SuccessionKind.RETIRED),
        totals=total_carried(plan.carried),
        inferred=plan.inferred,
    )


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


def _build_lines(desk: Desk, plan: "_CarryingPlan") -> dict[str, CarriedLine]:
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
        lines[key] = CarriedLine(code, edition.criteria[code].title, carried, department, person)
    return lines


@dataclass(frozen=True)
class _CarryingPlan:
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
        return (
            replace(assignment, person_id=None) if assignment and assignment.person_id not in self.here else assignment
        )


def _plan_carrying(desk: Desk, open_assessment: Assessment, edition: str) -> _CarryingPlan:
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
    return _CarryingPlan(
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
    local_criteria = assessment.load_local_criteria(desk.session, desk.city_id, edition_id)
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


def begin_assessment(
    desk: Desk, *, name: str, due_on: date | None, edition: str, shown_edition: str, version: int
) -> None:
    """Close the open assessment and begin the next one with its answers; the first one of a city begins empty.

    `shown_edition` is the edition that the preview was for, `version` that of the open assessment, 0 for none. Raises Invalid, Conflict.
    """
    name = check_new_assessment(name, edition)
    check_due_day(due_on, desk.who.today)
    open_assessment = assessment.find_current_assessment(desk.session, desk.city_id)
    if open_assessment is None:
        _begin_first(desk, name, due_on, edition)
        return
    if edition != shown_edition:
        raise Invalid({"edition": say("Look first at what would happen with this edition: it is shown below now.")})
    lock_assessment(desk.session, open_assessment, version)
    plan = _plan_carrying(desk, open_assessment, edition)
    next_assessment = _close_and_open_next(
        desk.session,
        open_assessment,
        Assessment(city_id=open_assessment.city_id, edition=edition, name=name, due_on=due_on),
    )
    _carry_responses(desk.session, plan, next_assessment)
    details = {
        "assessment": next_assessment.id,
        "from": open_assessment.id,
        "was": open_assessment.name,
        "edition": edition,
        **asdict(total_carried(plan.carried)),
    }
    desk.record(Verb.CYCLE_BEGUN, name, **details)


def _begin_first(desk: Desk, name: str, due_on: date | None, edition: str) -> None:
    city.lock_city(desk.session, desk.city_id)
    if assessment.find_current_assessment(desk.session, desk.city_id):
        raise Conflict(CHANGED_MEANWHILE)
    add_assessment(desk.session, desk.who.city, name, due_on=due_on, edition=edition, by=desk.who.person_id)


def _close_and_open_next(session: Session, closing: Assessment, next_assessment: Assessment) -> Assessment:
    closing.state, closing.version = "closed", closing.version + 1
    next_assessment.previous_id, next_assessment.version = (
        closing.id,
        closing.version,
    )  # so that a form from before never fits
    cycle.add_rows(session, [closing, next_assessment])
    return next_assessment


def _carry_responses(session: Session, plan: _CarryingPlan, next_assessment: Assessment) -> None:
    continued = [carried for carried in plan.carried if carried.move.new]
    responses = {
        carried.move.new: _build_response(plan, next_assessment, carried)
        for carried in continued
        if carried.is_answer or carried.comments
    }
    cycle.add_rows(session, responses.values())
    parts = (
        _build_parts(plan, carried, responses[carried.move.new])
        for carried in continued
        if carried.move.new in responses
    )
    cycle.add_rows(session, chain.from_iterable(parts))
    cycle.add_rows(session, _build_assignments(plan, next_assessment, continued))


def _build_response(plan: _CarryingPlan, next_assessment: Assessment, carried: CarriedCriterion) -> Response:
    """Its versions go on from those that holding has raised, so that no page from before passes for one of the new assessment."""
    old_responses = [plan.responses[answer.code] for answer in carried.answers]
    written = [old_response for old_response in old_responses if old_response.narrative and old_response.narrative_at]
    last_written = max(written, key=lambda old_response: str(old_response.narrative_at), default=None)
    return Response(
        city_id=next_assessment.city_id,
        assessment_id=next_assessment.id,
        criterion=carried.move.new or "",
        narrative=carried.narrative,
        narrative_version=max(old_response.narrative_version for old_response in old_responses)
        + len(carried.set_aside),
        narrative_by=last_written.narrative_by if last_written else None,
        narrative_at=last_written.narrative_at if last_written else None,
        carried_from=old_responses[0].id,
        confirmation=Confirmation.ASKED if carried.is_answer else None,
        state=ResponseState.IN_PROGRESS if carried.is_answer else ResponseState.NOT_STARTED,
        version=max(old_response.version for old_response in old_responses),
    )


def _build_parts(plan: _CarryingPlan, carried: CarriedCriterion, new_response: Response) -> Iterator[SQLModel]:
    """What belongs to a response that came along."""
    response_columns: dict[str, Any] = {"city_id": new_response.city_id, "response_id": new_response.id}
    yield from (ChecklistAnswer(**response_columns, item=item, ticked=True) for item in carried.ticks)
    for evidence_id, items in carried.pieces.items():
        support_columns = response_columns | {"evidence_id": evidence_id, "guest": evidence_id in carried.guests}
        yield from (EvidenceSupport(**support_columns, item=item) for item in items or ("",))
    for number, (code, text) in enumerate(
        carried.set_aside, start=new_response.narrative_version - len(carried.set_aside)
    ):
        yield _fill_set_aside(
            plan.responses[code],
            NarrativeVersion(**response_columns, number=number, text=text, at=new_response.updated_at),
        )
    comments = [comment for answer in carried.answers for comment in plan.comments.get(answer.code, ())]
    for comment in sorted(comments, key=lambda comment: (comment.at, comment.id)):
        yield ReviewComment(**response_columns, text=comment.text, person_id=comment.person_id, at=comment.at)


def _fill_set_aside(old_response: Response, text_version: NarrativeVersion) -> NarrativeVersion:
    text_version.text = f"{old_response.criterion}\n\n{text_version.text}"
    text_version.person_id, text_version.at = old_response.narrative_by, old_response.narrative_at or text_version.at
    return text_version


def _build_assignments(
    plan: _CarryingPlan, next_assessment: Assessment, continued: Collection[CarriedCriterion]
) -> Iterator[Assignment]:
    """The due date is that of the new assessment."""
    owners = ((carried.move.new, plan.owner(carried.move)) for carried in continued)
    for code, owner in owners:
        if code and owner:
            yield Assignment(
                city_id=next_assessment.city_id,
                assessment_id=next_assessment.id,
                criterion=code,
                department_id=owner.department_id,
                person_id=owner.person_id,
                due_on=next_assessment.due_on,
            )
