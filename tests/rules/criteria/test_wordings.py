"""Official words as they are pasted: matched by code however it is written, and compared word by word."""

import pytest

from app.rules.criteria.wordings import (
    MOST_CHARACTERS,
    WORDING_LIMIT,
    ComparedPart,
    TextChange,
    compare_texts,
    read_wordings,
)
from app.rules.errors import Invalid

TITLES = {"DM1": "Data strategy", "DM2": "Inventory", "LC1": "Leaders"}


def words(pasted: str) -> dict[str, str]:
    return {wording.code: wording.text for wording in read_wordings(pasted, TITLES).wordings}


@pytest.mark.parametrize(
    "pasted",
    [
        "DM1: The city has one.",
        "dm-1 – The city has one.",
        "  DM 1. Data strategy: The city has one.",
        "DM1\tThe city has one.",
        '"DM1","The city has one."',
        "* DM01) The city has one.",
        "DM1\r\n\r\nThe city has one.\r\n",
    ],
)
def test_a_code_is_found_however_it_is_written(pasted: str) -> None:
    assert words(pasted) == {"DM1": "The city has one."}


def test_all_up_to_the_next_code_belongs_to_a_criterion_and_keeps_its_lines() -> None:
    pasted = (
        'Standard of 2022\nLC1 They say so.\n\n- in public\n- each year\nDM2\t"A ""full"" list.\nOf all."\nDM1 One.'
    )
    assert words(pasted) == {
        "DM1": "One.",
        "DM2": 'A "full" list.\nOf all.',
        "LC1": "They say so.\n\n- in public\n- each year",
    }
    assert list(words(pasted)) == list(TITLES), "in the order of the edition"
    assert read_wordings(pasted, TITLES).unread == "Standard of 2022"


def test_what_only_looks_like_a_code_begins_nothing() -> None:
    assert words("DM1 See AB12, or DM100.\nCO2 is measured.\nDM12 too.")["DM1"].endswith("DM12 too.")


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("Nothing of it.", "no code"),
        ("DM1: One.\nDM1: Another.", "twice"),
        ("DM1:\nDM2: A list.", "no words for DM1"),
        ("DM1: " + "x" * (WORDING_LIMIT + 1), "longer than"),
        ("x" * (MOST_CHARACTERS + 1), "too long"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(pasted: str, said: str) -> None:
    with pytest.raises(Invalid) as problem:
        read_wordings(pasted, TITLES)
    assert said in str(problem.value.fields["text"])


def test_texts_are_compared_word_by_word() -> None:
    kept, gone, new = TextChange.KEPT, TextChange.GONE, TextChange.NEW
    assert compare_texts("One old list.", "One new list.") == (
        ComparedPart(kept, "One "), ComparedPart(gone, "old "), ComparedPart(new, "new "), ComparedPart(kept, "list."),
    )  # fmt: skip
    assert compare_texts("", "All new.") == (ComparedPart(new, "All new."),)
