"""Who may do what: the table as people would describe it."""

import pytest

from app.rules.people.permissions import RIGHTS, Role, has_right, may_write_for


def rights(role: Role) -> set[str]:
    return {action for action in RIGHTS if has_right(role, action)}


def test_an_official_reads_and_makes_reports_and_changes_nothing_of_the_assessment() -> None:
    writing = {action for action in rights(Role.OFFICIAL) if not action.endswith(".read")}
    assert writing == {"report.make", "account.write"}
    assert not has_right(Role.OFFICIAL, "review.read")


def test_a_lead_writes_but_neither_decides_nor_manages() -> None:
    assert has_right(Role.LEAD, "response.write")
    assert not rights(Role.LEAD) & {"review.read", "review.decide", "assignment.write", "people.write", "history.read"}


def test_only_an_administrator_changes_people_and_the_city() -> None:
    for action in ("people.write", "city.write"):
        assert [role for role in Role if has_right(role, action)] == [Role.ADMIN]


def test_an_administrator_may_do_whatever_anybody_may() -> None:
    assert rights(Role.ADMIN) == set(RIGHTS)


def test_a_misspelled_action_opens_no_door() -> None:
    with pytest.raises(KeyError):
        has_right(Role.ADMIN, "review.decides")


@pytest.mark.parametrize(
    ("role", "mine", "owner", "named", "allowed"),
    [
        (Role.LEAD, {1, 2}, 2, False, True),
        (Role.LEAD, {1, 2}, 3, False, False),
        (Role.LEAD, {1, 2}, None, False, False),
        (Role.LEAD, set(), 3, True, True),
        (Role.REVIEWER, set(), 3, False, True),
        (Role.ADMIN, set(), None, False, True),
        (Role.OFFICIAL, {3}, 3, True, False),
    ],
)
def test_who_may_write_for_a_department(
    role: Role, mine: set[int], owner: int | None, named: bool, allowed: bool
) -> None:
    assert may_write_for(role, mine, owner, assigned_to_me=named) is allowed
