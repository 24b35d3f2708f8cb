import pytest

from app.rules.errors import Invalid, Refused
from app.rules.people.permissions import Role
from app.rules.people.roles import (
    NAME_LIMIT,
    ROLE_MEANINGS,
    ROLE_NAMES,
    check_display_name,
    check_last_admin,
    check_role,
)


def test_every_role_has_a_name_and_a_meaning_in_plain_words() -> None:
    assert set(ROLE_NAMES) == set(ROLE_MEANINGS) == set(Role)


@pytest.mark.parametrize("becomes", [Role.LEAD, Role.REVIEWER, Role.OFFICIAL, None])
def test_the_last_administrator_can_neither_be_demoted_nor_leave(becomes: Role | None) -> None:
    with pytest.raises(Refused, match="only administrator"):
        check_last_admin(was=Role.ADMIN, becomes=becomes, other_admins=0)


@pytest.mark.parametrize(
    ("was", "becomes", "others"),
    [(Role.ADMIN, None, 1), (Role.ADMIN, Role.LEAD, 1), (Role.ADMIN, Role.ADMIN, 0), (Role.LEAD, None, 0)],
)
def test_everybody_else_may_change_or_leave(was: Role, becomes: Role | None, others: int) -> None:
    check_last_admin(was=was, becomes=becomes, other_admins=others)


def test_a_name_keeps_its_letters_and_loses_extra_space() -> None:
    assert check_display_name("  Ana  de\tSouza \x00") == "Ana de Souza"


@pytest.mark.parametrize("name", ["", " \n ", "x" * (NAME_LIMIT + 1)])
def test_a_name_that_is_empty_or_too_long_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        check_display_name(name)


def test_the_longest_name_fits() -> None:
    assert len(check_display_name("x" * NAME_LIMIT)) == NAME_LIMIT


@pytest.mark.parametrize("role", ["", "Admin", "owner", "admin "])
def test_a_role_that_does_not_exist_is_refused(role: str) -> None:
    with pytest.raises(Invalid):
        check_role(role)
