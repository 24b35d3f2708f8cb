"""What an award can and cannot say."""

from datetime import date

import pytest

from app.rules.city.award import AwardEntry, award_in_words, check_award, validity_in_words
from app.rules.city.naming import check_population, size_notice
from app.rules.criteria.edition import PopulationRule
from app.rules.errors import Invalid

TODAY = date(2026, 11, 28)
GOOD = {
    "level": "silver",
    "announced_on": date(2025, 2, 26),
    "source_url": "example.gov/news/award",
    "valid_until": None,
    "note": " As published. ",
}


def entry(**changes: object) -> AwardEntry:
    return AwardEntry(**{**GOOD, **changes})  # type: ignore[arg-type]


def test_an_award_is_kept_as_it_was_announced() -> None:
    columns = check_award(entry(), TODAY)
    assert columns["source_url"] == "https://example.gov/news/award"
    assert (columns["level"], columns["announced_on"], columns["note"]) == (
        "silver",
        date(2025, 2, 26),
        "As published.",
    )
    assert check_award(entry(announced_on=TODAY), TODAY)["announced_on"] == TODAY


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"level": "diamond"}, "level"),
        ({"announced_on": None}, "announced_on"),
        ({"announced_on": date(2026, 11, 29)}, "announced_on"),
        ({"valid_until": date(2025, 2, 25)}, "valid_until"),
        ({"source_url": ""}, "source_url"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
        ({"source_url": "file:///etc/passwd"}, "source_url"),
        ({"source_url": "the newspaper of that day"}, "source_url"),
        ({"source_url": "https://user:secret@example.gov"}, "source_url"),
        ({"note": "x" * 501}, "note"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as problem:
        check_award(entry(**changes), TODAY)
    assert set(problem.value.fields) == {field}


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(Invalid) as problem:
        check_award(entry(level="", announced_on=None, source_url="x y"), TODAY)
    assert set(problem.value.fields) == {"level", "announced_on", "source_url"}


def test_the_sentence_names_level_and_day_and_validity_only_where_it_is_known() -> None:
    assert str(award_in_words("Newark", "gold", date(2025, 2, 26))) == "Newark holds Gold, announced on 2025-02-26."
    assert validity_in_words(None, TODAY) is None
    assert "is valid until" in str(validity_in_words(TODAY, TODAY))
    assert "was valid until" in str(validity_in_words(date(2026, 11, 27), TODAY))


def test_a_city_is_told_only_where_it_is_smaller_than_the_programme_asks_for() -> None:
    rule = PopulationRule(30_000, "A page")
    small = size_notice(28_000, rule)
    assert small
    assert (small.population, small.minimum) == (28_000, 30_000)
    assert size_notice(30_000, rule) is None
    assert size_notice(None, rule) is None
    assert size_notice(5, PopulationRule(0, "")) is None


@pytest.mark.parametrize("population", [0, -5, 100_000_000])
def test_no_city_has_so_many_people(population: int) -> None:
    with pytest.raises(Invalid) as problem:
        check_population(population)
    assert set(problem.value.fields) == {"population"}
