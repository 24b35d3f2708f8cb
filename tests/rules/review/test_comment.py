"""Whom a comment asks, and where each finds it."""

import pytest

from app.rules.review.comment import AskedGroup, AskedParties, list_named, places_asked

PEOPLE = {7: "Ana Ruiz", 8: "Ana Pérez", 9: "Otto Lang"}


def test_what_is_asked_is_read_as_it_was_written() -> None:
    parties = AskedParties(frozenset({AskedGroup.OFFICE, AskedGroup.DEPARTMENT}), frozenset({12, 7}))
    assert parties.write() == "department office 7 12"
    assert AskedParties.read(parties.write()) == parties


@pytest.mark.parametrize("text", ["", "everyone", "-3", "1.5", "٣"])
def test_what_names_nobody_asks_nobody(text: str) -> None:
    assert AskedParties.read(text) == AskedParties()


def test_a_comment_asks_at_most_twenty_people_by_name() -> None:
    assert len(AskedParties(people=frozenset(range(1, 900))).write()) < 200


def test_nobody_asks_themselves() -> None:
    assert AskedParties(people=frozenset({7, 9})).without(9).people == {7}


@pytest.mark.parametrize(
    ("text", "is_own", "places"),
    [
        ("office", False, {"review"}),
        ("department", True, {"my-work"}),
        ("department", False, set()),
        ("9", False, {"my-work"}),
        ("8", True, set()),
        ("office 9", False, {"review", "my-work"}),
        ("5", False, {"my-work"}),
    ],
)
def test_whoever_is_asked_finds_it_where_they_work(text: str, is_own: bool, places: set[str]) -> None:
    """Person 9, who stands in for 5."""
    assert set(places_asked(text, {9, 5}, is_own=is_own)) == places


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("@otto, which year?", {9}),
        ("@Ana Ruiz: and the minutes?", {7}),
        ("@Ana", set()),
        ("otto@city.gov", set()),
        ("@ottokar", set()),
        ("@Nobody", set()),
    ],
)
def test_a_name_after_the_sign_calls_the_one_person_who_has_it(text: str, people: set[int]) -> None:
    assert list_named(text, PEOPLE) == people
