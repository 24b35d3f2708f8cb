"""What still separates a city from a level: unmet criteria in the order worth working on, strengths, and what only leaders can decide.

The order and the decisions are our suggestion; the program ranks nothing and names no decision.
"""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

from app.rules.criteria.edition import Criterion, Edition, Effort, ExpectedDecision
from app.rules.message import Message, say
from app.rules.my_work import is_overdue
from app.rules.review.moves import ResponseState
from app.rules.scoring.score import VerdictKind


class CriterionStand(Protocol):
    """What the rules here need to know of a criterion's stand."""

    @property
    def criterion(self) -> Criterion: ...
    @property
    def state(self) -> ResponseState: ...
    @property
    def decision(self) -> VerdictKind | None: ...
    @property
    def evidence_count(self) -> int: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def missing(self) -> Message | None: ...
    @property
    def lacking(self) -> Message | None: ...


StandT = TypeVar("StandT", bound=CriterionStand)

_EFFORTS = list(Effort)
_NEAREST = [
    ResponseState.SUBMITTED,
    ResponseState.RETURNED,
    ResponseState.IN_PROGRESS,
    ResponseState.NOT_STARTED,
    ResponseState.DECIDED,
]
"""How near a state is to a verdict of met; decided as not met is farthest, since someone has to open it again."""


def order_gaps(stands: Iterable[StandT]) -> list[StandT]:
    """The unmet criteria: core first, then the smallest effort, then the nearest to a verdict, then as the edition has them."""
    return sorted((stand for stand in stands if not is_met(stand)), key=_gap_rank)


def is_met(stand: CriterionStand) -> bool:
    return stand.decision is VerdictKind.MET


def _gap_rank(stand: CriterionStand) -> tuple[bool, int, int]:
    criterion = stand.criterion
    return not criterion.core, _EFFORTS.index(criterion.effort), _NEAREST.index(stand.state)


def explain_gap(stand: CriterionStand, today: date) -> Message:
    """Why an unmet criterion counts as a gap."""
    if stand.state is ResponseState.DECIDED:
        return say("The reviewer decided: not met.")
    if stand.state is ResponseState.SUBMITTED:
        return say("Submitted, and not decided yet.")
    if stand.state is ResponseState.RETURNED:
        return say("The reviewer asked for changes.")
    if is_overdue(stand.state, stand.due_on, today):
        return say("The date it was due has passed.")
    return say("Begun, not submitted.") if stand.state is ResponseState.IN_PROGRESS else say("Not started.")


def what_closes(stand: CriterionStand) -> Message:
    """The one thing that would bring an unmet criterion forward."""
    if stand.state is ResponseState.SUBMITTED:
        return say("The reviewer’s verdict.")
    if stand.state is ResponseState.DECIDED:
        return say("Fix what the reviewer noted, then resubmit.")
    return stand.missing or say("Submit it for review.")


def lacks_for_report(stand: CriterionStand) -> Message:
    """The same as a report puts it before people who do nothing in the app."""
    if stand.state in {ResponseState.SUBMITTED, ResponseState.DECIDED}:
        return what_closes(stand)
    return stand.lacking or say("Its submission for review.")


def list_strengths(stands: Iterable[StandT]) -> list[StandT]:
    """The criteria verified as met that evidence supports: the best supported first, then as the edition has them."""
    held = [stand for stand in stands if is_met(stand) and stand.evidence_count]
    return sorted(held, key=lambda stand: -stand.evidence_count)


def list_leaders_decisions(edition: Edition, stands: Iterable[StandT]) -> list[tuple[StandT, ExpectedDecision]]:
    """The decisions that open criteria wait for, in the order of the gaps. What is with the reviewer needs none now."""
    waiting = [stand for stand in order_gaps(stands) if stand.state is not ResponseState.SUBMITTED]
    decisions = edition.leaders_decide
    return [(stand, decisions[stand.criterion.code]) for stand in waiting if stand.criterion.code in decisions]
