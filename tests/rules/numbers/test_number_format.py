"""Numbers of workbooks as their cells show them."""

import pytest

from app.rules.numbers.number_format import is_date_format, write_moment, write_number


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        (0.52, "0%", "52%"),
        (0.215, "0.0%", "21.5%"),
        (0.5, "#,##0.00 %", "50.00 %"),
        (1234.5, "#,##0.00", "1,234.50"),
        (1234567, '#,##0,"k"', "1,235k"),
        (-5, "#,##0;(#,##0)", "(5)"),
        (-3, "0;[Red]-0", "-3"),
        (0, '0;-0;"none"', "none"),
        (9.5, '"$"#,##0.00', "$9.50"),
        (9.5, "[$€-407] #,##0.00", "€ 9.50"),
        (3, '0" people"', "3 people"),
        (12, "_-* #,##0_-;-* #,##0_-", "12"),
        (5, "000", "005"),
        (1.5, "0.##", "1.5"),
        (1, "0.##", "1"),
        (2.675, "0.00", "2.68"),
        (-0.001, "0.0", "0.0"),
        (219634812, "000-00-0000", "219-63-4812"),
        (9735550101, "(000) 000-0000", "(973) 555-0101"),
        (0.1, "General", "0.1"),
        (12345.678, "0.00E+00", "12345.678"),
        (0.25, "# ?/?", "0.25"),
        (1e20, "0", "100000000000000000000"),
        (7, "", "7"),
        (7, ";;;", "7"),
        (7, '"a;b" 0', "a;b 7"),
        (9735550101, "[<=9999999]###-####;(###) ###-####", "(973) 555-0101"),
        (5550101, "[<=9999999]###-####;(###) ###-####", "555-0101"),
        (12, '[>=10][Red]0" late";0" on time"', "12 late"),
        (3, '[>=10][Red]0" late";0" on time"', "3 on time"),
    ],
)
def test_a_number_is_written_as_its_cell_shows_it(number: float, code: str, shown: str) -> None:
    assert write_number(number, code) == shown


@pytest.mark.parametrize(
    ("code", "is_date"),
    [
        ("yyyy\\-mm", True),
        ("[$-409]mmm d, yyyy", True),
        ("[h]:mm", True),
        ("[Red]0", False),
        ('0" days"', False),
        ("General", False),
        ("0.00", False),
    ],
)
def test_a_format_is_one_of_days_by_its_letters(code: str, is_date: bool) -> None:
    assert is_date_format(code) is is_date


@pytest.mark.parametrize(
    ("serial", "code", "shown"),
    [
        (46081, "m/d/yy", "2026-02-28"),
        (46081.895833, "m/d/yy h:mm", "2026-02-28 21:30"),
        (0.5, "h:mm", "12:00"),
        (1.5, "[h]:mm", "36:00"),
        (1.5, "[hh]:mm:ss", "36:00:00"),
        (0.0521, "[m]:ss", "75:01"),
        (0.05, "[s]", "4320"),
        (-1, "m/d/yy", "-1"),
        (1e9, "m/d/yy", "1000000000"),
    ],
)
def test_a_day_is_counted_from_1900(serial: float, code: str, shown: str) -> None:
    assert write_moment(serial, code) == shown


def test_a_day_may_be_counted_from_1904() -> None:
    assert write_moment(44619, "m/d/yy", since_1904=True) == "2026-02-28"
