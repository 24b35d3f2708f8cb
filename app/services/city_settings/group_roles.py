"""Which groups of a sign-in service give which role here, and whether it may make accounts."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.rules.account.group_roles import LONGEST_CLAIM, check_table, write_table
from app.rules.errors import Conflict, Invalid, NotFound
from app.rules.history.verbs import Verb
from app.rules.message import say
from app.rules.people.permissions import Role
from app.services.desk import Desk
from app.services.people.members import CHANGED_MEANWHILE
from app.store import city
from app.store.account import sign_on


@dataclass(frozen=True)
class TypedGroups:
    """The form as it was typed; `lines` are group, role and department."""

    claim: str
    lines: Sequence[tuple[str, str, str]]
    creates_accounts: bool


def save_group_roles(desk: Desk, provider_id: int, typed: TypedGroups, version: int) -> None:
    """It holds from everyone's next sign-in on. Raises NotFound, Invalid, Conflict."""
    departments = {row.id for row in city.list_departments(desk.session, desk.city_id)}
    table, claim = check_table(typed.lines, departments), typed.claim.strip()
    if len(claim) > LONGEST_CLAIM or (table and not claim):
        raise Invalid({"claim": say("Enter the claim in which the service names groups, such as groups.")})
    if typed.creates_accounts and not table:
        raise Invalid({"claim": say("Name a group first: accounts are made for people in a group of the table only.")})
    provider = sign_on.find_provider(desk.session, provider_id, desk.city_id)
    if provider is None:
        raise NotFound(say("There is no such sign-in service any more."))
    values = {"groups_claim": claim, "group_roles": write_table(table), "creates_accounts": typed.creates_accounts}
    if not sign_on.save_provider(desk.session, provider_id, version, **values):
        raise Conflict(CHANGED_MEANWHILE)
    administrators = sum(line.role == Role.ADMIN for line in table)
    desk.record(
        Verb.SIGN_IN_RULES_CHANGED, provider.name, groups=len(table), administrators=administrators,
        creates_accounts=typed.creates_accounts,
    )  # fmt: skip
