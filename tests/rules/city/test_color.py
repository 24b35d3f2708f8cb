"""Which colors a city may have, and how its letters may be signed."""

import pytest

from app.rules.city.color import LEAST_CONTRAST, check_color, contrast_with_white, darken_color
from app.rules.city.naming import check_sender_name
from app.rules.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "color"), [("", None), (" #1B5E20 ", "#1b5e20"), ("1b5e20", "#1b5e20"), ("#036", "#003366")]
)
def test_a_color_is_kept_in_one_form(typed: str, color: str | None) -> None:
    assert check_color(typed) == color


def test_contrast_is_that_of_the_guidelines() -> None:
    assert round(contrast_with_white("#000000"), 1) == 21.0
    assert round(contrast_with_white("#ffffff"), 1) == 1.0
    assert round(contrast_with_white("#767676"), 2) == 4.54


@pytest.mark.parametrize("typed", ["#ffcc00", "#fff", "#00ffff"])
def test_a_color_too_light_is_refused_with_one_that_will_do(typed: str) -> None:
    with pytest.raises(Invalid) as problem:
        check_color(typed)
    darker = darken_color("#" + "".join(2 * digit for digit in typed[1:]) if len(typed) == 4 else typed)
    assert darker in str(problem.value.fields["color"])
    assert contrast_with_white(darker) >= LEAST_CONTRAST
    assert check_color(darker) == darker


@pytest.mark.parametrize("typed", ["red", "#12345", "#12345g", "url(x)", '#123456" onload='])
def test_what_is_no_color_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        check_color(typed)


def test_the_sender_of_letters_is_a_name_that_mail_programs_show_as_it_is() -> None:
    assert check_sender_name("  Data   Office ") == "Data Office"
    assert check_sender_name(" ") is None
    for typed in ("Mayor <mayor@city.gov>", 'A "B"', "x" * 81):
        with pytest.raises(Invalid):
            check_sender_name(typed)
