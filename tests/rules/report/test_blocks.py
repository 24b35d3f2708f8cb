import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.report.blocks import MOST_COLUMNS, BlockKind, TextBlock, read_blocks

TABLE = ("Name\tYear\tShare", "Parks\t2025\t36 %", "Streets\t2026")


def show(*lines: str) -> list[tuple[str, object]]:
    return [(block.kind.value, block.rows or block.lines) for block in read_blocks(lines)]


def test_lines_with_tabs_are_a_table_whose_rows_are_as_long_as_the_longest() -> None:
    rows = (("Name", "Year", "Share"), ("Parks", "2025", "36 %"), ("Streets", "2026", ""))
    assert show("Before.", *TABLE, "After.") == [
        ("paragraph", ("Before.",)), ("table", rows), ("paragraph", ("After.",)),
    ]  # fmt: skip


def test_lines_between_bars_are_a_table_without_the_line_that_parts_its_head() -> None:
    assert show("| a | b |", "|---|:--:|", "| 1 | 2 |") == [("table", (("a", "b"), ("1", "2")))]


@pytest.mark.parametrize("sign", ["- ", "* ", "• ", "–  "])
def test_lines_with_a_sign_in_front_are_a_list(sign: str) -> None:
    assert show(f"{sign}one", f"{sign}two words") == [("bullets", ("one", "two words"))]


def test_numbered_lines_keep_their_numbers() -> None:
    assert show("1. one", "2) two", "b. three") == [("numbers", ("1. one", "2) two", "b. three"))]


@pytest.mark.parametrize(
    "line", ["- only one", "1. January was cold", "a\tb", "| a | b |", "-5 degrees", "3.5 million"]
)
def test_one_line_alone_is_a_sentence(line: str) -> None:
    assert show(line) == [("paragraph", (" ".join(line.split()),))]


def test_a_very_wide_table_keeps_every_word_in_few_columns() -> None:
    (table,) = read_blocks(["\t".join(map(str, range(40)))] * 2)
    assert len(table.rows[0]) == MOST_COLUMNS
    assert " ".join(table.rows[0]).split() == [str(number) for number in range(40)]


@given(st.lists(st.text("ab \t|-•*1.):", max_size=20), max_size=12))
def test_no_word_is_lost_and_every_table_is_even(lines: list[str]) -> None:
    blocks = read_blocks(lines)
    told = "".join(text for block in blocks for text in (*block.lines, *(cell for row in block.rows for cell in row)))
    assert [sign for sign in told if sign in "ab"] == [sign for line in lines for sign in line if sign in "ab"]
    assert all(len({len(row) for row in block.rows}) < 2 for block in blocks)
    assert all(len(block.rows) > 1 for block in blocks if block.kind is BlockKind.TABLE)


def test_a_head_without_rows_is_no_table() -> None:
    """A table with nothing in its body breaks a PDF for those who listen."""
    assert [block.kind for block in read_blocks(["| a | b |", "|---|---|"])] == [BlockKind.PARAGRAPH] * 2
    assert [block.kind for block in read_blocks(["|---|---|", "|---|---|"])] == [BlockKind.PARAGRAPH] * 2


def test_a_table_says_its_head() -> None:
    assert read_blocks(TABLE)[0].head == ("Name", "Year", "Share")
    assert TextBlock(BlockKind.PARAGRAPH, ("x",)).head == ()
