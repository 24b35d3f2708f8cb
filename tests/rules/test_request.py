"""Requests: what a form may say, and when an answer is late."""

from datetime import date

import pytest

from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import Invalid, Refused
from app.rules.message import say
from app.rules.request import (
    TEXT_LIMIT,
    ContributionState,
    RequestState,
    check_decision_reason,
    check_due_date,
    check_forms,
    check_name_field,
    check_text,
    check_waiting,
    is_late,
    next_request_state,
)

TODAY = date(2026, 11, 26)
MISSING = say("Say what you ask for.")


@pytest.mark.parametrize(
    ("state", "due_on", "late"),
    [
        (RequestState.SENT, date(2026, 11, 25), True),
        (RequestState.SENT, TODAY, False),
        (RequestState.SENT, None, False),
        (RequestState.FULFILLED, date(2026, 11, 25), False),
        (RequestState.CLOSED, date(2026, 11, 25), False),
        (RequestState.OPEN, date(2026, 11, 25), False),
    ],
)
def test_only_a_sent_request_after_its_date_is_late(state: RequestState, due_on: date | None, late: bool) -> None:
    assert is_late(state, due_on, TODAY) is late


ALLOWED = {
    ("open", "send"): "sent",
    ("open", "close"): "closed",
    ("sent", "remind"): "sent",
    ("sent", "renew"): "sent",
    ("sent", "reschedule"): "sent",
    ("sent", "done"): "fulfilled",
    ("sent", "close"): "closed",
    ("fulfilled", "renew"): "sent",
    ("fulfilled", "ask_again"): "sent",
    ("fulfilled", "close"): "closed",
    ("closed", "ask_again"): "sent",
}


@pytest.mark.parametrize("step", ["send", "remind", "renew", "reschedule", "ask_again", "done", "close"])
@pytest.mark.parametrize("state", list(RequestState))
def test_a_request_moves_only_where_it_may(state: RequestState, step: str) -> None:
    if after := ALLOWED.get((state.value, step)):
        assert next_request_state(state, step).value == after
    else:
        with pytest.raises(Refused):
            next_request_state(state, step)


def test_texts_are_trimmed_and_must_say_something() -> None:
    assert check_text("what", " The plan.\r\nSoon.\x00 ", MISSING) == "The plan.\nSoon."
    with pytest.raises(Invalid) as empty:
        check_text("what", " \n ", MISSING)
    assert empty.value.fields == {"what": MISSING}
    with pytest.raises(Invalid, match="1000"):
        check_text("what", "x" * (TEXT_LIMIT + 1), MISSING)


def test_a_name_is_one_line() -> None:
    assert check_name_field("name", "  Ana \n  Souza ") == "Ana Souza"
    for wrong in ("", "x" * 121):
        with pytest.raises(Invalid):
            check_name_field("name", wrong)


def test_kinds_come_in_the_usual_order_and_one_is_needed() -> None:
    assert check_forms(["note", "file", "nonsense"]) == (EvidenceKind.FILE, EvidenceKind.NOTE)
    with pytest.raises(Invalid):
        check_forms(["nonsense"])


@pytest.mark.parametrize(
    ("due_on", "right"),
    [
        (None, True),
        (TODAY, True),
        (date(2028, 11, 26), True),
        (date(2028, 11, 27), False),
        (date(2026, 11, 25), False),
    ],
)
def test_a_date_is_from_today_on_within_two_years(due_on: date | None, right: bool) -> None:
    if right:
        check_due_date(due_on, TODAY)
    else:
        with pytest.raises(Invalid):
            check_due_date(due_on, TODAY)


def test_a_leap_day_has_an_end_too() -> None:
    check_due_date(date(2030, 2, 28), date(2028, 2, 29))


def test_a_contribution_is_decided_once_and_a_no_has_a_reason() -> None:
    check_waiting(ContributionState.WAITING)
    with pytest.raises(Refused):
        check_waiting(ContributionState.ACCEPTED)
    assert check_decision_reason(ContributionState.ACCEPTED, " ") == ""
    for state in (ContributionState.RETURNED, ContributionState.REJECTED):
        with pytest.raises(Invalid):
            check_decision_reason(state, " ")
