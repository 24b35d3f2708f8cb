"""How numbers look in a language."""

from decimal import Decimal

import pytest

from app.adapters.words import tongue


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
    assert tongue(language).percent(Decimal(percent)) == shown


def test_a_number_below_zero_has_a_real_minus() -> None:
    assert tongue("en").number(Decimal("-1250.5")) == "\u22121,250.5"
