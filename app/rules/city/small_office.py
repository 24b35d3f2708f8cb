"""A city in which one person does everything: answers, decides and keeps it up to date."""

from datetime import date

from app.rules.errors import Invalid
from app.rules.message import Message, say
from app.rules.my_work import WorkNeed, expiring_in_words
from app.rules.people.permissions import OFFICE, Role
from app.rules.review.moves import RenewalState
from app.rules.scoring.score import VerdictKind

IN_ORDER = (
    WorkNeed.RETURNED,
    WorkNeed.OVERDUE,
    WorkNeed.SUBMITTED,
    WorkNeed.DUE_SOON,
    WorkNeed.EXPIRING,
    WorkNeed.IN_PROGRESS,
    WorkNeed.NOT_STARTED,
    WorkNeed.DECIDED,
)
"""What wants attention first. What was handed in waits for nobody else, so it comes before what is only due soon."""
_PLACES = {need: place for place, need in enumerate(IN_ORDER)}


def is_small_office(role: Role, *, has_colleagues: bool, says_so: bool) -> bool:
    """Whether someone of this role does everything: alone with the work of the city, or because the city `says_so`."""
    return role in OFFICE and (says_so or not has_colleagues)


def order_key(need: WorkNeed, due_on: date | None) -> tuple[int, date]:
    """What to sort by: the situation first, then the date; without a date last."""
    return _PLACES[need], due_on or date.max


CONFIRM_NEWER = say("There is newer evidence. Look whether it is still met.")
DECIDE_NOW = say("Everything is there. Look it through and say whether it is met.")


def step_in_words(
    need: WorkNeed, *, missing: Message | None, renewal: RenewalState, at_risk_from: date | None, today: date
) -> Message:
    """The one thing to do next on a criterion that wants something; `missing` is what its answer lacks."""
    if renewal is RenewalState.WAITING:
        return CONFIRM_NEWER
    if need is WorkNeed.EXPIRING and at_risk_from:
        return expiring_in_words(at_risk_from, today)
    if need is WorkNeed.SUBMITTED:
        return DECIDE_NOW
    return missing or DECIDE_NOW


def check_own_decision(decision: str, reason: str) -> None:
    """Raises Invalid unless it is met or not met, and the latter with a reason. Of the rest see `rules.review.moves`."""
    if decision not in {VerdictKind.MET, VerdictKind.NOT_MET}:
        raise Invalid({"decision": say("Choose whether it is met.")})
    if decision == VerdictKind.NOT_MET and not reason.strip():
        raise Invalid({"reason": say("Say why in a sentence or two: you will want to know it when you come back.")})
