"""Who may do what: one table of actions by role. A right is declared on the route and checked here; objects are checked by `may_write_for`."""

from collections.abc import Collection
from enum import StrEnum


class Role(StrEnum):
    LEAD = "lead"
    REVIEWER = "reviewer"
    OFFICIAL = "official"
    ADMIN = "admin"


EVERYONE = frozenset(Role)
STAFF = frozenset({Role.LEAD, Role.REVIEWER, Role.ADMIN})
OFFICE = frozenset({Role.REVIEWER, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})

RIGHTS: dict[str, frozenset[Role]] = {
    "work.read": STAFF,
    "criteria.read": EVERYONE,
    "response.write": STAFF,
    "response.comment": STAFF,
    "evidence.read": EVERYONE,
    "evidence.write": STAFF,
    "claim.read": EVERYONE,
    "claim.approve": OFFICE,
    "review.read": OFFICE,
    "review.decide": OFFICE,
    "board.read": EVERYONE,
    "readiness.read": EVERYONE,
    "scoring.read": EVERYONE,
    "planning.read": EVERYONE,
    "planning.write": OFFICE,
    "report.make": EVERYONE,
    "report.read": EVERYONE,
    "report.send": OFFICE,
    "request.read": OFFICE,
    "request.write": OFFICE,
    "retention.read": OFFICE,
    "retention.write": OFFICE,
    "portal.read": OFFICE,
    "portal.write": OFFICE,
    "people.read": OFFICE,
    "people.write": ADMINS,
    "assignment.write": OFFICE,
    "city.write": ADMINS,
    "program.read": EVERYONE,
    "program.write": OFFICE,
    "award.read": EVERYONE,
    "award.write": ADMINS,
    "cycle.read": EVERYONE,
    "cycle.write": ADMINS,
    "history.read": OFFICE,
    "security.read": ADMINS,
    "letter.read": EVERYONE,
    "letter.send": ADMINS,
    "account.write": EVERYONE,
}


def has_right(role: Role, action: str) -> bool:
    """Whether the role has the right. An unknown action raises KeyError, so that a typing error never opens a door."""
    return role in RIGHTS[action]


def may_write_for(
    role: Role, departments: Collection[int], owner_department: int | None, *, assigned_to_me: bool = False
) -> bool:
    """Whether someone may write the response of a criterion that `owner_department` answers for.

    The data office may write for all; a lead for the own departments, or where named as the person.
    """
    if role in OFFICE:
        return True
    if role is not Role.LEAD:
        return False
    return assigned_to_me or (owner_department is not None and owner_department in departments)
