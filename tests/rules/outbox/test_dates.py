"""What the calendar gives reason to write about, and what is no longer wanted."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.rules.outbox.dates import list_dated_news
from app.rules.outbox.kinds import LetterKind
from app.rules.outbox.staleness import CriterionFacts, DropReason, EntryFacts, find_drop_reason
from app.rules.review.moves import RenewalState, ResponseState

DUE = date(2027, 3, 31)
OPEN = CriterionFacts(ResponseState.IN_PROGRESS, RenewalState.NONE, frozenset({1}), DUE, None)


def news(facts: CriterionFacts, days_before: int) -> list[tuple[str, str]]:
    found = list_dated_news([("DM1", facts)], [9], DUE - timedelta(days=days_before))
    return [(one.kind, one.key) for one in found]


def test_a_due_date_is_told_three_times_and_once_more_when_it_is_over() -> None:
    keys = [key for days in range(60, -60, -1) for _, key in news(OPEN, days)]
    assert list(dict.fromkeys(keys)) == [
        "due:DM1:2027-03-31:30", "due:DM1:2027-03-31:7", "due:DM1:2027-03-31:1", "late:DM1:2027-03-31",
    ]  # fmt: skip


@pytest.mark.parametrize("state", [ResponseState.SUBMITTED, ResponseState.DECIDED])
def test_what_is_submitted_is_not_due(state: ResponseState) -> None:
    assert news(replace(OPEN, state=state), 1) == []


def test_evidence_of_a_met_criterion_is_told_when_it_expires_within_a_month() -> None:
    met = replace(OPEN, state=ResponseState.DECIDED, at_risk_from=DUE)
    assert news(met, 31) == []
    assert news(met, 30) == [(LetterKind.EXPIRING, "expiring:DM1:2027-03-31")]


def test_the_office_hears_of_a_criterion_without_a_department_once_most_have_one() -> None:
    alone = replace(OPEN, owners=frozenset(), assigned=False, due_on=None)
    taken = replace(OPEN, due_on=None)
    assert list_dated_news([("DM1", alone), ("DM2", alone), ("DM3", taken)], [9], DUE) == []
    found = list_dated_news([("DM1", alone), ("DM2", taken), ("DM3", taken)], [9], DUE)
    assert [(one.person_id, one.kind, one.code) for one in found] == [(9, LetterKind.UNOWNED, "DM1")]


def entry(kind: LetterKind, **values: object) -> EntryFacts:
    plain = EntryFacts(kind, 1, "DM1", DUE, timedelta(days=1), OPEN)
    return replace(plain, **values)  # type: ignore[arg-type]


def facts(**values: object) -> CriterionFacts:
    return replace(OPEN, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "values", "reason"),
    [
        (LetterKind.DUE, {}, None),
        (LetterKind.DUE, {"day": DUE - timedelta(days=1)}, DropReason.MOVED),
        (LetterKind.DUE, {"person_id": 2}, DropReason.NOT_YOURS),
        (LetterKind.DUE, {"criterion": facts(state=ResponseState.SUBMITTED)}, DropReason.SUBMITTED),
        (LetterKind.LATE, {"criterion": facts(state=ResponseState.DECIDED)}, DropReason.DECIDED),
        (LetterKind.ASSIGNED, {}, None),
        (LetterKind.ASSIGNED, {"criterion": None}, DropReason.OVER),
        (LetterKind.ASSIGNED, {"waited": timedelta(days=22)}, DropReason.OLD),
        (LetterKind.RETURNED, {"criterion": facts(state=ResponseState.RETURNED)}, None),
        (LetterKind.RETURNED, {}, DropReason.ANSWERED),
        (LetterKind.RETURNED, {"criterion": facts(state=ResponseState.SUBMITTED)}, DropReason.SUBMITTED),
        (LetterKind.SUBMITTED, {"criterion": facts(state=ResponseState.SUBMITTED), "person_id": 9}, None),
        (LetterKind.SUBMITTED, {"criterion": facts(state=ResponseState.DECIDED), "person_id": 9}, DropReason.DECIDED),
        (LetterKind.RENEWAL, {"criterion": facts(renewal=RenewalState.WAITING)}, None),
        (LetterKind.RENEWAL, {}, DropReason.ANSWERED),
        (LetterKind.RENEWAL_RETURNED, {"criterion": facts(renewal=RenewalState.RETURNED)}, None),
        (LetterKind.EXPIRING, {"criterion": facts(at_risk_from=DUE)}, None),
        (LetterKind.EXPIRING, {}, DropReason.DONE),
        (LetterKind.UNOWNED, {}, DropReason.DONE),
        (LetterKind.ASKED, {"answered": True, "criterion": None}, DropReason.ANSWERED),
        (LetterKind.DIGEST, {"code": "", "criterion": None}, None),
        (LetterKind.COMMENTED, {}, None),
    ],
)
def test_what_is_no_longer_wanted_is_not_sent(
    kind: LetterKind, values: dict[str, object], reason: DropReason | None
) -> None:
    assert find_drop_reason(entry(kind, **values)) is reason
