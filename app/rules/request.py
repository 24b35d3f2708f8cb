"""Asking for evidence: what, why, from whom and by when; the states of a request and of what comes in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.rules.criteria.edition import EvidenceKind
from app.rules.days.typed_day import check_day_between, years_after
from app.rules.errors import Invalid, Refused
from app.rules.message import Message, say
from app.rules.text.bounds import check_length, check_name

TEXT_LIMIT = 1_000
NAME_LIMIT = 120
MOST_FILES = 10
LINK_DAYS = 60
"""How long a partner's link opens when the request has no date of its own; with one, until LINK_GRACE_DAYS after it."""
LINK_GRACE_DAYS = 14


class RequestState(StrEnum):
    """`open` is written and not sent; `sent` waits for an answer; `fulfilled` has one that was accepted; `closed` was ended by the
    data office."""

    OPEN = "open"
    SENT = "sent"
    FULFILLED = "fulfilled"
    CLOSED = "closed"


class ContributionState(StrEnum):
    """What became of something that a partner sent."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    REJECTED = "rejected"


REQUEST_STATE_NAMES: dict[RequestState, Message] = {
    RequestState.OPEN: say("Open, not sent yet"),
    RequestState.SENT: say("Sent"),
    RequestState.FULFILLED: say("Fulfilled"),
    RequestState.CLOSED: say("Closed"),
}
CONTRIBUTION_NAMES: dict[ContributionState, Message] = {
    ContributionState.WAITING: say("Waiting for the data office"),
    ContributionState.ACCEPTED: say("Accepted"),
    ContributionState.RETURNED: say("Sent back with a question"),
    ContributionState.REJECTED: say("Not used"),
}


@dataclass(frozen=True)
class PartnerValues:
    """A partner as its pages show it."""

    id: int
    name: str
    contact: str
    email: str
    language: str
    version: int


@dataclass(frozen=True)
class RequestValues:
    """A request as its pages show it."""

    id: int
    criterion: str
    item: str
    partner_id: int | None
    what: str
    why: str
    forms: str
    language: str
    due_on: date | None
    expires_at: datetime | None
    version: int


@dataclass(frozen=True)
class ContributionValues:
    """What a partner sent, as its pages show it; `evidence_id` is the piece that it became."""

    id: int
    kind: str
    title: str
    file_name: str
    name: str
    role: str
    may_quote: bool
    state: str
    reason: str
    evidence_id: int | None
    at: datetime


LINK_OPENS = frozenset({RequestState.SENT, RequestState.FULFILLED})
"""The states in which a partner's link opens; after an answer was accepted the partner may still add to it."""

_ENDED = frozenset({RequestState.FULFILLED, RequestState.CLOSED})
REQUEST_STEPS: dict[str, tuple[frozenset[RequestState], RequestState]] = {
    "send": (frozenset({RequestState.OPEN}), RequestState.SENT),
    "remind": (frozenset({RequestState.SENT}), RequestState.SENT),
    "renew": (LINK_OPENS, RequestState.SENT),
    "reschedule": (frozenset({RequestState.SENT}), RequestState.SENT),
    "ask_again": (_ENDED, RequestState.SENT),
    "done": (frozenset({RequestState.SENT}), RequestState.FULFILLED),
    "close": (frozenset({RequestState.OPEN}) | LINK_OPENS, RequestState.CLOSED),
}
"""From which states a step is allowed, and where it leads. Asking again takes back an end that was a mistake."""

TEMPLATES: dict[str, tuple[Message, Message]] = {
    "document": (
        say("The document that shows what you do: an agreement, a plan or a report."),
        say("We are preparing a self-assessment of how our city uses data, and your work is part of it."),
    ),
    "figure": (
        say("A figure that shows what has changed: the value before and now, the period of each, and its source."),
        say("A figure with its source lets us tell what the work has achieved."),
    ),
    "account": (
        say("Two or three sentences on what you do in this, since when, and with whom."),
        say("We would like to describe your part in your own words."),
    ),
}
"""Openings that someone can start a request from: what is asked for, and why."""


def next_request_state(state: RequestState, step: str) -> RequestState:
    """The state after a step. Raises Refused where the step does not fit."""
    allowed, after = REQUEST_STEPS[step]
    if state not in allowed:
        raise Refused(say("This request has changed. Load the page again."))
    return after


def is_late(state: RequestState, due_on: date | None, today: date) -> bool:
    """Whether an answer should have come by now."""
    return state is RequestState.SENT and due_on is not None and due_on < today


def check_text(name: str, text: str, missing: Message) -> str:
    """A text of a request without outer space. Raises Invalid at the field `name` when it is empty or over TEXT_LIMIT characters."""
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise Invalid({name: missing})
    return check_length(name, text, TEXT_LIMIT)


def check_name_field(field: str, name: str) -> str:
    """A name with single spaces. Raises Invalid at the field when it is empty or over NAME_LIMIT characters."""
    return check_name(field, name, NAME_LIMIT, say("Enter a name."))


def check_forms(forms: Collection[str]) -> tuple[EvidenceKind, ...]:
    """The kinds of evidence that are welcome, in the usual order. Raises Invalid unless there is one."""
    kinds = tuple(kind for kind in EvidenceKind if kind in forms)
    if not kinds:
        raise Invalid({"forms": say("Choose at least one kind of answer.")})
    return kinds


def check_due_date(due_on: date | None, today: date) -> None:
    """Raises Invalid for a date that is past, or more than two years ahead."""
    problem = say("Choose a date from today on, within two years.")
    check_day_between("due_on", due_on, today, years_after(today, 2), problem)


def check_sender(name: str, role: str) -> dict[str, str]:
    """Who sends something: a name, and a role or nothing. Raises Invalid."""
    return {"name": check_name_field("name", name), "role": check_name_field("role", role) if role.strip() else ""}


def check_contribution(kinds: Collection[EvidenceKind], welcome: str, files: int) -> None:
    """Whether a partner's form can be kept: `kinds` of what was filled in, `welcome` those that were asked for, with spaces between.

    Raises Invalid.
    """
    if not kinds:
        raise Invalid({"": say("Add something first: a file, a link, a figure or a few sentences.")})
    if not {kind.value for kind in kinds} <= set(welcome.split()):
        raise Invalid({"": say("This request asks for something else. Load the page again.")})
    if files > MOST_FILES:
        raise Invalid(
            {"file": say("At most %(limit)s files go at once. Send the others after these.", limit=MOST_FILES)}
        )


def check_waiting(state: ContributionState) -> None:
    """Raises Refused when a contribution was decided already."""
    if state is not ContributionState.WAITING:
        raise Refused(say("This contribution was decided already. Load the page again."))


def check_decision_reason(decision: ContributionState, reason: str) -> str:
    """Why something is sent back or not used, without outer space. Raises Invalid when that is missing or too long."""
    if decision is ContributionState.ACCEPTED:
        return reason.strip()[:TEXT_LIMIT]
    return check_text("reason", reason, say("Say in a sentence why, so that the partner can do something about it."))
