"""The department's side: the narrative's limits, k of n, and what stands in the way of submitting."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.criteria_files import load_edition
from app.rules.criteria import ChecklistItem, Window
from app.rules.errors import Invalid
from app.rules.response import (
    NARRATIVE_LIMIT,
    Support,
    before_submitting,
    check_narrative,
    checklist,
    explain_checklist,
    missing_one_thing,
)
from app.settings import ROOT

TODAY = date(2026, 5, 31)
EDITION = load_edition(ROOT / "criteria" / "wwc-2022")
CRITERION = replace(
    EDITION.criteria["DM1"],
    needed=2,
    checklist=(
        ChecklistItem("table", "There is a table.", required=True),
        ChecklistItem("notes", "There are notes.", window=Window.QUARTERLY),
        ChecklistItem("dates", "There are dates."),
    ),
)
RECENT = Support("Notes of May", ("table", "notes"), date(2026, 5, 1))


def told(narrative: str, ticked: list[str], *evidence: Support) -> tuple[list[str], list[str]]:
    stops, warnings = before_submitting(CRITERION, narrative, ticked, evidence, TODAY)
    return [str(one) for one in stops], [str(one) for one in warnings]


def test_a_narrative_keeps_every_letter_and_gets_uniform_line_ends() -> None:
    assert check_narrative("a\r\nb\rc\n 😀 שלום ") == "a\nb\nc\n 😀 שלום "
    assert check_narrative("a\x00b") == "ab"


def test_a_narrative_may_be_as_long_as_the_limit_and_no_longer() -> None:
    assert len(check_narrative("é" * NARRATIVE_LIMIT)) == NARRATIVE_LIMIT
    with pytest.raises(Invalid, match="100,000") as problem:
        check_narrative("x" * 100_000)
    assert list(problem.value.fields) == ["narrative"]


@pytest.mark.parametrize(
    ("ticked", "holds"),
    [
        ([], False),
        (["table"], False),
        (["table", "notes"], True),
        (["notes", "dates"], False),
        (["table", "notes", "dates"], True),
        (["table", "of-an-older-list"], False),
    ],
)
def test_k_of_n_holds_with_enough_items_and_every_required_one(ticked: list[str], holds: bool) -> None:
    assert checklist(CRITERION, ticked).holds is holds


@given(st.sets(st.sampled_from(["table", "notes", "dates"])), st.sampled_from(["table", "notes", "dates"]))
def test_one_more_tick_never_breaks_a_checklist(ticked: set[str], more: str) -> None:
    assert checklist(CRITERION, ticked | {more}).holds >= checklist(CRITERION, ticked).holds


def test_the_checklist_says_how_many_are_missing_and_when_a_required_one_is() -> None:
    assert str(explain_checklist(checklist(CRITERION, []))).startswith("2 more items are needed")
    assert str(explain_checklist(checklist(CRITERION, ["table"]))).startswith("1 more item is needed")
    assert "required one is still open" in str(explain_checklist(checklist(CRITERION, ["notes", "dates"])))
    assert str(explain_checklist(checklist(CRITERION, ["table", "notes"]))) == "2 of 3 items hold; 2 are needed."


def test_a_complete_response_meets_no_objection() -> None:
    assert told("We meet.", ["table", "notes"], RECENT) == ([], [])


def test_a_claim_without_evidence_cannot_be_submitted() -> None:
    stops, _ = told("We meet.", ["table", "notes"])
    assert stops == ["Add at least one piece of evidence: a claim alone cannot be verified."]


def test_an_empty_response_is_told_to_write_and_to_add_evidence() -> None:
    stops, _ = told(" \n", [])
    assert len(stops) == 1
    assert "write the narrative" in stops[0]


def test_a_gap_in_the_checklist_warns_and_does_not_stop() -> None:
    stops, warnings = told("We meet.", ["table"], RECENT)
    assert stops == []
    assert warnings == ["1 more item is needed (1 of 2)."]


def test_a_ticked_item_that_nothing_supports_is_named() -> None:
    _, warnings = told("We meet.", ["table", "notes", "dates"], RECENT)
    assert warnings == ["Nothing supports item 3: There are dates."]


def test_evidence_outside_its_window_and_a_dead_link_are_named() -> None:
    old = Support("Notes of 2024", ("table", "notes"), date(2024, 3, 1), link_dead=True)
    _, warnings = told("We meet.", ["table", "notes"], old)
    assert warnings == [
        "“Notes of 2024” covers a period outside the window that is asked for.",
        "The link of “Notes of 2024” does not open.",
    ]


def test_old_evidence_is_fine_for_an_item_without_a_window() -> None:
    charter = Support("Charter", ("table",), date(1999, 1, 1))
    assert told("We meet.", ["table", "notes"], charter, RECENT) == ([], [])


@pytest.mark.parametrize(
    ("written", "ticked", "pieces", "start"),
    [
        (False, [], 0, "Add the first piece"),
        (True, [], 0, "Add the first piece"),
        (True, ["table"], 1, "1 more item"),
        (False, ["table", "notes"], 1, "Write two or three sentences"),
    ],
)
def test_the_one_missing_thing_is_the_next_step(written: bool, ticked: list[str], pieces: int, start: str) -> None:
    assert str(missing_one_thing(written, checklist(CRITERION, ticked), pieces)).startswith(start)


def test_nothing_is_missing_when_it_is_ready() -> None:
    assert missing_one_thing(True, checklist(CRITERION, ["table", "notes"]), 1) is None
