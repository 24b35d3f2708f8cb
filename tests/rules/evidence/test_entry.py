"""What people enter about evidence: everything wrong is said at its field, everything else is kept."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import Invalid
from app.rules.evidence.entry import (
    DAY_FIELDS,
    NUMBER_FIELDS,
    SHORT_TEXT_FIELDS,
    TEXT_FIELDS,
    EvidenceEntry,
    check_entry,
    entered_change,
    plain_number,
    title_of_file,
    title_of_url,
)
from app.rules.evidence.version import VERSION_FIELDS
from app.rules.message import say

TODAY = date(2026, 11, 22)
FIGURE: dict[str, Any] = {
    "title": "Homicides", "source": "Police records", "unit": "cases",
    "baseline_value": "112", "baseline_period": "2023", "current_value": "84", "current_period": "2024",
}  # fmt: skip
ONLY_CHANGE: dict[str, Any] = {"title": "Homicides", "source": "City release", "published_percent": "−25 %"}


def problems(kind: EvidenceKind, **fields: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as raised:
        check_entry(EvidenceEntry(kind, **fields), TODAY)
    return {name: str(sentence) for name, sentence in raised.value.fields.items()}


def test_every_field_is_a_text_a_number_or_a_day_and_is_part_of_a_version() -> None:
    of_the_form = {"kind", "items", "language", "pointers", "unread", "advised"}
    entered = [one.name for one in fields(EvidenceEntry) if one.name not in of_the_form]
    assert sorted([*TEXT_FIELDS, *NUMBER_FIELDS, *DAY_FIELDS]) == sorted(entered)
    assert sorted([*entered, "file"]) == sorted(VERSION_FIELDS)
    assert set(SHORT_TEXT_FIELDS) < set(TEXT_FIELDS)


def test_a_figure_is_kept_as_numbers_with_their_periods() -> None:
    columns = check_entry(EvidenceEntry(EvidenceKind.FIGURE, **FIGURE), TODAY)
    assert (columns["baseline_value"], columns["current_value"]) == (Decimal(112), Decimal(84))
    assert (columns["baseline_period"], columns["current_period"], columns["unit"]) == ("2023", "2024", "cases")
    assert columns["published_percent"] is None


def test_a_figure_may_be_only_the_change_as_it_was_published() -> None:
    columns = check_entry(EvidenceEntry(EvidenceKind.FIGURE, **ONLY_CHANGE), TODAY)
    assert columns["published_percent"] == Decimal("-25.0")
    assert columns["baseline_value"] is None


def test_a_figure_may_be_a_value_without_a_baseline() -> None:
    fields: dict[str, Any] = FIGURE | {"baseline_value": "", "baseline_period": ""}
    assert check_entry(EvidenceEntry(EvidenceKind.FIGURE, **fields), TODAY)["current_value"] == Decimal(84)


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"baseline_value": "0"}, "baseline_value", "zero"),
        ({"baseline_value": "0.00001"}, "baseline_value", "zero"),
        ({"baseline_value": "many"}, "baseline_value", "not a number"),
        ({"baseline_value": "1e40"}, "baseline_value", "not a number"),
        ({"current_value": "NaN"}, "current_value", "not a number"),
        ({"current_value": "8\x004x"}, "current_value", "not a number"),
        ({"current_value": ""}, "current_value", "now as well"),
        ({"current_value": "", "baseline_value": ""}, "current_value", "value now"),
        ({"current_period": " "}, "current_period", "period"),
        ({"baseline_period": ""}, "baseline_period", "period"),
        ({"published_percent": "-40"}, "published_percent", "-25.0%"),
        ({"published_percent": "1000001"}, "published_percent", "million"),
        ({"source": "\t"}, "source", "where this figure comes from"),
        ({"title": " "}, "title", "name"),
        ({"unit": "u" * 61}, "unit", "60"),
    ],
)
def test_what_is_wrong_with_a_figure_is_said_at_its_field(changed: dict[str, str], field: str, words: str) -> None:
    assert words in problems(EvidenceKind.FIGURE, **FIGURE | changed)[field]


def test_every_wrong_field_has_its_sentence_at_once() -> None:
    found = problems(
        EvidenceKind.FIGURE,
        title="t" * 201,
        source="",
        page_pointer="p" * 301,
        visibility="everyone",
        baseline_value="x",
        published_percent="y",
        period_from=date(2026, 2, 1),
        period_to=date(2026, 1, 1),
        unread={"item": say("Unreadable.")},
    )
    assert set(found) == {
        "title", "source", "page_pointer", "visibility", "baseline_value", "published_percent", "period_to", "item",
    }  # fmt: skip


def test_a_zero_baseline_is_said_beside_a_missing_period() -> None:
    found = problems(EvidenceKind.FIGURE, **FIGURE | {"baseline_value": "0", "current_period": ""})
    assert set(found) == {"baseline_value", "current_period"}


def test_the_change_is_told_while_typing() -> None:
    change = entered_change(EvidenceEntry(EvidenceKind.FIGURE, baseline_value="1,120", current_value="840"))
    assert change
    assert (change.percent, change.as_published) == (Decimal("-25.0"), False)
    assert entered_change(EvidenceEntry(EvidenceKind.FIGURE, baseline_value="5")) is None


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "ftp://city.gov/a", "", "no spaces allowed"]
)
def test_a_link_that_is_no_web_address_is_refused_at_its_field(url: str) -> None:
    assert "url" in problems(EvidenceKind.LINK, url=url)


def test_a_link_without_a_title_stands_under_its_host_and_path() -> None:
    assert (
        check_entry(EvidenceEntry(EvidenceKind.LINK, url="data.city.gov/budget/?y=1"), TODAY)["title"]
        == "data.city.gov/budget"
    )
    assert (
        check_entry(EvidenceEntry(EvidenceKind.LINK, url="data.city.gov", title="Budget"), TODAY)["title"] == "Budget"
    )
    assert title_of_url("https://a.example/") == "a.example"


def test_a_note_keeps_its_lines_and_has_a_limit() -> None:
    columns = check_entry(EvidenceEntry(EvidenceKind.NOTE, title="A", note=" one\r\ntwo\rthree\x00 "), TODAY)
    assert columns["note"] == "one\ntwo\nthree"
    assert check_entry(EvidenceEntry(EvidenceKind.NOTE, title="A", note="n" * 10_000), TODAY)
    assert "10,001" in problems(EvidenceKind.NOTE, title="A", note="n" * 10_001)["note"]
    assert "note" in problems(EvidenceKind.NOTE, title="A", note=" \n ")


@pytest.mark.parametrize("title", ["Bürgerbüro 🏙️ 2024", "خطة البيانات", "市民参加", "a \u202etxt.exe"])
def test_titles_in_any_script_are_kept(title: str) -> None:
    assert check_entry(EvidenceEntry(EvidenceKind.NOTE, title=f"  {title}\x00 ", note="n"), TODAY)["title"] == title


def test_a_file_needs_no_title_because_its_name_lends_one() -> None:
    assert check_entry(EvidenceEntry(EvidenceKind.FILE), TODAY)["title"] == ""
    assert title_of_file("Minutes v2.final.pdf") == "Minutes v2.final"
    assert title_of_file("README") == "README"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (None, ""),
        (Decimal("1250.5000"), "1250.5"),
        (Decimal("1000.0000"), "1000"),
        (Decimal("-25.0"), "-25"),
        (Decimal("1.2510"), "1.2510"),
        (Decimal(0), "0"),
    ],
)
def test_a_stored_number_comes_back_as_it_could_have_been_typed(number: Decimal | None, text: str) -> None:
    assert plain_number(number) == text


@pytest.mark.parametrize("year", [1899, 2037])
def test_a_rule_is_in_force_since_a_day_that_can_be(year: int) -> None:
    kept = check_entry(
        EvidenceEntry(EvidenceKind.NOTE, title="A", note="B", effective_on=date(2024, 3, 1)), date(2026, 11, 26)
    )
    assert kept["effective_on"] == date(2024, 3, 1)
    with pytest.raises(Invalid) as problem:
        check_entry(
            EvidenceEntry(EvidenceKind.NOTE, title="A", note="B", effective_on=date(year, 1, 1)), date(2026, 11, 26)
        )
    assert list(problem.value.fields) == ["effective_on"]
