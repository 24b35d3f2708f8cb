import pytest

from app.rules.report.title_size import title_size


@pytest.mark.parametrize(
    ("title", "size"), [("Ica", "huge"), ("x" * 19, "large"), ("x" * 41, "medium"), ("x" * 81, "small")]
)
def test_the_longer_a_title_the_smaller(title: str, size: str) -> None:
    assert title_size(title) == size
