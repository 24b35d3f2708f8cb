"""How numbers look in a language."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.adapters.translations import load_translator


@pytest.mark.parametrize(
    ("language", "percent", "shown"),
    [
        ("en", "-25", "\u221225%"),
        ("en", "55.814", "55.81%"),
        ("es", "-25", "\u221225\u00a0%"),
        ("es", "55.81", "55,81\u00a0%"),
    ],
)
def test_a_percentage_is_written_as_the_language_writes_it_with_a_real_minus(
    language: str, percent: str, shown: str
) -> None:
    assert load_translator(language).percent(Decimal(percent)) == shown


def test_a_number_below_zero_has_a_real_minus() -> None:
    assert load_translator("en").number(Decimal("-1250.5")) == "\u22121,250.5"


def test_a_moment_is_shown_as_the_day_that_it_was_in_the_city() -> None:
    midnight = datetime(2027, 3, 16, 3, 59, tzinfo=UTC)
    assert load_translator("en").day(midnight, "America/New_York") == "March 15, 2027"
    assert load_translator("es").day(midnight, "America/Sao_Paulo") == "16 de marzo de 2027"
    with pytest.raises(ValueError, match="time zone"):
        load_translator("en").day(midnight)
