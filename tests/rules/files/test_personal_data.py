"""What is taken for personal data in a text and, as important, what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.ar import cuit
from stdnum.br import cpf
from stdnum.cl import rut

from app.rules.files.file_text import TextPlace, TextSpot
from app.rules.files.personal_data import (
    PersonalDataFinding,
    PersonalDataKind,
    describe_finding,
    find_personal_data,
    locate_finding,
    position_finding,
)
from app.rules.files.telephones import MOST_CANDIDATES

DIGITS = "0123456789"


def kinds(text: str, country: str = "US") -> list[str]:
    return [finding.kind for finding in find_personal_data(text, country)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Her number is 123-45-6789.", "us_ssn"),
        ("In a narrow column 123-45-\n6789", "us_ssn"),
        ("SSN: 123456789", "us_ssn"),
        ("Social Security 123 45 6789", "us_ssn"),
        ("typeset 123\u201145\u20116789", "us_ssn"),
        ("name,ssn\nAna,123-45-6789\n", "us_ssn"),
        ("ITIN 912-90-3456", "us_itin"),
        ("CPF 390.533.447-05", "br_cpf"),
        ("Assinado por MARIA DA SILVA:39053344705", "br_cpf"),
        ("Maria, CPF no 39053344705", "br_cpf"),
        ("SIN: 130 692 544", "ca_sin"),
        ("numéro d’assurance sociale 130-692-544", "ca_sin"),
        ("Juan Soto, 12.531.909-2", "cl_rut"),
        ("RUT 12531909-2", "cl_rut"),
        ("CUIL 20-26756539-3", "ar_cuil"),
        ("DNI: 26.756.539", "ar_dni"),
        ("D.N.I. N° 26756539", "ar_dni"),
        ("CURP BOXW310820HNERXN09", "mx_curp"),
        ("write to Jane.Doe+grants@newark.example, please", "email"),
        ("Call (973) 733-6400", "telephone"),
        ("973-733-6400", "telephone"),
        ("973.733.6400", "telephone"),
        ("973 733-6400", "telephone"),
        ("1-973-733-6400", "telephone"),
        ("Tel. 973 733 6400", "telephone"),
        ("phone: 9737336400", "telephone"),
        ("+55 11 91234-5678", "telephone"),
        ("+54 9 11 2345-6789", "telephone"),
    ],
)  # fmt: skip
def test_it_is_found_where_it_is_written_as_people_write_it(text: str, kind: str) -> None:
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "The plan covers 2024-2025 and 2026.",
        "From 2024-03-31 to 2026-12-31, 12/03/2025, 12.03.2025.",
        "A budget of $1,234,567,890 and 1.234.567,89 EUR; $123-45-6789",
        "12,345 residents, 123 456 789 in all, 55.8 %, 1 000 000",
        "Fund 100-200-3000, account 410-250-6000, code 212-555-0100",
        "Account no. 973-733-6400",
        "ISBN 978-3-16-148410-0",
        "Ordinance 21-0456, case 2025-CV-001234, ZIP 07102-1234",
        "000-12-3456, 666-12-3456, 900-12-3456, 123-00-4567, 123-45-0000",
        "078-05-1120",
        "123456789",
        "390.533.447-06",
        "39053344705",
        "130 692 544",
        "SIN 130 692 545",
        "Para hacer sin 130 692 544",
        "76.086.428-5",
        "12.531.909-3",
        "30-71234567-1",
        "26.756.539",
        "version 1.2.3.4, 192.168.10.20, 10.0.0.1",
        "Room 12-34-5678A, part 5-123-45-6789-1",
        "coordinates 40.7357, -74.1724",
        "11:30-12:45, 8 am-5 pm, 10-20-30-40-50",
        "Total 100 200 300 400 500 600",
        "user@localhost, @handle, a@b, foo@.example",
        "https://city.example/973-733-6400/123-45-6789/x",
        "\u0661\u0662\u0663-\u0664\u0665-\u0666\u0667\u0668\u0669",
    ],
)  # fmt: skip
def test_years_amounts_dates_and_codes_are_no_finding(text: str) -> None:
    assert find_personal_data(text) == ()


def test_each_kind_is_said_once_with_how_many_different_ones_and_a_hidden_example() -> None:
    found = find_personal_data("123-45-6789 and 123-45-6789 and 123-45-6780; a@b.example, A@B.example")
    assert found == (
        PersonalDataFinding(PersonalDataKind("us_ssn"), 2, "***-**-6789"),
        PersonalDataFinding(PersonalDataKind("email"), 1, "a***@b.example"),
    )
    assert [str(describe_finding(finding)) for finding in found] == ["2 social security numbers", "1 e-mail address"]
    assert [finding.strong for finding in found] == [True, False]


def test_of_many_places_three_are_named_and_that_there_are_more() -> None:
    text = "\n".join(f"219-63-48{number}" for number in range(10, 15))
    (finding,) = find_personal_data(text, locate=lambda start: TextSpot(TextPlace.PAGE, number=start // 12 + 1))
    said = "5 social security numbers (on page 1, on page 2, on page 3, elsewhere in it)"
    assert str(locate_finding(finding)) == said
    (few,) = find_personal_data(text[:23], locate=lambda start: TextSpot(TextPlace.PAGE, number=start // 12 + 1))
    assert str(locate_finding(few)) == "2 social security numbers (on page 1, on page 2)"


def test_an_example_never_shows_the_number() -> None:
    text = (
        "CPF 390.533.447-05, RUT 12.531.909-2, CUIL 20-26756539-3, DNI 26.756.539, SIN 130 692 544, BOXW310820HNERXN09"
    )
    for finding in find_personal_data(text):
        assert sum(letter.isalnum() for letter in finding.example) <= 2, finding


def test_telephone_numbers_are_those_of_the_country_or_have_a_plus() -> None:
    assert kinds("Fone (11) 3071-2345", "BR") == ["telephone"]
    assert kinds("Fone (11) 3071-2345", "US") == []
    assert kinds("+55 11 3071-2345", "US") == ["telephone"]


def test_a_national_number_is_not_a_telephone_number_too() -> None:
    assert kinds("20-26756539-3", "AR") == ["ar_cuil"]


def test_where_a_picture_was_taken_is_a_strong_finding() -> None:
    assert position_finding().strong
    assert str(describe_finding(position_finding())) == "the place where the picture was taken"


@given(st.text(DIGITS, min_size=9, max_size=9))
def test_of_ten_last_digits_of_a_cpf_one_counts(start: str) -> None:
    written = [f"{start[:3]}.{start[3:6]}.{start[6:]}-{last:02}" for last in range(100)]
    found = [number for number in written if find_personal_data(number)]
    assert found == [number for number in written if cpf.is_valid(number)]
    assert len(found) <= 1


@given(st.integers(1_000_000, 49_999_999))
def test_one_check_digit_fits_a_chilean_number(number: int) -> None:
    start = f"{number:,}".replace(",", ".")
    found = [digit for digit in "0123456789K" if find_personal_data(f"{start}-{digit}")]
    assert found == [rut.calc_check_digit(str(number))]


@given(st.sampled_from(["20", "23", "24", "27"]), st.text(DIGITS, min_size=8, max_size=8))
def test_one_check_digit_fits_an_argentine_number(sex: str, number: str) -> None:
    found = [digit for digit in DIGITS if find_personal_data(f"{sex}-{number}-{digit}")]
    assert found == [digit for digit in DIGITS if cuit.is_valid(f"{sex}-{number}-{digit}")]
    assert len(found) <= 1


@given(st.sampled_from("1234567"), st.text(DIGITS, min_size=7, max_size=7))
def test_one_check_digit_fits_a_canadian_number(first: str, rest: str) -> None:
    number = first + rest
    written = [f"{whole[:3]}-{whole[3:6]}-{whole[6:]}" for whole in (number + digit for digit in DIGITS)]
    found = [one for one in written if find_personal_data(f"SIN {one}")]
    assert [one[-1] for one in found] == [luhn.calc_check_digit(number)]


@given(st.text(max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    assert all(finding.count > 0 for finding in find_personal_data(text))


@pytest.mark.parametrize(
    "part",
    [
        "a",
        "1 ",
        "973-733-6400 ",
        "a.",
        "(",
        "+1 (",
        "1",
        "tel ",
        "a@",
        "a@b.",
        "123-45-6789 ",
        "tel: 1-1-1-1-1-1-1-1-1 ",
        "1-",
    ],
)
def test_a_text_made_to_take_long_ends_and_is_counted_to_a_limit(part: str) -> None:
    """A pattern that goes back over what it has read would not come to an end of this text."""
    found = find_personal_data((part * 200_000)[:200_000])
    assert all(finding.count <= MOST_CANDIDATES for finding in found)
