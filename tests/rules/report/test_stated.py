import pytest

from app.rules.report.stated import read_counts


@pytest.mark.parametrize(
    ("content", "counts"),
    [
        ({"figures": {"met": 24}, "still_fresh": 22}, (24, 22)),
        ({"figures": {"met": 24}}, (24, 24)),
        ({"still_fresh": 22}, None),
        ({}, None),
    ],
)
def test_an_earlier_version_s_report_says_what_it_kept(
    content: dict[str, object], counts: tuple[int, int] | None
) -> None:
    assert read_counts(content) == counts
