"""What is said of answers that came along, and how two cycles compare."""

import pytest

from app.rules.criteria.edition_change import CriterionSuccession, SuccessionKind
from app.rules.cycle.confirming import (
    CHANGE_MEANINGS,
    CHANGE_NAMES,
    CONFIRMATION_MEANINGS,
    CONFIRMATION_NAMES,
    Confirmation,
    CriterionChange,
    carried_in_words,
    check_confirmation,
    compare_criterion,
    confirmation_needed,
    confirmed_in_words,
    next_assessment_name,
    tally_confirmations,
)
from app.rules.errors import Invalid
from app.rules.scoring.score import VerdictKind

MET, NOT_MET, CHANGES = VerdictKind.MET, VerdictKind.NOT_MET, VerdictKind.CHANGES_ASKED
SAME = CriterionSuccession(SuccessionKind.SAME, ("A1",), "A1")
MERGED = CriterionSuccession(SuccessionKind.MERGED, ("A1", "A2"), "B1")
SPLIT = CriterionSuccession(SuccessionKind.SPLIT, ("A1",), "B2")


def test_there_are_three_answers_and_no_other() -> None:
    assert [check_confirmation(answer) for answer in ("yes", "changed", "no_longer")] == list(CONFIRMATION_NAMES)
    for wrong in ("", "asked", "YES", "perhaps"):
        with pytest.raises(Invalid) as problem:
            check_confirmation(wrong)
        assert list(problem.value.fields) == ["answer"]


def test_only_an_answer_that_nobody_has_looked_at_stands_in_the_way() -> None:
    assert (
        str(confirmation_needed(Confirmation.ASKED, "2025")) == "Say first whether this answer from 2025 is still true."
    )
    assert [confirmation_needed(said, "2025") for said in (None, *CONFIRMATION_NAMES)] == [None] * 4


def test_every_confirmation_and_every_change_has_its_words() -> None:
    assert CONFIRMATION_MEANINGS.keys() == set(Confirmation)
    assert CHANGE_NAMES.keys() == CHANGE_MEANINGS.keys() == set(CriterionChange)


def test_a_report_says_what_became_of_every_answer_that_came_along() -> None:
    said = ["yes"] * 20 + ["changed"] * 3 + ["no_longer"] + ["asked"] * 7 + [None] * 12
    assert str(carried_in_words(tally_confirmations(said), "2025")) == (
        "31 answers were carried over from 2025; confirmed: 20, changed: 3, no longer true: 1, not answered yet: 7."
    )
    assert (
        str(confirmed_in_words(tally_confirmations(said), "2025"))
        == "20 of 31 answers carried over from 2025 are confirmed."
    )
    assert (
        str(confirmed_in_words(tally_confirmations(["yes"]), "2025"))
        == "1 of 1 answer carried over from 2025 is confirmed."
    )


def test_where_nothing_came_along_nothing_is_said() -> None:
    assert carried_in_words(tally_confirmations([None, None]), "") is None
    assert confirmed_in_words(tally_confirmations([]), "") is None


@pytest.mark.parametrize(
    ("name", "following"),
    [
        ("2026 cycle", "2027 cycle"),
        ("Assessment 2025/2026", "Assessment 2025/2027"),
        ("First run", ""),
        ("Room 12026", ""),
    ],
)
def test_a_name_with_a_year_proposes_the_next_year(name: str, following: str) -> None:
    assert next_assessment_name(name) == following


@pytest.mark.parametrize(
    ("was", "now", "change"),
    [
        ({"A1": MET}, {"A1": MET}, CriterionChange.RECONFIRMED),
        ({"A1": MET}, {"A1": NOT_MET}, CriterionChange.LOST),
        ({"A1": MET}, {}, CriterionChange.WAITING),
        ({"A1": MET}, {"A1": CHANGES}, CriterionChange.WAITING),
        ({"A1": NOT_MET}, {"A1": MET}, CriterionChange.GAINED),
        ({}, {"A1": MET}, CriterionChange.GAINED),
        ({"A1": CHANGES}, {}, CriterionChange.OPEN),
        ({"A1": NOT_MET}, {"A1": NOT_MET}, CriterionChange.OPEN),
    ],
)
def test_verdicts_of_two_cycles_are_compared(
    was: dict[str, VerdictKind], now: dict[str, VerdictKind], change: CriterionChange
) -> None:
    assert compare_criterion(SAME, was, now) is change


def test_a_merged_criterion_was_met_when_all_its_parts_were() -> None:
    assert compare_criterion(MERGED, {"A1": MET, "A2": MET}, {"B1": MET}) is CriterionChange.RECONFIRMED
    assert compare_criterion(MERGED, {"A1": MET, "A2": NOT_MET}, {"B1": MET}) is CriterionChange.GAINED
    assert compare_criterion(MERGED, {"A1": MET, "A2": NOT_MET}, {"B1": NOT_MET}) is CriterionChange.OPEN


def test_each_part_of_a_split_criterion_was_met_when_it_was() -> None:
    assert compare_criterion(SPLIT, {"A1": MET}, {"B2": NOT_MET}) is CriterionChange.LOST


def test_what_only_one_edition_has_is_neither_gained_nor_lost() -> None:
    assert compare_criterion(CriterionSuccession(SuccessionKind.NEW, (), "B9"), {}, {"B9": MET}) is CriterionChange.NEW
    assert (
        compare_criterion(CriterionSuccession(SuccessionKind.RETIRED, ("A9",), None), {"A9": MET}, {})
        is CriterionChange.RETIRED
    )
