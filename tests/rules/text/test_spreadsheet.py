"""No cell of a table begins what a spreadsheet would run."""

import pytest

from app.rules.text.spreadsheet import safe_cell

SIGNS = "=+-@" + "＝＋－＠" + "﹦﹢﹣﹫" + "⁼⁺⁻₌₊₋" + "−"
UNSEEN = [
    "", " ", "\u00a0", "\u3000", "\u2028", "\x0b", "\x1f", "\x7f", "\u00ad", "\u034f", "\u061c", "\u115f", "\u1160", "\u180e", "\u200b",
    "\u200e", "\u202e", "\u2060", "\u2066", "\u2800", "\u3164", "\ufe0f", "\ufeff", "\uffa0", "\U000e0001", "\U000e0100", " \u200b\ufeff ",
]  # fmt: skip


@pytest.mark.parametrize("sign", SIGNS)
def test_a_spreadsheet_runs_no_formula_whatever_stands_unseen_before_it(sign: str) -> None:
    for unseen in UNSEEN:
        cell = f"{unseen}{sign}1+1"
        assert safe_cell(cell) == f"'{cell}", ascii(cell)


@pytest.mark.parametrize("cell", ["\t=1", "\r=1", "\n=1", "\tDM1", "\rDM1", "\nDM1"])
def test_a_cell_that_begins_with_a_tab_or_a_new_line_is_text(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "cell", ["", "a=1", "12", "2026-11-22", '{"a": 1}', "\ufeffDM1", " DM1", "“=1+1”", "é", "Ámbito", "日本", "\u200b"]
)
def test_plain_cells_stay_as_they_are(cell: str) -> None:
    assert safe_cell(cell) == cell
