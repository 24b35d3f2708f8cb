"""Beginning the next assessment from the open one: first as a preview that writes nothing, then all at once."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from itertools import chain
from typing import Any

from sqlmodel import Session, SQLModel

from app.rules.assessment import AssessmentState
from app.rules.cycle.carrying import CarriedCriterion, total_carried
from app.rules.cycle.confirming import Confirmation
from app.rules.errors import Conflict, Invalid
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.rules.review.moves import ResponseState
from app.services.assigning.assignment import check_due_day
from app.services.city import add_assessment, check_new_assessment
from app.services.cycle.own_words import write_own_words
from app.services.cycle.page import lock_assessment
from app.services.cycle.preview import CarryingPlan, plan_carrying
from app.services.desk import Desk
from app.services.people.members import CHANGED_MEANWHILE
from app.store import assessment, city, cycle
from app.store.assessment import Assessment, Assignment
from app.store.evidence import support as evidence_support
from app.store.evidence.pieces import EvidenceSupport
from app.store.response import ChecklistAnswer, NarrativeVersion, Response
from app.store.review import ReviewComment


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
        raise Invalid({"edition": say("Check the preview below before you start.")})
    lock_assessment(desk.session, open_assessment, version)
    plan = plan_carrying(desk, open_assessment, edition)
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
    add_assessment(desk.session, desk.city_id, name, due_on=due_on, edition=edition, by=desk.who.person_id)


def _close_and_open_next(session: Session, closing: Assessment, next_assessment: Assessment) -> Assessment:
    closing.state, closing.version = AssessmentState.CLOSED.value, closing.version + 1
    closing.own_words = write_own_words(assessment.load_own_criteria(session, closing.city_id, closing.edition))
    next_assessment.previous_id, next_assessment.version = (
        closing.id,
        closing.version,
    )  # so that a form from before never fits
    cycle.add_rows(session, [closing, next_assessment])
    return next_assessment


def _carry_responses(session: Session, plan: CarryingPlan, next_assessment: Assessment) -> None:
    continued = [carried for carried in plan.carried if carried.move.new]
    responses = {
        carried.move.new: _build_response(plan, next_assessment, carried)
        for carried in continued
        if carried.is_answer or carried.comments
    }
    cycle.add_rows(session, responses.values())
    old_ids = [old_response.id for old_response in plan.responses.values()]
    pointers = evidence_support.load_pointers(session, next_assessment.city_id, old_ids)
    parts = (
        _build_parts(plan, carried, responses[carried.move.new], pointers)
        for carried in continued
        if carried.move.new in responses
    )
    cycle.add_rows(session, chain.from_iterable(parts))
    cycle.add_rows(session, _build_assignments(plan, next_assessment, continued))


def _build_response(plan: CarryingPlan, next_assessment: Assessment, carried: CarriedCriterion) -> Response:
    """Its versions go on from those that holding has raised, so that no page from before passes for one of the new assessment."""
    old_responses = [plan.responses[answer.code] for answer in carried.answers]
    written = [old_response for old_response in old_responses if old_response.narrative and old_response.narrative_at]
    last_written = max(written, key=lambda old_response: str(old_response.narrative_at), default=None)
    return Response(
        city_id=next_assessment.city_id,
        assessment_id=next_assessment.id,
        criterion=carried.move.new or "",
        narrative=carried.narrative,
        narrative_language=last_written.narrative_language if last_written else "",
        narrative_version=max(old_response.narrative_version for old_response in old_responses)
        + len(carried.set_aside),
        narrative_by=last_written.narrative_by if last_written else None,
        narrative_at=last_written.narrative_at if last_written else None,
        carried_from=old_responses[0].id,
        confirmation=Confirmation.ASKED if carried.is_answer else None,
        state=ResponseState.IN_PROGRESS if carried.is_answer else ResponseState.NOT_STARTED,
        version=max(old_response.version for old_response in old_responses),
    )


def _build_parts(
    plan: CarryingPlan,
    carried: CarriedCriterion,
    new_response: Response,
    pointers: Mapping[tuple[int, int], str],
) -> Iterator[SQLModel]:
    """What belongs to a response that came along."""
    response_columns: dict[str, Any] = {"city_id": new_response.city_id, "response_id": new_response.id}
    yield from (ChecklistAnswer(**response_columns, item=item, ticked=True) for item in carried.ticks)
    for evidence_id, items in carried.pieces.items():
        old_ids = (plan.responses[answer.code].id for answer in carried.answers)
        pointer = next((pointers[old_id, evidence_id] for old_id in old_ids if (old_id, evidence_id) in pointers), "")
        support_columns = response_columns | {"evidence_id": evidence_id, "guest": evidence_id in carried.guests}
        support_columns["page_pointer"] = pointer
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
        yield ReviewComment(
            **response_columns,
            text=comment.text,
            language=comment.language,
            person_id=comment.person_id,
            at=comment.at,
        )


def _fill_set_aside(old_response: Response, text_version: NarrativeVersion) -> NarrativeVersion:
    text_version.text = f"{old_response.criterion}\n\n{text_version.text}"
    text_version.person_id, text_version.at = old_response.narrative_by, old_response.narrative_at or text_version.at
    return text_version


def _build_assignments(
    plan: CarryingPlan, next_assessment: Assessment, continued: Collection[CarriedCriterion]
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
                deputy_id=owner.deputy_id,
                due_on=next_assessment.due_on,
            )
