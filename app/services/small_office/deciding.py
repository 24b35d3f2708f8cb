"""A decision by one's own check: handed in and decided in one step, by the same rules as in two, with undo."""

from app.rules.city.small_office import check_own_decision
from app.rules.errors import Refused
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.rules.review.moves import ResponseState, ReviewAction, next_renewal, next_response_state
from app.services.desk import Desk
from app.services.response import submission
from app.services.response.answering import OpenedResponse, load_response, need_writer, save_response
from app.services.review import deciding, renewing
from app.services.review.queue import ReviewFilters
from app.store import review
from app.store.database.engine import now
from app.store.review import Verdict

ALL = ReviewFilters()


def decide_own(
    desk: Desk, code: str, decision: str, reason: str, version: int, narrative: str | None, narrative_version: int
) -> None:
    """Hand the response in, where it is not yet, and decide on it; the second click on the same page changes nothing.

    Raises Refused with what stops it (also where a colleague could decide), Invalid (no decision, reason missing), Conflict, NotFound.
    """
    _need_small_office(desk)
    opened = load_response(desk, code)
    if _was_this_click(desk, opened, decision, version):
        return
    check_own_decision(decision, reason)
    if opened.state is not ResponseState.SUBMITTED:
        submission.submit_response(desk, code, version, narrative, narrative_version)
        version = load_response(desk, code).response.version
    deciding.give_verdict(desk, code, decision, reason, version, ALL)


def _was_this_click(desk: Desk, opened: OpenedResponse, decision: str, version: int) -> bool:
    if opened.state is not ResponseState.DECIDED or opened.response.version <= version:
        return False
    verdict = _find_own_verdict(desk, opened)
    return verdict is not None and verdict.decision == decision


def _find_own_verdict(desk: Desk, opened: OpenedResponse) -> Verdict | None:
    """The verdict that stands, where the person gave it on what the person handed in."""
    verdict = review.find_newest_verdict(desk.session, desk.city_id, opened.id)
    both = {opened.response.submitted_by, verdict.reviewer_id if verdict else None}
    return verdict if both == {desk.who.person_id} else None


def undo_own(desk: Desk, code: str, version: int) -> None:
    """Take the own decision back, which stays readable, and go on answering. Raises Refused for another's, Conflict, NotFound."""
    _need_small_office(desk)
    opened = load_response(desk, code)
    need_writer(opened)
    waiting = next_response_state(opened.state, ReviewAction.REOPEN)
    renewal = next_renewal(opened.renewal, ReviewAction.REOPEN)
    verdict = _find_own_verdict(desk, opened)
    if verdict is None:
        raise Refused(say("Someone else decided on this. Ask that person to reopen it."))
    state = next_response_state(waiting, ReviewAction.TAKE_BACK)
    save_response(desk, opened, version, state=state.value, renewal=renewal.value, submitted_at=None, claimed_by=None)
    verdict.withdrawn_at = now()
    desk.record(Verb.REOPENED, code, reason="")


def confirm_newer(desk: Desk, code: str, version: int) -> None:
    """Still met with the newer evidence. Raises Refused where nothing waits, Conflict, NotFound."""
    _need_small_office(desk)
    renewing.confirm_renewal(desk, code, version, ALL)


def _need_small_office(desk: Desk) -> None:
    """Raises Refused where others answer or decide too: there, these are two steps."""
    if not desk.who.in_small_office:
        raise Refused(
            say("Others work in this city too, so a response is submitted first. Load the page again to see how.")
        )
