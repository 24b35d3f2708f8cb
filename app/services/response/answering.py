"""The department's side of a response: writing, ticking, rating, submitting. Every change checks version and right, and is recorded."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.rules.assessment import AssessmentValues, OwnCriterion
from app.rules.criteria.edition import Criterion
from app.rules.cycle.confirming import Confirmation
from app.rules.errors import Conflict, Invalid, NotAllowed, NotFound
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.rules.people.permissions import may_write_for
from app.rules.people.standing_in import is_named
from app.rules.review.moves import (
    RenewalState,
    ResponseState,
    ReviewAction,
    allows_action,
    check_answering_again,
    check_renewing,
    next_renewal,
    next_response_state,
)
from app.rules.review.response import check_narrative
from app.rules.scoring.confidence import Confidence
from app.rules.scoring.score import SelfRating, VerdictKind
from app.rules.text.text_language import settle_language
from app.services.assessment.ground import AssessmentGround, no_criterion, read_ground, with_local_checklist
from app.services.assessment.overview import Overview
from app.services.desk import Desk, Who
from app.settings import LANGUAGES
from app.store import assessment, people, response, review
from app.store.assessment import AssignmentBrief
from app.store.database.engine import now
from app.store.response import ChecklistAnswer, Response

RESPONSE_CHANGED = say(
    "Someone changed this response while your page was open. Load the page again, then repeat the step."
)


@dataclass(frozen=True)
class OpenedResponse:
    """A response with what belongs to it; `criterion` has the city's own checklist where `local` has one.

    `previous` is the name of the assessment that it came along from, empty where it did not.
    """

    assessment: AssessmentValues
    criterion: Criterion
    response: Response
    may_write: bool
    local: OwnCriterion | None
    task: AssignmentBrief | None
    previous: str = ""

    @property
    def id(self) -> int:
        return self.response.id

    @property
    def confirmation(self) -> Confirmation | None:
        return Confirmation(self.response.confirmation) if self.response.confirmation else None

    @property
    def state(self) -> ResponseState:
        return ResponseState(self.response.state)

    @property
    def renewal(self) -> RenewalState:
        return RenewalState(self.response.renewal)


def find_criterion(desk: Desk, edition: str, code: str) -> tuple[Criterion, OwnCriterion]:
    """The criterion of this edition as this city asks it, and the city's own words. Raises NotFound for an unknown code."""
    criterion = desk.site.edition(edition, desk.who.language).criteria.get(code)
    if criterion is None:
        raise no_criterion(code)
    own = assessment.find_own_criterion(desk.session, desk.city_id, edition, code)
    return with_local_checklist(criterion, own), own


def load_response(desk: Desk, code: str) -> OpenedResponse:
    """The response to a criterion, as the rows are now; an empty one, not stored, where nothing was written yet."""
    ground = read_ground(desk.site.kept.seen_by(desk.session, desk.who.city))
    criterion = desk.site.edition(ground.assessment.edition, desk.who.language).criteria.get(code)
    if criterion is None:
        raise no_criterion(code)
    return _load_on(desk, ground, with_local_checklist(criterion, ground.own.get(code)))


def load_within(desk: Desk, seen: Overview, code: str) -> OpenedResponse:
    """The same for someone who has the overview of today already."""
    return _load_on(desk, seen.ground, seen.stand_of(code).criterion)


def _load_on(desk: Desk, ground: AssessmentGround, criterion: Criterion) -> OpenedResponse:
    """One query."""
    code, run, task = criterion.code, ground.assessment, ground.tasks.get(criterion.code)
    stored_response = response.find_response(desk.session, desk.city_id, run.id, code)
    shown_response = stored_response or Response(city_id=desk.city_id, assessment_id=run.id, criterion=code)
    previous = ground.previous if shown_response.confirmation else ""
    return OpenedResponse(
        run, criterion, shown_response, _may_write(desk.who, task), ground.own.get(code), task, previous
    )


