from datetime import date

import pytest

from app.rules.report.chapter import EvidenceLine
from app.rules.report.parts import ReportParts, paper_for, read_parts, split_paragraphs


def test_the_parts_of_a_report_are_kept_as_text_and_read_again() -> None:
    for parts in (
        ReportParts(),
        ReportParts(date(2026, 11, 25)),
        ReportParts(scenario=12),
        ReportParts(date(2026, 11, 25), 12),
    ):
        assert read_parts(parts.write()) == parts
    assert ReportParts(date(2026, 11, 25), 12).write() == "forecast:2026-11-25 plan:12"


def evidence(address: str) -> EvidenceLine:
    return EvidenceLine(1, "Link", "Catalog", "", "", "", "", "Public", restricted=False, address=address)


def test_blank_lines_and_loose_spaces_leave_plain_paragraphs() -> None:
    assert split_paragraphs("  One  two \n\n\n \nthree\r\n") == (("One two", "three"), False)
    assert split_paragraphs(" \n ") == ((), False)


def test_ten_thousand_lines_keep_every_word_in_two_hundred_paragraphs() -> None:
    found, cut = split_paragraphs("\n".join(str(number) for number in range(2_000)))
    assert len(found) == 200
    assert found[198:] == ("198", " ".join(str(number) for number in range(199, 2_000)))
    assert " ".join(found).split() == [str(number) for number in range(2_000)]
    assert not cut


def test_a_text_over_the_limit_is_cut_and_says_so() -> None:
    assert split_paragraphs("a" * 20_000) == (("a" * 20_000,), False)
    assert split_paragraphs("a" * 20_001) == (("a" * 20_000,), True)


@pytest.mark.parametrize(
    ("country", "paper"),
    [
        ("US", "Letter"),
        ("ca", "Letter"),
        ("CL", "Letter"),
        ("CO", "Letter"),
        ("MX", "Letter"),
        ("BR", "A4"),
        ("AR", "A4"),
    ],
)
def test_the_paper_is_the_one_that_the_country_prints_on(country: str, paper: str) -> None:
    assert paper_for(country) == paper


@pytest.mark.parametrize("address", ["https://data.example", "HTTP://data.example/x"])
def test_a_web_address_becomes_a_link(address: str) -> None:
    assert evidence(address).link == address


@pytest.mark.parametrize("address", ["", "file:///etc/passwd", "javascript:alert(1)", "notes.pdf", "//data.example"])
def test_nothing_else_becomes_a_link(address: str) -> None:
    assert evidence(address).link is None
