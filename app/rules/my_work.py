"""What needs a department now: each of its criteria in one of eight situations, in the order in which they want attention."""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum

from app.rules.days import freshness
from app.rules.message import Message, counted, say
from app.rules.review.moves import RenewalState, ResponseState

DUE_SOON_DAYS = 14
"""Two weeks: long enough to find a document and have it checked."""


class WorkNeed(StrEnum):
    """Why a criterion stands where it does in the list; the order here is the order there."""

    RETURNED = "returned"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    EXPIRING = "expiring"
    IN_PROGRESS = "in_progress"
    NOT_STARTED = "not_started"
    SUBMITTED = "submitted"
    DECIDED = "decided"


class NeedGroup(StrEnum):
    """The headings of the list, in order."""

    NOW = "now"
    TO_DO = "to_do"
    IN_REVIEW = "in_review"
    DONE = "done"


GROUPS = {
    WorkNeed.RETURNED: NeedGroup.NOW,
    WorkNeed.OVERDUE: NeedGroup.NOW,
    WorkNeed.DUE_SOON: NeedGroup.NOW,
    WorkNeed.EXPIRING: NeedGroup.NOW,
    WorkNeed.IN_PROGRESS: NeedGroup.TO_DO,
    WorkNeed.NOT_STARTED: NeedGroup.TO_DO,
    WorkNeed.SUBMITTED: NeedGroup.IN_REVIEW,
    WorkNeed.DECIDED: NeedGroup.DONE,
}

WITH_THE_DEPARTMENT = {ResponseState.NOT_STARTED, ResponseState.IN_PROGRESS, ResponseState.RETURNED}
_ORDER = {need: place for place, need in enumerate(WorkNeed)}


def is_overdue(state: ResponseState, due_on: date | None, today: date) -> bool:
    """Whether the department is late. What waits for the reviewer is not late, whatever its date."""
    return state in WITH_THE_DEPARTMENT and due_on is not None and due_on < today


def need_of(
    state: ResponseState,
    due_on: date | None,
    today: date,
    at_risk_from: date | None = None,
    renewal: RenewalState = RenewalState.NONE,
) -> WorkNeed:
    """The situation of one criterion; being returned comes before any date, since a reviewer is waiting for it.

    `at_risk_from` is the day on which the evidence of a met criterion no longer suffices. A `renewal` that waits is the reviewer's turn.
    """
    if renewal is RenewalState.RETURNED:
        return WorkNeed.RETURNED
    if renewal is RenewalState.WAITING:
        return WorkNeed.SUBMITTED
    if is_expiring(at_risk_from, today):
        return WorkNeed.EXPIRING
    if state not in WITH_THE_DEPARTMENT or state is ResponseState.RETURNED:
        return WorkNeed(state.value)
    if is_overdue(state, due_on, today):
        return WorkNeed.OVERDUE
    if due_on is not None and due_on <= today + timedelta(days=DUE_SOON_DAYS):
        return WorkNeed.DUE_SOON
    return WorkNeed(state.value)


def is_expiring(at_risk_from: date | None, today: date) -> bool:
    """Whether the evidence of a met criterion has lapsed or will within `freshness.DUE_SOON_DAYS`."""
    return at_risk_from is not None and at_risk_from <= today + timedelta(days=freshness.DUE_SOON_DAYS)


def expiring_in_words(at_risk_from: date, today: date) -> Message:
    """What a department should do about evidence that lapses."""
    if at_risk_from <= today:
        return say("The evidence is out of date. Add newer evidence; the verdict stays meanwhile.")
    return say("The evidence is out of date soon. Add newer evidence; the verdict stays meanwhile.")


RENEWAL_RETURNED = say("The newer evidence was returned. See why on its page, and add what is missing.")


def urgency_key(need: WorkNeed, due_on: date | None) -> tuple[int, date]:
    """What to sort by: the situation first, then the date; without a date last."""
    return _ORDER[need], due_on or date.max


def due_in_words(due_on: date, today: date) -> Message:
    """How far the due date is, such as `due in 3 days` or `3 days overdue`."""
    days = (due_on - today).days
    if days < 0:
        return counted("%(count)s day overdue", "%(count)s days overdue", -days)
    if days == 0:
        return say("due today")
    return counted("due in %(count)s day", "due in %(count)s days", days)


def progress_in_words(needs: Collection[WorkNeed]) -> Message:
    """How far the person is, in one short line."""
    groups = [GROUPS[need] for need in needs]
    return say(
        "Decided: %(done)s of %(total)s. With the reviewer: %(waiting)s. With you: %(open)s.",
        done=groups.count(NeedGroup.DONE),
        total=len(groups),
        waiting=groups.count(NeedGroup.IN_REVIEW),
        open=groups.count(NeedGroup.NOW) + groups.count(NeedGroup.TO_DO),
    )
