from decimal import Decimal

import pytest

from app.adapters.translations import load_translator
from app.rules.evidence.figure_words import figure_in_words
from app.rules.evidence.piece import Figure, compute_change


def told(
    unit: str, before: str | None, now: str | None, published: str | None = None, periods: tuple[str, str] = ("", "")
) -> str | None:
    """What the line says in English."""
    values = [Decimal(value) if value is not None else None for value in (before, now, published)]
    figure = Figure(unit, values[0], periods[0], values[1], periods[1], compute_change(values[0], values[1], values[2]))
    t = load_translator("en")
    words = figure_in_words(figure, t.number, t.percent)
    return t.say(words) if words else None


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (("organizations", None, "50"), "50 organizations"),
        (("organizations", None, "50", None, ("", "2025")), "50 organizations (2025)"),
        (("organizations", "40", None, None, ("2023", "")), "40 organizations (2023)"),
        (("percent", "71", "86"), "from 71% to 86%: +15 points (+21.1%)"),
        (("%", "86", "85", None, ("2023", "2024")), "from 86% (2023) to 85% (2024): −1 point (−1.2%)"),
        (("percent of residents", None, "86.5"), "86.5% of residents"),
        (("minutes", "10", "8", None, ("2024", "2025")), "from 10 minutes (2024) to 8 minutes (2025): −20%"),
        (("cases", "40", "40"), "from 40 cases to 40 cases: 0%"),
        (("", None, None, "-25"), "−25%, change as published"),
        (("", None, None, "36", ("2023", "2024")), "+36% from 2023 to 2024, change as published"),
        (("", None, None), None),
    ],
)
def test_a_figure_says_its_value_or_how_it_changed(figure: tuple[str | None, ...], words: str | None) -> None:
    assert told(*figure) == words  # type: ignore[arg-type]
