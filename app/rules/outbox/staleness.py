"""When an entry is no longer wanted: what it asks for is done, or it is not its reader's any more."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.rules.message import Message, say
from app.rules.outbox.kinds import LetterKind
from app.rules.review.moves import RenewalState, ResponseState

OLDEST = timedelta(days=21)
"""What could not be sent for so long is not sent any more."""


class DropReason(StrEnum):
    """Why something was not sent."""

    DONE = "done"
    SUBMITTED = "submitted"
    DECIDED = "decided"
    ANSWERED = "answered"
    MOVED = "moved"
    NOT_YOURS = "not_yours"
    OVER = "over"
    OFF = "off"
    OLD = "old"
    LEFT = "left"


DROP_REASONS: dict[DropReason, Message] = {
    DropReason.DONE: say("Not sent: it was done by then"),
    DropReason.SUBMITTED: say("Not sent: it was submitted by then"),
    DropReason.DECIDED: say("Not sent: it was decided by then"),
    DropReason.ANSWERED: say("Not sent: it was answered by then"),
    DropReason.MOVED: say("Not sent: the date has changed"),
    DropReason.NOT_YOURS: say("Not sent: someone else answers for it now"),
    DropReason.OVER: say("Not sent: the assessment was over by then"),
    DropReason.OFF: say("Not sent: this kind is switched off"),
    DropReason.OLD: say("Not sent: it was out of date by then"),
    DropReason.LEFT: say("Not sent: the person has left"),
}


@dataclass(frozen=True)
class CriterionFacts:
    """How a criterion stands now, as far as letters about it depend on it."""

    state: ResponseState
    renewal: RenewalState
    owners: frozenset[int]
    due_on: date | None
    at_risk_from: date | None
    assigned: bool = True


@dataclass(frozen=True)
class EntryFacts:
    """One entry that may be sent: whom it is for, what it is about, and how long it has waited.

    `criterion` is None where the open assessment has no such criterion. `answered` is whether the request of an entry ASKED is over.
    """

    kind: LetterKind
    person_id: int
    code: str
    day: date | None
    waited: timedelta
    criterion: CriterionFacts | None
    answered: bool = False


K, S = LetterKind, ResponseState
OWN_KINDS = frozenset({K.ASSIGNED, K.DUE, K.LATE, K.EXPIRING})
OPEN_KINDS = frozenset({K.ASSIGNED, K.DUE, K.LATE})
STATE_OF_KIND = {K.RETURNED: S.RETURNED, K.SUBMITTED: S.SUBMITTED}
"""Entries that are true only while the response is in the state."""
RENEWAL_OF_KIND = {K.RENEWAL_RETURNED: RenewalState.RETURNED, K.RENEWAL: RenewalState.WAITING}
CAME_LATER = {
    S.SUBMITTED: DropReason.SUBMITTED,
    S.DECIDED: DropReason.DECIDED,
    S.RETURNED: DropReason.DECIDED,
}


def find_drop_reason(entry: EntryFacts) -> DropReason | None:
    """Why the entry is not sent; None while it is wanted."""
    if entry.waited > OLDEST:
        return DropReason.OLD
    if entry.kind is K.ASKED:
        return DropReason.ANSWERED if entry.answered else None
    if not entry.code:
        return None
    if entry.criterion is None:
        return DropReason.OVER
    return _drop_reason_of(entry, entry.criterion)


def _drop_reason_of(entry: EntryFacts, facts: CriterionFacts) -> DropReason | None:
    kind = entry.kind
    if kind in OWN_KINDS and entry.person_id not in facts.owners:
        return DropReason.NOT_YOURS
    if kind in OPEN_KINDS and facts.state in {S.SUBMITTED, S.DECIDED}:
        return CAME_LATER[facts.state]
    if kind in STATE_OF_KIND and facts.state is not STATE_OF_KIND[kind]:
        return CAME_LATER.get(facts.state, DropReason.ANSWERED)
    if kind in RENEWAL_OF_KIND and facts.renewal is not RENEWAL_OF_KIND[kind]:
        return DropReason.ANSWERED
    if kind is K.UNOWNED and facts.assigned:
        return DropReason.DONE
    if kind in {K.DUE, K.LATE} and entry.day != facts.due_on:
        return DropReason.MOVED
    return DropReason.DONE if kind is K.EXPIRING and entry.day != facts.at_risk_from else None
