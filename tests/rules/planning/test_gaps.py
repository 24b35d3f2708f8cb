"""The order of what is missing, what closes it, and what waits for leaders."""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from app.adapters.criteria.editions import load_edition
from app.rules.criteria.edition import Criterion, DecisionKind, Effort
from app.rules.message import Message, say
from app.rules.planning import gaps
from app.rules.review.moves import ResponseState
from app.rules.scoring.score import VerdictKind
from app.settings import ROOT

TODAY = date(2026, 3, 2)
S = ResponseState
PLAIN = Criterion(
    code="X1", area="x", title="", statement="", why="", core=False, prerequisites=(), needed=1, checklist=(), evidence=(),
    good="", weak="", effort=Effort.MEDIUM, owner="", basis="", evidence_basis="",
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    criterion: Criterion
    state: ResponseState = S.NOT_STARTED
    decision: VerdictKind | None = None
    evidence_count: int = 0
    due_on: date | None = None
    missing: Message | None = None
    lacking: Message | None = None


def seen(
    code: str, effort: Effort = Effort.MEDIUM, *, core: bool = False, state: ResponseState = S.NOT_STARTED
) -> Seen:
    return Seen(replace(PLAIN, code=code, effort=effort, core=core), state)


def met(code: str, evidence_count: int) -> Seen:
    return replace(seen(code, state=S.DECIDED), decision=VerdictKind.MET, evidence_count=evidence_count)


def codes(found: list[Seen]) -> list[str]:
    return [one.criterion.code for one in found]


def test_a_core_criterion_comes_before_any_easier_one() -> None:
    assert codes(gaps.order_gaps([seen("easy", Effort.SMALL), seen("core", Effort.LARGE, core=True)])) == [
        "core",
        "easy",
    ]


def test_less_work_comes_before_more_and_the_order_of_the_edition_settles_the_rest() -> None:
    stands = [seen("L", Effort.LARGE), seen("M1"), seen("S", Effort.SMALL), seen("M2")]
    assert codes(gaps.order_gaps(stands)) == ["S", "M1", "M2", "L"]


def test_of_two_alike_the_nearer_to_a_verdict_comes_first() -> None:
    states = [S.DECIDED, S.NOT_STARTED, S.IN_PROGRESS, S.RETURNED, S.SUBMITTED]
    stands = [seen(state, state=state) for state in states]
    assert codes(gaps.order_gaps(stands)) == [state.value for state in reversed(states)]


def test_what_is_met_is_no_gap() -> None:
    assert codes(gaps.order_gaps([met("done", 2), seen("open")])) == ["open"]


@pytest.mark.parametrize(
    ("state", "due_on", "why"),
    [
        (S.NOT_STARTED, None, "Not started."),
        (S.NOT_STARTED, TODAY, "Not started."),
        (S.IN_PROGRESS, None, "Begun, not submitted."),
        (S.IN_PROGRESS, date(2026, 3, 1), "The date it was due has passed."),
        (S.RETURNED, date(2026, 3, 1), "The reviewer asked for changes."),
        (S.SUBMITTED, date(2026, 3, 1), "Submitted, and not decided yet."),
        (S.DECIDED, None, "The reviewer decided: not met."),
    ],
)
def test_a_gap_says_why_it_is_one(state: ResponseState, due_on: date | None, why: str) -> None:
    assert str(gaps.explain_gap(replace(seen("X1", state=state), due_on=due_on), TODAY)) == why


def test_a_gap_names_the_one_thing_that_closes_it() -> None:
    begun = replace(seen("X1", state=S.IN_PROGRESS), missing=say("Add the first piece of evidence."))
    assert str(gaps.what_closes(begun)) == "Add the first piece of evidence."
    assert str(gaps.what_closes(replace(begun, missing=None))) == "Submit it for review."
    assert str(gaps.what_closes(replace(begun, state=S.SUBMITTED))) == "The reviewer’s verdict."
    assert "what the reviewer noted" in str(gaps.what_closes(replace(begun, state=S.DECIDED)))


def test_a_report_names_what_is_missing_and_gives_no_instructions() -> None:
    begun = replace(seen("X1", state=S.IN_PROGRESS), missing=say("Add it."), lacking=say("Evidence."))
    assert str(gaps.lacks_for_report(begun)) == "Evidence."
    assert str(gaps.lacks_for_report(replace(begun, lacking=None))) == "Its submission for review."
    assert str(gaps.lacks_for_report(replace(begun, state=S.SUBMITTED))) == "The reviewer’s verdict."


def test_strengths_are_what_is_met_and_shown_the_best_supported_first() -> None:
    stands = [met("one", 1), met("bare", 0), met("three", 3), replace(seen("open"), evidence_count=9), met("uno", 1)]
    assert codes(gaps.list_strengths(stands)) == ["three", "one", "uno"]


def test_leaders_are_asked_only_for_what_is_open_and_not_with_the_reviewer() -> None:
    stands = [seen("OD1"), seen("LC5", Effort.SMALL), seen("BF3", state=S.SUBMITTED), met("LC4", 1), seen("DM2")]
    earlier = load_edition(ROOT / "criteria" / "wwc-2018", "en")
    assert gaps.list_leaders_decisions(earlier, stands) == [], (
        "the same code may mean something else in another edition"
    )
    found = gaps.list_leaders_decisions(load_edition(ROOT / "criteria" / "wwc-2022", "en"), stands)
    assert [(one.criterion.code, decision.kind) for one, decision in found] == [
        ("LC5", DecisionKind.APPOINTMENT),
        ("OD1", DecisionKind.POLICY),
    ]
    assert "open data policy" in found[1][1].text


def test_every_decision_belongs_to_a_criterion_of_the_edition() -> None:
    edition = load_edition(ROOT / "criteria" / "wwc-2022", "en")
    assert len(edition.leaders_decide) == 17
    assert set(edition.leaders_decide) <= set(edition.criteria)
