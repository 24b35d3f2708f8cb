"""The copy that a verdict stands on: written and read without loss, and emptied of what is disposed of."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.rules.criteria.edition import ChecklistItem
from app.rules.review.judged_response import (
    JudgedContent,
    JudgedItem,
    JudgedPiece,
    asks_otherwise,
    fingerprint_copy,
    judge_items,
    read_content,
    write_content,
)
from tests.small_editions import REAL

PIECE = JudgedPiece(
    7, "file", 2, "ab" * 32, ("roles",), "internal", "Minutes of June", "cd" * 32, date(2026, 4, 1), date(2026, 6, 30)
)
CONTENT = JudgedContent(
    edition="wwc-2022",
    edition_version="0123456789abcdef",
    text="How it works.",
    self_rating="met",
    confidence="sure",
    needed=1,
    items=(JudgedItem("roles", ticked=True, text="Roles are named.", required=True),),
    pieces=(PIECE,),
)
TEXTS = st.text(max_size=20)
DAYS = st.none() | st.dates()
PIECES = st.builds(
    JudgedPiece, st.integers(1, 99), TEXTS, st.integers(1, 9), TEXTS, st.lists(TEXTS).map(tuple), TEXTS, TEXTS, TEXTS, DAYS, DAYS, DAYS
)  # fmt: skip
ITEMS = st.builds(JudgedItem, TEXTS, st.booleans(), TEXTS, st.booleans())


@given(
    st.builds(
        JudgedContent, TEXTS, TEXTS, st.none() | TEXTS, TEXTS, TEXTS, st.integers(0, 9),
        st.none() | st.lists(ITEMS).map(tuple), st.none() | st.lists(PIECES).map(tuple),
    )
)  # fmt: skip
def test_what_is_written_is_read_again_to_the_last_sign(content: JudgedContent) -> None:
    text = write_content(content)
    assert read_content(text) == content
    assert write_content(read_content(text)) == text
    assert len(fingerprint_copy(text)) == 64


def test_of_a_piece_that_is_disposed_of_only_the_fingerprint_is_left() -> None:
    other = replace(PIECE, id=8, title="Minutes of March")
    left = replace(CONTENT, pieces=(PIECE, other)).without_piece(7)
    assert "June" not in write_content(left)
    assert left.pieces == (JudgedPiece(7, "file", 2, "ab" * 32, ("roles",), "internal", disposed=True), other)
    assert CONTENT.without_piece(9) is CONTENT
    assert replace(CONTENT, pieces=None).without_piece(7).pieces is None


def test_another_checklist_is_noticed_and_one_that_was_not_kept_claims_nothing() -> None:
    criterion = REAL.criteria["DM1"]
    asked = replace(criterion, checklist=(ChecklistItem("roles", "Roles are named.", required=True),), needed=1)
    assert not asks_otherwise(CONTENT, asked)
    assert asks_otherwise(CONTENT, replace(asked, needed=2))
    assert asks_otherwise(CONTENT, replace(asked, checklist=(ChecklistItem("roles", "Roles are new.", required=True),)))
    assert asks_otherwise(CONTENT, replace(asked, checklist=(ChecklistItem("roles", "Roles are named."),)))
    assert not asks_otherwise(replace(CONTENT, items=None), replace(asked, needed=2))
    assert not asks_otherwise(replace(CONTENT, needed=0), replace(asked, needed=2))


def test_items_are_kept_with_their_words_and_ticks() -> None:
    checklist = (ChecklistItem("a", "First.", required=True), ChecklistItem("b", "Second."))
    assert judge_items(checklist, frozenset({"b", "gone"})) == (
        JudgedItem("a", ticked=False, text="First.", required=True),
        JudgedItem("b", ticked=True, text="Second."),
    )
