"""What a city may be called in addresses."""

import pytest

from app.rules.city.naming import check_slug
from app.rules.errors import Invalid


@pytest.mark.parametrize("slug", ["newark", "san-juan", "x", "ward-5", "a" * 40])
def test_words_joined_by_hyphens_are_taken(slug: str) -> None:
    assert check_slug(f" {slug} ") == slug


@pytest.mark.parametrize(
    "slug",
    ["", "Newark", "são-paulo", "new_ark", "new ark", "-newark", "newark-", "a--b", "5th", "a/b", "a.b", "..", "a" * 41,
     "newark\n\nx", "ne%77ark", "ⅷ"],
)  # fmt: skip
def test_what_would_not_survive_in_an_address_is_refused(slug: str) -> None:
    with pytest.raises(Invalid, match="cannot be part of an address"):
        check_slug(slug)


@pytest.mark.parametrize("slug", ["static", "sign-in", "health", "cities", "admin"])
def test_words_of_the_app_itself_are_refused(slug: str) -> None:
    with pytest.raises(Invalid, match="uses itself"):
        check_slug(slug)
