"""Periods and windows, numbers as people type them, and the change that a figure shows."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.errors import Invalid
from app.rules.evidence.piece import (
    TITLE_LIMIT,
    check_period,
    check_title,
    compute_change,
    name_page_copy,
    parse_number,
)

TODAY = date(2026, 5, 31)


def test_a_period_may_be_one_day_or_open_on_either_side() -> None:
    check_period(TODAY, TODAY, TODAY)
    check_period(None, TODAY, TODAY)
    check_period(TODAY, None, TODAY)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Invalid, match="ends before it begins") as problem:
        check_period(date(2026, 2, 2), date(2026, 2, 1), TODAY)
    assert list(problem.value.fields) == ["period_to"]


@pytest.mark.parametrize("year", [1899, 206, 2037, 9999])
def test_a_year_that_cannot_be_right_is_refused(year: int) -> None:
    with pytest.raises(Invalid, match="year cannot be right"):
        check_period(date(year, 1, 1), None, TODAY)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1250", "1250"),
        ("1,250", "1250"),
        ("1,250.5", "1250.5"),
        ("1.250,5", "1250.5"),
        ("1.250.000", "1250000"),
        ("1.250.000,75", "1250000.75"),
        ("1,250,000", "1250000"),
        ("1250,5", "1250.5"),
        ("12.5", "12.5"),
        ("12,5", "12.5"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        ("1.250", "1.250"),
        ("1 250,5", "1250.5"),
        ("1\u00a0250\u202f000", "1250000"),
        ("12 %", "12"),
        ("12%", "12"),
        ("-25 %", "-25"),
        ("\u221225", "-25"),
        ("+3", "3"),
        (".5", "0.5"),
        (",5", "0.5"),
        ("-,5", "-0.5"),
        ("007", "7"),
        ("  42\n", "42"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, number: str) -> None:
    assert parse_number(text, "current_value") == Decimal(number)


@pytest.mark.parametrize("text", ["", "  ", "%", " % "])
def test_an_empty_field_is_no_number(text: str) -> None:
    assert parse_number(text, "current_value") is None


@pytest.mark.parametrize(
    "text",
    ["about 12", "12 of 43", "1.2.3", "12.05.2024", "1,2,3", "1,25,000", "1.250.5,3", "12 05 2024", "1,250,5", "--5", "5-",
     "NaN", "Infinity", "1e99", "1_000", "0x10", "$5", "1" + "0" * 15, "½", "5,", ",", "-", "😀", "٪"],
)  # fmt: skip
def test_what_is_no_number_is_refused_on_its_field(text: str) -> None:
    with pytest.raises(Invalid, match="is not a number") as problem:
        parse_number(text, "baseline_value")
    assert list(problem.value.fields) == ["baseline_value"]


@given(st.decimals(-(10**14), 10**14, places=2))
def test_a_number_written_plainly_or_grouped_comes_back_the_same(number: Decimal) -> None:
    assert parse_number(f"{number:f}", "x") == number
    assert parse_number(f"{number:,.2f}", "x") == number
    swapped = f"{number:,.2f}".translate({ord(","): ".", ord("."): ","})
    assert parse_number(swapped, "x") == number


@given(st.text())
def test_any_text_is_a_number_or_a_sentence(text: str) -> None:
    try:
        found = parse_number(text, "x")
    except Invalid:
        return
    assert found is None or found.is_finite()


@pytest.mark.parametrize(
    ("baseline", "current", "percent"),
    [("100", "75", "-25.0"), ("75", "100", "33.3"), ("-50", "-25", "50.0"), ("8", "8", "0.0"), ("3", "0", "-100.0")],
)
def test_a_change_is_computed_from_its_two_values(baseline: str, current: str, percent: str) -> None:
    change = compute_change(Decimal(baseline), Decimal(current), None)
    assert change
    assert (change.percent, change.as_published) == (Decimal(percent), False)


def test_a_published_change_stands_alone_and_says_so() -> None:
    change = compute_change(None, None, Decimal(-25))
    assert change
    assert (change.percent, change.as_published) == (Decimal(-25), True)
    assert compute_change(None, Decimal(50), None) is None


def test_a_baseline_of_zero_gives_no_percentage() -> None:
    with pytest.raises(Invalid, match="baseline of zero"):
        compute_change(Decimal(0), Decimal(5), None)


def test_a_published_change_that_contradicts_the_values_is_refused_and_rounding_is_not() -> None:
    assert compute_change(Decimal(100), Decimal(75), Decimal("-24.5"))
    with pytest.raises(Invalid, match=r"change of -25\.0%"):
        compute_change(Decimal(100), Decimal(75), Decimal(-36))


def test_a_title_needs_words_and_has_a_limit() -> None:
    assert check_title("  Notes \n of May ") == "Notes of May"
    assert len(check_title("x" * TITLE_LIMIT)) == TITLE_LIMIT
    for title in ("", " \t ", "x" * (TITLE_LIMIT + 1)):
        with pytest.raises(Invalid) as problem:
            check_title(title)
        assert list(problem.value.fields) == ["title"]


@pytest.mark.parametrize(
    ("url", "media_type", "name"),
    [
        ("https://data.example/plan", "application/pdf", "plan.pdf"),
        ("https://data.example/our%20plan.PDF?x=1", "application/pdf", "our plan.PDF"),
        ("https://data.example/", "text/plain", "page.txt"),
        ("https://data.example/a/index.html", "text/plain", "index.txt"),
    ],
)
def test_the_copy_of_a_page_is_called_by_its_address(url: str, media_type: str, name: str) -> None:
    assert name_page_copy(url, media_type) == name