def load_for_evidence(desk: Desk, code: str) -> OpenedResponse:
    """As `load_for_writing`, for evidence, which a response that was decided as met takes as well: as a renewal.

    Raises NotFound, NotAllowed, and Refused when it is with the reviewer or was decided as not met.
    """
    opened = load_response(desk, code)
    need_writer(opened)
    if opened.state is not ResponseState.DECIDED:
        next_response_state(opened.state, ReviewAction.WRITE)
        return opened
    next_response_state(opened.state, ReviewAction.RENEW)
    verdict = review.find_newest_verdict(desk.session, desk.city_id, opened.id)
    check_renewing(VerdictKind(verdict.decision) if verdict else None)
    return opened


def open_for_evidence(desk: Desk, code: str) -> OpenedResponse:
    """As `load_for_evidence`, with the same errors, and stored."""
    opened = load_for_evidence(desk, code)
    if opened.response.id is None:
        response.add_response(desk.session, opened.response)
    return opened


def mark_evidence_changed(desk: Desk, response_id: int, state: ResponseState) -> None:
    """What a change of its evidence does to a response: one not started begins, and on one decided as met it is a renewal."""
    if state is ResponseState.NOT_STARTED:
        response.begin_response(desk.session, desk.city_id, response_id)
    elif state is ResponseState.DECIDED:
        verdict = review.find_newest_verdict(desk.session, desk.city_id, response_id)
        if verdict and verdict.decision == VerdictKind.MET:
            waiting = next_renewal(RenewalState.NONE, ReviewAction.RENEW)
            response.begin_renewal(desk.session, desk.city_id, response_id, waiting, desk.who.person_id)


def answer_again(desk: Desk, code: str, version: int) -> None:
    """Take up a criterion that was not met; the verdict is withdrawn and stays readable, with what it judged.

    Raises NotAllowed, Refused for one without a verdict of not met, Conflict, NotFound.
    """
    opened = load_response(desk, code)
    need_writer(opened)
    state = next_response_state(opened.state, ReviewAction.ANSWER_AGAIN)
    verdict = review.find_newest_verdict(desk.session, desk.city_id, opened.id)
    check_answering_again(VerdictKind(verdict.decision) if verdict else None)
    save_response(desk, opened, version, state=state.value, submitted_at=None, claimed_by=None)
    if verdict:
        verdict.withdrawn_at = now()
    desk.record(Verb.ANSWERED_AGAIN, code)


def load_for_writing(desk: Desk, code: str) -> OpenedResponse:
    """The response to a criterion, not stored where nothing was written yet, for someone who may write it and while it may be written.

    Raises NotFound, NotAllowed for another department's criterion, and Refused when it is with the reviewer or decided.
    """
    opened = load_response(desk, code)
    need_writer(opened)
    next_response_state(opened.state, ReviewAction.WRITE)
    return opened


def open_for_writing(desk: Desk, code: str) -> OpenedResponse:
    """As `load_for_writing`, with the same errors, and stored."""
    opened = load_for_writing(desk, code)
    if opened.response.id is None:
        response.add_response(desk.session, opened.response)
    return opened


def _may_write(who: Who, task: AssignmentBrief | None) -> bool:
    is_assigned = task is not None and is_named(task, who.person_id, who.stand_in.away)
    return may_write_for(who.role, who.departments, task.department_id if task else None, assigned_to_me=is_assigned)


@dataclass(frozen=True)
class NarrativeConflict:
    """Two texts side by side: what someone else saved, by whom and at which version, and what was typed here."""

    theirs: str
    their_name: str
    their_version: int
    mine: str


class NarrativeChanged(Conflict):
    """Someone else saved this narrative first; carries both texts, so that neither is lost."""

    def __init__(self, conflict: NarrativeConflict) -> None:
        super().__init__(
            say("%(name)s saved this text while you were writing. Both texts are below.", name=conflict.their_name)
        )
        self.found = conflict


def write_narrative(desk: Desk, code: str, text: str, version: int, language: str = "") -> None:
    """Save the narrative if nobody changed it since `version`, in the `language` that was chosen for it; the same again changes nothing.

    Raises Invalid, NarrativeChanged, NotAllowed, Refused, NotFound.
    """
    text = check_narrative(text)
    opened = load_for_writing(desk, code)
    stored = opened.response
    own, kept = desk.who.city.language, stored.narrative_language
    language = settle_language(language, kept, desk.who.language, bool(stored.narrative), LANGUAGES)
    if stored.narrative == text and ((kept or own) == (language or own) or not text):
        return
    if stored.id is None:
        response.add_response(desk.session, stored)
    if stored.narrative_by != desk.who.person_id:
        response.archive_narrative(desk.session, stored)
    if not response.save_narrative(desk.session, desk.city_id, opened.id, version, text, desk.who.person_id, language):
        desk.session.refresh(stored)
        names = people.load_names(desk.session, desk.city_id)
        their_name = names.get(stored.narrative_by or 0, "?")
        raise NarrativeChanged(NarrativeConflict(stored.narrative, their_name, stored.narrative_version, text))
    mark_begun(desk, opened)
    desk.record(Verb.NARRATIVE_WRITTEN, code, characters=len(text))


