"""The way of a response through review: a table of allowed moves, everything else is refused."""

from enum import StrEnum

from app.rules.errors import Invalid, Refused
from app.rules.message import Message, say
from app.rules.scoring.score import VerdictKind
from app.rules.text.bounds import check_length


class ResponseState(StrEnum):
    """Where a response stands. `returned` waits for the department; `decided` has a verdict of met or not met."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    DECIDED = "decided"


STATE_NAMES: dict[ResponseState, Message] = {
    ResponseState.NOT_STARTED: say("Not started"),
    ResponseState.IN_PROGRESS: say("In progress"),
    ResponseState.SUBMITTED: say("In review"),
    ResponseState.RETURNED: say("Changes requested"),
}
"""What is decided has its verdict for a name."""


class ReviewAction(StrEnum):
    WRITE = "write"
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    DECIDE_MET = "met"
    DECIDE_NOT_MET = "not_met"
    ASK_CHANGES = "changes_asked"
    UNDO_VERDICT = "undo_verdict"
    REOPEN = "reopen"
    ASK_REOPENING = "ask_reopening"
    ACCEPT_REOPENING = "accept_reopening"
    RENEW = "renew"
    ANSWER_AGAIN = "answer_again"
    CONFIRM_RENEWAL = "confirm_renewal"
    RETURN_RENEWAL = "return_renewal"


class RenewalState(StrEnum):
    """What became of evidence that came after a verdict of met; the verdict itself stands all the while, on what it judged."""

    NONE = ""
    WAITING = "waiting"
    RETURNED = "returned"


S = ResponseState
NEXT_STATES: dict[tuple[ResponseState, ReviewAction], ResponseState] = {
    (S.NOT_STARTED, ReviewAction.WRITE): S.IN_PROGRESS,
    (S.IN_PROGRESS, ReviewAction.WRITE): S.IN_PROGRESS,
    (S.RETURNED, ReviewAction.WRITE): S.RETURNED,
    (S.IN_PROGRESS, ReviewAction.SUBMIT): S.SUBMITTED,
    (S.RETURNED, ReviewAction.SUBMIT): S.SUBMITTED,
    (S.SUBMITTED, ReviewAction.TAKE_BACK): S.IN_PROGRESS,
    (S.SUBMITTED, ReviewAction.DECIDE_MET): S.DECIDED,
    (S.SUBMITTED, ReviewAction.DECIDE_NOT_MET): S.DECIDED,
    (S.SUBMITTED, ReviewAction.ASK_CHANGES): S.RETURNED,
    (S.DECIDED, ReviewAction.UNDO_VERDICT): S.SUBMITTED,
    (S.RETURNED, ReviewAction.UNDO_VERDICT): S.SUBMITTED,
    (S.DECIDED, ReviewAction.REOPEN): S.SUBMITTED,
    (S.DECIDED, ReviewAction.ASK_REOPENING): S.DECIDED,
    (S.DECIDED, ReviewAction.ACCEPT_REOPENING): S.IN_PROGRESS,
    (S.DECIDED, ReviewAction.RENEW): S.DECIDED,
    (S.DECIDED, ReviewAction.CONFIRM_RENEWAL): S.DECIDED,
    (S.DECIDED, ReviewAction.RETURN_RENEWAL): S.DECIDED,
    (S.DECIDED, ReviewAction.ANSWER_AGAIN): S.IN_PROGRESS,
}

R = RenewalState
# What a move does with a renewal, beside what `NEXT_STATES` says; a move that is not here has nothing to do with it.
NEXT_RENEWALS: dict[tuple[RenewalState, ReviewAction], RenewalState] = {
    (R.NONE, ReviewAction.RENEW): R.WAITING,
    (R.WAITING, ReviewAction.RENEW): R.WAITING,
    (R.RETURNED, ReviewAction.RENEW): R.WAITING,
    (R.WAITING, ReviewAction.CONFIRM_RENEWAL): R.NONE,
    (R.WAITING, ReviewAction.RETURN_RENEWAL): R.RETURNED,
}
WITHDRAWING = (ReviewAction.UNDO_VERDICT, ReviewAction.REOPEN, ReviewAction.ACCEPT_REOPENING)
"""Moves that withdraw the verdict, and with it every renewal."""
NEXT_RENEWALS |= {(renewal, action): R.NONE for renewal in R for action in WITHDRAWING}

WHY_NOT: dict[tuple[ResponseState, ReviewAction], Message] = {
    (S.SUBMITTED, ReviewAction.WRITE): say(
        "This response is with the reviewer. Withdraw it from review first if you want to change it."
    ),
    (S.DECIDED, ReviewAction.WRITE): say(
        "This response has a verdict. Ask the reviewer to reopen it if something changed."
    ),
    (S.NOT_STARTED, ReviewAction.SUBMIT): say("There is nothing to submit yet. Add evidence first."),
    (S.SUBMITTED, ReviewAction.SUBMIT): say("This response was submitted already and waits for review."),
    (S.DECIDED, ReviewAction.SUBMIT): say("This response has a verdict already."),
    (S.NOT_STARTED, ReviewAction.DECIDE_MET): say(
        "The department has not submitted this response, so there is nothing to decide."
    ),
    (S.IN_PROGRESS, ReviewAction.DECIDE_MET): say(
        "The department has not submitted this response, so there is nothing to decide."
    ),
    (S.RETURNED, ReviewAction.DECIDE_MET): say(
        "This response is back with the department. It can be decided when it is submitted again."
    ),
    (S.DECIDED, ReviewAction.DECIDE_MET): say("This response was decided already. Reopen it to change the verdict."),
}
_DECIDING = {ReviewAction.DECIDE_NOT_MET: ReviewAction.DECIDE_MET, ReviewAction.ASK_CHANGES: ReviewAction.DECIDE_MET}

REASON_LIMIT = 4_000
COMMENT_LIMIT = 4_000
"""Characters of a reason and of a comment: about a page and a half."""


def next_response_state(state: ResponseState, action: ReviewAction) -> ResponseState:
    """The state after the move. Raises Refused, with the reason in one sentence, for every move not in the table."""
    if (state, action) in NEXT_STATES:
        return NEXT_STATES[state, action]
    known = WHY_NOT.get((state, _DECIDING.get(action, action)))
    raise Refused(known or say("This is not possible now, because the response has moved on. Load the page again."))


def next_renewal(renewal: RenewalState, action: ReviewAction) -> RenewalState:
    """The renewal after the move. Raises Refused where nothing waits to be confirmed or returned."""
    if (renewal, action) not in NEXT_RENEWALS:
        raise Refused(
            say("Nothing new waits here. Someone may have decided on it a moment ago: load the page again to see.")
        )
    return NEXT_RENEWALS[renewal, action]


def check_answering_again(verdict: VerdictKind | None) -> None:
    """Raises Refused unless the response was decided as not met."""
    if verdict is not VerdictKind.NOT_MET:
        raise Refused(
            say(
                "Only a criterion that was not met is answered again. A met one can be renewed, or reopened by a reviewer."
            )
        )


def check_renewing(verdict: VerdictKind | None) -> None:
    """Raises Refused where new evidence would renew nothing, because the criterion was not met."""
    if verdict is VerdictKind.NOT_MET:
        raise Refused(say("This criterion was not met. Choose “Answer again” on its page, then add evidence."))


def check_returning(reason: str) -> str:
    """Why a renewal is sent back, without outer space. Raises Invalid when empty or over REASON_LIMIT characters."""
    if not reason.strip():
        raise Invalid(
            {"return_reason": say("Say in a sentence what is missing, so that the department knows what to do next.")}
        )
    too_long = say("At most %(limit)s characters, please.", limit=REASON_LIMIT)
    return check_length("return_reason", reason.strip(), REASON_LIMIT, too_long)


def allows_action(state: ResponseState, action: ReviewAction) -> bool:
    """Whether the table has the move, for showing or hiding a button."""
    return (state, action) in NEXT_STATES


REASON_OPENINGS = {
    "further_evidence": say("Further evidence is needed: "),
    "wrong_period": say("The evidence does not cover the period asked for: "),
    "wrong_scope": say("The evidence is about something else or only a part of it: "),
}
"""Openings that a reviewer can start a reason from."""


def check_verdict_reason(decision: VerdictKind, reason: str, *, checklist_holds: bool = True) -> str:
    """The reason without outer space.

    Raises Invalid: not met, changes asked, and met against the checklist need one, and none may exceed REASON_LIMIT characters.
    """
    reason = reason.strip()
    unsaid = not reason or reason.endswith(":")  # an opening that nothing follows
    if decision is not VerdictKind.MET and unsaid:
        raise Invalid({"reason": say("Say why in a sentence or two, so that the department knows what to do next.")})
    if not checklist_holds and unsaid:
        raise Invalid({"reason": say("The checklist is not satisfied, so say why the criterion is met all the same.")})
    too_long = say(
        "The reason may have at most %(limit)s characters; this one has %(length)s.",
        limit=REASON_LIMIT,
        length=len(reason),
    )
    return check_length("reason", reason, REASON_LIMIT, too_long)


def check_reopening(reason: str) -> str:
    """Why a decided response is opened again, without outer space. Raises Invalid when empty or over REASON_LIMIT characters."""
    if not reason.strip():
        raise Invalid({"why": say("Say in a sentence why the verdict is withdrawn.")})
    too_long = say("At most %(limit)s characters, please.", limit=REASON_LIMIT)
    return check_length("why", reason.strip(), REASON_LIMIT, too_long)


def check_asking_reopening(verdict: VerdictKind | None, *, is_asked: bool) -> None:
    """Raises Refused for what was not met, which is answered again without asking, and where it was asked already."""
    if verdict is not VerdictKind.MET:
        raise Refused(say("This criterion was not met. Choose “Answer again” on its page; you need not ask first."))
    if is_asked:
        raise Refused(say("Someone has asked for this already. The data office sees it in its queue."))


def check_reopening_reason(reason: str) -> str:
    """Why a department wants to change what is decided, without outer space. Raises Invalid when empty or too long."""
    if not reason.strip():
        raise Invalid({"reopen_reason": say("Say in a sentence what you want to change.")})
    too_long = say("At most %(limit)s characters, please.", limit=REASON_LIMIT)
    return check_length("reopen_reason", reason.strip(), REASON_LIMIT, too_long)


def check_declining(reason: str) -> str:
    """Why a request to reopen is declined, without outer space. Raises Invalid when empty or too long."""
    if not reason.strip():
        raise Invalid({"decline_reason": say("Say in a sentence why it stays as it is.")})
    too_long = say("At most %(limit)s characters, please.", limit=REASON_LIMIT)
    return check_length("decline_reason", reason.strip(), REASON_LIMIT, too_long)


def check_undoing(*, is_own: bool) -> None:
    """Raises Refused for a verdict that someone else gave."""
    if not is_own:
        raise Refused(
            say("Only the person who gave a verdict can undo it. Reopen the response if the verdict is wrong.")
        )


def check_comment(text: str) -> str:
    """The comment without outer space. Raises Invalid when empty or over COMMENT_LIMIT characters."""
    if not text.strip():
        raise Invalid({"text": say("Write the comment first.")})
    if len(text.strip()) > COMMENT_LIMIT:
        raise Invalid(
            {
                "text": say(
                    "A comment may have at most %(limit)s characters; this one has %(length)s.",
                    limit=COMMENT_LIMIT,
                    length=len(text.strip()),
                )
            }
        )
    return text.strip()


def check_independence(*, submitted_it: bool, other_reviewers: int, is_one: bool = False) -> None:
    """Raises Refused for someone who would decide on their own submission although `other_reviewers` (>= 0) could.

    `is_one` for someone who counts as the same person as who submitted it (app.rules.account.hands).
    """
    if submitted_it and other_reviewers:
        raise Refused(
            say("You submitted this response yourself, so someone else in the data office has to decide on it.")
        )
    if is_one and other_reviewers:
        raise Refused(
            say(
                "Someone else in the data office has to decide on this: you and the person who submitted it count as one, because a link "
                "for choosing a passphrase was shown to one of you for the other."
            )
        )
