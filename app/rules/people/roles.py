"""People in a city: what their roles mean, and who must stay."""

from dataclasses import dataclass

from app.rules.errors import Invalid, Refused
from app.rules.message import Message, say
from app.rules.people.permissions import Role
from app.rules.text.bounds import check_name

NAME_LIMIT = 120

ROLE_NAMES: dict[Role, Message] = {
    Role.LEAD: say("Department lead"),
    Role.REVIEWER: say("Reviewer"),
    Role.OFFICIAL: say("Official"),
    Role.ADMIN: say("Administrator"),
}
ROLE_MEANINGS: dict[Role, Message] = {
    Role.LEAD: say("Writes responses and adds evidence for their own departments."),
    Role.REVIEWER: say("Decides on responses and assigns criteria."),
    Role.OFFICIAL: say("Reads where the city stands and downloads reports."),
    Role.ADMIN: say("Does everything that a reviewer does, and adds people and departments."),
}


@dataclass(frozen=True)
class DepartmentValues:
    """A department that a person may be put into."""

    id: int
    name: str


def check_display_name(name: str) -> str:
    """A person's or department's name with single spaces. Raises Invalid when empty or over NAME_LIMIT characters."""
    return check_name("name", name, NAME_LIMIT, say("Enter a name."))


def check_role(role: str) -> Role:
    """The role of this name. Raises Invalid for an unknown one."""
    if role not in set(Role):
        raise Invalid({"role": say("Choose one of the four roles.")})
    return Role(role)


def check_last_admin(*, was: Role, becomes: Role | None, other_admins: int) -> None:
    """Raises Refused when the city's last administrator would get another role or, with None, leave."""
    if was is Role.ADMIN and becomes is not Role.ADMIN and other_admins == 0:
        raise Refused(
            say("This is the only administrator. Make someone else an administrator first, so that the city keeps one.")
        )
