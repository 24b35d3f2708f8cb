"""The verdict, and who gives it. Nothing here touches the department's own answer."""

from collections.abc import Sequence

from app.rules.errors import Conflict, Invalid, Refused
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.rules.people.permissions import OFFICE
from app.rules.review.moves import (
    ResponseState,
    ReviewAction,
    check_independence,
    check_reopening,
    check_verdict_reason,
    next_renewal,
    next_response_state,
)
from app.rules.scoring.score import VerdictKind
from app.services.account import hands
from app.services.assessment.overview import load_overview
from app.services.assessment.stand import Stand
from app.services.desk import Desk
from app.services.response.answering import RESPONSE_CHANGED, OpenedResponse, load_response, load_within
from app.services.review.judging import keep_judged_response
from app.services.review.queue import ReviewFilters, filter_stands
from app.store import people, response, review
from app.store.database.engine import now
from app.store.review import Verdict


def check_may_decide(desk: Desk, opened: OpenedResponse, action: ReviewAction) -> ResponseState:
    state = next_response_state(opened.state, action)
    check_independent(desk, opened.response.submitted_by)
    return state


def check_independent(desk: Desk, submitted_by: int | None) -> None:
    """Raises Refused for someone who would decide on what they handed in themselves although another reviewer could."""
    hands_here = hands.load_hands(desk.session, desk.city_id)
    others = sum(
        person_id != desk.who.person_id and not hands_here.are_one(person_id, submitted_by)
        for person_id in people.list_people_with_role(desk.session, desk.city_id, OFFICE)
    )
    is_one = hands_here.are_one(submitted_by, desk.who.person_id)
    check_independence(submitted_it=submitted_by == desk.who.person_id, other_reviewers=others, is_one=is_one)


def give_verdict(desk: Desk, code: str, decision: str, reason: str, version: int, filters: ReviewFilters) -> str | None:
    """Give the verdict; returns the code of the next response that waits under the filters, if any.

    Raises Invalid (no verdict chosen, reason missing), Refused (not submitted, decided already, one's own), Conflict, NotFound.
    """
    if decision not in set(VerdictKind):
        raise Invalid({"decision": say("Choose one of the three verdicts.")})
    seen = load_overview(desk.session, desk.site, desk.who.city, desk.who.language)
    opened = load_within(desk, seen, code)
    state = check_may_decide(desk, opened, ReviewAction(decision))
    holds = seen.stand_of(code).checklist.holds
    reason = check_verdict_reason(VerdictKind(decision), reason, checklist_holds=holds)
    upcoming = next_after(code, filter_stands(seen, desk.who, filters))
    _save_response(desk, opened, version, state=state.value)
    verdict = Verdict(
        city_id=desk.city_id,
        response_id=opened.id,
        decision=decision,
        reason=reason,
        language=desk.who.language,
        reviewer_id=desk.who.person_id,
    )
    review.add_verdict(desk.session, verdict)
    copy_sha256 = keep_judged_response(desk.session, desk.site, opened.response, verdict)
    desk.record(Verb.VERDICT_GIVEN, code, decision=decision, reason=reason, judged=copy_sha256)
    return upcoming


def next_after(code: str, stands: Sequence[Stand]) -> str | None:
    codes = [stand.code for stand in stands]
    at = codes.index(code) if code in codes else -1
    return next((other for other in codes[at + 1 :] + codes[: max(at, 0)]), None)


def _save_response(desk: Desk, opened: OpenedResponse, version: int, **values: object) -> None:
    if not response.save_response(desk.session, desk.city_id, opened.id, version, **values):
        raise Conflict(RESPONSE_CHANGED)


def assign_to_me(desk: Desk, code: str, version: int) -> None:
    """Take a waiting response on. Raises Refused when someone else has it or it does not wait, Conflict, NotFound."""
    opened = _load_waiting(desk, code)
    holder = opened.response.claimed_by
    if holder not in {None, desk.who.person_id}:
        name = people.load_names(desk.session, desk.city_id).get(holder or 0, "?")
        raise Refused(say("This response is assigned to %(name)s already.", name=name))
    if holder is None:
        _save_response(desk, opened, version, claimed_by=desk.who.person_id)
        desk.record(Verb.CLAIMED, code)


def unassign_reviewer(desk: Desk, code: str, version: int) -> None:
    """Give a claimed response back to the queue, one's own or that of someone who is away. Raises Refused, Conflict, NotFound."""
    opened = _load_waiting(desk, code)
    if opened.response.claimed_by is not None:
        _save_response(desk, opened, version, claimed_by=None)
        desk.record(Verb.RELEASED, code)


def _load_waiting(desk: Desk, code: str) -> OpenedResponse:
    opened = load_response(desk, code)
    if opened.state is not ResponseState.SUBMITTED:
        raise Refused(say("Only a response that waits for review can be assigned or unassigned."))
    return opened


def reopen_response(desk: Desk, code: str, reason: str, version: int) -> None:
    """Withdraw the verdict, which stays readable, and put the response back in line; the reason becomes a comment.

    Raises Invalid, Refused for a response without a verdict, Conflict, NotFound.
    """
    opened = load_response(desk, code)
    state = next_response_state(opened.state, ReviewAction.REOPEN)
    reason = check_reopening(reason)
    renewal = next_renewal(opened.renewal, ReviewAction.REOPEN)
    _save_response(desk, opened, version, state=state.value, renewal=renewal.value, claimed_by=desk.who.person_id)
    verdict = review.find_newest_verdict(desk.session, desk.city_id, opened.id)
    if verdict:
        verdict.withdrawn_at = now()
    _save_comment(desk, opened, reason)
    review.close_reopenings(desk.session, desk.city_id, opened.id, desk.who.person_id)
    desk.record(Verb.REOPENED, code, reason=reason)


def _save_comment(desk: Desk, opened: OpenedResponse, text: str) -> None:
    by, language = desk.who.person_id, desk.who.language
    review.add_comment(desk.session, desk.city_id, opened.id, text, by, language=language)
