"""What is said of answers that came along, and how two cycles compare."""

import pytest

from app.rules.cycle.confirming import (
    ANSWERS,
    CHANGE_MEANINGS,
    CHANGE_NAMES,
    MEANINGS,
    Change,
    Confirmation,
    change_of,
    check_answer,
    how_many_confirmed,
    next_name,
    tally,
    unanswered,
    what_became_of_them,
)
from app.rules.editions import Move, MoveKind
from app.rules.errors import Invalid
from app.rules.scoring.score import Decision

MET, NOT_MET, CHANGES = Decision.MET, Decision.NOT_MET, Decision.CHANGES_ASKED
SAME = Move(MoveKind.SAME, ("A1",), "A1")
MERGED = Move(MoveKind.MERGED, ("A1", "A2"), "B1")
SPLIT = Move(MoveKind.SPLIT, ("A1",), "B2")


def test_there_are_three_answers_and_no_other() -> None:
    assert [check_answer(answer) for answer in ("yes", "changed", "no_longer")] == list(ANSWERS)
    for wrong in ("", "asked", "YES", "perhaps"):
        with pytest.raises(Invalid) as problem:
            check_answer(wrong)
        assert list(problem.value.fields) == ["answer"]


def test_only_an_answer_that_nobody_has_looked_at_stands_in_the_way() -> None:
    assert str(unanswered(Confirmation.ASKED, "2025")) == "Say first whether this answer from 2025 is still true."
    assert [unanswered(said, "2025") for said in (None, *ANSWERS)] == [None] * 4


def test_every_confirmation_and_every_change_has_its_words() -> None:
    assert MEANINGS.keys() == set(Confirmation)
    assert CHANGE_NAMES.keys() == CHANGE_MEANINGS.keys() == set(Change)


def test_a_report_says_what_became_of_every_answer_that_came_along() -> None:
    said = ["yes"] * 20 + ["changed"] * 3 + ["no_longer"] + ["asked"] * 7 + [None] * 12
    assert str(what_became_of_them(tally(said), "2025")) == (
        "31 answers were carried over from 2025; confirmed: 20, changed: 3, no longer true: 1, not answered yet: 7."
    )
    assert str(how_many_confirmed(tally(said), "2025")) == "20 of 31 answers carried over from 2025 are confirmed."
    assert str(how_many_confirmed(tally(["yes"]), "2025")) == "1 of 1 answer carried over from 2025 is confirmed."


def test_where_nothing_came_along_nothing_is_said() -> None:
    assert what_became_of_them(tally([None, None]), "") is None
    assert how_many_confirmed(tally([]), "") is None


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
    assert next_name(name) == following


@pytest.mark.parametrize(
    ("was", "now", "change"),
    [
        ({"A1": MET}, {"A1": MET}, Change.RECONFIRMED),
        ({"A1": MET}, {"A1": NOT_MET}, Change.LOST),
        ({"A1": MET}, {}, Change.WAITING),
        ({"A1": MET}, {"A1": CHANGES}, Change.WAITING),
        ({"A1": NOT_MET}, {"A1": MET}, Change.GAINED),
        ({}, {"A1": MET}, Change.GAINED),
        ({"A1": CHANGES}, {}, Change.OPEN),
        ({"A1": NOT_MET}, {"A1": NOT_MET}, Change.OPEN),
    ],
)
def test_verdicts_of_two_cycles_are_compared(
    was: dict[str, Decision], now: dict[str, Decision], change: Change
) -> None:
    assert change_of(SAME, was, now) is change


def test_a_merged_criterion_was_met_when_all_its_parts_were() -> None:
    assert change_of(MERGED, {"A1": MET, "A2": MET}, {"B1": MET}) is Change.RECONFIRMED
    assert change_of(MERGED, {"A1": MET, "A2": NOT_MET}, {"B1": MET}) is Change.GAINED
    assert change_of(MERGED, {"A1": MET, "A2": NOT_MET}, {"B1": NOT_MET}) is Change.OPEN


def test_each_part_of_a_split_criterion_was_met_when_it_was() -> None:
    assert change_of(SPLIT, {"A1": MET}, {"B2": NOT_MET}) is Change.LOST


def test_what_only_one_edition_has_is_neither_gained_nor_lost() -> None:
    assert change_of(Move(MoveKind.NEW, (), "B9"), {}, {"B9": MET}) is Change.NEW
    assert change_of(Move(MoveKind.RETIRED, ("A9",), None), {"A9": MET}, {}) is Change.RETIRED
