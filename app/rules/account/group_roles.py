"""Groups of a sign-in service and the access that a city lets them give: one table for each service, empty until someone fills it."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.rules.errors import Invalid
from app.rules.message import say
from app.rules.people.permissions import Role

MOST_RULES = 40
MOST_GROUPS = 500
LONGEST_GROUP = 200
LONGEST_CLAIM = 60
STRONGEST_FIRST = (Role.ADMIN, Role.REVIEWER, Role.LEAD, Role.OFFICIAL)


@dataclass(frozen=True)
class GroupRole:
    """A line of the table: who is in `group` has the role, and belongs to the department where one is named."""

    group: str
    role: Role
    department_id: int | None = None


@dataclass(frozen=True)
class GivenAccess:
    """What the table gives someone."""

    role: Role
    departments: frozenset[int]


def read_groups(claims: Mapping[str, Any], claim: str) -> frozenset[str] | None:
    """The groups that the service names; None where it names none of this claim, such as Entra for someone in more than 200.

    Points lead inside, as in Keycloak's realm_access.roles; a claim of that whole name comes first.
    """
    value: Any = claims.get(claim)
    if value is None:
        value = claims
        for part in claim.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        return None
    return frozenset(group for group in value[:MOST_GROUPS] if isinstance(group, str) and len(group) <= LONGEST_GROUP)


def give_access(table: Sequence[GroupRole], groups: Collection[str]) -> GivenAccess | None:
    """The strongest role of the groups, with the departments of all; None where the table names none of them."""
    lines = [line for line in table if line.group in groups]
    if not lines:
        return None
    role = min((line.role for line in lines), key=STRONGEST_FIRST.index)
    return GivenAccess(role, frozenset(line.department_id for line in lines if line.department_id is not None))


def check_table(lines: Sequence[tuple[str, str, str]], departments: Collection[int]) -> tuple[GroupRole, ...]:
    """The lines that name a group, as typed: group, role, department. Raises Invalid at the first that is wrong."""
    table: list[GroupRole] = []
    for place, (typed, role, department) in enumerate(lines):
        group = typed.strip()
        if not group:
            continue
        if len(group) > LONGEST_GROUP or role not in set(Role):
            raise Invalid({f"group-{place}": say("Enter the group as the service names it, and choose a role.")})
        if group in {line.group for line in table}:
            raise Invalid({f"group-{place}": say("This group has a line already.")})
        department_id = (
            int(department) if department.isascii() and department.isdigit() and len(department) < 10 else None
        )
        table.append(GroupRole(group, Role(role), department_id if department_id in departments else None))
    if len(table) > MOST_RULES:
        raise Invalid({"group-0": say("A service can have up to %(most)s groups here.", most=MOST_RULES)})
    return tuple(table)


def write_table(table: Sequence[GroupRole]) -> str:
    return json.dumps([[line.group, line.role, line.department_id] for line in table])


def read_table(text: str) -> tuple[GroupRole, ...]:
    """The table as it was written."""
    return tuple(GroupRole(group, Role(role), department_id) for group, role, department_id in json.loads(text or "[]"))
