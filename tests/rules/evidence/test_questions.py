"""What is asked about a new file, and what its content proposes."""

import pytest

from app.rules.evidence.questions import FileQuestion, propose_title, question_after

Q = FileQuestion


@pytest.mark.parametrize(
    ("in_file", "proposed"),
    [
        ("City service standard 2025", "City service standard 2025"),
        ("  City\n service   standard ", "City service standard"),
        ("Untitled", "scan-12"),
        ("Microsoft Word - final2.doc", "scan-12"),
        ("v2", "scan-12"),
        ("", "scan-12"),
        ("a" * 300, "a" * 200),
    ],
)
def test_a_file_gives_its_title_where_that_says_something(in_file: str, proposed: str) -> None:
    assert propose_title("scan-12", in_file) == proposed


@pytest.mark.parametrize(
    ("asked", "wanted", "following"),
    [
        (None, {Q.TITLE, Q.ITEMS}, Q.TITLE),
        (Q.TITLE, {Q.TITLE, Q.ITEMS}, Q.ITEMS),
        (Q.TITLE, {Q.TITLE, Q.PERIOD, Q.ITEMS}, Q.PERIOD),
        (Q.PERIOD, {Q.TITLE}, Q.DONE),
        (Q.ITEMS, {Q.TITLE, Q.ITEMS}, Q.DONE),
        (None, set(), Q.DONE),
        (Q.DONE, {Q.TITLE}, Q.DONE),
    ],
)
def test_questions_come_in_their_order_and_only_those_that_are_wanted(
    asked: FileQuestion | None, wanted: set[FileQuestion], following: FileQuestion
) -> None:
    assert question_after(asked, wanted) is following
