import pytest

from app.rules.report.quotes import set_quotes


@pytest.mark.parametrize(
    ("language", "typed", "printed"),
    [
        ("en", 'The "open" data', "The “open” data"),
        ("en", "the city's own, the cities' and it's", "the city’s own, the cities’ and it’s"),
        ("en", "He said 'no' to it", "He said ‘no’ to it"),
        ("en", "rock 'n roll of the '90s", "rock ’n roll of the ’90s"),
        ("en", "a wall of 5' 6\" height", "a wall of 5' 6\" height"),
        ("en", 'in "2025" alone', "in “2025” alone"),
        ("es", 'El plan "abierto" de 2025', "El plan «abierto» de 2025"),
        ("fr", 'L\'idée "ouverte"', "L’idée «\u00a0ouverte\u00a0»"),
        ("pt", 'O "plano" d\'água', "O “plano” d’água"),
        ("de", '"x"', "“x”"),
        ("en", "no marks", "no marks"),
        ("en", '"', "”"),
    ],
)
def test_marks_are_those_of_the_language(language: str, typed: str, printed: str) -> None:
    assert set_quotes(typed, language) == printed


def test_a_mark_looks_at_what_stands_before_the_text() -> None:
    assert set_quotes("'s plan", "en", "y") == "’s plan"
    assert set_quotes('" so', "en", "x") == "” so"
