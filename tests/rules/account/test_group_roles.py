"""Groups of a sign-in service: how each service names them, and what a table gives."""

from typing import Any

import pytest

from app.rules.account.group_roles import (
    MOST_GROUPS,
    GivenAccess,
    GroupRole,
    check_table,
    give_access,
    read_groups,
    read_table,
    write_table,
)
from app.rules.errors import Invalid
from app.rules.people.permissions import Role

TABLE = (GroupRole("office", Role.REVIEWER), GroupRole("water", Role.LEAD, 4), GroupRole("parks", Role.LEAD, 5))


@pytest.mark.parametrize(
    ("claims", "claim", "groups"),
    [
        ({"groups": ["water", "parks"]}, "groups", {"water", "parks"}),
        ({"roles": "water"}, "roles", {"water"}),
        ({"realm_access": {"roles": ["water"]}}, "realm_access.roles", {"water"}),
        ({"https://city.gov/groups": ["water"]}, "https://city.gov/groups", {"water"}),
        ({"groups": []}, "groups", set()),
        ({"groups": [1, None, ["water"], "x" * 201]}, "groups", set()),
        ({"_claim_names": {"groups": "src1"}}, "groups", None),
        ({"groups": {"water": True}}, "groups", None),
        ({"realm_access": "roles"}, "realm_access.roles", None),
    ],
)
def test_groups_are_read_as_each_service_names_them(
    claims: dict[str, Any], claim: str, groups: set[str] | None
) -> None:
    assert read_groups(claims, claim) == groups


def test_no_more_groups_are_read_than_a_person_can_have() -> None:
    assert len(read_groups({"groups": [str(number) for number in range(9_000)]}, "groups") or ()) == MOST_GROUPS


def test_the_strongest_role_is_given_with_the_departments_of_all_groups() -> None:
    assert give_access(TABLE, {"water", "parks"}) == GivenAccess(Role.LEAD, frozenset({4, 5}))
    assert give_access(TABLE, {"water", "office"}) == GivenAccess(Role.REVIEWER, frozenset({4}))
    assert give_access(TABLE, {"Water", "elsewhere"}) is None
    assert give_access((), {"water"}) is None


def test_nothing_but_a_line_that_says_so_makes_an_administrator() -> None:
    groups = {"admin", "administrator", "office", "water"}
    assert give_access(TABLE, groups) != give_access((*TABLE, GroupRole("admin", Role.ADMIN)), groups)
    given = give_access(TABLE, groups)
    assert given
    assert given.role is Role.REVIEWER


def test_a_table_is_kept_as_typed_without_its_empty_lines() -> None:
    typed = [(" water ", "lead", "4"), ("", "admin", ""), ("office", "reviewer", "99")]
    table = check_table(typed, {4, 5})
    assert table == (GroupRole("water", Role.LEAD, 4), GroupRole("office", Role.REVIEWER))
    assert read_table(write_table(table)) == table
    assert read_table("") == ()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ([("water", "lead", ""), ("x" * 201, "lead", "")], "group-1"),
        ([("water", "king", "")], "group-0"),
        ([("water", "lead", ""), ("", "", ""), ("water", "admin", "")], "group-2"),
        ([(str(number), "lead", "") for number in range(41)], "group-0"),
    ],
)
def test_a_line_that_is_wrong_is_named(typed: list[tuple[str, str, str]], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_table(typed, ())
    assert list(refused.value.fields) == [field]
