"""Codes as people type them from paper."""

import pytest

from app.rules.report.code import read_code

MEANT = "ABCD-2345-WXYZ"


@pytest.mark.parametrize(
    "typed",
    [
        MEANT,
        "abcd2345wxyz",
        "  abcd 2345\twxyz\n",
        "ABCD–2345—WXYZ",
        "https://readiness.example/verify/ABCD-2345-WXYZ/",
        "ＡＢＣＤ-２３４５-ＷＸＹＺ",
        "АВСD-2345-WХYZ",
    ],
)
def test_what_was_meant_is_found(typed: str) -> None:
    assert read_code(typed) == MEANT


def test_signs_that_are_in_no_code_are_read_for_the_one_they_look_like() -> None:
    assert read_code("O0U2-1Il2-2222") == "QQV2-JJJ2-2222"


@pytest.mark.parametrize(
    "typed", ["", "-", "ABCD-2345-WXY", "ABCD-2345-WXYZ2", "ABCD-2345-WXY+", "٢٢٢٢" * 3, "A" * 5000]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_code(typed) is None