def answer_item(desk: Desk, opened: OpenedResponse, item: str, ticked: bool, version: int) -> None:
    """Say yes or no to one item. Raises NotFound for one that the checklist does not have, Conflict where someone else answered meanwhile."""
    if item not in {known.id for known in opened.criterion.checklist}:
        raise NotFound(say("This checklist has no such item."))
    stored = response.hold_answer(desk.session, desk.city_id, opened.id, item)
    if (stored.version if stored else 0) != version:
        if stored and stored.ticked == ticked:
            return
        raise Conflict(RESPONSE_CHANGED)
    if stored is None:
        unanswered = ChecklistAnswer(city_id=desk.city_id, response_id=opened.id, item=item, version=0)
        stored = response.add_answer(desk.session, unanswered)
    stored.ticked, stored.version = ticked, version + 1
    mark_begun(desk, opened)
    desk.record(Verb.ITEM_TICKED if ticked else Verb.ITEM_UNTICKED, opened.criterion.code, item=item)


def tick_changed_items(desk: Desk, code: str, typed: Mapping[str, str]) -> None:
    """Answer the items that the person changed on a page of the checklist.

    `typed` has for every item `was.ID` (as the page showed it), `version.ID` and, when ticked, `item.ID`. What the person did not
    touch is left alone, so that an old page does not undo someone else's ticks.
    """
    items = [name.removeprefix("was.") for name in typed if name.startswith("was.")]
    changed_items = [item for item in items if (f"item.{item}" in typed) != (typed[f"was.{item}"] == "1")]
    if not changed_items:
        return
    opened = open_for_writing(desk, code)
    for item in changed_items:
        version = typed.get(f"version.{item}", "")
        number = int(version) if re.fullmatch("[0-9]{1,9}", version) else -1
        answer_item(desk, opened, item, f"item.{item}" in typed, number)


def set_self_rating(desk: Desk, code: str, rating: str, version: int, confidence: str = "") -> None:
    """Record the department's own rating (`met`, `not_met`, or empty for none) and, for `met`, how sure it is; it never counts as met.

    Raises Invalid, Conflict, NotAllowed, Refused, NotFound.
    """
    if rating not in {"", *SelfRating}:
        raise Invalid({"self_rating": say("Choose one of the answers.")})
    if confidence not in {"", *Confidence}:
        raise Invalid({"confidence": say("Choose one of the answers.")})
    opened = open_for_writing(desk, code)
    sure = confidence or None if rating == SelfRating.MET else None
    state = next_response_state(opened.state, ReviewAction.WRITE).value
    save_response(desk, opened, version, self_rating=rating or None, confidence=sure, state=state)
    desk.record(Verb.SELF_RATED, code, rating=rating or "none", confidence=sure)


def need_writer(opened: OpenedResponse) -> None:
    if not opened.may_write:
        raise NotAllowed(
            say("This criterion belongs to another department. Ask your data office if it should be yours.")
        )


def mark_begun(desk: Desk, opened: OpenedResponse) -> None:
    """Move a response that was not started to in progress, as writing and adding evidence do."""
    next_response_state(opened.state, ReviewAction.WRITE)
    mark_evidence_changed(desk, opened.id, opened.state)


def save_response(desk: Desk, opened: OpenedResponse, version: int, **values: object) -> None:
    if not response.save_response(desk.session, desk.city_id, opened.id, version, **values):
        raise Conflict(RESPONSE_CHANGED)


def list_open_actions(opened: OpenedResponse) -> frozenset[ReviewAction]:
    """The moves that the person may make now, for showing or hiding a button."""
    return frozenset(action for action in ReviewAction if opened.may_write and allows_action(opened.state, action))
