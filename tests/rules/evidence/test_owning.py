"""Who may change a piece of evidence, and who only uses it."""

from dataclasses import dataclass

import pytest

from app.rules.evidence.owning import criteria_of_others, is_guest_support, may_change_piece, may_see_closed
from app.rules.people.permissions import Role


@dataclass(frozen=True)
class Tied:
    criterion: str
    guest: bool = False


OURS, THEIRS = Tied("LC1"), Tied("OD1", guest=True)


@pytest.mark.parametrize(
    ("role", "mine", "ties", "changes", "sees"),
    [
        (Role.LEAD, {"LC1"}, [OURS, THEIRS], True, True),
        (Role.LEAD, {"OD1"}, [OURS, THEIRS], False, False),
        (Role.LEAD, {"BF1"}, [OURS, THEIRS], False, False),
        (Role.LEAD, {"OD1"}, [THEIRS], True, False),
        (Role.LEAD, {"LC1"}, [], False, False),
        (Role.OFFICIAL, set(), [OURS], False, False),
        (Role.REVIEWER, set(), [OURS, THEIRS], True, True),
        (Role.ADMIN, set(), [], True, True),
    ],
)
def test_a_piece_is_of_those_who_brought_it_and_who_only_uses_it_never_sees_what_is_closed(
    role: Role, mine: set[str], ties: list[Tied], changes: bool, sees: bool
) -> None:
    assert may_change_piece(role, mine, ties) is changes
    assert may_see_closed(role, mine, ties) is sees


def test_who_answers_for_the_piece_ties_it_further_as_its_owner_and_everybody_else_as_a_guest() -> None:
    assert not is_guest_support(Role.LEAD, {"LC1", "LC3"}, [OURS])
    assert is_guest_support(Role.LEAD, {"OD1", "OD2"}, [OURS, THEIRS])
    assert not is_guest_support(Role.REVIEWER, set(), [OURS])


def test_the_criteria_of_others_are_named_in_their_order() -> None:
    assert criteria_of_others(Role.LEAD, {"LC1"}, [THEIRS, OURS, Tied("BF2")]) == ("OD1", "BF2")
    assert criteria_of_others(Role.REVIEWER, set(), [THEIRS, OURS]) == ()
