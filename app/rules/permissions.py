"""Who may do what: one table of actions by role. A right is declared on the route and checked here; objects are checked by `may_write_for`."""

from collections.abc import Collection
from enum import StrEnum


class Role(StrEnum):
    LEAD = "lead"
    REVIEWER = "reviewer"
    OFFICIAL = "official"
    ADMIN = "admin"


EVERYBODY = frozenset(Role)
STAFF = frozenset({Role.LEAD, Role.REVIEWER, Role.ADMIN})
OFFICE = frozenset({Role.REVIEWER, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})

RIGHTS: dict[str, frozenset[Role]] = {
    "work.read": STAFF,
    "criteria.read": EVERYBODY,
    "response.write": STAFF,
    "response.comment": STAFF,
    "evidence.read": EVERYBODY,
    "evidence.write": STAFF,
    "claim.read": EVERYBODY,
    "claim.approve": OFFICE,
    "review.read": OFFICE,
    "review.decide": OFFICE,
    "board.read": EVERYBODY,
    "readiness.read": EVERYBODY,
    "scoring.read": EVERYBODY,
    "planning.read": EVERYBODY,
    "planning.write": OFFICE,
    "report.make": EVERYBODY,
    "report.read": EVERYBODY,
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
    "program.read": EVERYBODY,
    "program.write": OFFICE,
    "award.read": EVERYBODY,
    "award.write": ADMINS,
    "cycle.read": EVERYBODY,
    "cycle.write": ADMINS,
    "history.read": OFFICE,
    "security.read": ADMINS,
    "account.write": EVERYBODY,
}


def has_right(role: Role, action: str) -> bool:
    """Whether the role has the right. An unknown action raises KeyError, so that a typing error never opens a door."""
    return role in RIGHTS[action]


def may_write_for(
    role: Role, departments: Collection[int], owner_department: int | None, *, assigned_to_me: bool = False
) -> bool:
    """Whether somebody may write the response of a criterion that `owner_department` answers for.

    The data office may write for all; a lead for the own departments, or where named as the person.
    """
    if role in OFFICE:
        return True
    if role is not Role.LEAD:
        return False
    return assigned_to_me or (owner_department is not None and owner_department in departments)
