"""What is typed to be covered is read as it is written, or refused at its field."""

import pytest

from app.rules.errors import Invalid
from app.rules.files.file_text import TextPlace, TextSpot
from app.rules.files.personal_data import PersonalDataFinding, PersonalDataKind
from app.rules.redaction import CoveredArea, coverable_findings, read_areas, read_words, word_pattern


def test_areas_are_four_numbers_in_a_line_or_five_with_the_page() -> None:
    assert read_areas(2, "10 20 30.5 5\n\n 0,0,100,100 ") == (
        CoveredArea(2, 10, 20, 30.5, 5),
        CoveredArea(2, 0, 0, 100, 100),
    )
    assert read_areas(0, "7 10 20 30 5", pages=7) == (CoveredArea(7, 10, 20, 30, 5),)


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (1, "10 20 30"), (1, "10 20 30 40 50"), (1, "a b c d"), (1, "100 0 5 5"), (1, "0 0 0 5"), (1, "1e1 0 5 5"),
        (0, "10 20 30 5"), (0, "8 10 20 30 5"), (1, "0 0 5 5\n" * 201),
    ],
)  # fmt: skip
def test_what_is_no_area_is_refused_at_its_page(page: int, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_areas(page, text, pages=7)
    assert list(refused.value.fields) == [f"areas-{page}"]


def test_words_are_lines_each_once() -> None:
    assert read_words(" Ana  Quillmoss \n\nAna Quillmoss\nElm Street 5") == ("Ana Quillmoss", "Elm Street 5")


@pytest.mark.parametrize("text", ["x", "a" * 101, "\n".join(f"word{number}" for number in range(51))])
def test_words_that_are_too_short_or_too_many_are_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_words(text)
    assert list(refused.value.fields) == ["words"]


def test_words_are_found_over_the_end_of_a_line_and_the_longer_first() -> None:
    pattern = word_pattern(("Ana", "Ana Quillmoss", "5.5"))
    assert pattern.findall("ANA\r\nQuillmoss, Ana, 505 and 5.5") == ["ANA\r\nQuillmoss", "Ana", "5.5"]
    assert word_pattern(()).findall("anything") == []


def test_only_what_stands_on_a_page_is_offered_to_be_covered_each_kind_once() -> None:
    def found(kind: PersonalDataKind, place: TextPlace) -> PersonalDataFinding:
        return PersonalDataFinding(kind, 1, "***", (TextSpot(place, number=1),))

    on_page = found(PersonalDataKind.US_SSN, TextPlace.PAGE)
    others = [found(PersonalDataKind.US_SSN, TextPlace.PICTURE), found(PersonalDataKind.EMAIL, TextPlace.PROPERTIES)]
    position = PersonalDataFinding(PersonalDataKind.POSITION, 1, "")
    assert coverable_findings([on_page, *others, position]) == (on_page,)
