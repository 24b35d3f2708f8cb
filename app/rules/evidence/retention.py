"""How long evidence is kept, and when it may be disposed of: by two people, and never what is held or in use."""

from collections.abc import Sequence
from datetime import date

from app.rules.account.hands import Hands
from app.rules.errors import Invalid, Refused
from app.rules.message import Message, say
from app.rules.text.bounds import check_length, single_line

NAME_LIMIT = 60
REASON_LIMIT = 300
MOST_YEARS = 100


def check_retention_class(name: str, years: int | None) -> tuple[str, int]:
    """A name on one line and a number of years from 1 to MOST_YEARS. Raises Invalid at the fields that are wrong."""
    name, problems = " ".join(name.split()), {}
    if not 0 < len(name) <= NAME_LIMIT:
        problems["name"] = say("Enter a name of at most %(limit)s characters.", limit=NAME_LIMIT)
    if years is None or not 1 <= years <= MOST_YEARS:
        problems["years"] = say("Enter whole years, from 1 to %(most)s.", most=MOST_YEARS)
    if problems or years is None:
        raise Invalid(problems)
    return name, years


def check_hold_reason(reason: str) -> str:
    """Why something is held, as one line; empty ends the hold. Raises Invalid when it is too long."""
    return check_length("hold_reason", single_line(reason), REASON_LIMIT)


def check_disposal_reason(reason: str) -> str:
    """Why something is disposed of, as one line. Raises Invalid when there is none, or when it is too long."""
    line = single_line(reason)
    if not line:
        raise Invalid({"disposal_reason": say("Write why it may go, such as the rule of your records schedule.")})
    return check_length("disposal_reason", line, REASON_LIMIT)


def kept_until(begins_on: date, years: int) -> date:
    """The last day that a piece must be kept, so many years after the day that it is about or came; 29 February ends on the 28th."""
    try:
        return begins_on.replace(year=begins_on.year + years)
    except ValueError:
        return begins_on.replace(year=begins_on.year + years, day=28)


def why_not_disposable(
    *, until: date | None, held: bool, removed: bool, supports: Sequence[str], today: date
) -> Message | None:
    """Why a piece may not be disposed of now; None when it may.

    It may when the time of its retention class is over. What has no class is kept, also when it was removed; and so is what is held,
    or supports a criterion of the open assessment.
    """
    if held:
        return say("It is on legal hold.")
    if supports and not removed:
        return say("It supports %(codes)s. Remove it there first.", codes=", ".join(supports))
    if until is None:
        return say("No retention class says how long it is kept.")
    if until >= today:
        return say("It is kept until %(day)s.", day=until)
    return None


def check_approver(proposed_by: int | None, person_id: int, hands: Hands) -> None:
    """Raises Refused when nothing was proposed, or when who approves is who proposed it, or counts as the same person."""
    if proposed_by is None:
        raise Refused(say("Nobody has proposed to dispose of this. Load the page again."))
    if proposed_by == person_id:
        raise Refused(say("Someone else must approve this: you have proposed it."))
    if hands.are_one(proposed_by, person_id):
        raise Refused(
            say(
                "Someone else must approve this: you and the person who proposed it count as one, because a link for choosing a "
                "passphrase was shown to one of you for the other. That ends when the passphrase is chosen through the person’s own mailbox."
            )
        )
