"""Who is written to."""

import pytest

from app.rules.outbox.readers import LetterReader, list_heads, list_mentioned, list_owners
from app.rules.people.permissions import Role

ANA = LetterReader(1, "Ana López", Role.LEAD, frozenset({10}))
OTHER_ANA = LetterReader(2, "Ana Díaz", Role.LEAD, frozenset({20}))
TOM = LetterReader(3, "Tom Reed", Role.REVIEWER, frozenset())
MAYOR = LetterReader(4, "May Orr", Role.OFFICIAL, frozenset())
ALL = (ANA, OTHER_ANA, TOM, MAYOR)


def test_the_person_named_answers_and_else_the_leads_of_the_department() -> None:
    assert list_owners(ALL, 10, 2) == {2}
    assert list_owners(ALL, 10, 2, 3) == {2, 3}, "a deputy, too"
    assert list_owners(ALL, 10, None) == {1}
    assert list_owners(ALL, 10, 99) == {1}, "whoever was named has left"
    assert list_owners(ALL, None, None) == frozenset()
    assert list_owners(ALL, 10, 4) == {1}, "an official answers for nothing"


def test_the_week_in_numbers_is_for_leads_and_the_data_office() -> None:
    assert list_heads(ALL) == {1, 2, 3}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Please look, @Tom.", {3}),
        ("@tom reed and @ANA LÓPEZ: done?", {1, 3}),
        ("@Ana, which of you two?", set()),
        ("@Tomorrow we decide; write to a@tom.example", set()),
        ("Nobody is called.", set()),
    ],
)
def test_a_comment_names_whom_it_calls(text: str, named: set[int]) -> None:
    assert list_mentioned(text, ALL) == named
