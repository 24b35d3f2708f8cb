"""The foreword of reports: signed or not there, no longer than a page, and in a language that is chosen by rule."""

import pytest

from app.rules.errors import Invalid
from app.rules.report.foreword import ForewordText, check_foreword, choose_language


def test_without_a_text_nobody_signs() -> None:
    assert check_foreword(ForewordText(" \r\n ", "Ada Bell", "Mayor")) == ForewordText("", "", "")


def test_spaces_are_put_in_order_and_lines_stay() -> None:
    checked = check_foreword(ForewordText(" One.\r\n\r\nTwo. ", " Ada  Bell ", "Mayor "))
    assert checked == ForewordText("One.\n\nTwo.", "Ada Bell", "Mayor")


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        (ForewordText("One.", "", " "), {"name", "office"}),
        (ForewordText("One.", "a" * 81, "o" * 81), {"name", "office"}),
        (ForewordText("a" * 1_801, "Ada", "Mayor"), {"text"}),
        (ForewordText("\n".join(["word"] * 21), "Ada", "Mayor"), {"text"}),
    ],
)
def test_every_wrong_field_is_named(typed: ForewordText, fields: set[str]) -> None:
    with pytest.raises(Invalid) as problem:
        check_foreword(typed)
    assert set(problem.value.fields) == fields


def test_what_just_fits_is_taken() -> None:
    typed = ForewordText("\n".join(["word"] * 20), "a" * 80, "o" * 80)
    assert check_foreword(typed) == typed
    assert len(check_foreword(ForewordText("a" * 1_800, "Ada", "Mayor")).text) == 1_800


@pytest.mark.parametrize(
    ("written", "chosen"), [({"en", "es"}, "en"), ({"es", "fr"}, "es"), ({"pt", "fr"}, "fr"), (set(), "")]
)
def test_the_reports_language_comes_first_then_the_citys(written: set[str], chosen: str) -> None:
    assert choose_language(written, "en", "es") == chosen
