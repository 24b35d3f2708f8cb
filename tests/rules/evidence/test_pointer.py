"""Which page a department means by what it wrote about where to look."""

import pytest

from app.rules.evidence.pointer import read_page_number


@pytest.mark.parametrize(
    ("pointer", "page"),
    [
        ("Page 4", 4),
        ("page 1, decisions in bold", 1),
        ("pp. 12-14", 12),
        ("See p.7 and p.9", 7),
        ("Página 3, tabla", 3),
        ("pág. 21", 21),
        ("Slide 6", 6),
        ("diapositiva n.º 5", 5),
        ("12", 12),
        (" 3 ", 3),
    ],
)
def test_a_page_is_read_from_what_people_write(pointer: str, page: int) -> None:
    assert read_page_number(pointer) == page


@pytest.mark.parametrize(
    "pointer", ["", "Section 3.2", "3.2", "Marked line", "Table 4", "pages 0", "2026/04", "the 4 goals", "12345"]
)
def test_what_names_no_page_is_none(pointer: str) -> None:
    assert read_page_number(pointer) is None
