"""The department's side: the narrative's limits, and what stands in the way of submitting."""

from dataclasses import replace
from datetime import date

import pytest

from app.adapters.criteria.editions import load_edition
from app.rules.checklist.stand import Checklist, evaluate_checklist
from app.rules.criteria.edition import ChecklistItem, Window
from app.rules.errors import Invalid
from app.rules.files.file_text import TextPlace, TextSpot
from app.rules.files.personal_data import find_strong_data
from app.rules.review.response import (
    NARRATIVE_LIMIT,
    SupportingPiece,
    check_before_submitting,
    check_narrative,
    missing_for_report,
    next_thing_missing,
    supports_by_item,
    warn_of_personal_data,
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
SPOT = TextSpot(TextPlace.BODY)
RECENT = SupportingPiece(1, "Notes of May", ("table", "notes"), date(2026, 5, 1))


def told(narrative: str, ticked: list[str], *evidence: SupportingPiece) -> tuple[list[str], list[str]]:
    stops, warnings = check_before_submitting(CRITERION, narrative, ticked, evidence, TODAY)
    return [str(one) for one in stops], [str(one) for one in warnings]


def test_a_narrative_keeps_every_letter_and_gets_uniform_line_ends() -> None:
    assert check_narrative("a\r\nb\rc\n 😀 שלום ") == "a\nb\nc\n 😀 שלום "
    assert check_narrative("a\x00b") == "ab"


def test_a_narrative_may_be_as_long_as_the_limit_and_no_longer() -> None:
    assert len(check_narrative("é" * NARRATIVE_LIMIT)) == NARRATIVE_LIMIT
    with pytest.raises(Invalid, match="100,000") as problem:
        check_narrative("x" * 100_000)
    assert list(problem.value.fields) == ["narrative"]


def test_a_complete_response_meets_no_objection() -> None:
    assert told("We meet.", ["table", "notes"], RECENT) == ([], [])


def test_a_claim_without_evidence_cannot_be_submitted() -> None:
    stops, _ = told("We meet.", ["table", "notes"])
    assert stops == ["Add at least one piece of evidence: a claim alone is not enough."]


def test_an_empty_response_is_told_to_write_and_to_add_evidence() -> None:
    stops, _ = told(" \n", [])
    assert len(stops) == 1
    assert "say how your city meets it" in stops[0]


def test_evidence_without_a_word_about_it_warns_and_does_not_stop() -> None:
    assert told(" ", ["table", "notes"], RECENT) == ([], ["Nothing is written under “How your city meets it”."])


def test_a_gap_in_the_checklist_warns_and_does_not_stop() -> None:
    stops, warnings = told("We meet.", ["table"], RECENT)
    assert stops == []
    assert warnings == [
        "2 of 3 items needed, 1 in place. Easiest to add: tick “There are notes”, since its evidence is here."
    ]


def test_a_ticked_item_that_nothing_supports_is_named() -> None:
    _, warnings = told("We meet.", ["table", "notes", "dates"], RECENT)
    assert warnings == ["Nothing supports item 3: There are dates."]


def test_evidence_outside_its_window_and_a_dead_link_are_named() -> None:
    old = SupportingPiece(2, "Notes of 2024", ("table", "notes"), date(2024, 3, 1), link_dead=True)
    _, warnings = told("We meet.", ["table", "notes"], old)
    assert warnings == [
        "2 of 3 items needed, 1 in place. Easiest to add: renew the evidence for “There are notes”.",
        "“Notes of 2024” covers a period outside the window that is asked for.",
        "The link of “Notes of 2024” does not open.",
    ]


def test_old_evidence_is_fine_for_an_item_without_a_window() -> None:
    charter = SupportingPiece(3, "Charter", ("table",), date(1999, 1, 1))
    assert told("We meet.", ["table", "notes"], charter, RECENT) == ([], [])


def test_evidence_without_a_period_is_named_where_a_period_matters() -> None:
    undated = SupportingPiece(4, "Some notes", ("table", "notes"), None)
    assert told("We meet.", ["table", "notes"], undated) == (
        [],
        ["“Some notes” names no period, so nobody can tell whether it is recent enough."],
    )


def stand(ticked: list[str], *evidence: SupportingPiece) -> Checklist:
    return evaluate_checklist(CRITERION, ticked, supports_by_item(evidence), TODAY)


@pytest.mark.parametrize(
    ("written", "ticked", "pieces", "start"),
    [
        (False, [], 0, "Add the first piece"),
        (True, [], 0, "Add the first piece"),
        (True, ["table"], 1, "2 of 3 items needed, 1 in place"),
        (False, ["table", "notes"], 1, "Write two or three sentences"),
    ],
)
def test_the_one_missing_thing_is_the_next_step(written: bool, ticked: list[str], pieces: int, start: str) -> None:
    assert str(next_thing_missing(written, stand(ticked, RECENT), pieces)).startswith(start)


@pytest.mark.parametrize(
    ("written", "ticked", "pieces", "said"),
    [
        (True, [], 0, "Evidence; none has been given yet."),
        (True, ["table"], 1, "1 more item of the checklist. Start with: “There are notes”."),
        (False, ["table", "notes"], 1, "A description of how the city meets it."),
        (True, ["table", "notes"], 1, "None"),
    ],
)
def test_a_report_names_the_same_for_people_who_do_nothing_here_themselves(
    written: bool, ticked: list[str], pieces: int, said: str
) -> None:
    assert str(missing_for_report(written, stand(ticked, RECENT), pieces)) == said


def test_nothing_is_missing_when_it_is_ready() -> None:
    assert next_thing_missing(True, stand(["table", "notes"], RECENT), 1) is None


def test_a_narrative_with_the_number_of_a_person_says_which_and_that_reports_print_it() -> None:
    said = [
        str(sentence) for sentence in warn_of_personal_data(find_strong_data({SPOT: "Ana (SSN 123-45-6789) leads it."}))
    ]
    assert said == [
        "The text under “How your city meets it” may contain personal data: 1 social security number. Reports print it."
    ]
    assert not find_strong_data({SPOT: "We meet on 2026-11-15; call 973-555-0100, ana@newark.example."})
